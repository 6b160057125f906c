//! A JSON text as a tree whose leaves stay as they were written, so that it can be made smaller.

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tree {
    Leaf(String),
    Array(Vec<Tree>),
    /// Members with their names, quotes included.
    Object(Vec<(String, Tree)>),
}

/// Levels read at most.
const DEPTH_MAX: usize = 500;

impl Tree {
    /// Reads a text; `None` when it is no JSON.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text.trim() };
        let tree = reader.value(0)?;
        reader.rest.trim().is_empty().then_some(tree)
    }

    /// Writes it, without blanks.
    pub(super) fn write(&self) -> String {
        match self {
            Self::Leaf(text) => text.clone(),
            Self::Array(items) => {
                format!("[{}]", items.iter().map(Self::write).collect::<Vec<_>>().join(","))
            }
            Self::Object(members) => {
                let members: Vec<String> =
                    members.iter().map(|(name, value)| format!("{name}:{}", value.write())).collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }

    /// Every tree that is a little smaller, the smallest first.
    pub(super) fn smaller(&self) -> Vec<Self> {
        match self {
            Self::Leaf(text) => smaller_leaf(text).into_iter().map(Self::Leaf).collect(),
            Self::Array(items) => {
                let mut all: Vec<Self> = items.clone();
                for (at, item) in items.iter().enumerate() {
                    all.push(Self::Array(without(items, at)));
                    all.extend(item.smaller().into_iter().map(|item| Self::Array(with(items, at, item))));
                }
                all
            }
            Self::Object(members) => {
                let mut all = Vec::new();
                for (at, (name, value)) in members.iter().enumerate() {
                    all.push(Self::Object(without(members, at)));
                    all.extend(
                        value
                            .smaller()
                            .into_iter()
                            .map(|value| Self::Object(with(members, at, (name.clone(), value)))),
                    );
                }
                all
            }
        }
    }
}

fn smaller_leaf(text: &str) -> Vec<String> {
    let inner: Vec<char> = match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.chars().collect(),
        None if text.len() > 1 && !matches!(text, "true" | "false" | "null") => {
            return vec!["0".into(), "1".into()];
        }
        None => return Vec::new(),
    };
    let half = inner.len() / 2;
    let parts = [&inner[..0], &inner[..half], &inner[half..], &inner[..inner.len().saturating_sub(1)]];
    let smaller = parts.iter().filter(|part| part.len() < inner.len());
    let mut all: Vec<String> =
        smaller.map(|part| format!("\"{}\"", part.iter().collect::<String>())).collect();
    if inner.len() > 1 {
        all.insert(1, "\"a\"".into());
    }
    all
}

fn without<T: Clone>(items: &[T], at: usize) -> Vec<T> {
    [&items[..at], &items[at + 1..]].concat()
}

fn with<T: Clone>(items: &[T], at: usize, item: T) -> Vec<T> {
    let mut changed = items.to_vec();
    changed[at] = item;
    changed
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Tree> {
        if depth > DEPTH_MAX {
            return None;
        }
        self.rest = self.rest.trim_start();
        match self.rest.chars().next()? {
            '[' => {
                let mut items = Vec::new();
                self.list(']', |reader| {
                    items.push(reader.value(depth + 1)?);
                    Some(())
                })?;
                Some(Tree::Array(items))
            }
            '{' => {
                let mut members = Vec::new();
                self.list('}', |reader| {
                    let name = reader.text()?;
                    reader.skip(':')?;
                    members.push((name, reader.value(depth + 1)?));
                    Some(())
                })?;
                Some(Tree::Object(members))
            }
            '"' => self.text().map(Tree::Leaf),
            _ => {
                let end = self.rest.find([',', ']', '}', ' ', '\n']).unwrap_or(self.rest.len());
                let (leaf, rest) = self.rest.split_at(end);
                self.rest = rest;
                (!leaf.is_empty()).then(|| Tree::Leaf(leaf.to_owned()))
            }
        }
    }

    fn list(&mut self, end: char, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.rest = &self.rest[1..];
        if self.skip(end).is_some() {
            return Some(());
        }
        loop {
            item(self)?;
            if self.skip(',').is_none() {
                return self.skip(end);
            }
        }
    }

    fn skip(&mut self, sign: char) -> Option<()> {
        self.rest = self.rest.trim_start().strip_prefix(sign).or_else(|| {
            self.rest = self.rest.trim_start();
            None
        })?;
        Some(())
    }

    fn text(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        let mut escaped = false;
        let end = self.rest.char_indices().skip(1).find(|(_, sign)| {
            let ends = *sign == '"' && !escaped;
            escaped = *sign == '\\' && !escaped;
            ends
        });
        let (text, rest) = self.rest.split_at(end?.0 + 1);
        self.rest = rest;
        text.starts_with('"').then(|| text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_written_as_it_was_read() {
        let text = r#"{"a":[1e3,"\"]",{}],"b":{"c":-0}}"#;
        assert_eq!(Tree::read(text).unwrap().write(), text);
    }

    #[test]
    fn what_is_no_json_is_no_tree() {
        for text in ["{", "[1", "{\"a\"}", "[1]]", "\"a"] {
            assert_eq!(Tree::read(text), None, "{text}");
        }
    }

    #[test]
    fn every_smaller_tree_is_another() {
        let tree = Tree::read(r#"{"a":[1,"xy"],"b":true}"#).unwrap();
        assert!(tree.smaller().iter().all(|smaller| *smaller != tree));
    }
}
