//! Names of encodings, and the conversion between texts and octets under each.

use zencode_crypto::encoding as codes;

/// Octets that are printed as an integer, at most.
const INTEGER_OCTETS_MAX: usize = 48;

/// How a text in the input becomes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Input {
    Text,
    Base64,
    Url64,
    Base58,
    Hex,
    Binary,
    Mnemonic,
    Base32,
    Base32Crockford,
    Base32CrockfordChecked,
    Uuid,
    Integer,
    Float,
    Time,
    Boolean,
}

impl Input {
    /// The encoding of a name or one of its short forms.
    ///
    /// # Source
    /// Zenroom `zencode_data.lua`, `input_encoding`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "u64" | "url64" => Self::Url64,
            "b64" | "base64" => Self::Base64,
            "b58" | "base58" => Self::Base58,
            "hex" => Self::Hex,
            "bin" | "binary" => Self::Binary,
            "str" | "string" => Self::Text,
            "mnemonic" => Self::Mnemonic,
            "b32" | "base32" => Self::Base32,
            "b32crockford" | "base32crockford" => Self::Base32Crockford,
            "b32crockford_cs" | "base32crockford_cs" => Self::Base32CrockfordChecked,
            "uuid" => Self::Uuid,
            "int" | "integer" => Self::Integer,
            "float" | "num" | "number" => Self::Float,
            "time" => Self::Time,
            "boolean" => Self::Boolean,
            _ => return None,
        })
    }

    /// The long name, which the codec of an object keeps.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Base64 => "base64",
            Self::Url64 => "url64",
            Self::Base58 => "base58",
            Self::Hex => "hex",
            Self::Binary => "binary",
            Self::Mnemonic => "mnemonic",
            Self::Base32 => "base32",
            Self::Base32Crockford => "base32crockford",
            Self::Base32CrockfordChecked => "base32crockford_cs",
            Self::Uuid => "uuid",
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Time => "time",
            Self::Boolean => "boolean",
        }
    }

    /// Decodes a text to octets; none for the numeric encodings and for texts that do not fit.
    pub(crate) fn decode(self, text: &str) -> Option<Vec<u8>> {
        let decoded = match self {
            Self::Text => {
                let end = text.find('\0').unwrap_or(text.len());
                return Some(text.as_bytes()[..end].to_vec());
            }
            Self::Base64 => codes::base64::decode(text),
            Self::Url64 => codes::url64::decode(text),
            Self::Base58 => codes::base58::decode(text),
            Self::Hex => codes::hex::decode(text),
            Self::Binary => codes::binary::decode(text),
            Self::Mnemonic => codes::mnemonic::decode(text),
            Self::Base32 => codes::base32::decode(text),
            Self::Base32Crockford => codes::base32crockford::decode(text),
            Self::Base32CrockfordChecked => codes::base32crockford::decode_with_check(text),
            Self::Uuid => codes::uuid::decode(text),
            Self::Integer | Self::Float | Self::Time | Self::Boolean => return None,
        };
        decoded.ok()
    }

    /// Whether the check that precedes the conversion of a single text lets it pass.
    pub(crate) fn accepts(self, text: &str) -> bool {
        match self {
            Self::Text | Self::Mnemonic | Self::Uuid | Self::Time | Self::Boolean => true,
            Self::Integer => {
                let digits = text.strip_prefix('-').unwrap_or(text);
                digits.bytes().all(|b| b.is_ascii_digit())
            }
            Self::Float => crate::number::float_like(text),
            Self::Base64 => codes::base64::is_valid(text),
            Self::Url64 => codes::url64::is_valid(text),
            Self::Base58 => codes::base58::is_valid(text),
            Self::Hex => codes::hex::is_valid(text),
            Self::Binary => codes::binary::is_valid(text),
            Self::Base32 | Self::Base32Crockford | Self::Base32CrockfordChecked => {
                self.decode(text).is_some()
            }
        }
    }
}

/// How a value becomes a text in the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Text,
    Hex,
    Base64,
    Url64,
    Base58,
    Base32,
    Base32Crockford,
    Base32CrockfordChecked,
    Binary,
    Mnemonic,
    Uuid,
    Number,
    Integer,
    Description,
    /// Values as they are.
    Plain,
}

impl Output {
    /// Octets of text, at most, that one octet becomes: eight digits of `binary`.
    pub(crate) const GROWTH_MAX: usize = 8;

    /// Octets of text, at most, that one octet becomes.
    pub(crate) fn growth(self) -> usize {
        match self {
            Self::Binary | Self::Mnemonic => Self::GROWTH_MAX,
            Self::Hex
            | Self::Base32
            | Self::Base32Crockford
            | Self::Base32CrockfordChecked
            | Self::Integer => 3,
            Self::Base64 | Self::Url64 | Self::Base58 | Self::Uuid => 2,
            Self::Text | Self::Number | Self::Description | Self::Plain => 1,
        }
    }

    /// The encoding of a name; none for names that are not encodings.
    ///
    /// # Source
    /// Zenroom `zencode_data.lua`, `data_encoding_table`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "string" => Self::Text,
            "hex" => Self::Hex,
            "base64" => Self::Base64,
            "url64" => Self::Url64,
            "base58" => Self::Base58,
            "base32" => Self::Base32,
            "base32crockford" => Self::Base32Crockford,
            "base32crockford_cs" => Self::Base32CrockfordChecked,
            "binary" | "bin" => Self::Binary,
            "mnemonic" => Self::Mnemonic,
            "uuid" => Self::Uuid,
            "float" | "number" | "time" => Self::Number,
            "integer" => Self::Integer,
            "description" => Self::Description,
            "boolean" => Self::Plain,
            _ => return None,
        })
    }

    /// The long name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Hex => "hex",
            Self::Base64 => "base64",
            Self::Url64 => "url64",
            Self::Base58 => "base58",
            Self::Base32 => "base32",
            Self::Base32Crockford => "base32crockford",
            Self::Base32CrockfordChecked => "base32crockford_cs",
            Self::Binary => "binary",
            Self::Mnemonic => "mnemonic",
            Self::Uuid => "uuid",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Description => "description",
            Self::Plain => "boolean",
        }
    }

    /// Encodes octets as a text of octets; none where the octets have no such form.
    pub(crate) fn encode(self, octets: &[u8]) -> Option<Vec<u8>> {
        let text = match self {
            Self::Text | Self::Plain => return Some(octets.to_vec()),
            Self::Hex => codes::hex::encode(octets),
            Self::Base64 => codes::base64::encode(octets),
            Self::Url64 => codes::url64::encode(octets),
            // The reference engine writes no fewer.
            Self::Base58 if octets.len() < codes::base58::REFERENCE_OCTETS_MIN => return None,
            Self::Base58 => codes::base58::encode(octets).ok()?,
            Self::Base32 => codes::base32::encode(octets),
            Self::Base32Crockford => codes::base32crockford::encode(octets),
            Self::Base32CrockfordChecked => codes::base32crockford::encode_with_check(octets),
            Self::Binary => codes::binary::encode(octets),
            Self::Mnemonic => codes::mnemonic::encode(octets).ok()?,
            Self::Uuid => codes::uuid::encode(octets).ok()?,
            // Integers of the reference engine have no more.
            Self::Integer if octets.len() > INTEGER_OCTETS_MAX => return None,
            Self::Integer => num_bigint::BigUint::from_bytes_be(octets).to_string(),
            Self::Description if octets.len() < 64 => return Some(octets.to_vec()),
            Self::Description => format!("( {} bytes zenroom.octet )", octets.len()),
            Self::Number => return None,
        };
        Some(text.into_bytes())
    }
}
