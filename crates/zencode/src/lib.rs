//! The Zencode language: text and JSON in, JSON or a request to the host out.
//!
//! A contract is compiled once and started as often as there are inputs. A run is stepped: it ends
//! with its output, or asks the host for something only a host can do (the time, a web service, a
//! file), takes the answer and is stepped again. Nothing in this crate reads a file, a socket, a
//! clock or the entropy of the system.

mod contract;
mod diagnostic;
mod limits;
mod request;

pub use contract::{Contract, Inputs, Library, Output, Run, Settings, Step};
pub use diagnostic::{Cause, Diagnostic, Failure};
pub use limits::Limits;
pub use request::{Answer, HttpAnswer, HttpMethod, HttpRequest, Request};
pub use zencode_crypto::random::Seed;
