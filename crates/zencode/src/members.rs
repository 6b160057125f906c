//! The members of a dictionary, by name, and the order in which the reference engine would walk over them.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use crate::table_order::Slots;

/// The members of a dictionary, by name. It reads like the map of them.
///
/// They are printed, compared and walked over in the order of their names. A few statements walk over the
/// reference engine's hash table instead; for these, what happened to the dictionary is remembered.
#[derive(Clone)]
pub(crate) struct Members<V> {
    map: BTreeMap<String, V>,
    past: Arc<Vec<Event>>,
    /// Copies since the last event.
    copies: u32,
}

/// What happened to a dictionary.
#[derive(Debug, Clone)]
enum Event {
    Inserted(Box<str>),
    Removed(Box<str>),
    /// It was filled anew from a walk over itself, so many times.
    Copied(u32),
    /// The same, with underscores for the blanks in its names.
    Underscored,
}

/// Events that are remembered beside two for each member; what came before is forgotten.
const EVENTS_SPARE: usize = 64;

impl<V> Members<V> {
    pub(crate) fn new() -> Self {
        Self { map: BTreeMap::new(), past: Arc::default(), copies: 0 }
    }

    fn note(&mut self, event: Event) {
        let copies = std::mem::take(&mut self.copies);
        let past = Arc::make_mut(&mut self.past);
        if copies > 0 {
            past.push(Event::Copied(copies));
        }
        past.push(event);
        if past.len() > 2 * self.map.len() + EVENTS_SPARE {
            *past = self.map.keys().map(|name| Event::Inserted(name.as_str().into())).collect();
        }
    }

    /// Adds or replaces a member.
    pub(crate) fn insert(&mut self, name: String, value: V) -> Option<V> {
        if !self.map.contains_key(&name) {
            self.note(Event::Inserted(name.as_str().into()));
        }
        self.map.insert(name, value)
    }

    /// Adds a member that the reference engine does not keep: one whose value is nothing.
    pub(crate) fn insert_nothing(&mut self, name: String, nothing: V) {
        self.map.insert(name, nothing);
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<V> {
        let removed = self.map.remove(name);
        if removed.is_some() {
            self.note(Event::Removed(name.into()));
        }
        removed
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        self.map.get_mut(name)
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.map.values_mut()
    }

    /// Fills a new dictionary from a walk over this one, leaving out what becomes nothing.
    pub(crate) fn mapped<W, E>(
        &self,
        mut map: impl FnMut(&str, &V) -> Result<Option<W>, E>,
    ) -> Result<Members<W>, E> {
        let mut mapped = Members { map: BTreeMap::new(), past: Arc::clone(&self.past), copies: self.copies };
        let mut dropped = Vec::new();
        for (name, value) in &self.map {
            match map(name, value)? {
                Some(value) => drop(mapped.map.insert(name.clone(), value)),
                None => dropped.push(Event::Removed(name.as_str().into())),
            }
        }
        // A walk does not come by what was taken out before.
        dropped.into_iter().for_each(|event| mapped.note(event));
        mapped.copies = mapped.copies.saturating_add(1);
        Ok(mapped)
    }

    /// Fills a new dictionary, with underscores for the blanks in names and without what becomes nothing.
    pub(crate) fn underscored<W>(self, mut map: impl FnMut(V) -> Option<W>) -> Members<W> {
        let blanks = self.map.keys().any(|name| name.contains(' '));
        let values =
            self.map.into_iter().filter_map(|(name, value)| Some((name.replace(' ', "_"), map(value)?)));
        let mut made = Members { map: values.collect(), past: self.past, copies: self.copies };
        if blanks {
            made.note(Event::Underscored);
        } else {
            made.copies = made.copies.saturating_add(1);
        }
        made
    }

    /// Notes that the dictionary is a copy, filled from a walk over the one it was cloned from.
    pub(crate) fn note_copy(&mut self) {
        self.copies = self.copies.saturating_add(1);
    }

    /// How many names a walk in the order of the reference engine handles, its history included.
    pub(crate) fn walk_steps(&self) -> usize {
        let copied =
            |copies: u32| usize::try_from(copies).unwrap_or(usize::MAX).saturating_mul(self.map.len());
        let steps = self.past.iter().map(|event| match event {
            Event::Copied(copies) => copied(*copies),
            _ => 1,
        });
        steps.fold(copied(self.copies), usize::saturating_add)
    }

    /// The members in the order of the reference engine under the seed of its hashes, or else by name.
    pub(crate) fn walk(&self, seed: Option<u32>) -> Vec<(&String, &V)> {
        let Some(seed) = seed else { return self.map.iter().collect() };
        let mut slots = Slots::new(seed);
        for event in self.past.iter() {
            match event {
                Event::Inserted(name) => slots.insert(name.to_string()),
                Event::Removed(name) => slots.remove(name),
                Event::Copied(copies) => slots = copied(slots, *copies),
                Event::Underscored => slots = slots.copy(|name| name.replace(' ', "_")),
            }
        }
        let slots = copied(slots, self.copies);
        let walked: Vec<_> = slots.walk().filter_map(|name| self.map.get_key_value(name)).collect();
        // Names that fell together under their underscores: nothing is known of the order then.
        if walked.len() == self.map.len() { walked } else { self.map.iter().collect() }
    }
}

fn copied(mut slots: Slots, copies: u32) -> Slots {
    for _ in 0..copies {
        slots = slots.copy(str::to_owned);
    }
    slots
}

impl<V> Default for Members<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> Deref for Members<V> {
    type Target = BTreeMap<String, V>;

    fn deref(&self) -> &Self::Target {
        &self.map
    }
}

impl<V: PartialEq> PartialEq for Members<V> {
    fn eq(&self, other: &Self) -> bool {
        self.map == other.map
    }
}

impl<V: std::fmt::Debug> std::fmt::Debug for Members<V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.map.fmt(f)
    }
}

impl<V> From<BTreeMap<String, V>> for Members<V> {
    fn from(map: BTreeMap<String, V>) -> Self {
        map.into_iter().collect()
    }
}

impl<V, const N: usize> From<[(String, V); N]> for Members<V> {
    fn from(members: [(String, V); N]) -> Self {
        members.into_iter().collect()
    }
}

impl<V> FromIterator<(String, V)> for Members<V> {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(members: I) -> Self {
        let mut made = Self::new();
        made.extend(members);
        made
    }
}

impl<V> Extend<(String, V)> for Members<V> {
    fn extend<I: IntoIterator<Item = (String, V)>>(&mut self, members: I) {
        for (name, value) in members {
            self.insert(name, value);
        }
    }
}

impl<V> IntoIterator for Members<V> {
    type Item = (String, V);
    type IntoIter = std::collections::btree_map::IntoIter<String, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.map.into_iter()
    }
}

impl<'a, V> IntoIterator for &'a Members<V> {
    type Item = (&'a String, &'a V);
    type IntoIter = std::collections::btree_map::Iter<'a, String, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.map.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: Option<u32> = Some(0xf4c6_b406);

    fn members(names: &[&str]) -> Members<usize> {
        names.iter().enumerate().map(|(index, name)| ((*name).to_owned(), index)).collect()
    }

    fn check(members: &Members<usize>, seed: Option<u32>, expected: &[&str]) {
        let walked: Vec<&String> = members.walk(seed).into_iter().map(|(name, _)| name).collect();
        assert_eq!(walked, expected);
    }

    #[test]
    fn without_a_seed_members_come_by_name() {
        check(&members(&["two", "one"]), None, &["one", "two"]);
    }

    #[test]
    fn a_member_that_was_removed_and_came_again_is_walked_over_once() {
        let mut members = members(&["city", "street", "number", "floor", "name"]);
        members.remove("street");
        members.remove("city");
        check(&members, SEED, &["floor", "number", "name"]);
        members.insert("city".to_owned(), 7);
        assert_eq!(members.walk(SEED).len(), 4);
    }

    #[test]
    fn a_long_history_is_forgotten_but_no_member_is() {
        let mut members = members(&["a", "b"]);
        for turn in 0..10_000 {
            members.insert("c".to_owned(), turn);
            members.remove("c");
        }
        assert!(members.past.len() <= 2 * members.len() + EVENTS_SPARE);
        assert_eq!(members.walk(SEED).len(), 2);
    }

    #[test]
    fn names_that_fall_together_leave_the_order_unknown() {
        let made = members(&["a b", "a_b", "c"]).underscored(Some);
        assert_eq!(made.walk(SEED).len(), 2);
    }

    #[test]
    fn equal_members_are_equal_whatever_their_history() {
        let mut left = members(&["a", "b"]);
        left.insert("c".to_owned(), 2);
        left.remove("c");
        assert_eq!(left, members(&["a", "b"]));
    }
}
