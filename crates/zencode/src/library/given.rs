//! Given: what the contract takes from its input.

use zencode_macros::given;

use crate::error::Error;
use crate::given::{Affix, Declaration, Given, Keep, Name, PartPlace, Place};
use crate::statement::Statement;

pub(super) const STATEMENTS: &[Statement] = &[
    NOTHING,
    AM,
    MY_NAME_IS_IN_NAMED,
    MY_NAME_IS_IN_NAMED_IN,
    HAVE,
    HAVE_IN,
    HAVE_PUBLIC_KEY_FROM,
    HAVE_FROM,
    HAVE_NAMED,
    HAVE_NAMED_BY,
    HAVE_NAMED_IN,
    HAVE_NAMED_BY_IN,
    HAVE_MY,
    HAVE_MY_NAMED,
    HAVE_MY_NAMED_BY,
    IS_VALID,
    MY_IS_VALID,
    HAVE_IN_PATH,
    HAVE_PART_AFTER_PREFIX,
    HAVE_PART_BEFORE_SUFFIX,
    HAVE_PATH_PART_AFTER_PREFIX,
    HAVE_PATH_PART_BEFORE_SUFFIX,
    RENAME_TO,
    DECODE_DICTIONARY_PATH,
];

fn literal(name: &str) -> Name {
    Name::Literal(name.to_owned())
}

fn take(given: &mut Given, kind: Option<&str>, name: Name, place: Place) -> Result<(), Error> {
    let kind = kind.map(str::to_owned);
    given.declare(Declaration::Take { kind, name, place, keep: Keep::Object });
    Ok(())
}

/// Refuses any input: DATA, KEYS and EXTRA have to be empty.
///
/// # Example
/// ```zencode
/// Given nothing
/// Then print the string 'a contract without input'
/// ```
#[given("nothing")]
fn nothing(given: &mut Given) -> Result<(), Error> {
    given.declare(Declaration::Nothing);
    Ok(())
}

/// Gives the contract a name, whose section of the input `my` statements look into.
///
/// # Example
/// ```zencode
/// Given I am 'Ada'
/// Given I have my 'string' named 'city'
/// Then print my 'city'
/// ```
/// ```json data
/// { "Ada": { "city": "Torino" } }
/// ```
#[given("am ''")]
fn am(given: &mut Given, name: &str) -> Result<(), Error> {
    given.declare(Declaration::Identity(name.to_owned()));
    Ok(())
}

/// Gives the contract the name that the input `name` holds.
///
/// # Example
/// ```zencode
/// Given my name is in a 'string' named 'who'
/// Given I have my 'string' named 'city'
/// Then print my 'city'
/// ```
/// ```json data
/// { "who": "Ada", "Ada": { "city": "Torino" } }
/// ```
#[given("my name is in '' named ''")]
fn my_name_is_in_named(given: &mut Given, kind: &str, name: &str) -> Result<(), Error> {
    given.declare(Declaration::IdentityFrom { kind: kind.to_owned(), name: name.to_owned(), section: None });
    Ok(())
}

/// Gives the contract the name that `name` holds in a section of the input.
///
/// # Example
/// ```zencode
/// Given my name is in a 'string' named 'who' in 'session'
/// Given I have my 'string' named 'city'
/// Then print my 'city'
/// ```
/// ```json data
/// { "session": { "who": "Ada" }, "Ada": { "city": "Torino" } }
/// ```
#[given("my name is in '' named '' in ''")]
fn my_name_is_in_named_in(given: &mut Given, kind: &str, name: &str, section: &str) -> Result<(), Error> {
    let section = Some(section.to_owned());
    given.declare(Declaration::IdentityFrom { kind: kind.to_owned(), name: name.to_owned(), section });
    Ok(())
}

/// Takes the input of a name; the name is its type too.
///
/// # Example
/// ```zencode
/// Scenario 'eddsa': the name is the type
/// Given I have a 'eddsa public key'
/// Then print the 'eddsa public key'
/// ```
/// ```json data
/// { "eddsa_public_key": "FjcrbARfQ6vUokQgcnuLez1t6UizkdRRfAdp5AD1dngP" }
/// ```
#[given("''")]
fn have(given: &mut Given, name: &str) -> Result<(), Error> {
    take(given, None, literal(name), Place::Root)
}

/// Takes the input of a name from a section.
///
/// # Example
/// ```zencode
/// Scenario 'eddsa': a key in a section
/// Given I have a 'eddsa public key' in 'oracle'
/// Then print the 'eddsa public key'
/// ```
/// ```json data
/// { "oracle": { "eddsa_public_key": "FjcrbARfQ6vUokQgcnuLez1t6UizkdRRfAdp5AD1dngP" } }
/// ```
#[given("'' in ''")]
fn have_in(given: &mut Given, name: &str, section: &str) -> Result<(), Error> {
    take(given, None, literal(name), Place::Section(section.to_owned()))
}

/// Takes somebody's public key into the table `public_key_session`, under the owner's name.
///
/// # Example
/// ```zencode
/// Scenario 'ecdh': the key of a signer
/// Given I have a 'ecdh' public key from 'Ada'
/// Then print the 'public key session'
/// ```
/// ```json data
/// {
///   "Ada": {
///     "ecdh_public_key": "BHdrWMNBRclVO1I1/iEaYjfEi5C0eEvG2GZgsCNq87qy8feZ74JEvnKK9FC07ThhJ8s4ON2ZQcLJ+8HpWMfKPww="
///   }
/// }
/// ```
#[given("'' public key from ''")]
fn have_public_key_from(given: &mut Given, scheme_name: &str, owner: &str) -> Result<(), Error> {
    let name = format!("{scheme_name}_public_key");
    let keep = Keep::MemberOf("public_key_session".to_owned());
    let place = Place::Section(owner.to_owned());
    given.declare(Declaration::Take { kind: Some(name.clone()), name: Name::Literal(name), place, keep });
    Ok(())
}

/// Takes an input from a section into a table of its name, under the section's name.
///
/// # Example
/// ```zencode
/// Scenario 'ecdh': the key of a signer
/// Given I have a 'ecdh public key' from 'Ada'
/// Then print the 'ecdh public key'
/// ```
/// ```json data
/// {
///   "Ada": {
///     "ecdh_public_key": "BHdrWMNBRclVO1I1/iEaYjfEi5C0eEvG2GZgsCNq87qy8feZ74JEvnKK9FC07ThhJ8s4ON2ZQcLJ+8HpWMfKPww="
///   }
/// }
/// ```
#[given("'' from ''")]
fn have_from(given: &mut Given, name: &str, section: &str) -> Result<(), Error> {
    let keep = Keep::MemberOf(name.to_owned());
    let place = Place::Section(section.to_owned());
    given.declare(Declaration::Take { kind: Some(name.to_owned()), name: literal(name), place, keep });
    Ok(())
}

/// Takes the input of a name as a type.
///
/// # Example
/// ```zencode
/// Given I have a 'string array' named 'cities'
/// Given I have a 'number' named 'year'
/// Then print the 'cities'
/// Then print the 'year'
/// ```
/// ```json data
/// { "cities": ["Torino", "Ivrea"], "year": 1968 }
/// ```
#[given("'' named ''")]
fn have_named(given: &mut Given, kind: &str, name: &str) -> Result<(), Error> {
    take(given, Some(kind), literal(name), Place::Root)
}

/// Takes the input whose name another input holds.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named by 'which'
/// Then print the 'city'
/// ```
/// ```json data
/// { "which": "city", "city": "Ivrea", "river": "Dora" }
/// ```
#[given("'' named by ''")]
fn have_named_by(given: &mut Given, kind: &str, reference: &str) -> Result<(), Error> {
    take(given, Some(kind), Name::By(reference.to_owned()), Place::Root)
}

/// Takes the input of a name from a section, as a type.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city' in 'address'
/// Then print the 'city'
/// ```
/// ```json data
/// { "address": { "street": "Via Jervis", "city": "Ivrea" } }
/// ```
#[given("'' named '' in ''")]
fn have_named_in(given: &mut Given, kind: &str, name: &str, section: &str) -> Result<(), Error> {
    take(given, Some(kind), literal(name), Place::Section(section.to_owned()))
}

/// Takes the input whose name another input holds, from a section.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named by 'which' in 'address'
/// Then print the 'city'
/// ```
/// ```json data
/// { "which": "city", "address": { "street": "Via Jervis", "city": "Ivrea" } }
/// ```
#[given("'' named by '' in ''")]
fn have_named_by_in(given: &mut Given, kind: &str, reference: &str, section: &str) -> Result<(), Error> {
    take(given, Some(kind), Name::By(reference.to_owned()), Place::Section(section.to_owned()))
}

/// Takes an input from the section of the contract's own name.
///
/// # Example
/// ```zencode
/// Scenario 'eddsa': the owner of a keyring
/// Given I am 'Ada'
/// Given I have my 'keyring'
/// When I create the eddsa public key
/// Then print my 'eddsa public key'
/// ```
/// ```json keys
/// { "Ada": { "keyring": { "eddsa": "7KLcVpkbhftT4jefzfvYvPAoLikwCCtsfTnwPuo7VZhH" } } }
/// ```
#[given("my ''")]
fn have_my(given: &mut Given, name: &str) -> Result<(), Error> {
    take(given, None, literal(name), Place::Mine)
}

/// Takes an input as a type from the section of the contract's own name.
///
/// # Example
/// ```zencode
/// Given I am 'Ada'
/// Given I have my 'number' named 'balance'
/// Then print the 'balance'
/// ```
/// ```json data
/// { "Ada": { "balance": 12.5 }, "Ugo": { "balance": 3 } }
/// ```
#[given("my '' named ''")]
fn have_my_named(given: &mut Given, kind: &str, name: &str) -> Result<(), Error> {
    take(given, Some(kind), literal(name), Place::Mine)
}

/// Takes the input whose name another input holds from the section of the contract's own name.
///
/// # Example
/// ```zencode
/// Given I am 'Ada'
/// Given I have my 'string' named by 'which'
/// Then print the 'city'
/// ```
/// ```json data
/// { "which": "city", "Ada": { "city": "Torino" } }
/// ```
#[given("my '' named by ''")]
fn have_my_named_by(given: &mut Given, kind: &str, reference: &str) -> Result<(), Error> {
    take(given, Some(kind), Name::By(reference.to_owned()), Place::Mine)
}

/// Requires an input, without keeping it.
///
/// # Example
/// ```zencode
/// Scenario 'eddsa': look at a key
/// Given the 'eddsa public key' is valid
/// Then print the string 'it is a key'
/// ```
/// ```json data
/// { "eddsa_public_key": "FjcrbARfQ6vUokQgcnuLez1t6UizkdRRfAdp5AD1dngP" }
/// ```
#[given("'' is valid")]
fn is_valid(given: &mut Given, name: &str) -> Result<(), Error> {
    given.declare(Declaration::Take {
        kind: None,
        name: literal(name),
        place: Place::Root,
        keep: Keep::Nothing,
    });
    Ok(())
}

/// Requires an input in the section of the contract's own name, without keeping it.
///
/// # Example
/// ```zencode
/// Scenario 'eddsa': look at a key
/// Given I am 'Ada'
/// Given my 'eddsa public key' is valid
/// Then print the string 'it is a key'
/// ```
/// ```json data
/// { "Ada": { "eddsa_public_key": "FjcrbARfQ6vUokQgcnuLez1t6UizkdRRfAdp5AD1dngP" } }
/// ```
#[given("my '' is valid")]
fn my_is_valid(given: &mut Given, name: &str) -> Result<(), Error> {
    given.declare(Declaration::Take {
        kind: None,
        name: literal(name),
        place: Place::Mine,
        keep: Keep::Nothing,
    });
    Ok(())
}

/// Takes the input at the end of a path such as `a.b.1`, under the last part of the path.
///
/// # Example
/// ```zencode
/// Given I have a 'string' in path 'order.items.2'
/// Given I have a 'string' in path 'order.buyer.city'
/// Then print the '2'
/// Then print the 'city'
/// ```
/// ```json data
/// { "order": { "buyer": { "city": "Ivrea" }, "items": ["pen", "ink"] } }
/// ```
#[given("'' in path ''")]
fn have_in_path(given: &mut Given, kind: &str, path: &str) -> Result<(), Error> {
    take(given, Some(kind), literal(path), Place::Path(path.to_owned()))
}

fn take_part(given: &mut Given, kind: &str, place: PartPlace, affix: Affix) -> Result<(), Error> {
    given.declare(Declaration::TakePart { kind: kind.to_owned(), place, affix });
    Ok(())
}

/// Takes what follows a prefix of a text.
///
/// # Example
/// ```zencode
/// Given I have a 'string' part of 'invoice' after string prefix 'invoice-'
/// Then print the 'invoice'
/// ```
/// ```json data
/// { "invoice": "invoice-2041" }
/// ```
#[given("'' part of '' after string prefix ''")]
fn have_part_after_prefix(given: &mut Given, kind: &str, name: &str, prefix: &str) -> Result<(), Error> {
    take_part(given, kind, PartPlace::Root(name.to_owned()), Affix::Prefix(prefix.to_owned()))
}

/// Takes what precedes a suffix of a text.
///
/// # Example
/// ```zencode
/// Given I have a 'string' part of 'weight' before string suffix 'kg'
/// Then print the 'weight'
/// ```
/// ```json data
/// { "weight": "72kg" }
/// ```
#[given("'' part of '' before string suffix ''")]
fn have_part_before_suffix(given: &mut Given, kind: &str, name: &str, suffix: &str) -> Result<(), Error> {
    take_part(given, kind, PartPlace::Root(name.to_owned()), Affix::Suffix(suffix.to_owned()))
}

/// Takes what follows a prefix of the text at the end of a path.
///
/// # Example
/// ```zencode
/// Scenario 'eddsa': the key of an identifier
/// Given I have a 'base58' part of path 'oracle.id' after string prefix 'did:dyne:zenswarm:'
/// Then print the 'id'
/// ```
/// ```json data
/// { "oracle": { "id": "did:dyne:zenswarm:FjcrbARfQ6vUokQgcnuLez1t6UizkdRRfAdp5AD1dngP" } }
/// ```
#[given("'' part of path '' after string prefix ''")]
fn have_path_part_after_prefix(given: &mut Given, kind: &str, path: &str, prefix: &str) -> Result<(), Error> {
    take_part(given, kind, PartPlace::Path(path.to_owned()), Affix::Prefix(prefix.to_owned()))
}

/// Takes what precedes a suffix of the text at the end of a path.
///
/// # Example
/// ```zencode
/// Given I have a 'string' part of path 'parcel.weight' before string suffix 'kg'
/// Then print the 'weight'
/// ```
/// ```json data
/// { "parcel": { "weight": "72kg" } }
/// ```
#[given("'' part of path '' before string suffix ''")]
fn have_path_part_before_suffix(
    given: &mut Given,
    kind: &str,
    path: &str,
    suffix: &str,
) -> Result<(), Error> {
    take_part(given, kind, PartPlace::Path(path.to_owned()), Affix::Suffix(suffix.to_owned()))
}

/// Gives an object that was taken another name.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'city'
/// Given I rename the 'city' to 'birthplace'
/// Then print the 'birthplace'
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
#[given("rename '' to ''")]
fn rename_to(given: &mut Given, old: &str, new: &str) -> Result<(), Error> {
    given.declare(Declaration::Rename { old: old.to_owned(), new: new.to_owned() });
    Ok(())
}

/// Decodes one text of a dictionary, at the end of a path.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'parcel'
/// Given I decode dictionary path 'parcel.seal' as 'hex'
/// Then print the 'parcel'
/// ```
/// ```json data
/// { "parcel": { "to": "Ivrea", "seal": "c0ffee" } }
/// ```
#[given("decode dictionary path '' as ''")]
fn decode_dictionary_path(given: &mut Given, path: &str, encoding: &str) -> Result<(), Error> {
    given.declare(Declaration::Decode { path: path.to_owned(), encoding: encoding.to_owned() });
    Ok(())
}
