//! What contracts may ask of the world.
