//! Addresses of stores, as contracts write them: `scheme://user:password@host:port/path`.

use percent_encoding::percent_decode_str;
use url::Url;

use super::fault::{Fault, Target};

/// Octets of an address.
const ADDRESS_OCTETS_MAX: usize = 8 * 1024;

/// An address, taken apart.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) scheme: String,
    pub(crate) target: Target,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<String>,
    /// Without its leading slash.
    pub(crate) path: String,
    /// Options after the question mark.
    pub(crate) options: Vec<(String, String)>,
}

impl Address {
    /// Reads an address. It is never quoted in errors: a password may be inside.
    pub(crate) fn parse(text: &str, kind: &'static str, port: u16, example: &str) -> Result<Self, Fault> {
        let wrong = || {
            Fault::input(format!(
                "{} octets of text are not the address of {kind}; write it like {example}",
                text.len()
            ))
        };
        if text.len() > ADDRESS_OCTETS_MAX {
            return Err(wrong());
        }
        let url = Url::parse(text).map_err(|_| wrong())?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(wrong)?;
        let decoded = |text: &str| {
            percent_decode_str(text).decode_utf8().map(|it| it.into_owned()).map_err(|_| wrong())
        };
        let user = Some(decoded(url.username())?).filter(|user| !user.is_empty());
        Ok(Self {
            scheme: url.scheme().to_owned(),
            target: Target {
                kind,
                host: decoded(host)?.to_ascii_lowercase(),
                port: url.port_or_known_default().unwrap_or(port),
            },
            user,
            password: url.password().map(decoded).transpose()?,
            path: decoded(url.path().trim_start_matches('/'))?,
            options: url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Address, Fault> {
        Address::parse(text, "Redis", 6379, "redis://host")
    }

    #[test]
    fn an_address_is_taken_apart() {
        let address = parse("redis://us%40er:p%3Ass@DB.example:7000/3?a=b").unwrap();
        assert_eq!(address.target.to_string(), "Redis at db.example:7000");
        assert_eq!(address.user.as_deref(), Some("us@er"));
        assert_eq!(address.password.as_deref(), Some("p:ss"));
        assert_eq!(address.path, "3");
        assert_eq!(address.options, [("a".to_owned(), "b".to_owned())]);
    }

    #[test]
    fn the_port_may_be_left_out() {
        assert_eq!(parse("redis://[::1]").unwrap().target.port, 6379);
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_quoted() {
        for text in ["", "secret", "redis:", "redis://", "redis://:secret@", "redis://h:99999/"] {
            let Err(error) = parse(text) else { panic!("{text} is an address") };
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
