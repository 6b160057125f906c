//! Random JSON values: mostly what a type wants, on and around its borders, sometimes what it must refuse.

use super::dice::Dice;

/// Encodings that a scalar may be declared as, aliases and one unknown name included.
pub(super) const ENCODINGS: &[&str] = &[
    "string",
    "string",
    "number",
    "integer",
    "float",
    "time",
    "boolean",
    "hex",
    "base64",
    "url64",
    "base58",
    "binary",
    "bin",
    "base32",
    "base32crockford",
    "mnemonic",
    "uuid",
    "str",
    "int",
    "num",
    "b64",
    "u64",
    "b58",
    "string",
    "integer",
    "number",
];
/// Types with a shape of their own.
const SCHEMAS: &[&str] = &[
    "date table",
    "ecdh public key",
    "ecdh signature",
    "eddsa public key",
    "eddsa signature",
    "multihash sha256",
    "keyring",
    "secret message",
];
/// Texts that a string may be made of, as they stand in JSON.
const WORDS: &[&str] = &[
    "e",
    "tree",
    "snow on the ridge",
    "ß",
    "però",
    "雪",
    "\\\"",
    "\\\\",
    "\\n",
    "\\t",
    "\\/",
    "\\u0001",
    "\\u00e9",
    "_",
    "a b",
    "0",
    "12",
    "-3",
    "1.5",
    "true",
    "=",
    "A",
    "z",
    "🏔",
    "\\ud83c\\udfd4",
    "'",
    "",
    "a@example.org",
    ".",
    "\\r\\n",
    "  ",
    "#",
    "{\\\"a\\\":[1,\\\"b\\\"]}",
    "2024-02-29T23:59:59Z",
    "1970-01-01T00:00:00Z",
    "%",
    "\\u007f",
    "null",
    "\\u0000",
    "aGVsbG8=",
    "c0ffee",
    "beta",
    "alpha",
];
/// Numbers on and around the borders of the language's number type.
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "10",
    "12.5",
    "0.1",
    "-0.5",
    "3.0",
    "1e3",
    "0.00001",
    "0.0000004",
    "999999",
    "1000000",
    "1000001",
    "16777216",
    "16777217",
    "12345678",
    "123456.789",
    "2147483647",
    "2147483648",
    "-2147483648",
    "-2147483649",
    "1500000000",
    "1499999999",
    "4102444800",
    "4102444801",
    "1700000000",
    "1e10",
    "-5000000",
    "100",
    "255",
    "65536",
    "-0",
    "-0.0",
    "1e15",
    "999999999999999",
    "1000000000000000",
    "9007199254740993",
    "12345678901234567890",
    "1e-45",
    "3.4e38",
    "3.5e38",
    "0.1e1",
    "1E5",
    "33.333333",
    "1.0000001",
];
const INTEGERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "3",
    "5",
    "7",
    "-12",
    "255",
    "256",
    "65537",
    "4294967296",
    "18446744073709551616",
    "-18446744073709551616",
    "123456789012345678901234567890",
    "0012",
    "",
    "9007199254740993",
    // 2 to the power 383, the last of 384 bits, and the first beyond
    "19701003098197239606139520050071806902539869635232723333974146702122860885748605305707133127442457820403313995153408",
    "39402006196394479212279040100143613805079739270465446667948293404245721771497210611414266254884915640806627990306815",
    "39402006196394479212279040100143613805079739270465446667948293404245721771497210611414266254884915640806627990306816",
    "+5",
    "1.5",
    "1a",
];
const TIMES: &[&str] = &[
    "0",
    "1",
    "-1",
    "1000000000",
    "1500000000",
    "1700000000",
    "1700000001",
    "2147483647",
    "4102444800",
    "951782400",
    "1709251199",
    "-86400",
];
const HEX: &[&str] =
    &["", "00", "ff", "c0ffee", "C0FFEE", "0x0102", "0123456789abcdef", "00ff00", "68656c6c6f", "a", "xyz"];
const BASE64: &[&str] =
    &["AAAA", "aGVsbG8=", "/+4=", "AA==", "AAECAwQFBgcICQ==", "aGVsbG8gd29ybGQ=", "a", "not base64!", ""];
const URL64: &[&str] = &["AAAA", "aGVsbG8", "_-4", "AAECAwQFBgcICQ", "aGVsbG8gd29ybGQ", "+/=="];
const BASE58: &[&str] = &["1", "11", "2NEpo7TZRRrLZSi2U", "11Jxf12", "6h8cQN", "StV1DL6CwTryKyV", "0OIl"];
const BINARY: &[&str] = &["00000000", "01101000", "0110 1000", "0110100001101001", "101", "2"];
const BASE32: &[&str] = &["NBSWY3DP", "AAAA====", "MZXW6===", "MY======", "nbswy3dp", "1", ""];
const CROCKFORD: &[&str] = &["D1JPRV3F", "d1jprv3f", "D1J-PRV3F", "0", "00", "U", ""];
const UUIDS: &[&str] = &[
    "550e8400-e29b-41d4-a716-446655440000",
    "urn:uuid:550e8400-e29b-41d4-a716-446655440000",
    "550E8400-E29B-41D4-A716-446655440000",
    "00000000-0000-0000-0000-000000000000",
    "550e8400",
];
const MNEMONICS: &[&str] = &[
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
    "legal winner thank year wave sausage worth useful legal winner thank yellow",
    "abandon",
    "no such words",
];
/// Names that a member may have, as they stand in JSON.
const KEYS: &[&str] = &[
    "b",
    "a",
    "Z",
    "10",
    "1",
    "k",
    "name",
    "key with blank",
    "é",
    "_x",
    "alpha",
    "beta",
    "a.b",
    "timestamp",
    "0",
    "雪",
    "value",
    "A",
];
/// Public keys, signatures and others with a shape of their own, right and wrong.
const SCHEMA_VALUES: &[(&str, &[&str])] = &[
    (
        "date table",
        &[
            r#"{"year":2024,"month":2,"day":29,"hour":23,"min":59,"sec":58,"isdst":false}"#,
            r#"{"year":"1970","month":"1","day":"1","hour":"0","min":"0","sec":"0"}"#,
            r#"{"year":2024}"#,
            r#"{"hour":1,"min":61}"#,
            "{}",
        ],
    ),
    (
        "ecdh public key",
        &[
            r#""BHdrWMNBRclVOyNf5SEaYjfEi5C0eEvG1mhgsCNq87qy8feZ74JEvnKK9FC07ThhJ8s4ONz5lBwsn76clYx8o/A=""#,
            r#""BHdrWMNBRclVOyNf5SEa""#,
            r#""""#,
        ],
    ),
    (
        "ecdh signature",
        &[
            r#"{"r":"0wutStUc0avghDhE1XGsQu5VngDwiESgHODyJjMVhC0=","s":"RF+Hv4MPKg9PlZ9lVTejf/a4gPWM9ftPGgeUpVh4zSk="}"#,
            r#"{"r":"AA==","s":"AA=="}"#,
            r#"{"r":"AA=="}"#,
        ],
    ),
    ("eddsa public key", &[r#""FjcrbARfQ6vUokQgcnuLez1t6UizkdRRfAdp5AD1dngP""#, r#""1""#, r#""0OIl""#]),
    (
        "eddsa signature",
        &[
            r#""zwBXGxY9FfPw6AZUwM3FtZ3m4KRCnLNQ6iGJoXLz69BhWQJ76XiemA4A4dXT2LV4KZAHJVBqrYsc2WHsSHX9ns1""#,
            r#""6h8cQN""#,
        ],
    ),
    ("multihash sha256", &[r#""EiAs8k26X7CjDibnPyoPJ9xaR2uHB1lqS0VS7uXzcVEmFg==""#, r#""EiAs""#]),
    ("keyring", &[r#"{"ecdh":"B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc="}"#, r#"{"nokey":"AA=="}"#, "{}"]),
    ("secret message", &[r#"{"checksum":"AA==","header":"AA==","iv":"AA==","text":"AA=="}"#]),
];
/// Levels of nesting of a value that is nested on purpose.
const NESTING: usize = 40;

impl Dice {
    /// A type that an input may be declared as.
    pub(super) fn kind(&mut self) -> String {
        let element = self.pick(ENCODINGS);
        match self.below(20) {
            0..8 => element.to_owned(),
            8..13 => format!("{element} array"),
            13..18 => format!("{element} dictionary"),
            18 => self.pick(SCHEMAS).to_owned(),
            _ => self
                .pick(&["array", "dictionary", "nothing known", "String", "base64 table", "date table array"])
                .to_owned(),
        }
    }

    /// A JSON text, in 19 of 20 cases of the kind that the type wants.
    pub(super) fn value_for(&mut self, kind: &str) -> String {
        if self.percent(5) {
            return self.any(2);
        }
        match kind.rsplit_once(' ') {
            Some((element, "array")) => self.array(element, 1),
            Some((element, "dictionary")) => self.dictionary(element, 2),
            _ => self.scalar(kind),
        }
    }

    fn scalar(&mut self, kind: &str) -> String {
        if let Some((_, choices)) = SCHEMA_VALUES.iter().find(|(name, _)| *name == kind) {
            return self.pick(choices).to_owned();
        }
        match kind {
            "number" | "float" | "num" if self.percent(80) => self.pick(NUMBERS).to_owned(),
            "number" | "float" | "num" => quoted(self.pick(NUMBERS)),
            "time" if self.percent(50) => self.pick(TIMES).to_owned(),
            "time" => quoted(self.pick(TIMES)),
            "boolean" => self.pick(&["true", "false"]).to_owned(),
            "integer" | "int" if self.percent(10) => self.pick(NUMBERS).to_owned(),
            "integer" | "int" => quoted(self.pick(INTEGERS)),
            "hex" => quoted(self.pick(HEX)),
            "base64" | "b64" => quoted(self.pick(BASE64)),
            "url64" | "u64" => quoted(self.pick(URL64)),
            "base58" | "b58" => quoted(self.pick(BASE58)),
            "binary" | "bin" => quoted(self.pick(BINARY)),
            "base32" => quoted(self.pick(BASE32)),
            "base32crockford" => quoted(self.pick(CROCKFORD)),
            "uuid" => quoted(self.pick(UUIDS)),
            "mnemonic" => quoted(self.pick(MNEMONICS)),
            _ => self.text(),
        }
    }

    /// A JSON text of a string.
    pub(super) fn text(&mut self) -> String {
        if self.percent(2) {
            return quoted(&self.pick(&["x", "è", "ab"]).repeat(300));
        }
        let words: String = (0..=self.below(3)).map(|_| self.pick(WORDS)).collect();
        quoted(&words)
    }

    /// A number as a contract writes it.
    pub(super) fn digits(&mut self) -> &'static str {
        let numbers = self.pick(&[NUMBERS, INTEGERS, TIMES]);
        self.pick(numbers)
    }

    fn array(&mut self, element: &str, depth: usize) -> String {
        let length = if self.percent(2) { 60 } else { self.below(6) };
        let mut elements: Vec<String> = Vec::new();
        for _ in 0..length {
            let element = match self.below(12) {
                0 if depth > 0 => self.dictionary(element, depth - 1),
                1 if depth > 0 => self.array(element, depth - 1),
                2 if !elements.is_empty() => elements[self.below(elements.len())].clone(),
                _ => self.scalar(element),
            };
            elements.push(element);
        }
        format!("[{}]", elements.join(","))
    }

    /// Half of all dictionaries hold dictionaries of one form, as statements over rows want them.
    fn dictionary(&mut self, element: &str, depth: usize) -> String {
        let rows = depth > 0 && self.percent(30);
        let mut members = Vec::new();
        for key in KEYS {
            if members.len() < 6 && self.below(3) == 0 {
                let value = match self.below(8) {
                    _ if rows => self.row(element),
                    0 if depth > 0 => self.dictionary(element, depth - 1),
                    1 if depth > 0 => self.array(element, 0),
                    _ => self.scalar(element),
                };
                members.push(format!("\"{key}\":{value}"));
            }
        }
        format!("{{{}}}", members.join(","))
    }

    fn row(&mut self, element: &str) -> String {
        let members = ["name", "value", "k"].map(|key| format!("\"{key}\":{}", self.scalar(element)));
        format!("{{{}}}", members.join(","))
    }

    /// Any JSON value.
    fn any(&mut self, depth: usize) -> String {
        let kind = self.pick(&["string", "number", "boolean", "integer", "hex"]);
        match self.below(if depth == 0 { 4 } else { 7 }) {
            0 => "null".into(),
            1..=3 => self.scalar(kind),
            4 => self.array(kind, depth - 1),
            5 => format!("{}{}{}", "[".repeat(NESTING), self.scalar(kind), "]".repeat(NESTING)),
            _ => self.dictionary(kind, depth - 1),
        }
    }
}

/// A JSON string of what stands between its quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
