//! What a line that asks the host takes from DATA, and what it adds.
//!
//! It is read off the words before each quoted name, which say the same in restroom-mw's sentences
//! (`pass it the content of 'post' and save the output into 'reply'`) and in slangroom's
//! (`connect to 'url' and send object 'post' and … and output into 'reply'`).

use zencode::{Load, Phase, Use};

/// What one line takes and adds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Names whose value is sent.
    pub(crate) takes: Vec<String>,
    /// Names whose value is the address of a service.
    pub(crate) addresses: Vec<String>,
    /// Names that are there afterwards.
    pub(crate) brings: Vec<String>,
    /// Whether names are there afterwards that the line does not say.
    pub(crate) brings_more: bool,
}

impl Asked {
    /// Reads a line; none when it asks nothing, or only after the contract has worked.
    pub(crate) fn of(line: &Use) -> Option<Self> {
        let asks = line.scenario.load == Load::Connectors && line.phase != Phase::Then;
        (asks && !declares(line)).then(|| Self::read(&line.source))
    }

    fn read(source: &str) -> Self {
        let mut asked = Self::default();
        let mut before = "";
        for (index, part) in source.split('\'').enumerate() {
            if index % 2 == 0 {
                before = part;
            } else {
                asked.sort(&before.to_lowercase().replace(',', " , "), &name(part));
            }
        }
        let source = source.to_lowercase();
        let reads = source.contains("read the content of") || source.contains("read the http request");
        asked.brings_more = reads && asked.brings.is_empty();
        asked
    }

    fn sort(&mut self, before: &str, name: &str) {
        let words: Vec<&str> = before.split_whitespace().collect();
        // A literal stands for itself.
        if name.contains(['/', ':']) {
            return;
        }
        match words.as_slice() {
            [.., "into" | "as"]
            | [.., "into", "secret"]
            | [.., "result", "named"]
            | [.., "within", "object"]
            | [.., "within", "the", "object"]
            | ["prepare" | "before"]
            | ["prepare" | "before", "secret"] => self.brings.push(name.to_owned()),
            [.., "connect", "to"] | [.., "open"] => self.addresses.push(name.to_owned()),
            [.., "pass", "it", "the", "content", "of"]
            | [.., "send", _]
            | [.., "with"]
            | [.., "with", _]
            | [.., "where", _, "is"]
            | [",", _]
            | [",", _, "is"]
            | [.., "get" | "post", "to"]
            | ["to"]
            | [.., "to", "array"] => self.takes.push(name.to_owned()),
            _ => {}
        }
    }
}

/// Whether the line only says what has to be sent: an endpoint, the address of a database, a table.
fn declares(line: &Use) -> bool {
    ["endpoint named", "database"].iter().any(|start| line.sentence.starts_with(start))
}

/// A quoted name as memory knows it.
pub(crate) fn name(quoted: &str) -> String {
    quoted.trim().replace(' ', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, takes: &[&str], addresses: &[&str], brings: &[&str]) {
        let asked = Asked::read(source);
        assert_eq!(asked.takes, takes, "{source}");
        assert_eq!(asked.addresses, addresses, "{source}");
        assert_eq!(asked.brings, brings, "{source}");
    }

    #[test]
    fn restrooms_sentences_are_read() {
        check("Given I fetch the local timestamp and store it into 'my time'", &[], &[], &["my_time"]);
        let post =
            "Given I connect to 'url' and pass it the content of 'post' and save the output into 'reply'";
        check(post, &["post"], &["url"], &["reply"]);
    }

    #[test]
    fn slangrooms_sentences_are_read() {
        let post = "Given I connect to 'url' and send object 'post' and do post and output into 'reply'";
        check(post, &["post"], &["url"], &["reply"]);
        check("Given I fetch the local timestamp and output secret into 'now'", &[], &[], &["now"]);
        check("Prepare 'reply': connect to 'url' and do get", &[], &["url"], &["reply"]);
        let written = "Prepare secret 'key': connect to 'store' and read key from redis with key 'name'";
        check(written, &["name"], &["store"], &["key"]);
        check("Before 'r': manipulate and get where object is 'a', path is 'b'", &["a", "b"], &[], &["r"]);
    }

    #[test]
    fn parallel_requests_are_read() {
        let get = "Given I execute parallel GET to array 'urls' and save the result named 'all' within the object 'replies'";
        check(get, &["urls"], &[], &["all", "replies"]);
        let post =
            "Given I execute parallel POST with 'letter' to array 'urls' and save the result named 'all'";
        check(post, &["letter", "urls"], &[], &["all"]);
    }

    #[test]
    fn a_file_without_a_name_to_save_it_under_brings_what_the_line_does_not_say() {
        assert!(Asked::read("Given I read the content of 'a'").brings_more);
        assert!(!Asked::read("Given I read the content of 'a' and save the output into 'b'").brings_more);
    }

    #[test]
    fn a_literal_address_is_no_input() {
        check("Given I connect to 'https://example.org/' and save the output into 'x'", &[], &[], &["x"]);
    }
}
