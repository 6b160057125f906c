//! Tables that can be reached in two places: a pointer and what it points at, a loop variable and the
//! element of its array.
//!
//! Memory holds a copy in each place, and remembers which places are one table. What a statement changes
//! in one of them changes in all.
//!
//! # Source
//! Zenroom: a Lua table that two names refer to, wherever a statement assigns without `deepcopy`.

use std::collections::VecDeque;

use crate::error::Error;
use crate::machine::Machine;
use crate::value::{Key, Table, Value};

/// Pairs of places remembered at most; the oldest is forgotten first, and its places are two tables then.
const PAIRS_MAX: usize = 256;

/// Places that one change reaches at most.
const PLACES_MAX: usize = 64;

/// Where a value is: an object of memory, and the way down into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    root: String,
    keys: Vec<Key>,
}

impl Place {
    /// The place of an object.
    pub(crate) fn of(name: &str) -> Self {
        Self { root: name.to_owned(), keys: Vec::new() }
    }

    /// The place of a member.
    pub(crate) fn member(mut self, key: Key) -> Self {
        self.keys.push(key);
        self
    }

    /// The way from `other` to this place, if this one is inside it.
    fn below<'a>(&'a self, other: &Self) -> Option<&'a [Key]> {
        (self.root == other.root).then(|| self.keys.strip_prefix(other.keys.as_slice())).flatten()
    }

    /// The same place after what was at `from` went to `to`.
    fn moved(&self, from: &Self, to: &Self) -> Option<Self> {
        let below = self.below(from)?;
        Some(Self { root: to.root.clone(), keys: to.keys.iter().chain(below).cloned().collect() })
    }
}

/// Which places are one table.
#[derive(Debug, Default)]
pub(crate) struct Sharing {
    pairs: VecDeque<(Place, Place)>,
}

impl Sharing {
    /// Notes that two places are one table.
    fn share(&mut self, left: Place, right: Place) {
        // A table inside itself would have no end.
        if left.below(&right).is_some() || right.below(&left).is_some() {
            return;
        }
        if self.pairs.len() == PAIRS_MAX {
            self.pairs.pop_front();
        }
        self.pairs.push_back((left, right));
    }

    /// The other places of what is at a place.
    fn others(&self, place: &Place) -> Vec<Place> {
        if self.pairs.is_empty() {
            return Vec::new();
        }
        let mut places = vec![place.clone()];
        let mut next = 0;
        while let Some(place) = places.get(next).cloned() {
            next += 1;
            for (left, right) in &self.pairs {
                for found in [place.moved(left, right), place.moved(right, left)].into_iter().flatten() {
                    if places.len() < PLACES_MAX && !places.contains(&found) {
                        places.push(found);
                    }
                }
            }
        }
        places.remove(0);
        places
    }

    /// Notes that a place holds something else from now on. What was there stays one table elsewhere.
    pub(crate) fn forget(&mut self, place: &Place) {
        if self.pairs.is_empty() {
            return;
        }
        self.forget_all(std::slice::from_ref(place));
    }

    fn forget_all(&mut self, places: &[Place]) {
        let inside = |place: &Place| places.iter().any(|gone| place.below(gone).is_some());
        let mut kept = VecDeque::new();
        for (left, right) in &self.pairs {
            let inner = match (inside(left), inside(right)) {
                (true, false) => left,
                (false, true) => right,
                (true, true) => continue,
                (false, false) => {
                    kept.push_back((left.clone(), right.clone()));
                    continue;
                }
            };
            let mut outer = self.others(inner).into_iter().filter(|other| !inside(other));
            if let Some(first) = outer.next() {
                kept.extend(outer.map(|other| (first.clone(), other)));
            }
        }
        kept.truncate(PAIRS_MAX);
        self.pairs = kept;
    }

    /// Notes that members of a table changed their places.
    fn forget_members(&mut self, places: &[Place]) {
        let member =
            |place: &Place| places.iter().any(|of| place.below(of).is_some_and(|way| !way.is_empty()));
        self.pairs.retain(|(left, right)| !member(left) && !member(right));
    }

    /// Notes that what was at one place is at another.
    pub(crate) fn relocate(&mut self, from: &Place, to: &Place) {
        for (left, right) in &mut self.pairs {
            for place in [left, right] {
                if let Some(moved) = place.moved(from, to) {
                    *place = moved;
                }
            }
        }
        self.pairs.retain(|(left, right)| left.below(right).is_none() && right.below(left).is_none());
    }

    /// Notes that an item of an array is gone, and those behind it moved up.
    fn close_up(&mut self, array: &Place, position: usize) {
        let depth = array.keys.len();
        for (left, right) in &mut self.pairs {
            for place in [left, right] {
                if place.below(array).is_some()
                    && let Some(Key::Position(found)) = place.keys.get_mut(depth)
                    && *found > position
                {
                    *found -= 1;
                }
            }
        }
    }
}

/// A change of one table.
#[derive(Debug)]
pub(crate) enum Change {
    /// A member gets a value.
    Set(String, Value),
    /// A value is appended.
    Push(Value),
    /// A member goes.
    Take(Key),
    /// The table keeps these members only, in this order.
    Become(Table),
}

impl Change {
    /// The value that it adds.
    fn added(&self) -> Option<&Value> {
        match self {
            Self::Set(_, value) | Self::Push(value) => Some(value),
            Self::Take(_) | Self::Become(_) => None,
        }
    }

    /// Makes the change; false when the table is of the wrong kind, or has no such member.
    fn apply(&self, table: &mut Table) -> bool {
        match self {
            Self::Set(name, value) => table.set(name, value.clone()),
            Self::Push(value) => table.push(value.clone()),
            Self::Take(key) => table.take(key).is_some(),
            Self::Become(kept) => {
                *table = kept.clone();
                true
            }
        }
    }
}

impl Machine {
    /// Notes that two places are one table, if what is there is a table.
    pub(crate) fn share(&mut self, left: Place, right: Place) {
        if self.table_at(&left).is_some() {
            self.sharing.share(left, right);
        }
    }

    /// Notes that the last item of an array is the table at a place.
    pub(crate) fn share_item(&mut self, array: &str, place: Place) {
        let end = self.table_at(&Place::of(array)).map_or(0, |table| table.array_length());
        self.share(Place::of(array).member(Key::Position(end)), place);
    }

    /// Where else the table at a place is, outside of `owner`.
    pub(crate) fn elsewhere(&self, place: &Place, owner: &str) -> Option<Place> {
        self.sharing.others(place).into_iter().find(|other| other.root != owner)
    }

    /// Whether an object is the very table that another holds as a member.
    pub(crate) fn is_member_of(&self, name: &str, owner: &str) -> bool {
        self.sharing.others(&Place::of(name)).iter().any(|place| place.root == owner && place.keys.len() == 1)
    }

    /// Changes a table wherever it can be reached; false when it cannot be changed like that.
    ///
    /// # Errors
    /// When there is no table, or memory would nest too deep or grow too large.
    pub(crate) fn change(&mut self, place: &Place, change: &Change) -> Result<bool, Error> {
        let table = self.table_at(place);
        let table = table.ok_or_else(|| Error::refused(format!("Object is not a table: {}", place.root)))?;
        if !change.apply(table) {
            return Ok(false);
        }
        let mut places = self.sharing.others(place);
        for other in &places {
            self.afford_change(other, change)?;
            if let Some(table) = self.table_at(other) {
                change.apply(table);
            }
        }
        places.push(place.clone());
        match change {
            Change::Take(key) => {
                let gone: Vec<Place> = places.iter().map(|place| place.clone().member(key.clone())).collect();
                self.sharing.forget_all(&gone);
                if let Key::Position(position) = key {
                    places.iter().for_each(|place| self.sharing.close_up(place, *position));
                }
            }
            Change::Become(_) => self.sharing.forget_members(&places),
            Change::Set(..) | Change::Push(_) => {}
        }
        Ok(true)
    }

    /// Checks that a change fits at one more place.
    fn afford_change(&mut self, place: &Place, change: &Change) -> Result<(), Error> {
        let limit = self.limits.nesting_max;
        let (nesting, weight) = match change {
            Change::Become(table) => (0, Value::Table(table.clone()).weight()),
            other => other.added().map_or((0, 0), |value| (value.nesting() + 1, value.weight())),
        };
        if place.keys.len() + nesting > limit {
            return Err(Error::Limit(format!("Nesting limit exceeded: {limit} levels")));
        }
        self.charge(weight)
    }

    fn table_at(&mut self, place: &Place) -> Option<&mut Table> {
        let mut value = &mut self.objects.get_mut(&place.root)?.value;
        for key in &place.keys {
            value = value.table_mut()?.get_mut(key)?;
        }
        value.table_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> Place {
        let mut parts = path.split('.');
        let root = parts.next().unwrap_or_default();
        parts.fold(Place::of(root), |place, part| match part.parse() {
            Ok(position) => place.member(Key::Position(position)),
            Err(_) => place.member(Key::Name(part.to_owned())),
        })
    }

    fn check(pairs: &[(&str, &str)], change: impl Fn(&mut Sharing), at: &str, expected: &[&str]) {
        let mut sharing = Sharing::default();
        for (left, right) in pairs {
            sharing.share(place(left), place(right));
        }
        change(&mut sharing);
        let expected: Vec<Place> = expected.iter().map(|path| place(path)).collect();
        assert_eq!(sharing.others(&place(at)), expected);
    }

    #[test]
    fn a_member_is_shared_with_its_table() {
        check(&[("pointer", "order.buyer")], |_| {}, "pointer.city", &["order.buyer.city"]);
    }

    #[test]
    fn sharing_goes_over_several_pairs() {
        check(&[("a", "b.x"), ("b", "c")], |_| {}, "a", &["b.x", "c.x"]);
    }

    #[test]
    fn what_is_above_a_shared_table_is_not_shared() {
        check(&[("pointer", "order.buyer")], |_| {}, "order", &[]);
    }

    #[test]
    fn a_place_that_is_overwritten_leaves_the_others_shared() {
        check(&[("x", "list.1"), ("x", "kept.k")], |s| s.forget(&place("x")), "kept.k", &["list.1"]);
        check(&[("x", "list.1"), ("x", "kept.k")], |s| s.forget(&place("x")), "x", &[]);
    }

    #[test]
    fn what_two_places_shared_with_a_third_stays_shared_without_it() {
        let forget = |s: &mut Sharing| s.forget(&place("order"));
        check(&[("a", "order.buyer"), ("b", "order.buyer")], forget, "a", &["b"]);
    }

    #[test]
    fn what_moves_stays_shared() {
        let moved = |s: &mut Sharing| s.relocate(&place("x"), &place("kept.x"));
        check(&[("x", "list.1")], moved, "list.1", &["kept.x"]);
    }

    #[test]
    fn items_move_up_in_an_array() {
        check(&[("x", "list.3")], |s| s.close_up(&place("list"), 1), "x", &["list.2"]);
    }

    #[test]
    fn a_table_is_never_inside_itself() {
        check(&[("a", "a.self")], |_| {}, "a", &[]);
    }

    #[test]
    fn tables_inside_each_other_come_to_an_end() {
        let mut sharing = Sharing::default();
        sharing.share(place("a.x"), place("b"));
        sharing.share(place("b.y"), place("a"));
        assert_eq!(sharing.others(&place("a")).len(), PLACES_MAX - 1);
    }
}
