//! Rule for Markdown files: a relative link leads to a file or folder that is tracked, and to a place in it that exists.

use std::collections::{BTreeMap, BTreeSet};

use crate::workspace::{TextFile, root};

/// The faults of all links.
pub(super) fn check(files: &[TextFile]) -> Vec<String> {
    let documents: BTreeMap<&str, BTreeSet<String>> = files
        .iter()
        .filter(|file| file.path.ends_with(".md"))
        .map(|file| (file.path.as_str(), anchors(&file.text)))
        .collect();
    let exists = |path: &str| root().join(path).exists();
    let documents_links = files.iter().filter(|file| file.path.ends_with(".md"));
    documents_links.flat_map(|file| faults(file, &documents, exists)).collect()
}

fn faults(
    file: &TextFile,
    documents: &BTreeMap<&str, BTreeSet<String>>,
    exists: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, line) in prose(&file.text) {
        for target in targets(&line) {
            if let Err(why) = follow(&file.path, target, documents, &exists) {
                faults.push(format!("{}:{number}: the link `{target}` {why}", file.path));
            }
        }
    }
    faults
}

/// Says why a link leads nowhere; links to other hosts are not followed.
fn follow(
    from: &str,
    target: &str,
    documents: &BTreeMap<&str, BTreeSet<String>>,
    exists: impl Fn(&str) -> bool,
) -> Result<(), String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return Ok(());
    }
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let path = if path.is_empty() { Some(from.to_owned()) } else { resolve(from, path) };
    let path = path.ok_or("leads out of the workspace")?;
    if !documents.contains_key(path.as_str()) && !exists(&path) {
        return Err(format!("leads to {path}, which does not exist"));
    }
    match (anchor, documents.get(path.as_str())) {
        (Some(anchor), Some(known)) if !known.contains(anchor) => {
            Err(format!("leads to no heading or anchor of {path}"))
        }
        _ => Ok(()),
    }
}

/// The path below the workspace of a path that is written in a file.
fn resolve(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Lines outside fenced blocks with their numbers, without what is written as code.
fn prose(text: &str) -> Vec<(usize, String)> {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let start = line.trim_start();
        let ticks = &start[..start.len() - start.trim_start_matches('`').len()];
        match fence {
            Some(open) if start.trim_end() == open => fence = None,
            Some(_) => {}
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => lines.push((number, without_code(line))),
        }
    }
    lines
}

fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

/// The targets of `[text](target)`.
fn targets(line: &str) -> Vec<&str> {
    let parts = line.split("](").skip(1);
    parts.filter_map(|part| part.split([')', ' ']).next()).filter(|target| !target.is_empty()).collect()
}

/// What a link may name in a text: its headings, as web hosts name them, and explicit anchors.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let headings = text.lines().filter(|line| line.starts_with('#'));
    for heading in headings {
        let title = heading.trim_start_matches('#').trim().to_lowercase();
        let name = title.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
        let name: String = name.map(|letter| if letter == ' ' { '-' } else { letter }).collect();
        let mut numbered = name.clone();
        for number in 1.. {
            if found.insert(numbered) {
                break;
            }
            numbered = format!("{name}-{number}");
        }
    }
    for part in text.split("<a id=\"").skip(1) {
        found.extend(part.split('"').next().map(ToOwned::to_owned));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_of(text: &str) -> Vec<String> {
        let files = [
            TextFile { path: "docs/a.md".into(), text: text.into() },
            TextFile {
                path: "README.md".into(),
                text: "# The title: it's `x`\n\n<a id=\"here\"></a>\n".into(),
            },
        ];
        let documents = files.iter().map(|file| (file.path.as_str(), anchors(&file.text))).collect();
        faults(&files[0], &documents, |path| path == "docs/swarm.svg")
    }

    #[test]
    fn a_link_to_a_file_beside_is_followed() {
        assert!(faults_of("see [it](swarm.svg) and [the start](../README.md)").is_empty());
    }

    #[test]
    fn a_link_to_nothing_is_a_fault() {
        let faults = faults_of("one\nsee [it](b.md)");
        assert_eq!(faults, ["docs/a.md:2: the link `b.md` leads to docs/b.md, which does not exist"]);
    }

    #[test]
    fn a_heading_is_named_without_marks() {
        assert!(faults_of("see [it](../README.md#the-title-its-x)").is_empty());
    }

    #[test]
    fn an_explicit_anchor_is_a_place() {
        assert!(faults_of("see [it](../README.md#here)").is_empty());
    }

    #[test]
    fn a_missing_anchor_is_a_fault() {
        assert_eq!(faults_of("# Top\nsee [it](#bottom)").len(), 1);
    }

    #[test]
    fn a_line_of_a_program_is_not_looked_up() {
        assert!(faults_of("see [it](swarm.svg#L10)").is_empty());
    }

    #[test]
    fn code_holds_no_links() {
        assert!(faults_of("write `[it](b.md)`\n```\n[it](b.md)\n```\n").is_empty());
    }

    #[test]
    fn a_link_out_of_the_workspace_is_a_fault() {
        assert_eq!(faults_of("see [it](../../b.md)").len(), 1);
    }

    #[test]
    fn the_second_heading_of_a_name_is_numbered() {
        assert!(faults_of("# A\n# A\n[it](#a-1)").is_empty());
    }

    #[test]
    fn another_host_is_not_asked() {
        assert!(faults_of("see [it](https://example.org/b.md)").is_empty());
    }
}
