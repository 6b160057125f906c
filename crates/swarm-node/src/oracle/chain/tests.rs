use std::collections::BTreeMap;

use proptest::prelude::*;
use zencode::{Library, Limits};

use super::*;

const SAY: &str = "Given nothing\\nThen print the string 'hello'\\n";

/// Files of a folder, by path; contracts among them named in `granted` get the keyring.
struct Around {
    files: BTreeMap<&'static str, &'static str>,
    folder: &'static str,
    granted: &'static str,
    keyring: Zeroizing<String>,
}

impl Around {
    fn text(&self, path: &str) -> Result<&'static str, fault::Cause> {
        self.files.get(path).copied().ok_or_else(|| format!("there is no file {path:?}").into())
    }
}

impl Files for Around {
    fn folder(&self) -> &str {
        self.folder
    }

    fn grants(&self) -> Grants {
        Grants { keyring: self.granted == "chain", ..Grants::default() }
    }

    fn contract(&mut self, path: &str) -> Result<Piece, fault::Cause> {
        let contract = self
            .compile(Self::text(self, path)?)
            .map_err(|it| fault::Cause { line: it.line, text: it.message })?;
        Ok(Piece { contract, grants: Grants { keyring: self.granted == path, ..Grants::default() } })
    }

    fn compile(&mut self, text: &str) -> Result<Contract, Diagnostic> {
        Contract::compile(text, Library::Connectors, &Limits::default())
    }

    fn keys(&mut self, path: &str) -> Result<Zeroizing<String>, fault::Cause> {
        Self::text(self, path).map(|text| Zeroizing::new(text.to_owned()))
    }

    fn text(&mut self, path: &str) -> Result<Zeroizing<String>, fault::Cause> {
        Self::text(self, path).map(|text| Zeroizing::new(text.to_owned()))
    }

    fn keyring(&self) -> &Zeroizing<String> {
        &self.keyring
    }
}

fn around() -> Around {
    let files = [
        ("a.zen", "Given nothing\nThen print the string 'a'\n"),
        ("b.zen", "Given nothing\nThen print the string 'b'\n"),
        ("broken.zen", "Given nothing\nWhen I fly to the 'moon'\n"),
        ("sub/c.zen", "Given nothing\nThen print the string 'c'\n"),
        ("a.keys", "{\"key\":1}"),
        ("a.conf", "maxiter=dec:7"),
        ("bad.conf", "maxiter=7"),
    ];
    Around {
        files: files.into_iter().collect(),
        folder: "",
        granted: "",
        keyring: Zeroizing::new("{\"keyring\":{\"eddsa\":\"x\"}}".to_owned()),
    }
}

fn plan(text: &str) -> Plan {
    read(text, &mut around()).unwrap().unwrap()
}

fn fault(text: &str) -> (Option<usize>, String) {
    let diagnostic = read(text, &mut around()).unwrap_err();
    (diagnostic.line, diagnostic.message)
}

fn ids(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.id.as_str()).collect()
}

#[test]
fn blocks_run_in_the_order_in_which_they_name_each_other() {
    let plan = plan(
        "zenchain: 1.0\nname: x\nstart: two\nblocks:\n  one:\n    zenFile: a.zen\n  two:\n    zenFile: b.zen\n    next: one\n",
    );
    assert_eq!(ids(&plan), ["two", "one"]);
    assert_eq!(plan.format, Format::Blocks);
    assert_eq!(plan.files, ["a.zen".to_owned(), "b.zen".to_owned()].into());
}

#[test]
fn a_block_has_its_loop_its_keys_and_its_configuration() {
    let plan = plan(
        "start: x\nblocks:\n  x: { zenFile: a.zen, keysFile: a.keys, confFile: a.conf, forEach: users }\n",
    );
    let step = &plan.steps[0];
    assert_eq!(step.each, Some(Each { name: "users".into(), index: "myTempElement".into() }));
    assert_eq!(step.task.configuration.limits.iterations_max, 7);
    assert!(matches!(&step.task.keys, Keys::Fixed(keys) if keys.has("key")));
}

#[test]
fn a_loop_of_blocks_is_found() {
    let (line, message) = fault(
        "start: a\nblocks:\n  a:\n    zenFile: a.zen\n    next: b\n  b:\n    zenFile: b.zen\n    next: a\n",
    );
    assert!(message.contains("loop") && message.contains("\"a\""), "{message}");
    assert!(line.is_some());
}

#[test]
fn what_is_missing_in_blocks_is_named() {
    for (text, expected) in [
        ("blocks:\n  a:\n    zenFile: a.zen\n", "`start` is missing"),
        ("start: nowhere\nblocks:\n  a:\n    zenFile: a.zen\n", "`start` names the block \"nowhere\""),
        ("start: a\n", "`start` names the block \"a\""),
        ("start: a\nblocks:\n  a:\n", "`start` names the block \"a\""),
        (
            "start: a\nblocks:\n  a:\n    zenFile: a.zen\n    next: nowhere\n",
            "`next` of block \"a\" names the block \"nowhere\"",
        ),
        ("start: a\nblocks:\n  a:\n    index: x\n", "neither `zenFile` nor `zenContent`"),
        (
            "start: a\nblocks:\n  a:\n    zenFile: a.zen\n    zenContent: Given nothing\n",
            "both `zenFile` and `zenContent`",
        ),
        ("start: a\nblocks:\n  a:\n    zenFile: none.zen\n", "none.zen"),
        ("start: a\nblocks:\n  a:\n    zenFile: a.zen\n    keysFile: none.keys\n", "none.keys"),
        ("start: a\nblocks:\n  a:\n    zenFile: a.zen\n    confFile: bad.conf\n", "maxiter"),
        ("start: a\nblocks:\n  a:\n    zenFile: broken.zen\n", "line 2"),
        ("start: a\nblocks:\n  a:\n    zenFile: a.zen\n    nxt: b\n", "did you mean `next`?"),
        ("start: a\nmode: loud\nblocks:\n  a:\n    zenFile: a.zen\n", "`debug`"),
    ] {
        let (_, message) = fault(text);
        assert!(message.contains(expected), "{text}: {message}");
    }
}

#[test]
fn a_fault_of_a_block_has_the_line_of_the_block() {
    let (line, _) =
        fault("start: a\nblocks:\n  a:\n    zenFile: a.zen\n    next: b\n  b:\n    keysFile: a.keys\n");
    assert!(matches!(line, Some(6 | 7)), "{line:?}");
}

#[test]
fn all_files_of_a_chain_lie_in_its_folder() {
    for path in ["sub/c.zen", "../a.zen", "/a.zen"] {
        let (_, message) = fault(&format!("start: a\nblocks:\n  a:\n    zenFile: {path}\n"));
        assert!(message.contains("folder"), "{message}");
    }
    let mut around = Around { folder: "sub", ..around() };
    assert!(read("start: a\nblocks:\n  a:\n    zenFile: sub/c.zen\n", &mut around).unwrap().is_some());
    assert!(read("start: a\nblocks:\n  a:\n    zenFile: a.zen\n", &mut around).is_err());
}

#[test]
fn a_block_that_nothing_names_is_warned_of() {
    let plan = plan("start: a\nblocks:\n  a:\n    zenFile: a.zen\n  b:\n    zenFile: b.zen\n");
    assert_eq!(ids(&plan), ["a"]);
    assert!(plan.warnings[0].contains("\"b\""));
}

#[test]
fn yaml_of_another_kind_is_no_chain() {
    assert!(read("services:\n  web: nginx\n", &mut around()).unwrap().is_none());
    assert!(read("# nothing\n", &mut around()).map(|plan| plan.is_none()).unwrap_or(true));
}

#[test]
fn steps_take_from_the_text_from_files_and_from_steps_before() {
    let plan = plan(
        "verbose: false\nsteps:\n  - id: one\n    zencodeFromFile: a.zen\n    data: '{\"x\": 1}'\n    keysFromFile: a.keys\n  - id: two\n    zencode: |\n      Given nothing\n      Then print the string 'x'\n    dataFromStep: one\n    keys: { k: 2 }\n    conf: maxiter=dec:3\n",
    );
    assert_eq!(plan.format, Format::Steps);
    assert!(matches!(&plan.steps[0].task.data, Source::Text(text) if text == "{\"x\": 1}"));
    assert!(matches!(plan.steps[1].task.data, Source::Step(0)));
    assert!(matches!(&plan.steps[1].task.keys, Keys::Fixed(keys) if keys.has("k")));
    assert_eq!(plan.steps[1].task.configuration.limits.iterations_max, 3);
    assert!(plan.holds_keys);
}

#[test]
fn what_is_wrong_in_steps_is_named() {
    let step = |more: &str| format!("steps:\n  - id: one\n    zencode: \"{SAY}\"\n    {more}\n");
    for (text, expected) in [
        (step("dataFromStep: later"), "no step before this one"),
        (step("keysFromStep: one"), "no step before this one"),
        (step("dataTransform: 'return data'"), "JavaScript"),
        (step("keysTransform: 'return keys'"), "JavaScript"),
        (step("onBefore: { run: 'rm -rf x' }"), "shell"),
        (step("onAfter: { jsFunction: 'return 1' }"), "JavaScript"),
        (step("precondition: { jsFunction: 'return 1' }"), "JavaScript"),
        (step("onBefore: { zencode: \"Given nothing\", fail: true }"), "`onError`"),
        (step("onErorr: { zencode: \"Given nothing\" }"), "did you mean `onError`?"),
        (step("onError: { zencod: \"Given nothing\" }"), "did you mean `zencode`?"),
        (step("data: [1]"), "neither a mapping nor JSON text"),
        (step("data: '[1]'"), "no JSON object"),
        (step("data: {}\n    dataFromStep: one"), "more than one"),
        (step("zencodeFromFile: a.zen"), "both"),
        (step("conf: maxiter=3"), "maxiter"),
        ("steps:\n  - id: one\n".to_owned(), "neither"),
        ("steps:\n  - zencode: x\n".to_owned(), "id"),
        ("steps: []\n".to_owned(), "0 steps"),
        (
            "steps:\n  - id: one\n    zencodeFromFile: a.zen\n  - id: one\n    zencodeFromFile: b.zen\n"
                .to_owned(),
            "same id",
        ),
        ("steps: []\nblocks: {}\n".to_owned(), "one must go"),
    ] {
        let (_, message) = fault(&text);
        assert!(message.contains(expected), "{text}: {message}");
    }
}

#[test]
fn more_steps_than_the_limit_are_refused() {
    let mut text = "steps:\n".to_owned();
    for count in 0..=STEPS_MAX {
        text.push_str(&format!("  - id: s{count}\n    zencodeFromFile: a.zen\n"));
    }
    assert!(fault(&text).1.contains("101 steps"));
}

#[test]
fn the_keyring_goes_where_it_is_granted_and_nowhere_else() {
    let text =
        "steps:\n  - id: file\n    zencodeFromFile: a.zen\n  - id: inline\n    zencode: Given nothing\n";
    let granted = |granted| {
        let plan = read(text, &mut Around { granted, ..around() }).unwrap().unwrap();
        let steps: Vec<bool> = plan.steps.iter().map(|step| step.task.keyring.is_some()).collect();
        (steps, plan.is_granted)
    };
    assert_eq!(granted(""), (vec![false, false], false));
    assert_eq!(granted("a.zen"), (vec![true, false], true));
    assert_eq!(granted("chain"), (vec![false, true], true));
}

/// Texts that are nearly chains.
fn nearly() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "start",
        "blocks",
        "steps",
        "id",
        "zencode",
        "zenFile",
        "zenContent",
        "next",
        "forEach",
        "index",
        "data",
        "keysFile",
        "dataFromStep",
        "onError",
        "precondition",
        "mode",
        "conf",
        "&a",
        "*a",
        "<<",
    ]);
    let value = prop::sample::select(vec![
        "", " a", " a.zen", " {}", " []", " 1", " |", " *a", " &a x", " '", " [a, b]", " {a: b}",
    ]);
    let line = (0usize..4, prop::bool::ANY, key, value).prop_map(|(depth, item, key, value)| {
        format!("{}{}{key}:{value}\n", "  ".repeat(depth), if item { "- " } else { "" })
    });
    prop::collection::vec(line, 0..16).prop_map(|lines| lines.concat())
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,200}", nearly in nearly()) {
        drop(read(&text, &mut around()));
        drop(read(&nearly, &mut around()));
        drop(read(&format!("start: a\nblocks:\n  a:\n{nearly}"), &mut around()));
        drop(read(&format!("steps:\n  - id: a\n{nearly}"), &mut around()));
    }

    #[test]
    fn blocks_in_any_order_end_or_are_a_loop(nexts in prop::collection::vec(0usize..8, 8)) {
        let mut text = "start: b0\nblocks:\n".to_owned();
        for (index, next) in nexts.iter().enumerate() {
            text.push_str(&format!("  b{index}:\n    zenFile: a.zen\n"));
            if *next != 7 {
                text.push_str(&format!("    next: b{next}\n"));
            }
        }
        // Walked by hand: a chain of blocks ends when a block without `next` comes.
        let (mut at, mut turns) = (0, 0);
        while nexts[at] != 7 && turns < 8 {
            at = nexts[at];
            turns += 1;
        }
        prop_assert_eq!(read(&text, &mut around()).is_ok(), nexts[at] == 7);
    }
}
