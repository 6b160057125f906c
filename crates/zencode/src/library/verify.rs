//! Verify: comparisons, as conditions of a run or of a branch.

use num_bigint::BigInt;
use zencode_macros::check;

use crate::arithmetic::magnitude_of;
use crate::comparison::less;
use crate::error::{Error, ensure};
use crate::export::serialize;
use crate::machine::Machine;
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(super) const STATEMENTS: &[Statement] = &[
    IS_EQUAL_TO,
    IS_NOT_EQUAL_TO,
    IS_EQUAL_TO_IN,
    IS_NOT_EQUAL_TO_IN,
    NUMBER_IS_LESS,
    NUMBER_IS_LESS_OR_EQUAL,
    NUMBER_IS_MORE,
    NUMBER_IS_MORE_OR_EQUAL,
    SIZE_IS_LESS,
    SIZE_IS_LESS_OR_EQUAL,
    SIZE_IS_MORE,
    SIZE_IS_MORE_OR_EQUAL,
    IS_EMAIL,
    CONTAINS_EMAILS,
    ELEMENTS_ARE_EQUAL,
    ELEMENTS_ARE_NOT_EQUAL,
    HAS_PREFIX,
    HAS_SUFFIX,
];

/// Floats closer than this are equal.
const TOLERANCE: f64 = 0.000_001;

/// Whether two values are equal, numbers by value, everything else by its octets.
pub(super) fn equal(left: &Value, right: &Value) -> Result<bool, Error> {
    Ok(match (left, right) {
        (Value::Float(left), Value::Float(right)) => f64::from((left - right).abs()) < TOLERANCE,
        (Value::Integer(left), Value::Integer(right)) => left.magnitude() == right.magnitude(),
        (Value::Time(left), Value::Time(right)) => left == right,
        (Value::Table(left_table), Value::Table(right_table)) => {
            left_table.array_length() == right_table.array_length() && serialize(left)? == serialize(right)?
        }
        _ => match (left.octets(), right.octets()) {
            (Some(left), Some(right)) => left == right,
            _ => {
                let kinds = (left.kind(), right.kind());
                return Err(Error::failed(format!(
                    "Comparison between incompatible types: {} and {}",
                    kinds.0, kinds.1
                )));
            }
        },
    })
}

/// Which of two values has to be below which, or must not be.
#[derive(Clone, Copy)]
enum Order {
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

/// Whether two values are in an order.
fn ordered(left: &Value, order: Order, right: &Value) -> Result<bool, Error> {
    match order {
        Order::Less => less(left, right),
        Order::LessOrEqual => less(right, left).map(|below| !below),
        Order::More => less(right, left),
        Order::MoreOrEqual => less(left, right).map(|below| !below),
    }
}

/// A number; a text is the integer that its octets make.
fn number(value: &Value) -> Result<Value, Error> {
    match value {
        Value::Octet(_) => magnitude_of(value).map(|number| Value::Integer(number.into())),
        Value::Integer(_) | Value::Float(_) | Value::Time(_) => Ok(value.clone()),
        other => Err(Error::failed(format!("argument of invalid numeric type: {}", other.kind()))),
    }
}

fn require_equal(holds: bool, wanted: bool, left: &str, right: &str) -> Result<(), Error> {
    let word = if wanted { "not equal" } else { "equal" };
    ensure(holds == wanted, || format!("Verification fail: elements are {word}: {left} == {right}"))
}

/// A member of a dictionary; positions of an array are no names here, as in the reference engine.
fn member_of<'a>(machine: &'a Machine, owner: &str, name: &str) -> Result<&'a Value, Error> {
    let found = machine.value(owner)?.table().and_then(|table| table.member(name));
    found.ok_or_else(|| Error::failed(format!("Comparison between incompatible types: no {name} in {owner}")))
}

/// Requires two objects to be equal: numbers by their value, everything else by its octets.
///
/// Integers are compared without their sign, as in the reference engine.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Given I have a 'string' named 'birthplace'
/// If I verify 'city' is equal to 'birthplace'
/// Then print the string 'never left'
/// EndIf
/// ```
/// ```json data
/// { "city": "Ivrea", "birthplace": "Ivrea" }
/// ```
#[check("verify '' is equal to ''")]
fn is_equal_to(machine: &mut Machine, left: &str, right: &str) -> Result<(), Error> {
    let holds = equal(machine.value(left)?, machine.value(right)?)?;
    require_equal(holds, true, left, right)
}

/// Requires two objects to differ.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Given I have a 'string' named 'birthplace'
/// When I verify 'city' is not equal to 'birthplace'
/// Then print the 'city'
/// ```
/// ```json data
/// { "city": "Torino", "birthplace": "Ivrea" }
/// ```
#[check("verify '' is not equal to ''")]
fn is_not_equal_to(machine: &mut Machine, left: &str, right: &str) -> Result<(), Error> {
    let holds = equal(machine.value(left)?, machine.value(right)?)?;
    require_equal(holds, false, left, right)
}

/// Requires an object to equal a member of another.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'birthplace'
/// Given I have a 'string dictionary' named 'address'
/// When I verify 'birthplace' is equal to 'city' in 'address'
/// Then print the string 'never left'
/// ```
/// ```json data
/// { "birthplace": "Ivrea", "address": { "city": "Ivrea" } }
/// ```
#[check("verify '' is equal to '' in ''")]
fn is_equal_to_in(machine: &mut Machine, left: &str, name: &str, owner: &str) -> Result<(), Error> {
    let holds = equal(machine.value(left)?, member_of(machine, owner, name)?)?;
    require_equal(holds, true, left, &format!("{owner}.{name}"))
}

/// Requires an object to differ from a member of another.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'birthplace'
/// Given I have a 'string dictionary' named 'address'
/// When I verify 'birthplace' is not equal to 'city' in 'address'
/// Then print the string 'moved away'
/// ```
/// ```json data
/// { "birthplace": "Ivrea", "address": { "city": "Torino" } }
/// ```
#[check("verify '' is not equal to '' in ''")]
fn is_not_equal_to_in(machine: &mut Machine, left: &str, name: &str, owner: &str) -> Result<(), Error> {
    let holds = equal(machine.value(left)?, member_of(machine, owner, name)?)?;
    require_equal(holds, false, left, &format!("{owner}.{name}"))
}

fn compare_numbers(
    machine: &Machine,
    left: &str,
    right: &str,
    sign: &str,
    order: Order,
) -> Result<(), Error> {
    let holds = ordered(&number(machine.value(left)?)?, order, &number(machine.value(right)?)?)?;
    ensure(holds, || format!("Comparison fail: {left}{sign}{right}"))
}

/// Requires a number to be below another.
///
/// Integers are compared without their sign, as in the reference engine.
///
/// # Example
/// ```zencode
/// Given I have a 'number' named 'order'
/// Given I have a 'number' named 'stock'
/// When I verify number 'order' is less than 'stock'
/// Then print the 'order'
/// ```
/// ```json data
/// { "order": 3, "stock": 5 }
/// ```
#[check("verify number '' is less than ''")]
fn number_is_less(machine: &mut Machine, left: &str, right: &str) -> Result<(), Error> {
    compare_numbers(machine, left, right, "<", Order::Less)
}

/// Requires a number to be at most another.
///
/// Integers are compared without their sign, as in the reference engine.
///
/// # Example
/// ```zencode
/// Given I have a 'number' named 'order'
/// Given I have a 'number' named 'stock'
/// When I verify number 'order' is less or equal than 'stock'
/// Then print the 'order'
/// ```
/// ```json data
/// { "order": 5, "stock": 5 }
/// ```
#[check("verify number '' is less or equal than ''")]
fn number_is_less_or_equal(machine: &mut Machine, left: &str, right: &str) -> Result<(), Error> {
    compare_numbers(machine, left, right, "<=", Order::LessOrEqual)
}

/// Requires a number to be above another.
///
/// Integers are compared without their sign, as in the reference engine.
///
/// # Example
/// ```zencode
/// Given I have a 'number' named 'age'
/// Given I have a 'number' named 'limit'
/// If I verify number 'age' is more than 'limit'
/// Then print the string 'may pass'
/// EndIf
/// ```
/// ```json data
/// { "age": 21, "limit": 18 }
/// ```
#[check("verify number '' is more than ''")]
fn number_is_more(machine: &mut Machine, left: &str, right: &str) -> Result<(), Error> {
    compare_numbers(machine, left, right, ">", Order::More)
}

/// Requires a number to be at least another.
///
/// Integers are compared without their sign, as in the reference engine.
///
/// # Example
/// ```zencode
/// Given I have a 'number' named 'age'
/// Given I have a 'number' named 'limit'
/// If I verify number 'age' is more or equal than 'limit'
/// Then print the string 'may pass'
/// EndIf
/// ```
/// ```json data
/// { "age": 18, "limit": 18 }
/// ```
#[check("verify number '' is more or equal than ''")]
fn number_is_more_or_equal(machine: &mut Machine, left: &str, right: &str) -> Result<(), Error> {
    compare_numbers(machine, left, right, ">=", Order::MoreOrEqual)
}

fn compare_size(machine: &Machine, name: &str, number: &str, words: &str, order: Order) -> Result<(), Error> {
    use crate::codec::Shape;
    let object = machine.have(name)?;
    let limit = machine.have(number)?;
    // What cannot be measured ends the run, in a condition too, as in the reference engine.
    if object.codec.shape == Shape::Element && object.codec.encoding != "string" {
        return Err(Error::failed("Can not compute the length for type e"));
    }
    let encoding = limit.codec.encoding.as_ref();
    if !matches!(encoding, "integer" | "float") {
        return Err(Error::failed(format!(
            "Can not compare the length of {name} with number of type {encoding}"
        )));
    }
    let size = match &object.value {
        Value::Table(table) if object.codec.shape == Shape::Dictionary => table.count(),
        Value::Float(_) | Value::Time(_) | Value::Boolean(_) => {
            return Err(Error::failed(format!("{name} has no length")));
        }
        value => value.length(),
    };
    let size = match encoding {
        "integer" => Value::Integer(BigInt::from(size)),
        #[expect(clippy::cast_precision_loss, reason = "sizes are compared as the reference engine's floats")]
        _ => Value::Float(size as f32),
    };
    let holds = ordered(&size, order, &limit.value)?;
    ensure(holds, || format!("Comparison fail: size of {name} is not {words} than {number}"))
}

/// Requires an array or dictionary to have fewer members, or a text fewer octets, than a number says.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'stops'
/// Given I have a 'number' named 'limit'
/// When I verify the size of 'stops' is less than 'limit'
/// Then print the 'stops'
/// ```
/// ```json data
/// { "stops": ["Torino", "Ivrea"], "limit": 3 }
/// ```
#[check("verify size of '' is less than ''")]
fn size_is_less(machine: &mut Machine, name: &str, number: &str) -> Result<(), Error> {
    compare_size(machine, name, number, "less", Order::Less)
}

/// Requires an array or dictionary to have at most as many members, or a text octets, as a number says.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'stops'
/// Given I have a 'number' named 'limit'
/// When I verify the size of 'stops' is less or equal than 'limit'
/// Then print the 'stops'
/// ```
/// ```json data
/// { "stops": ["Torino", "Ivrea"], "limit": 2 }
/// ```
#[check("verify size of '' is less or equal than ''")]
fn size_is_less_or_equal(machine: &mut Machine, name: &str, number: &str) -> Result<(), Error> {
    compare_size(machine, name, number, "less or equal", Order::LessOrEqual)
}

/// Requires an array or dictionary to have more members, or a text more octets, than a number says.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'stops'
/// Given I have a 'number' named 'limit'
/// When I verify the size of 'stops' is more than 'limit'
/// Then print the 'stops'
/// ```
/// ```json data
/// { "stops": ["Torino", "Ivrea"], "limit": 1 }
/// ```
#[check("verify size of '' is more than ''")]
fn size_is_more(machine: &mut Machine, name: &str, number: &str) -> Result<(), Error> {
    compare_size(machine, name, number, "more", Order::More)
}

/// Requires an array or dictionary to have at least as many members, or a text octets, as a number says.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'stops'
/// Given I have a 'number' named 'limit'
/// When I verify the size of 'stops' is more or equal than 'limit'
/// Then print the 'stops'
/// ```
/// ```json data
/// { "stops": ["Torino", "Ivrea"], "limit": 2 }
/// ```
#[check("verify size of '' is more or equal than ''")]
fn size_is_more_or_equal(machine: &mut Machine, name: &str, number: &str) -> Result<(), Error> {
    compare_size(machine, name, number, "more or equal", Order::MoreOrEqual)
}

/// What keeps a text from being an email address; none when it is one.
fn email_fault(text: &str) -> Option<&'static str> {
    const LOCAL_OCTETS_MAX: usize = 64;
    const DOMAIN_OCTETS_MAX: usize = 253;
    let (local, domain) = match text.rfind('@') {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => ("", text),
    };
    let quote = local.find('"');
    let faults = [
        (domain.is_empty(), "Domain is invalid"),
        (local.len() > LOCAL_OCTETS_MAX, "Local name must be less than 64 characters"),
        (domain.len() > DOMAIN_OCTETS_MAX, "Domain must be less than 253 characters"),
        (text.len() - domain.len() >= LOCAL_OCTETS_MAX, "Invalid @ symbol usage"),
        (domain.starts_with('.'), "first character in domainPart is a dot"),
        (quote.is_some_and(|at| at > 0), "Invalid usage of quotes"),
        (local.contains('@') && quote.is_none(), "Invalid @ symbol usage in local part"),
        (!domain.contains('.'), "No TLD found in domain"),
        (domain.contains(".."), "Too many periods in domain"),
        (local.contains(".."), "Too many periods in local part"),
        (!text.contains('@'), "Email pattern test failed"),
    ];
    faults.iter().find(|(wrong, _)| *wrong).map(|(_, fault)| *fault)
}

fn require_email(value: &Value, place: &str) -> Result<(), Error> {
    let octets = value.octets().ok_or_else(|| Error::failed("an email address is a text"))?;
    let text = String::from_utf8_lossy(&octets);
    match email_fault(&text) {
        Some(fault) => Err(Error::refused(format!("{fault}{place}"))),
        None => Ok(()),
    }
}

/// Requires a text to be an email address.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'contact'
/// When I verify 'contact' is a email
/// Then print the 'contact'
/// ```
/// ```json data
/// { "contact": "ada@example.org" }
/// ```
#[check("verify '' is a email")]
fn is_email(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let value = machine.objects.get(name).map(|object| &object.value);
    let value = value.filter(|value| **value != Value::Boolean(false));
    let value = value.ok_or_else(|| Error::refused(format!("Object not found: {name}")))?;
    require_email(value, "")
}

/// Requires every member of an array or dictionary to be an email address.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'contacts'
/// When I verify 'contacts' contains a list of emails
/// Then print the 'contacts'
/// ```
/// ```json data
/// { "contacts": ["ada@example.org", "ugo@example.org"] }
/// ```
#[check("verify '' contains a list of emails")]
fn contains_emails(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let value = machine.objects.get(name).map(|object| &object.value);
    let value = value.filter(|value| **value != Value::Boolean(false));
    let value = value.ok_or_else(|| Error::refused(format!("Object not found: {name}")))?;
    let table = value.table().ok_or_else(|| Error::refused(format!("Object is not a container: {name}")))?;
    for member in table.values() {
        let octets = member.octets().unwrap_or_default();
        require_email(member, &format!(" on email: {}", String::from_utf8_lossy(&octets)))?;
    }
    Ok(())
}

/// A table; anything else ends the run, in a condition too, as in the reference engine.
fn container<'a>(machine: &'a Machine, name: &str) -> Result<&'a Table, Error> {
    machine.value(name)?.table().ok_or_else(|| Error::failed(format!("Object is not a table: {name}")))
}

/// The first member and the others, in the order in which the reference engine compares them.
fn first_and_rest<'a>(
    machine: &'a mut Machine,
    name: &str,
) -> Result<Option<(&'a Value, impl Iterator<Item = &'a Value>)>, Error> {
    container(machine, name)?;
    let seed = machine.walk_seed(name)?;
    let mut values = container(machine, name)?.walk(seed).into_iter().map(|(_, value)| value);
    Ok(values.next().map(|first| (first, values)))
}

/// Requires all members of an array or dictionary to be equal.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'answers'
/// When I verify the elements in 'answers' are equal
/// Then print the string 'unanimous'
/// ```
/// ```json data
/// { "answers": ["yes", "yes", "yes"] }
/// ```
#[check("verify elements in '' are equal")]
fn elements_are_equal(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let Some((first, rest)) = first_and_rest(machine, name)? else { return Ok(()) };
    for value in rest {
        ensure(equal(first, value)?, || "Verification failed: the elements are not equal".to_owned())?;
    }
    Ok(())
}

/// Requires the members of an array or dictionary not to be all equal.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'answers'
/// When I verify the elements in 'answers' are not equal
/// Then print the string 'somebody objects'
/// ```
/// ```json data
/// { "answers": ["yes", "no", "yes"] }
/// ```
#[check("verify elements in '' are not equal")]
fn elements_are_not_equal(machine: &mut Machine, name: &str) -> Result<(), Error> {
    if let Some((first, rest)) = first_and_rest(machine, name)? {
        for value in rest {
            if !equal(first, value)? {
                return Ok(());
            }
        }
    }
    Err(Error::refused("Verification failed: all elements are equal"))
}

/// The texts of an object and of a part that may be a literal, when both are texts.
fn text_and_part(machine: &Machine, name: &str, part: &str) -> Result<(Vec<u8>, Vec<u8>), Error> {
    use crate::codec::Shape;
    let whole = machine.have(name)?;
    let literal = Value::text(part);
    let (part_value, part_codec) = match machine.objects.get(part) {
        Some(object) => (&object.value, Some(&object.codec)),
        None => (&literal, None),
    };
    let codecs = [Some(&whole.codec), part_codec];
    let all = |holds: fn(&crate::codec::Codec) -> bool| codecs.iter().flatten().all(|codec| holds(codec));
    ensure(all(|codec| codec.shape == Shape::Element), || {
        "Verification failed: one or both inputs are not elements".to_owned()
    })?;
    ensure(all(|codec| codec.encoding == "string"), || {
        "Verification failed: one or both inputs are not strings".to_owned()
    })?;
    let octets = |value: &Value| match value {
        Value::Octet(octets) => Ok(octets.clone()),
        Value::Table(_) => Err(Error::refused("a table has no letters")),
        other => Err(Error::failed(format!("{} has no letters", other.kind()))),
    };
    let (whole, part) = (octets(&whole.value)?, octets(part_value)?);
    ensure(part.len() <= whole.len(), || {
        "Verification failed: substring is longer than the string".to_owned()
    })?;
    // The reference engine has no text without letters, and ends the run, in an If too.
    if part.is_empty() {
        return Err(Error::failed(format!("nothing is no part of {name}")));
    }
    Ok((whole, part))
}

/// Requires a text to begin with another, which is an object or stands in the contract.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'id'
/// When I verify 'id' has prefix 'did:dyne:'
/// Then print the 'id'
/// ```
/// ```json data
/// { "id": "did:dyne:zenswarm:FjcrbARfQ6vUokQgcnuLez1t6UizkdRRfAdp5AD1dngP" }
/// ```
#[check("verify '' has prefix ''", "verify '' starts with ''")]
fn has_prefix(machine: &mut Machine, name: &str, prefix: &str) -> Result<(), Error> {
    let (whole, part) = text_and_part(machine, name, prefix)?;
    ensure(whole.starts_with(&part), || "Verification failed: substring not found at position 1".to_owned())
}

/// Requires a text to end with another, which is an object or stands in the contract.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'file'
/// When I verify 'file' has suffix '.zen'
/// Then print the 'file'
/// ```
/// ```json data
/// { "file": "ping.zen" }
/// ```
#[check("verify '' has suffix ''", "verify '' ends with ''")]
fn has_suffix(machine: &mut Machine, name: &str, suffix: &str) -> Result<(), Error> {
    let (whole, part) = text_and_part(machine, name, suffix)?;
    let position = whole.len() - part.len() + 1;
    ensure(whole.ends_with(&part), || {
        format!("Verification failed: substring not found at position {position}")
    })
}
