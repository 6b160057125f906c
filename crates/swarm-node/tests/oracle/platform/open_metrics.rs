//! A strict reader of OpenMetrics text.
//!
//! # Source
//! OpenMetrics 1.0, sections "Text format" (ABNF) and "Overall structure", as far as counters, gauges, info and
//! histograms go.

use std::collections::{BTreeMap, BTreeSet};

type Labels = Vec<(String, String)>;

#[derive(Default)]
struct Family {
    kind: String,
    unit: String,
    series: Vec<(String, Labels, f64)>,
}

/// Panics at the first line that breaks a rule.
pub(super) fn check(text: &str) {
    let body = text.strip_suffix("# EOF\n").expect("the text ends with # EOF and a newline");
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    let mut current = String::new();
    for line in body.lines() {
        match line.strip_prefix("# ") {
            Some(rest) => descriptor(rest, line, &mut families, &mut current),
            None => sample(
                line,
                families.get_mut(&current).unwrap_or_else(|| panic!("no family: {line}")),
                &current,
            ),
        }
    }
    families.iter().for_each(|(name, family)| whole(name, family));
}

fn descriptor(rest: &str, line: &str, families: &mut BTreeMap<String, Family>, current: &mut String) {
    let (word, rest) = rest.split_once(' ').expect(line);
    let (name, value) = rest.split_once(' ').expect(line);
    assert!(is_name(name), "{line}");
    if name != current {
        assert!(!families.contains_key(name), "a family's lines stand together: {line}");
        families.insert(name.to_owned(), Family::default());
        name.clone_into(current);
    }
    let family = families.get_mut(name).unwrap();
    assert!(family.series.is_empty(), "descriptors come before samples: {line}");
    match word {
        "TYPE" => {
            assert!(
                family.kind.is_empty() && ["counter", "gauge", "histogram", "info"].contains(&value),
                "{line}"
            );
            value.clone_into(&mut family.kind);
        }
        "UNIT" => {
            assert!(name.ends_with(&format!("_{value}")), "a name ends with its unit: {line}");
            value.clone_into(&mut family.unit);
        }
        "HELP" => assert!(!value.trim().is_empty(), "{line}"),
        _ => panic!("unknown descriptor: {line}"),
    }
}

fn sample(line: &str, family: &mut Family, name: &str) {
    let end = line.find(['{', ' ']).expect(line);
    let (sample, rest) = line.split_at(end);
    let suffix = sample.strip_prefix(name).unwrap_or_else(|| panic!("not of the family {name}: {line}"));
    let allowed: &[&str] = match family.kind.as_str() {
        "counter" => &["_total", "_created"],
        "gauge" => &[""],
        "info" => &["_info"],
        "histogram" => &["_bucket", "_sum", "_count", "_created"],
        kind => panic!("no type, or {kind}: {line}"),
    };
    assert!(allowed.contains(&suffix), "{line}");
    let (labels, value) = match rest.strip_prefix('{') {
        Some(rest) => labels(rest, line),
        None => (Vec::new(), rest),
    };
    let value = value.strip_prefix(' ').expect(line);
    let number =
        if value == "+Inf" { f64::INFINITY } else { value.parse().unwrap_or_else(|_| panic!("{line}")) };
    assert!(family.kind == "gauge" || number >= 0.0, "{line}");
    family.series.push((suffix.to_owned(), labels, number));
}

/// Reads `a="b",c="d"} rest`.
fn labels<'a>(mut rest: &'a str, line: &str) -> (Labels, &'a str) {
    let mut labels = Labels::new();
    loop {
        if let Some(rest) = rest.strip_prefix('}') {
            return (labels, rest);
        }
        rest = if labels.is_empty() { rest } else { rest.strip_prefix(',').expect(line) };
        let (name, after) = rest.split_once("=\"").expect(line);
        assert!(is_name(name) && !name.contains(':'), "{line}");
        assert!(labels.iter().all(|(other, _)| other != name), "a label stands once: {line}");
        let mut value = String::new();
        let mut letters = after.char_indices();
        let end = loop {
            match letters.next().expect(line) {
                (end, '"') => break end,
                (_, '\\') => match letters.next().expect(line).1 {
                    'n' => value.push('\n'),
                    letter @ ('"' | '\\') => value.push(letter),
                    letter => panic!("unknown escape {letter}: {line}"),
                },
                (_, letter) => value.push(letter),
            }
        };
        labels.push((name.to_owned(), value));
        rest = &after[end + 1..];
    }
}

/// What holds for a family as a whole.
fn whole(name: &str, family: &Family) {
    let mut seen = BTreeSet::new();
    for (suffix, labels, _) in &family.series {
        let mut labels = labels.clone();
        labels.sort();
        assert!(seen.insert((suffix, labels.clone())), "{name}{suffix}{labels:?} stands twice");
    }
    if family.kind == "histogram" {
        histogram(name, family);
    }
}

/// Buckets go up, the last is infinite, and its count is the histogram's.
fn histogram(name: &str, family: &Family) {
    let mut buckets: BTreeMap<Labels, Vec<(f64, f64)>> = BTreeMap::new();
    let mut counts = BTreeMap::new();
    for (suffix, labels, value) in &family.series {
        let mut labels = labels.clone();
        match suffix.as_str() {
            "_bucket" => {
                let place = labels.iter().position(|(name, _)| name == "le").expect(name);
                let (_, bound) = labels.remove(place);
                let bound = if bound == "+Inf" { f64::INFINITY } else { bound.parse().unwrap() };
                buckets.entry(labels).or_default().push((bound, *value));
            }
            "_count" => assert!(counts.insert(labels, *value).is_none()),
            _ => {}
        }
    }
    assert_eq!(buckets.len(), counts.len(), "{name}");
    for (labels, buckets) in buckets {
        assert!(buckets.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1), "{name}{labels:?}");
        assert_eq!(
            buckets.last(),
            counts.get(&labels).map(|count| (f64::INFINITY, *count)).as_ref(),
            "{name}"
        );
    }
}

fn is_name(text: &str) -> bool {
    let is_first = |it: char| it.is_ascii_alphabetic() || it == '_' || it == ':';
    text.chars().next().is_some_and(is_first) && text.chars().all(|it| is_first(it) || it.is_ascii_digit())
}

#[test]
fn the_reader_refuses_what_the_grammar_does_not_have() {
    for text in [
        "",
        "# TYPE a counter\na_total 1\n",
        "# TYPE a counter\na 1\n# EOF\n",
        "# TYPE a counter\na_total -1\n# EOF\n",
        "# TYPE a counter\na_total{x=\"1\",x=\"2\"} 1\n# EOF\n",
        "# TYPE a counter\na_total{x=\"\\q\"} 1\n# EOF\n",
        "# TYPE a counter\na_total 1\na_total 2\n# EOF\n",
        "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\n# EOF\n",
        "# UNIT a seconds\n# EOF\n",
        "a 1\n# EOF\n",
        "# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_count 1\na_sum 1\n# EOF\n",
        "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_count 2\na_sum 1\n# EOF\n",
    ] {
        assert!(std::panic::catch_unwind(|| check(text)).is_err(), "{text}");
    }
}
