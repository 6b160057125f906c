//! Recursive Length Prefix, as far as transactions go: octets, and one list of them.

/// Why octets are no list of octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The octets end before what they announce.
    #[error("RLP ends at octet {0}, where more was announced")]
    Short(usize),
    /// Octets follow the list.
    #[error("RLP has octets after its list, from octet {0} on")]
    Long(usize),
    /// A list was expected, or an item that is no list.
    #[error("RLP has the wrong kind of item at octet {0}, expected one list of octets")]
    Kind(usize),
    /// A length or octet that is not written in the shortest way.
    #[error("RLP is not written in the shortest way at octet {0}")]
    Form(usize),
    /// A length beyond what memory can have.
    #[error("RLP announces too much at octet {0}")]
    Length(usize),
}

/// The longest payload that is announced in the first octet.
const SHORT_MAX: usize = 55;
/// First octet of short octets, less their number.
const OCTETS: u8 = 0x80;
/// First octet of a short list, less the number of its octets.
const LIST: u8 = 0xc0;

/// Encodes a list of octets. Integers are given in big-endian octets without leading zeros, zero as none.
///
/// # Source
/// Ethereum Yellow Paper, appendix B.
pub fn encode_list<T: AsRef<[u8]>>(items: &[T]) -> Vec<u8> {
    let mut payload = Vec::new();
    for item in items {
        match item.as_ref() {
            [octet] if *octet < OCTETS => payload.push(*octet),
            item => {
                payload.extend(head(OCTETS, item.len()));
                payload.extend_from_slice(item);
            }
        }
    }
    let mut list = head(LIST, payload.len());
    list.append(&mut payload);
    list
}

/// What announces a payload: its length, after the number of octets of the length when it is large.
fn head(kind: u8, length: usize) -> Vec<u8> {
    let octets = length.to_be_bytes();
    let significant = &octets[octets.iter().take_while(|octet| **octet == 0).count()..];
    match u8::try_from(length) {
        Ok(length) if usize::from(length) <= SHORT_MAX => vec![kind + length],
        _ => {
            let count = u8::try_from(significant.len()).expect("a length has at most eight octets");
            let mut head = vec![kind + 55 + count];
            head.extend_from_slice(significant);
            head
        }
    }
}

/// Decodes one list of octets.
///
/// # Errors
/// For everything that [`encode_list`] does not write.
///
/// # Source
/// Ethereum Yellow Paper, appendix B.
pub fn decode_list(octets: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let list = item(octets, 0)?;
    if !list.is_list {
        return Err(Error::Kind(0));
    }
    if list.end != octets.len() {
        return Err(Error::Long(list.end));
    }
    let mut items = Vec::new();
    let mut start = list.start;
    while start < list.end {
        let found = item(&octets[..list.end], start)?;
        if found.is_list {
            return Err(Error::Kind(start));
        }
        items.push(octets[found.start..found.end].to_vec());
        start = found.end;
    }
    Ok(items)
}

/// Where the payload of an item is.
struct Item {
    is_list: bool,
    start: usize,
    end: usize,
}

fn item(octets: &[u8], at: usize) -> Result<Item, Error> {
    let first = *octets.get(at).ok_or(Error::Short(at))?;
    if first < OCTETS {
        return Ok(Item { is_list: false, start: at, end: at + 1 });
    }
    let is_list = first >= LIST;
    let announced = usize::from(first - if is_list { LIST } else { OCTETS });
    let (start, length) = match announced.checked_sub(SHORT_MAX) {
        None | Some(0) => (at + 1, announced),
        Some(count) => (at + 1 + count, long_length(octets, at, count)?),
    };
    let end = start.checked_add(length).ok_or(Error::Length(at))?;
    let payload = octets.get(start..end).ok_or(Error::Short(octets.len()))?;
    if !is_list && matches!(payload, [octet] if *octet < OCTETS) {
        return Err(Error::Form(at));
    }
    Ok(Item { is_list, start, end })
}

fn long_length(octets: &[u8], at: usize, count: usize) -> Result<usize, Error> {
    let digits = octets.get(at + 1..at + 1 + count).ok_or(Error::Short(octets.len()))?;
    if digits.first() == Some(&0) {
        return Err(Error::Form(at));
    }
    let wide = digits.iter().fold(0_u64, |sum, digit| sum << 8 | u64::from(*digit));
    let length = usize::try_from(wide).map_err(|_| Error::Length(at))?;
    if length <= SHORT_MAX { Err(Error::Form(at)) } else { Ok(length) }
}

#[cfg(test)]
mod tests;
