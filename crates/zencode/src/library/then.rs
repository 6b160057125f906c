//! Then: what the contract prints.

use std::collections::BTreeMap;

use zencode_macros::then;

use crate::error::{Error, ensure};
use crate::export::Printed;
use crate::machine::Machine;
use crate::statement::Statement;
use crate::value::{Key, Table, Value};

pub(super) const STATEMENTS: &[Statement] = &[
    NOTHING,
    PRINT_STRING,
    PRINT,
    PRINT_AS,
    PRINT_MY_NAME_IN,
    PRINT_MY,
    PRINT_MY_AS,
    PRINT_FROM,
    PRINT_FROM_AS,
    PRINT_FROM_AS_IN,
    PRINT_AS_IN,
    PRINT_MY_FROM_AS,
    PRINT_MY_FROM,
    PRINT_KEYRING,
    PRINT_MY_KEYRING,
    PRINT_DATA,
    PRINT_DATA_AS,
    PRINT_DATA_FROM,
    PRINT_DATA_FROM_AS,
    PRINT_MY_DATA,
    PRINT_MY_DATA_AS,
    PRINT_MY_DATA_FROM,
    PRINT_MY_DATA_FROM_AS,
    PRINT_OBJECT_NAMED_BY,
    ENCODE_DICTIONARY_PATH,
];

/// The one name that `print data` leaves out.
const KEYRING: &str = "keyring";

impl Machine {
    /// Adds to a member of the output: to its end, under a name, or beside what memory holds there.
    fn print_into(&mut self, target: &str, name: &str, printed: Printed) -> Result<(), Error> {
        let alone = |printed| Printed::Dictionary(BTreeMap::from([(name.to_owned(), printed)]));
        match self.output.get_mut(target) {
            // What is false counts as nothing printed yet, as in the reference engine.
            Some(found @ Printed::Boolean(false)) => *found = alone(printed),
            Some(found) => return add(found, name, printed),
            None => {
                let start = match self.objects.get(target).map(|object| &object.value) {
                    None | Some(Value::Boolean(false)) => alone(printed),
                    Some(table @ Value::Table(_)) => {
                        let mut start = Printed::raw(table);
                        add(&mut start, name, printed)?;
                        start
                    }
                    Some(value) => Printed::Array(vec![Printed::raw(value), printed]),
                };
                self.output.insert(target.to_owned(), start);
            }
        }
        Ok(())
    }

    fn print_mine(&mut self, name: &str, printed: Printed) -> Result<(), Error> {
        let who = self.identity()?;
        let mine = self.output.entry(who).or_insert_with(|| Printed::Dictionary(BTreeMap::new()));
        match mine {
            Printed::Dictionary(members) => {
                members.insert(name.to_owned(), printed);
                Ok(())
            }
            _ => Err(Error::failed(format!("the output has no dictionary to print {name} in"))),
        }
    }

    /// A member of an object: a name of a dictionary.
    fn member_of(&self, owner: &str, name: &str) -> Result<&Value, Error> {
        let table = self.value(owner)?.table();
        let found =
            table.and_then(|table| table.member(name)).filter(|value| **value != Value::Boolean(false));
        found.ok_or_else(|| Error::Missing(name.to_owned()))
    }

    /// Every object but the keyring, printed.
    fn all_data(&self, encoding: Option<&str>) -> Result<BTreeMap<String, Printed>, Error> {
        let mut printed = BTreeMap::new();
        for (name, object) in self.objects.iter().filter(|(name, _)| *name != KEYRING) {
            let value = match encoding {
                Some(encoding) => self.print_as(&object.value, name, encoding)?,
                None => self.print_object(object)?,
            };
            printed.insert(name.clone(), value);
        }
        Ok(printed)
    }

    /// Every member of an object but a keyring, printed.
    fn all_members(&self, owner: &str, encoding: &str) -> Result<Printed, Error> {
        let each = |key: &Key, value: &Value| self.print_as(value, &key.to_string(), encoding);
        let table = self.table(owner)?;
        let members = table.entries();
        if let Table::Array(_) = table {
            let items = members.iter().map(|(key, value)| each(key, value));
            return items.collect::<Result<_, _>>().map(Printed::Array);
        }
        let shown = members.iter().map(|(key, value)| (key.to_string(), key, value));
        let shown = shown.filter(|(name, ..)| name != KEYRING);
        shown
            .map(|(name, key, value)| Ok((name, each(key, value)?)))
            .collect::<Result<_, Error>>()
            .map(Printed::Dictionary)
    }

    /// Prints every member of an object at the root: named ones by their names, items by their positions.
    fn print_members(&mut self, owner: &str, encoding: &str) -> Result<(), Error> {
        match self.all_members(owner, encoding)? {
            Printed::Array(items) => {
                for (index, item) in items.into_iter().enumerate() {
                    match self.output_items.get_mut(index) {
                        Some(place) => *place = item,
                        None => self.output_items.push(item),
                    }
                }
            }
            Printed::Dictionary(members) => self.output.extend(members),
            _ => {}
        }
        Ok(())
    }
}

fn add(target: &mut Printed, name: &str, printed: Printed) -> Result<(), Error> {
    match target {
        Printed::Array(items) => items.push(printed),
        Printed::Dictionary(members) => {
            members.insert(name.to_owned(), printed);
        }
        single => {
            let first = std::mem::replace(single, Printed::Boolean(false));
            *single = Printed::Array(vec![first, printed]);
        }
    }
    Ok(())
}

/// Prints nothing: ends a branch that has nothing to print.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// If I verify 'city' is equal to 'city'
/// Then print the 'city'
/// EndIf
/// If I verify 'town' is found
/// Then nothing
/// EndIf
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[then("nothing")]
fn nothing(_machine: &mut Machine) -> Result<(), Error> {
    Ok(())
}

/// Prints a text, spaces as underscores, in the array `output`.
///
/// # Example
/// ```zencode
/// Given nothing
/// Then print the string 'first line'
/// Then print the string 'second line'
/// ```
#[then("print string ''")]
fn print_string(machine: &mut Machine, text: &str) -> Result<(), Error> {
    machine.charge(text.len())?;
    let printed = Printed::Text(text.as_bytes().to_vec());
    match machine.output.entry("output".to_owned()).or_insert_with(|| Printed::Array(Vec::new())) {
        Printed::Array(items) => {
            items.push(printed);
            Ok(())
        }
        Printed::Dictionary(members) if members.is_empty() => {
            machine.output.insert("output".to_owned(), Printed::Array(vec![printed]));
            Ok(())
        }
        _ => Err(Error::failed("the output has an 'output' already that is no array")),
    }
}

/// Prints an object under its name.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Given I have a 'number' named 'year'
/// Then print the 'city'
/// Then print the 'year'
/// ```
/// ```json data
/// { "city": "Ivrea", "year": 1908 }
/// ```
#[then("print ''")]
fn print(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let printed = machine.print_object(machine.have(name)?)?;
    machine.output.insert(name.to_owned(), printed);
    Ok(())
}

/// Prints an object in another encoding, or by a schema.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Then print the 'city' as 'hex'
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[then("print '' as ''")]
fn print_as(machine: &mut Machine, name: &str, encoding: &str) -> Result<(), Error> {
    let printed = machine.print_as(machine.value(name)?, name, encoding)?;
    machine.output.insert(name.to_owned(), printed);
    Ok(())
}

/// Prints the name that the contract goes by.
///
/// # Example
/// ```zencode
/// Given I am 'Ada'
/// Then print my name in 'author'
/// ```
#[then("print my name in ''")]
fn print_my_name_in(machine: &mut Machine, target: &str) -> Result<(), Error> {
    let who = machine.who.clone();
    let who = who.ok_or_else(|| Error::refused("No identity specified: please use Given I am"))?;
    ensure(!machine.output.contains_key(target), || format!("Cannot overwrite OUT.{target}"))?;
    machine.output.insert(target.to_owned(), Printed::Text(who.into_bytes()));
    Ok(())
}

/// Prints an object in the section of the contract's own name.
///
/// # Example
/// ```zencode
/// Given I am 'Ada'
/// Given I have a 'string' named 'city'
/// Then print my 'city'
/// ```
/// ```json data
/// { "city": "Torino" }
/// ```
#[then("print my ''")]
fn print_my(machine: &mut Machine, name: &str) -> Result<(), Error> {
    machine.identity()?;
    let printed = machine.print_object(machine.have(name)?)?;
    machine.print_mine(name, printed)
}

/// Prints an object in another encoding in the section of the contract's own name.
///
/// # Example
/// ```zencode
/// Given I am 'Ada'
/// Given I have a 'string' named 'city'
/// Then print my 'city' as 'base64'
/// ```
/// ```json data
/// { "city": "Torino" }
/// ```
#[then("print my '' as ''")]
fn print_my_as(machine: &mut Machine, name: &str, encoding: &str) -> Result<(), Error> {
    let who = machine.identity()?;
    let value = machine.value(name)?;
    if name == KEYRING || encoding == KEYRING {
        let printed = machine.print_as(value, name, KEYRING)?;
        machine.output.insert(name.to_owned(), printed);
        machine.warn("DEPRECATED: Then print 'keyring' as '...'");
        machine.warn("Please use: Then print keyring");
        return Ok(());
    }
    let printed = machine.print_as(value, name, encoding)?;
    machine.print_into(&who, name, printed)
}

/// Prints a member of an object.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// Then print the 'city' from 'address'
/// ```
/// ```json data
/// { "address": { "street": "Via Jervis", "city": "Ivrea" } }
/// ```
#[then("print '' from ''")]
fn print_from(machine: &mut Machine, name: &str, owner: &str) -> Result<(), Error> {
    let object = machine.have(owner)?;
    machine
        .member_of(owner, name)
        .map_err(|_| Error::refused(format!("Object: {name}, not found in {owner}")))?;
    let before = machine.printed.get();
    let Printed::Dictionary(mut members) = machine.print_object(object)? else {
        return Err(Error::failed(format!("{owner} is not printed as a dictionary")));
    };
    // One member is kept of what was printed.
    machine.printed.set(before + machine.member_of(owner, name)?.weight());
    if let Some(printed) = members.remove(name) {
        machine.output.insert(name.to_owned(), printed);
    }
    Ok(())
}

/// Prints a member of an object in another encoding.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// Then print the 'city' from 'address' as 'hex'
/// ```
/// ```json data
/// { "address": { "street": "Via Jervis", "city": "Ivrea" } }
/// ```
#[then("print '' from '' as ''")]
fn print_from_as(machine: &mut Machine, name: &str, owner: &str, encoding: &str) -> Result<(), Error> {
    let printed = machine.print_as(machine.member_of(owner, name)?, name, encoding)?;
    machine.output.insert(name.to_owned(), printed);
    Ok(())
}

/// Prints a member of an object in another encoding, inside a member of the output.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// Then print the 'city' from 'address' as 'hex' in 'summary'
/// Then print the 'street' from 'address' as 'string' in 'summary'
/// ```
/// ```json data
/// { "address": { "street": "Via Jervis", "city": "Ivrea" } }
/// ```
#[then("print '' from '' as '' in ''")]
fn print_from_as_in(
    machine: &mut Machine,
    name: &str,
    owner: &str,
    encoding: &str,
    target: &str,
) -> Result<(), Error> {
    let printed = machine.print_as(machine.member_of(owner, name)?, name, encoding)?;
    machine.print_into(target, name, printed)
}

/// Prints an object in another encoding, inside a member of the output.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Given I have a 'string' named 'street'
/// Then print the 'city' as 'hex' in 'summary'
/// Then print the 'street' as 'string' in 'summary'
/// ```
/// ```json data
/// { "street": "Via Jervis", "city": "Ivrea" }
/// ```
#[then("print '' as '' in ''")]
fn print_as_in(machine: &mut Machine, name: &str, encoding: &str, target: &str) -> Result<(), Error> {
    let printed = machine.print_as(machine.value(name)?, name, encoding)?;
    machine.print_into(target, name, printed)
}

/// Prints a member of an object in another encoding, in the section of the contract's own name.
///
/// # Example
/// ```zencode
/// Given I am 'Ada'
/// Given I have a 'string dictionary' named 'address'
/// Then print my 'city' from 'address' as 'hex'
/// ```
/// ```json data
/// { "address": { "street": "Via Jervis", "city": "Ivrea" } }
/// ```
#[then("print my '' from '' as ''")]
fn print_my_from_as(machine: &mut Machine, name: &str, owner: &str, encoding: &str) -> Result<(), Error> {
    let who = machine.identity()?;
    let printed = machine.print_as(machine.member_of(owner, name)?, name, encoding)?;
    machine.print_into(&who, name, printed)
}

/// Prints a member of an object in the section of the contract's own name.
///
/// # Example
/// ```zencode
/// Given I am 'Ada'
/// Given I have a 'string dictionary' named 'address'
/// Then print my 'city' from 'address'
/// ```
/// ```json data
/// { "address": { "street": "Via Jervis", "city": "Ivrea" } }
/// ```
#[then("print my '' from ''")]
fn print_my_from(machine: &mut Machine, name: &str, owner: &str) -> Result<(), Error> {
    machine.identity()?;
    machine
        .member_of(owner, name)
        .map_err(|_| Error::refused(format!("Object: {name}, not found in {owner}")))?;
    let object = machine.have(owner)?;
    match machine.print_as(&object.value, name, &object.codec.encoding)? {
        Printed::Dictionary(mut members) => match members.remove(name) {
            Some(member) => machine.print_mine(name, member),
            None => Ok(()),
        },
        _ => Err(Error::failed(format!("{owner} is not printed as a dictionary"))),
    }
}

fn keyring(machine: &Machine) -> Result<Printed, Error> {
    machine.print_as(machine.value(KEYRING)?, KEYRING, KEYRING)
}

/// Prints the keyring, each key in its own encoding.
///
/// # Example
/// ```zencode
/// Scenario 'eddsa': a new key
/// Given nothing
/// When I create the eddsa key
/// Then print the keyring
/// ```
#[then("print keyring")]
fn print_keyring(machine: &mut Machine) -> Result<(), Error> {
    let printed = keyring(machine)?;
    machine.output.insert(KEYRING.to_owned(), printed);
    Ok(())
}

/// Prints the keyring in the section of the contract's own name, and nothing else there.
///
/// # Example
/// ```zencode
/// Scenario 'eddsa': a new key
/// Given I am 'Ada'
/// When I create the eddsa key
/// Then print my keyring
/// ```
#[then("print my keyring")]
fn print_my_keyring(machine: &mut Machine) -> Result<(), Error> {
    let who = machine.identity()?;
    let printed = keyring(machine)?;
    machine.output.insert(who, Printed::Dictionary(BTreeMap::from([(KEYRING.to_owned(), printed)])));
    Ok(())
}

/// Prints every object but the keyring.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Given I have a 'number' named 'year'
/// Then print data
/// ```
/// ```json data
/// { "city": "Ivrea", "year": 1908 }
/// ```
#[then("print data")]
fn print_data(machine: &mut Machine) -> Result<(), Error> {
    let printed = machine.all_data(None)?;
    machine.output.extend(printed);
    Ok(())
}

/// Prints every object but the keyring in one encoding.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Given I have a 'string' named 'street'
/// Then print data as 'hex'
/// ```
/// ```json data
/// { "street": "Via Jervis", "city": "Ivrea" }
/// ```
#[then("print data as ''")]
fn print_data_as(machine: &mut Machine, encoding: &str) -> Result<(), Error> {
    let printed = machine.all_data(Some(encoding))?;
    machine.output.extend(printed);
    Ok(())
}

/// Prints every member of an object.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// Then print data from 'address'
/// ```
/// ```json data
/// { "address": { "street": "Via Jervis", "city": "Ivrea" } }
/// ```
#[then("print data from ''")]
fn print_data_from(machine: &mut Machine, owner: &str) -> Result<(), Error> {
    machine.print_members(owner, &machine.encoding_of_members(owner)?)
}

/// Prints every member of an object in one encoding.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'address'
/// Then print data from 'address' as 'hex'
/// ```
/// ```json data
/// { "address": { "street": "Via Jervis", "city": "Ivrea" } }
/// ```
#[then("print data from '' as ''")]
fn print_data_from_as(machine: &mut Machine, owner: &str, encoding: &str) -> Result<(), Error> {
    machine.print_members(owner, encoding)
}

/// Prints every object but the keyring in the section of the contract's own name.
///
/// # Example
/// ```zencode
/// Given I am 'Ada'
/// Given I have a 'string' named 'city'
/// Given I have a 'number' named 'year'
/// Then print my data
/// ```
/// ```json data
/// { "city": "Ivrea", "year": 1908 }
/// ```
#[then("print my data")]
fn print_my_data(machine: &mut Machine) -> Result<(), Error> {
    let who = machine.identity()?;
    let printed = machine.all_data(None)?;
    machine.output.insert(who, Printed::Dictionary(printed));
    Ok(())
}

/// Prints every object but the keyring in one encoding in the section of the contract's own name.
///
/// # Example
/// ```zencode
/// Given I am 'Ada'
/// Given I have a 'string' named 'city'
/// Then print my data as 'hex'
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[then("print my data as ''")]
fn print_my_data_as(machine: &mut Machine, encoding: &str) -> Result<(), Error> {
    let who = machine.identity()?;
    let printed = machine.all_data(Some(encoding))?;
    machine.output.insert(who, Printed::Dictionary(printed));
    Ok(())
}

/// Prints every member of an object in the section of the contract's own name.
///
/// # Example
/// ```zencode
/// Given I am 'Ada'
/// Given I have a 'string dictionary' named 'address'
/// Then print my data from 'address'
/// ```
/// ```json data
/// { "address": { "street": "Via Jervis", "city": "Ivrea" } }
/// ```
#[then("print my data from ''")]
fn print_my_data_from(machine: &mut Machine, owner: &str) -> Result<(), Error> {
    let who = machine.identity()?;
    let encoding = machine.encoding_of_members(owner)?;
    let printed = machine.all_members(owner, &encoding)?;
    machine.output.insert(who, printed);
    Ok(())
}

/// Prints every member of an object in the section of the contract's own name.
///
/// The encoding has no effect, as in the reference engine: members keep the object's.
///
/// # Example
/// ```zencode
/// Given I am 'Ada'
/// Given I have a 'string dictionary' named 'address'
/// Then print my data from 'address' as 'hex'
/// ```
/// ```json data
/// { "address": { "street": "Via Jervis", "city": "Ivrea" } }
/// ```
#[then("print my data from '' as ''")]
fn print_my_data_from_as(machine: &mut Machine, owner: &str, _encoding: &str) -> Result<(), Error> {
    print_my_data_from(machine, owner)
}

/// Prints the object whose name another object holds; a keyring is left out.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'which'
/// Given I have a 'string' named 'city'
/// Then print the object named by 'which'
/// ```
/// ```json data
/// { "which": "city", "city": "Ivrea" }
/// ```
#[then("print object named by ''")]
fn print_object_named_by(machine: &mut Machine, reference: &str) -> Result<(), Error> {
    let Value::Octet(_) = machine.value(reference)? else {
        return Err(Error::failed(format!("{reference} is no text")));
    };
    let name = machine.text(reference)?;
    let object = machine.have(&name)?;
    if name != KEYRING {
        let printed = machine.print_object(object)?;
        machine.output.insert(name, printed);
    }
    Ok(())
}

/// Notes the encoding in which one leaf of a dictionary will be printed.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'parcel'
/// Then I encode dictionary path 'parcel.seal' as 'hex'
/// Then print the 'parcel'
/// ```
/// ```json data
/// { "parcel": { "to": "Ivrea", "seal": "wax" } }
/// ```
#[then("encode dictionary path '' as ''")]
fn encode_dictionary_path(machine: &mut Machine, path: &str, encoding: &str) -> Result<(), Error> {
    machine.mask_path(path, encoding).map(|_| ())
}
