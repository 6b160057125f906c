//! A run of the Given phase alone.

use std::collections::BTreeMap;

use super::Run;
use crate::declared::Declarations;
use crate::diagnostic::Failure;
use crate::export::Printed;
use crate::given::Show;
use crate::syntax::{Deed, Role};

impl Run {
    /// Carries out the Given phase alone.
    ///
    /// # Errors
    /// As [`Contract::declare`](crate::Contract::declare).
    pub(crate) fn declare(mut self) -> Result<Declarations, Box<Failure>> {
        let contract = self.contract.clone();
        let lines = &contract.parsed.lines;
        let mut missing = BTreeMap::new();
        for (index, line) in lines.iter().enumerate().take_while(|(_, line)| line.role == Role::Given) {
            self.trace(index);
            let declared = match &line.deed {
                Deed::Declare(declaration) => self.machine.declare_tolerantly(declaration, &mut missing),
                Deed::Close | Deed::Statement(_) | Deed::Order(_) => Ok(()),
            };
            declared.map_err(|error| self.failure(Some(line), &error))?;
        }
        let mut objects = self.machine.declared();
        objects.extend(missing);
        let codec = objects.iter().map(|(name, declared)| (name.clone(), declared.printed())).collect();
        let codec = BTreeMap::from([("CODEC".to_owned(), Printed::Dictionary(codec))]);
        let written = self.machine.write_printed(&Printed::Dictionary(codec));
        let json = written.map_err(|error| self.failure(None, &error))?;
        self.machine.show(Show::HeapAndTrace);
        let notes = self.notes(lines);
        Ok(Declarations { objects, json, warnings: std::mem::take(&mut self.machine.warnings), notes })
    }
}
