//! `http`: addresses of web services and the parameters behind their question mark.

use zencode_macros::when;

use crate::codec::{Shape, Traits};
use crate::error::{Error, ensure};
use crate::machine::Machine;
use crate::number::float_text;
use crate::statement::Statement;
use crate::value::Value;

pub(crate) const STATEMENTS: &[Statement] = &[
    CREATE_URL,
    APPEND_REQUEST,
    APPEND_ENCODED_REQUEST,
    CREATE_GET_PARAMETERS,
    CREATE_ENCODED_GET_PARAMETERS,
];

/// What an address is called, and what marks an object as one.
const URL: &str = "url";

const GET_PARAMETERS: &str = "http_get_parameters";

/// Encodings whose dictionaries can become parameters.
const PARAMETER_ENCODINGS: &[&str] = &["string", "float", "integer", "time"];

/// How names and values are written into an address.
type Escape = fn(&[u8]) -> Result<Vec<u8>, Error>;

/// Checks an address and copies it to `url`, to which parameters can be appended.
///
/// It has a scheme, `://`, and a host with or without a port; an empty host is taken as well.
///
/// # Example
/// ```zencode
/// Scenario 'http': the address of a service
/// Given I have a 'string' named 'service'
/// When I create the url from 'service'
/// Then print the 'url'
/// ```
/// ```json data
/// { "service": "https://weather.example:8080/today" }
/// ```
#[when("create url from ''")]
fn create_url(machine: &mut Machine, source: &str) -> Result<(), Error> {
    let Value::Octet(octets) = machine.value(source)? else {
        return Err(Error::failed(format!("{source} is not a text")));
    };
    check_address(octets)?;
    let address = Value::Octet(octets.clone());
    let traits = Traits { content: Some(URL), ..Traits::element_encoded("string") };
    machine.create(URL, address, traits)
}

/// Appends an object to an address, as `?name=value` or, behind other parameters, as `&name=value`.
///
/// What stands behind a percent sign has to be two hexadecimal digits; everything else goes in as it is.
///
/// # Example
/// ```zencode
/// Scenario 'http': ask for a city
/// Given I have a 'string' named 'service'
/// Given I have a 'string' named 'city'
/// When I create the url from 'service'
/// When I append 'city' as http request to 'url'
/// Then print the 'url'
/// ```
/// ```json data
/// { "service": "https://weather.example/today", "city": "Ivrea" }
/// ```
#[when("append '' as http request to ''")]
fn append_request(machine: &mut Machine, name: &str, url: &str) -> Result<(), Error> {
    append(machine, name, url, normalised)
}

/// Appends an object to an address, with percent signs for what has a meaning there.
///
/// # Example
/// ```zencode
/// Scenario 'http': ask for a street
/// Given I have a 'string' named 'service'
/// Given I have a 'string' named 'street'
/// When I create the url from 'service'
/// When I append percent encoding of 'street' as http request to 'url'
/// Then print the 'url'
/// ```
/// ```json data
/// { "service": "https://maps.example/find", "street": "Via Jervis & Co." }
/// ```
#[when("append percent encoding of '' as http request to ''")]
fn append_encoded_request(machine: &mut Machine, name: &str, url: &str) -> Result<(), Error> {
    append(machine, name, url, percent_encoded)
}

/// Makes `http_get_parameters` of a dictionary: `name=value` with `&` between them.
///
/// # Example
/// ```zencode
/// Scenario 'http': what to ask for
/// Given I have a 'string dictionary' named 'question'
/// When I create the http get parameters from 'question'
/// Then print the 'http get parameters'
/// ```
/// ```json data
/// { "question": { "city": "Ivrea", "day": "monday" } }
/// ```
#[when("create http get parameters from ''")]
fn create_get_parameters(machine: &mut Machine, name: &str) -> Result<(), Error> {
    get_parameters(machine, name, normalised)
}

/// Makes `http_get_parameters` of a dictionary, with percent signs for what has a meaning there.
///
/// # Example
/// ```zencode
/// Scenario 'http': what to ask for
/// Given I have a 'string dictionary' named 'question'
/// When I create the http get parameters from 'question' using percent encoding
/// Then print the 'http get parameters'
/// ```
/// ```json data
/// { "question": { "street": "Via Jervis & Co." } }
/// ```
#[when("create http get parameters from '' using percent encoding")]
fn create_encoded_get_parameters(machine: &mut Machine, name: &str) -> Result<(), Error> {
    get_parameters(machine, name, percent_encoded)
}

fn append(machine: &mut Machine, name: &str, url: &str, escape: Escape) -> Result<(), Error> {
    let value = machine.value(name)?;
    let target = machine.have(url)?;
    if target.codec.content != Some(URL) {
        return Err(Error::failed(format!("Cannot append http request to invalid url: {url}")));
    }
    let Value::Octet(address) = &target.value else {
        return Err(Error::failed(format!("{url} is not a text")));
    };
    let separator = if address.contains(&b'?') { b'&' } else { b'?' };
    let mut longer = address.clone();
    longer.push(separator);
    longer.extend(parameter(name, value, escape)?);
    machine.replace(url, Value::Octet(longer))
}

fn get_parameters(machine: &mut Machine, name: &str, escape: Escape) -> Result<(), Error> {
    machine.empty(GET_PARAMETERS)?;
    let codec = &machine.have(name)?.codec;
    if codec.shape != Shape::Dictionary {
        let found = codec.shape.letter();
        return Err(Error::failed(format!("Expected dictionary, found {found} for {name}")));
    }
    if !PARAMETER_ENCODINGS.contains(&&*codec.encoding) {
        return Err(Error::failed(format!(
            "Parameters in {name} must be of type 'string', 'float', 'integer' or 'time'"
        )));
    }
    let seed = machine.walk_seed(name)?;
    let mut parameters = Vec::new();
    for (key, value) in machine.table(name)?.walk(seed) {
        parameters.push(parameter(&key.to_string(), value, escape)?);
    }
    let joined = Value::Octet(parameters.join(&b'&'));
    machine.create(GET_PARAMETERS, joined, Traits::element_encoded("string"))
}

fn parameter(name: &str, value: &Value, escape: Escape) -> Result<Vec<u8>, Error> {
    let text = match value {
        Value::Octet(octets) => octets.clone(),
        Value::Integer(integer) => integer.to_string().into_bytes(),
        Value::Float(float) => float_text(*float).into_bytes(),
        Value::Time(time) => time.to_string().into_bytes(),
        other => {
            return Err(Error::failed(format!("Unexpected value type '{}' for {name}", other.kind())));
        }
    };
    let mut written = escape(name.as_bytes())?;
    written.push(b'=');
    written.extend(escape(&text)?);
    Ok(written)
}

/// Letters that mean themselves everywhere in an address.
///
/// # Source
/// RFC 3986, 2.3.
fn is_unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-._~".contains(&octet)
}

/// Letters that separate, inside one part of an address.
///
/// # Source
/// RFC 3986, 2.2.
fn is_sub_delimiter(octet: u8) -> bool {
    b"!$&'()*+,;=".contains(&octet)
}

/// Decodes what needs no percent sign, and writes the other digits in upper case.
///
/// # Source
/// RFC 3986, 6.2.2.
fn normalised(text: &[u8]) -> Result<Vec<u8>, Error> {
    let mut written = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, behind)) = rest.split_first() {
        rest = behind;
        if first != b'%' {
            written.push(first);
            continue;
        }
        let (digits, behind) = behind.split_at_checked(2).ok_or_else(|| {
            Error::failed("unfinished percent encoding at the end: write %25 for a percent sign")
        })?;
        let octet = str::from_utf8(digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
        let octet = octet.and_then(|digits| u8::from_str_radix(digits, 16).ok()).ok_or_else(|| {
            let found = String::from_utf8_lossy(digits);
            Error::failed(format!("invalid percent encoding '%{found}': write %25 for a percent sign"))
        })?;
        if is_unreserved(octet) {
            written.push(octet)
        } else {
            written.extend(escaped(octet))
        }
        rest = behind;
    }
    Ok(written)
}

fn percent_encoded(text: &[u8]) -> Result<Vec<u8>, Error> {
    let written = text.iter().flat_map(|&octet| match octet {
        b' ' => vec![b'+'],
        octet if is_unreserved(octet) => vec![octet],
        octet => escaped(octet),
    });
    Ok(written.collect())
}

fn escaped(octet: u8) -> Vec<u8> {
    format!("%{octet:02X}").into_bytes()
}

/// Checks scheme, host and port; what follows them is not looked at.
///
/// # Source
/// Zenroom `zencode_http.lua`, `is_valid_uri`: addresses in square brackets have no colons there.
fn check_address(address: &[u8]) -> Result<(), Error> {
    let shown = || String::from_utf8_lossy(address).into_owned();
    let authority = behind_scheme(address).ok_or_else(|| {
        Error::failed(format!("invalid uri, a scheme and :// are missing in '{}'", shown()))
    })?;
    let end = authority.iter().position(|octet| b"/?#".contains(octet)).unwrap_or(authority.len());
    let authority = &authority[..end];
    if authority.is_empty() {
        return Ok(());
    }
    let mut parts = authority.splitn(2, |octet| *octet == b':');
    let host = parts.next().unwrap_or_default();
    let port = parts.next().unwrap_or_default();
    if host.is_empty() || !port.iter().all(u8::is_ascii_digit) {
        return Err(Error::failed(format!("invalid port in '{}'", String::from_utf8_lossy(authority))));
    }
    let known = match host {
        [b'[', inner @ .., b']'] => is_future_address(inner),
        name => name.iter().all(|&octet| is_unreserved(octet) || is_sub_delimiter(octet) || octet == b'%'),
    };
    ensure(known, || format!("invalid host value '{}'", String::from_utf8_lossy(host)))
        .map_err(|error| Error::failed(error.to_string()))
}

fn behind_scheme(address: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = address.split_at_checked(address.iter().position(|octet| *octet == b':')?)?;
    let (first, others) = scheme.split_first()?;
    let valid = first.is_ascii_alphabetic()
        && others.iter().all(|octet| octet.is_ascii_alphanumeric() || b"+.-".contains(octet));
    rest.strip_prefix(b"://").filter(|_| valid)
}

/// Whether an address in brackets is one of a version to come: `v1.something`.
///
/// # Source
/// RFC 3986, 3.2.2.
fn is_future_address(inner: &[u8]) -> bool {
    let Some(version) = inner.strip_prefix(b"v") else { return false };
    let Some(dot) = version.iter().position(|octet| *octet == b'.') else { return false };
    let (version, rest) = (&version[..dot], &version[dot + 1..]);
    let in_range = |octet: &u8| is_unreserved(*octet) || is_sub_delimiter(*octet);
    !version.is_empty()
        && version.iter().all(u8::is_ascii_hexdigit)
        && !rest.is_empty()
        && rest.iter().all(in_range)
}
