//! Lines whose sentence is put together of parts.

use super::{Deed, Parser, Place, Role};
use crate::diagnostic::Diagnostic;
use crate::order::{self, Order};
use crate::statement::Phase;
use crate::words;

impl Parser {
    /// A sentence that is put together of parts.
    pub(super) fn assembled(
        &mut self,
        place: Place<'_>,
        phase: Phase,
        role: Role,
        sentence: &str,
    ) -> Result<(), Box<Diagnostic>> {
        let parts = if self.connectors { order::read(sentence, place.text) } else { None };
        match parts.and_then(|parts| self.parsed.loaded.order(phase, parts)) {
            Some(order) => self.order(place, role, order),
            None => self.unmatched(place, phase, sentence),
        }
    }

    /// A line that begins with `Prepare` or `Compute`.
    pub(super) fn prepared(&mut self, place: Place<'_>, phase: Phase) -> Result<(), Box<Diagnostic>> {
        let role = if phase == Phase::Given { Role::Given } else { Role::Then };
        let parts = order::read_prepared(place.text, phase);
        match parts.and_then(|parts| self.parsed.loaded.order(phase, parts)) {
            Some(order) => self.order(place, role, order),
            None => {
                let sentence = words::sentence(place.text, phase);
                self.unmatched(place, phase, &sentence)
            }
        }
    }

    fn order(
        &mut self,
        place: Place<'_>,
        role: Role,
        order: Result<Order, String>,
    ) -> Result<(), Box<Diagnostic>> {
        let order = order.map_err(|message| place.syntax(message))?;
        let before = self.last_valid;
        self.push(place, role, Deed::Order(Box::new(order)), Vec::new());
        self.last_valid = before;
        Ok(())
    }
}
