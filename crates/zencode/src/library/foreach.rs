//! Foreach: loops over arrays and sequences.

use num_bigint::{BigInt, Sign};
use zencode_macros::{foreach, when};

use crate::codec::{Codec, Shape, Traits};
use crate::control::Counter;
use crate::error::{Error, ensure};
use crate::machine::Machine;
use crate::sharing::Place;
use crate::statement::Statement;
use crate::value::{Key, Value};

pub(super) const STATEMENTS: &[Statement] =
    &[EACH_IN, IN_SEQUENCE, ACROSS_TWO_ARRAYS, ACROSS_ARRAYS, BREAK_FOREACH];

impl Machine {
    /// The turn of the innermost loop, counted from 1.
    fn turn(&mut self) -> Result<u64, Error> {
        let state = self.control.current().ok_or_else(|| Error::failed("there is no loop here"))?;
        Ok(state.turn)
    }

    /// Ends the innermost loop: its variables go, and its turn is none.
    fn end_loop(&mut self) {
        let names = match self.control.current() {
            Some(state) if !state.names.is_empty() => {
                state.turn = 0;
                state.counter = None;
                std::mem::take(&mut state.names)
            }
            _ => return,
        };
        for name in names {
            self.sharing.forget(&Place::of(&name));
            self.objects.remove(&name);
        }
    }

    /// Takes a name for a loop variable, at the first turn.
    fn claim(&mut self, name: &str) -> Result<(), Error> {
        if self.turn()? == 1 || !self.objects.contains_key(name) {
            self.empty(name)?;
            if let Some(state) = self.control.current() {
                state.names.push(name.to_owned());
            }
        }
        Ok(())
    }

    /// Gives a loop variable the value of this turn.
    fn assign(&mut self, name: &str, value: Value, like: &Codec) -> Result<(), Error> {
        if self.objects.contains_key(name) {
            return self.replace(name, value);
        }
        self.create(name, value, Traits::member_of(like))
    }

    /// Gives a loop variable the item of an array. A table stays one with the item.
    fn assign_item(&mut self, name: &str, value: Value, array: &str, like: &Codec) -> Result<(), Error> {
        let position = index_of(self.turn()?) + 1;
        self.assign(name, value, like)?;
        self.share(Place::of(name), Place::of(array).member(Key::Position(position)));
        Ok(())
    }
}

/// The index of a turn, counted from 0.
fn index_of(turn: u64) -> usize {
    usize::try_from(turn.saturating_sub(1)).unwrap_or(usize::MAX)
}

/// Runs the lines up to `EndForeach` once per member of an array.
///
/// Meanwhile the member is an object of the name given.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'names'
/// When I create the new array
/// Foreach 'name' in 'names'
/// When I append the string ' is here' to 'name'
/// When I move 'name' in 'new array'
/// EndForeach
/// Then print the 'new array' as 'string'
/// ```
/// ```json data
/// { "names": ["Ada", "Ugo"] }
/// ```
#[foreach("'' in ''")]
fn each_in(machine: &mut Machine, name: &str, array: &str) -> Result<(), Error> {
    let turn = machine.turn()?;
    let object = machine.have(array)?;
    ensure(object.codec.shape == Shape::Array, || "Can only iterate over arrays".to_owned())?;
    let codec = object.codec.clone();
    let table = object.value.table();
    let length = table.map_or(0, crate::value::Table::array_length);
    let value = table.and_then(|table| table.position(index_of(turn) + 1)).cloned();
    machine.claim(name)?;
    if index_of(turn) == length {
        machine.end_loop();
        return Ok(());
    }
    match value {
        Some(value) => machine.assign_item(name, value, array, &codec),
        None => {
            machine.end_loop();
            Ok(())
        }
    }
}

/// Runs the lines up to `EndForeach` once per number from a start to an end, both included.
///
/// Meanwhile the number is an object of the name given. A step of zero, or away from the end, is refused.
///
/// # Example
/// ```zencode
/// Given I have a 'number' named 'first'
/// Given I have a 'number' named 'last'
/// Given I have a 'number' named 'step'
/// When I create the new array
/// Foreach 'hour' in sequence from 'first' to 'last' with step 'step'
/// When I move 'hour' in 'new array'
/// EndForeach
/// Then print the 'new array'
/// ```
/// ```json data
/// { "first": 8, "last": 20, "step": 4 }
/// ```
#[foreach("'' in sequence from '' to '' with step ''")]
fn in_sequence(machine: &mut Machine, name: &str, from: &str, to: &str, step: &str) -> Result<(), Error> {
    let bounds = (machine.value(from)?.clone(), machine.value(to)?.clone(), machine.value(step)?.clone());
    let encoding = machine.have(from)?.codec.clone();
    match bounds {
        (Value::Integer(from), Value::Integer(to), Value::Integer(step)) => {
            machine.claim(name)?;
            let current = next_integer(machine, &from, &to, &step)?;
            let over = if step.sign() == Sign::Minus { current < to } else { current > to };
            turn_of_sequence(
                machine,
                name,
                over,
                Value::Integer(current.clone()),
                Counter::Integer(current),
                &encoding,
            )
        }
        (Value::Float(from), Value::Float(to), Value::Float(step)) => {
            machine.claim(name)?;
            let current = next_float(machine, from, to, step)?;
            let over = if step < 0.0 { current < to } else { current > to };
            turn_of_sequence(machine, name, over, Value::Float(current), Counter::Float(current), &encoding)
        }
        (from, to, step) => {
            let same = from.kind() == to.kind() && to.kind() == step.kind();
            ensure(same, || "Types must be equal in foreach declaration".to_owned())?;
            Err(Error::refused("Unknown number type"))
        }
    }
}

fn turn_of_sequence(
    machine: &mut Machine,
    name: &str,
    over: bool,
    value: Value,
    counter: Counter,
    like: &Codec,
) -> Result<(), Error> {
    if over {
        machine.end_loop();
        return Ok(());
    }
    if let Some(state) = machine.control.current() {
        state.counter = Some(counter);
    }
    machine.assign(name, value, like)
}

const BELOW: &str = "end of foreach must be bigger than the start for postive step";
const ABOVE: &str = "end of foreach must be smaller than the start for negative step";

fn next_integer(machine: &mut Machine, from: &BigInt, to: &BigInt, step: &BigInt) -> Result<BigInt, Error> {
    if let Some(Counter::Integer(current)) = machine.control.current().and_then(|state| state.counter.clone())
    {
        return Ok(current + step);
    }
    ensure(step.sign() != Sign::NoSign, || "zero step is not supported".to_owned())?;
    if step.sign() == Sign::Minus {
        ensure(to <= from, || ABOVE.to_owned())?;
    } else {
        ensure(from <= to, || BELOW.to_owned())?;
    }
    Ok(from.clone())
}

fn next_float(machine: &mut Machine, from: f32, to: f32, step: f32) -> Result<f32, Error> {
    if let Some(Counter::Float(current)) = machine.control.current().and_then(|state| state.counter.clone()) {
        return Ok(current + step);
    }
    ensure(f64::from(step.abs()) >= 0.000_001, || "zero step is not supported".to_owned())?;
    if step > 0.0 {
        ensure(from <= to, || BELOW.to_owned())?;
    } else {
        ensure(from >= to, || ABOVE.to_owned())?;
    }
    Ok(from)
}

/// One turn over several arrays at once: each gives a variable named prefix and array.
fn turn_across(machine: &mut Machine, prefix: &str, arrays: &[String]) -> Result<(), Error> {
    let turn = machine.turn()?;
    for array in arrays {
        let object = machine.have(array)?;
        let codec = object.codec.clone();
        let value = object.value.table().and_then(|table| table.position(index_of(turn) + 1)).cloned();
        let name = format!("{prefix}{array}").replace(' ', "_");
        if turn == 1 {
            if codec.shape != Shape::Array {
                let letter = codec.shape.letter();
                return Err(Error::failed(format!("Can only iterate over arrays: {array} is {letter}")));
            }
            machine.claim(&name)?;
        }
        // A false item ends the loop too, as in the reference engine.
        match value.filter(|value| *value != Value::Boolean(false)) {
            Some(value) => machine.assign_item(&name, value, array, &codec)?,
            None => {
                machine.end_loop();
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Runs the lines up to `EndForeach` once per position of two arrays, up to the end of the shorter.
///
/// Meanwhile the two members are objects, each named by the prefix and the name of its array.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'names'
/// Given I have a 'string array' named 'cities'
/// When I create the new array
/// Foreach value prefix 'one of ' across arrays 'names' and 'cities'
/// When I append 'one_of_cities' to 'one_of_names'
/// When I move 'one_of_names' in 'new array'
/// EndForeach
/// Then print the 'new array' as 'string'
/// ```
/// ```json data
/// { "names": ["Ada", "Ugo"], "cities": ["Torino", "Ivrea"] }
/// ```
#[foreach("value prefix '' across arrays '' and ''", "value prefix '' at same position in arrays '' and ''")]
fn across_two_arrays(machine: &mut Machine, prefix: &str, left: &str, right: &str) -> Result<(), Error> {
    turn_across(machine, prefix, &[left.to_owned(), right.to_owned()])
}

/// Runs the lines up to `EndForeach` once per position of the arrays whose names an array holds.
///
/// Meanwhile the members are objects, each named by the prefix and the name of its array.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'names'
/// Given I have a 'string array' named 'cities'
/// Given I have a 'string array' named 'both'
/// When I create the new array
/// Foreach value prefix 'one of ' across arrays 'both'
/// When I append 'one_of_cities' to 'one_of_names'
/// When I move 'one_of_names' in 'new array'
/// EndForeach
/// Then print the 'new array' as 'string'
/// ```
/// ```json data
/// { "names": ["Ada", "Ugo"], "cities": ["Torino", "Ivrea"], "both": ["names", "cities"] }
/// ```
#[foreach("value prefix '' across arrays ''", "value prefix '' at same position in arrays ''")]
fn across_arrays(machine: &mut Machine, prefix: &str, names: &str) -> Result<(), Error> {
    let object = machine.have(names)?;
    if object.codec.shape != Shape::Array || object.codec.encoding != "string" {
        return Err(Error::failed("Array of names must be specified in a string array"));
    }
    let table = object.value.table();
    let names: Vec<String> = table
        .map(|table| table.values().filter_map(Value::octets).collect::<Vec<_>>())
        .unwrap_or_default()
        .iter()
        .map(|octets| String::from_utf8_lossy(octets).into_owned())
        .collect();
    if names.is_empty() {
        return Err(Error::failed("Array of names must not be empty"));
    }
    turn_across(machine, prefix, &names)
}

/// Leaves the innermost loop.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'names'
/// Given I have a 'string' named 'last'
/// When I create the new array
/// Foreach 'name' in 'names'
/// When I copy 'name' in 'new array'
/// If I verify 'name' is equal to 'last'
/// When I break foreach
/// EndIf
/// EndForeach
/// Then print the 'new array' as 'string'
/// ```
/// ```json data
/// { "names": ["Ada", "Ugo", "Lia"], "last": "Ugo" }
/// ```
#[when("break foreach", "exit foreach")]
fn break_foreach(machine: &mut Machine) -> Result<(), Error> {
    if machine.control.current().is_none() {
        return Err(Error::failed("Can only exit from foreach loop"));
    }
    machine.end_loop();
    Ok(())
}
