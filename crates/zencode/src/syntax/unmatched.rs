//! Lines that say nothing known: let pass where the contract says so, else a fault with a hint.

use super::{Parser, Place, not_found};
use crate::diagnostic::{Cause, Diagnostic};
use crate::statement::Phase;

impl Parser {
    pub(super) fn unmatched(
        &mut self,
        place: Place<'_>,
        phase: Phase,
        sentence: &str,
    ) -> Result<(), Box<Diagnostic>> {
        let mut diagnostic = if self.parsed.rules.ignore_unknown {
            let refused = match phase {
                Phase::Given if self.last_valid => {
                    "found invalid statement after a valid one in the given phase"
                }
                Phase::Given | Phase::Then => {
                    self.last_valid = false;
                    self.ignore(place);
                    return Ok(());
                }
                _ => "found invalid statement out of given or then phase",
            };
            let message = format!("Zencode line {} {refused}: {}", place.number, place.text);
            place.fault(Cause::UnknownStatement, message)
        } else {
            not_found(place, phase.name())
        };
        diagnostic.hint = self.parsed.loaded.suggest(phase, sentence, self.connectors);
        Err(diagnostic)
    }
}
