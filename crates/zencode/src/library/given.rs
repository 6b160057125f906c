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
#[given("nothing")]
fn nothing(given: &mut Given) -> Result<(), Error> {
    given.declare(Declaration::Nothing);
    Ok(())
}

/// Gives the contract a name, whose section of the input `my` statements look into.
#[given("am ''")]
fn am(given: &mut Given, name: &str) -> Result<(), Error> {
    given.declare(Declaration::Identity(name.to_owned()));
    Ok(())
}

/// Gives the contract the name that the input `name` holds.
#[given("my name is in '' named ''")]
fn my_name_is_in_named(given: &mut Given, kind: &str, name: &str) -> Result<(), Error> {
    given.declare(Declaration::IdentityFrom { kind: kind.to_owned(), name: name.to_owned(), section: None });
    Ok(())
}

/// Gives the contract the name that `name` holds in a section of the input.
#[given("my name is in '' named '' in ''")]
fn my_name_is_in_named_in(given: &mut Given, kind: &str, name: &str, section: &str) -> Result<(), Error> {
    let section = Some(section.to_owned());
    given.declare(Declaration::IdentityFrom { kind: kind.to_owned(), name: name.to_owned(), section });
    Ok(())
}

/// Takes the input of a name; the name is its type too.
#[given("''")]
fn have(given: &mut Given, name: &str) -> Result<(), Error> {
    take(given, None, literal(name), Place::Root)
}

/// Takes the input of a name from a section.
#[given("'' in ''")]
fn have_in(given: &mut Given, name: &str, section: &str) -> Result<(), Error> {
    take(given, None, literal(name), Place::Section(section.to_owned()))
}

/// Takes somebody's public key into the table `public_key_session`, under the owner's name.
#[given("'' public key from ''")]
fn have_public_key_from(given: &mut Given, scheme_name: &str, owner: &str) -> Result<(), Error> {
    let name = format!("{scheme_name}_public_key");
    let keep = Keep::MemberOf("public_key_session".to_owned());
    let place = Place::Section(owner.to_owned());
    given.declare(Declaration::Take { kind: Some(name.clone()), name: Name::Literal(name), place, keep });
    Ok(())
}

/// Takes an input from a section into a table of its name, under the section's name.
#[given("'' from ''")]
fn have_from(given: &mut Given, name: &str, section: &str) -> Result<(), Error> {
    let keep = Keep::MemberOf(name.to_owned());
    let place = Place::Section(section.to_owned());
    given.declare(Declaration::Take { kind: Some(name.to_owned()), name: literal(name), place, keep });
    Ok(())
}

/// Takes the input of a name as a type.
#[given("'' named ''")]
fn have_named(given: &mut Given, kind: &str, name: &str) -> Result<(), Error> {
    take(given, Some(kind), literal(name), Place::Root)
}

/// Takes the input whose name another input holds.
#[given("'' named by ''")]
fn have_named_by(given: &mut Given, kind: &str, reference: &str) -> Result<(), Error> {
    take(given, Some(kind), Name::By(reference.to_owned()), Place::Root)
}

/// Takes the input of a name from a section, as a type.
#[given("'' named '' in ''")]
fn have_named_in(given: &mut Given, kind: &str, name: &str, section: &str) -> Result<(), Error> {
    take(given, Some(kind), literal(name), Place::Section(section.to_owned()))
}

/// Takes the input whose name another input holds, from a section.
#[given("'' named by '' in ''")]
fn have_named_by_in(given: &mut Given, kind: &str, reference: &str, section: &str) -> Result<(), Error> {
    take(given, Some(kind), Name::By(reference.to_owned()), Place::Section(section.to_owned()))
}

/// Takes an input from the section of the contract's own name.
#[given("my ''")]
fn have_my(given: &mut Given, name: &str) -> Result<(), Error> {
    take(given, None, literal(name), Place::Mine)
}

/// Takes an input as a type from the section of the contract's own name.
#[given("my '' named ''")]
fn have_my_named(given: &mut Given, kind: &str, name: &str) -> Result<(), Error> {
    take(given, Some(kind), literal(name), Place::Mine)
}

/// Takes the input whose name another input holds from the section of the contract's own name.
#[given("my '' named by ''")]
fn have_my_named_by(given: &mut Given, kind: &str, reference: &str) -> Result<(), Error> {
    take(given, Some(kind), Name::By(reference.to_owned()), Place::Mine)
}

/// Requires an input, without keeping it.
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
#[given("'' in path ''")]
fn have_in_path(given: &mut Given, kind: &str, path: &str) -> Result<(), Error> {
    take(given, Some(kind), literal(path), Place::Path(path.to_owned()))
}

fn take_part(given: &mut Given, kind: &str, place: PartPlace, affix: Affix) -> Result<(), Error> {
    given.declare(Declaration::TakePart { kind: kind.to_owned(), place, affix });
    Ok(())
}

/// Takes what follows a prefix of a text.
#[given("'' part of '' after string prefix ''")]
fn have_part_after_prefix(given: &mut Given, kind: &str, name: &str, prefix: &str) -> Result<(), Error> {
    take_part(given, kind, PartPlace::Root(name.to_owned()), Affix::Prefix(prefix.to_owned()))
}

/// Takes what precedes a suffix of a text.
#[given("'' part of '' before string suffix ''")]
fn have_part_before_suffix(given: &mut Given, kind: &str, name: &str, suffix: &str) -> Result<(), Error> {
    take_part(given, kind, PartPlace::Root(name.to_owned()), Affix::Suffix(suffix.to_owned()))
}

/// Takes what follows a prefix of the text at the end of a path.
#[given("'' part of path '' after string prefix ''")]
fn have_path_part_after_prefix(given: &mut Given, kind: &str, path: &str, prefix: &str) -> Result<(), Error> {
    take_part(given, kind, PartPlace::Path(path.to_owned()), Affix::Prefix(prefix.to_owned()))
}

/// Takes what precedes a suffix of the text at the end of a path.
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
#[given("rename '' to ''")]
fn rename_to(given: &mut Given, old: &str, new: &str) -> Result<(), Error> {
    given.declare(Declaration::Rename { old: old.to_owned(), new: new.to_owned() });
    Ok(())
}

/// Decodes one text of a dictionary, at the end of a path.
#[given("decode dictionary path '' as ''")]
fn decode_dictionary_path(given: &mut Given, path: &str, encoding: &str) -> Result<(), Error> {
    given.declare(Declaration::Decode { path: path.to_owned(), encoding: encoding.to_owned() });
    Ok(())
}
