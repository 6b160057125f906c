//! Random JSON values: mostly what a type wants, sometimes what it must refuse.

/// A generator of numbers from a seed.
///
/// # Source
/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Debug)]
pub(super) struct Dice {
    state: u64,
}

/// Texts that a string may be made of.
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
    "/",
    "\\u0001",
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
    "'",
    "",
];
/// Numbers on and around the borders of the language's number type.
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
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
];
const INTEGERS: &[&str] = &[
    "0",
    "1",
    "-1",
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
];
const TIMES: &[&str] =
    &["0", "1", "1000000000", "1500000000", "1700000000", "1700000001", "2147483647", "4102444800"];
const HEX: &[&str] =
    &["", "00", "ff", "c0ffee", "C0FFEE", "0x0102", "0123456789abcdef", "00ff00", "a", "xyz"];
const BASE64: &[&str] = &["AAAA", "aGVsbG8=", "/+4=", "AA==", "AAECAwQFBgcICQ==", "a", "not base64!"];
const URL64: &[&str] = &["AAAA", "aGVsbG8", "_-4", "AAECAwQFBgcICQ", "+/=="];
const BASE58: &[&str] = &["1", "11", "2NEpo7TZRRrLZSi2U", "11Jxf12", "6h8cQN", "0OIl"];
const BINARY: &[&str] = &["00000000", "01101000", "0110 1000", "0110100001101001", "2"];

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.state;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let word = word ^ (word >> 31);
        usize::try_from(word % bound.max(1) as u64).expect("a remainder is below a usize")
    }

    /// One of the choices.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A JSON text, in nine of ten cases of the kind that the type wants.
    pub(super) fn value_for(&mut self, kind: &str) -> String {
        if self.below(10) == 0 {
            return self.any(2);
        }
        match kind.rsplit_once(' ') {
            Some((element, "array")) => self.array(element),
            Some((element, "dictionary")) => self.dictionary(element, 2),
            _ => self.scalar(kind),
        }
    }

    fn scalar(&mut self, kind: &str) -> String {
        match kind {
            "number" | "float" => self.pick(NUMBERS).to_owned(),
            "time" => self.pick(TIMES).to_owned(),
            "boolean" => self.pick(&["true", "false"]).to_owned(),
            "integer" => quoted(self.pick(INTEGERS)),
            "hex" => quoted(self.pick(HEX)),
            "base64" => quoted(self.pick(BASE64)),
            "url64" => quoted(self.pick(URL64)),
            "base58" => quoted(self.pick(BASE58)),
            "binary" => quoted(self.pick(BINARY)),
            _ => self.text(),
        }
    }

    fn text(&mut self) -> String {
        let words: String = (0..=self.below(3)).map(|_| self.pick(WORDS)).collect();
        quoted(&words)
    }

    fn array(&mut self, element: &str) -> String {
        let elements: Vec<String> = (0..self.below(6)).map(|_| self.scalar(element)).collect();
        format!("[{}]", elements.join(","))
    }

    fn dictionary(&mut self, element: &str, depth: usize) -> String {
        let mut members = Vec::new();
        for key in ["b", "a", "Z", "10", "key with blank", "é", "_x"] {
            if self.below(2) == 0 {
                let value = match self.below(6) {
                    0 if depth > 0 => self.dictionary(element, depth - 1),
                    1 => self.array(element),
                    _ => self.scalar(element),
                };
                members.push(format!("\"{key}\":{value}"));
            }
        }
        format!("{{{}}}", members.join(","))
    }

    /// Any JSON value.
    fn any(&mut self, depth: usize) -> String {
        let kind = self.pick(&["string", "number", "boolean", "integer", "hex"]);
        match self.below(if depth == 0 { 3 } else { 5 }) {
            0 => "null".into(),
            1 | 2 => self.scalar(kind),
            3 => self.array(kind),
            _ => self.dictionary(kind, depth - 1),
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
