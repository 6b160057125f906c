//! Which destinations contracts may reach: a pure decision, made on the address that will really be
//! connected to.
//!
//! A contract runs on behalf of a stranger, inside the operator's network. So everything that is
//! not the public internet is refused, unless the operator allowed it by name, address or range.
//! Deciding on names would not do: whoever owns a name can let it point at a private address, or
//! change it between the check and the connection. The caller therefore resolves the name once,
//! asks about every address, and connects to those addresses and no others.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

/// A destination that the operator allows although it is not public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    target: Target,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    /// A name, lower case; whatever it resolves to.
    Host(String),
    /// A range of addresses.
    Range(IpAddr, u8),
}

/// Why a text is no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no destination; write a host, host:port, an address, or a range like 10.0.0.0/8")]
pub struct RuleError {
    text: String,
}

/// What the operator allows beyond the public internet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    allowed: Vec<Rule>,
}

/// Why a destination may not be reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{address} (port {port}) is not on the public internet: {kind}")]
pub struct Refusal {
    /// The address that would have been connected to.
    pub address: IpAddr,
    /// The port.
    pub port: u16,
    /// What the address is for.
    pub kind: &'static str,
}

impl Policy {
    /// A policy that allows these destinations, and the public internet.
    pub fn new(allowed: Vec<Rule>) -> Self {
        Self { allowed }
    }

    /// Decides about one address that `host` resolved to.
    ///
    /// # Errors
    /// [`Refusal`] when the address is not public and no rule allows it.
    pub fn decide(&self, host: &str, address: IpAddr, port: u16) -> Result<(), Refusal> {
        match not_public(address) {
            Some(kind) if !self.allowed.iter().any(|rule| rule.covers(host, address, port)) => {
                Err(Refusal { address, port, kind })
            }
            _ => Ok(()),
        }
    }
}

impl Rule {
    /// Whether it is a range of addresses, whatever the port.
    pub(crate) fn is_range(&self) -> bool {
        self.port.is_none() && matches!(self.target, Target::Range(..))
    }

    /// Whether it is a range that holds this address.
    pub(crate) fn holds(&self, address: IpAddr) -> bool {
        self.is_range() && self.covers("", address, 0)
    }

    fn covers(&self, host: &str, address: IpAddr, port: u16) -> bool {
        self.port.is_none_or(|only| only == port)
            && match &self.target {
                Target::Host(name) => host.eq_ignore_ascii_case(name),
                Target::Range(network, bits) => in_range(address, *network, *bits),
            }
    }
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        parse_rule(text).ok_or_else(|| RuleError { text: text.to_owned() })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target {
            Target::Host(name) => f.write_str(name)?,
            Target::Range(network @ IpAddr::V6(_), bits) if self.port.is_some() => {
                write!(f, "[{network}/{bits}]")?;
            }
            Target::Range(network, bits) => write!(f, "{network}/{bits}")?,
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

fn parse_rule(text: &str) -> Option<Rule> {
    if let Some(target) = parse_range(text) {
        return Some(Rule { target, port: None });
    }
    let (target, port) = match text.rsplit_once(':') {
        Some((target, port)) if port.bytes().all(|it| it.is_ascii_digit()) => {
            (target, Some(port.parse().ok()?))
        }
        _ => (text, None),
    };
    let bare = target.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let target = parse_range(bare.unwrap_or(target)).or_else(|| parse_host(target))?;
    Some(Rule { target, port })
}

fn parse_range(text: &str) -> Option<Target> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address.parse::<IpAddr>().ok()?, bits.parse().ok()?),
        None => {
            let address = text.parse::<IpAddr>().ok()?;
            (address, width(address))
        }
    };
    (bits <= width(address)).then_some(Target::Range(address, bits))
}

fn parse_host(text: &str) -> Option<Target> {
    // The form that a URL's host has after parsing, so that both compare equal.
    match url::Host::parse(text).ok()? {
        url::Host::Domain(name) if !name.is_empty() && name.bytes().all(in_name) => Some(Target::Host(name)),
        _ => None,
    }
}

fn in_name(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_')
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn in_range(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let (address, network, unused) = match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            (u128::from(address.to_bits()), u128::from(network.to_bits()), 32 - u32::from(bits))
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            (address.to_bits(), network.to_bits(), 128 - u32::from(bits))
        }
        _ => return false,
    };
    address.checked_shr(unused) == network.checked_shr(unused)
}

/// What an address is for, when it is not for the public internet.
///
/// # Source
/// IANA special-purpose address registries (RFC 6890 and its updates); 169.254.169.254 and
/// fd00:ec2::254 are where clouds keep their metadata.
fn not_public(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(_) => RESERVED_V4.iter().find_map(|(network, bits, kind)| {
            in_range(address, IpAddr::V4(Ipv4Addr::from(*network)), *bits).then_some(*kind)
        }),
        IpAddr::V6(_) => RESERVED_V6
            .iter()
            .find_map(|(network, bits, kind)| {
                in_range(address, IpAddr::V6(Ipv6Addr::from(*network)), *bits).then_some(*kind)
            })
            .or_else(|| {
                // Only this eighth is handed out; whatever else is routed one day is not ours to guess.
                let global = IpAddr::V6(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0));
                (!in_range(address, global, 3)).then_some("not global unicast")
            }),
    }
}

const RESERVED_V4: &[([u8; 4], u8, &str)] = &[
    ([0, 0, 0, 0], 8, "this network"),
    ([10, 0, 0, 0], 8, "private"),
    ([100, 64, 0, 0], 10, "shared by a carrier's customers"),
    ([127, 0, 0, 0], 8, "loopback"),
    ([169, 254, 0, 0], 16, "link-local"),
    ([172, 16, 0, 0], 12, "private"),
    ([192, 0, 0, 0], 24, "protocol assignments"),
    ([192, 0, 2, 0], 24, "documentation"),
    ([192, 88, 99, 0], 24, "relays of 6to4"),
    ([192, 168, 0, 0], 16, "private"),
    ([198, 18, 0, 0], 15, "benchmarks"),
    ([198, 51, 100, 0], 24, "documentation"),
    ([203, 0, 113, 0], 24, "documentation"),
    ([224, 0, 0, 0], 4, "multicast"),
    ([240, 0, 0, 0], 4, "reserved"),
];

/// The forms that carry an IPv4 address inside are refused whole: nothing public needs them.
const RESERVED_V6: &[([u16; 8], u8, &str)] = &[
    ([0, 0, 0, 0, 0, 0, 0, 1], 128, "loopback"),
    ([0, 0, 0, 0, 0, 0xffff, 0, 0], 96, "an IPv4 address in disguise"),
    ([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96, "an IPv4 address in disguise"),
    ([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48, "an IPv4 address in disguise"),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, "protocol assignments and tunnels"),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32, "documentation"),
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, "an IPv4 address in disguise"),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, "documentation"),
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, "private"),
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, "link-local"),
    ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, "multicast"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn policy(rules: &[&str]) -> Policy {
        Policy::new(rules.iter().map(|it| it.parse().unwrap()).collect())
    }

    fn reaches(policy: &Policy, host: &str, address: &str, port: u16) -> bool {
        policy.decide(host, address.parse().unwrap(), port).is_ok()
    }

    #[test]
    fn nothing_private_is_reached_by_default() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
        ] {
            assert!(!reaches(&Policy::default(), "example.org", address, 443), "{address}");
        }
    }

    #[test]
    fn the_public_internet_is_reached() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450::1",
        ] {
            assert!(reaches(&Policy::default(), "example.org", address, 443), "{address}");
        }
    }

    #[test]
    fn an_allowed_range_opens_itself_alone() {
        let policy = policy(&["10.1.0.0/16", "127.0.0.1/32"]);
        assert!(reaches(&policy, "inside.example", "10.1.255.255", 80));
        assert!(!reaches(&policy, "inside.example", "10.2.0.0", 80));
        assert!(!reaches(&policy, "localhost", "127.0.0.2", 80));
        assert!(!reaches(&policy, "x", "::ffff:127.0.0.1", 80));
    }

    #[test]
    fn an_allowed_port_opens_itself_alone() {
        let policy = policy(&["127.0.0.1:8080", "[::1]:9090", "db.example:5432", "10.0.0.0/8:81"]);
        assert!(reaches(&policy, "127.0.0.1", "127.0.0.1", 8080));
        assert!(!reaches(&policy, "127.0.0.1", "127.0.0.1", 8081));
        assert!(reaches(&policy, "x", "::1", 9090));
        assert!(reaches(&policy, "DB.example", "192.168.7.7", 5432));
        assert!(!reaches(&policy, "db.example", "192.168.7.7", 80));
        assert!(!reaches(&policy, "other.example", "192.168.7.7", 5432));
        assert!(reaches(&policy, "x", "10.3.3.3", 81));
    }

    #[test]
    fn a_range_of_everything_is_understood() {
        assert!(reaches(&policy(&["0.0.0.0/0"]), "x", "127.0.0.1", 1));
        assert!(reaches(&policy(&["::/0"]), "x", "::1", 1));
    }

    #[test]
    fn what_is_no_destination_is_refused() {
        for text in ["", "10.0.0.0/33", "::/129", "a b", "host:99999", "http://host", "10.0.0.0/", "/8", "*"]
        {
            assert!(text.parse::<Rule>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,60}") {
            drop(text.parse::<Rule>());
        }

        #[test]
        fn a_rule_reads_back_as_it_is_written(octets in any::<[u8; 4]>(), bits in 0_u8..=32, port in any::<Option<u16>>()) {
            let rule = Rule { target: Target::Range(IpAddr::from(octets), bits), port };
            prop_assert_eq!(rule.to_string().parse::<Rule>(), Ok(rule));
        }

        #[test]
        fn the_standard_library_agrees_on_what_is_private(octets in any::<[u8; 4]>()) {
            let address = Ipv4Addr::from(octets);
            let known = address.is_private() || address.is_loopback() || address.is_link_local()
                || address.is_multicast() || address.is_broadcast() || address.is_documentation()
                || address.is_unspecified();
            prop_assert!(!known || not_public(IpAddr::V4(address)).is_some());
        }
    }
}
