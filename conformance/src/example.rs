//! The examples in the manual as cases: each is part of the documentation of the statement it shows.
//!
//! Under the heading `# Example` of a statement's doc comment stands a block `zencode` with the contract,
//! and where it takes input a block `json data` or `json keys`. There is no expected output: both engines
//! are asked, and what the reference engine answered is recorded in [`FOLDER`].
//!
//! A connector's example also has a block `json answer`: what the host brings, or what is computed in its stead.
//! The reference engine has no such statements, so in the case both engines skip the line that asks, and the
//! input holds the answer. What follows the run is answered with `null`.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use zencode::{Contract, LIBRARY, Library, Limits, Load, Phase, Scenario, Statement, Use};

use crate::case::Case;
use crate::host::HostExample;
use crate::suite::{SKIP_REQUESTS, folder_of};

/// The recordings of examples, below this crate: `SCENARIO/STATEMENT.out.json`.
const FOLDER: &str = "statements";
/// The heading that an example stands under.
const HEADING: &str = "# Example";
/// What opens and closes a block.
const FENCE: &str = "```";

/// The parts of an example.
#[derive(Debug, Default, PartialEq, Eq)]
struct Example {
    contract: Option<String>,
    data: Option<String>,
    keys: Option<String>,
    answer: Option<String>,
}

/// Every example of the library, in the order of the manual.
///
/// # Errors
/// When an example is malformed; the message names the statement and its place.
pub(crate) fn example_cases() -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for (statement, scenarios) in statements() {
        cases.extend(case_of(statement, &scenarios).with_context(|| place_of(statement))?);
    }
    Ok(cases)
}

/// The examples of connectors, each with what its host answers.
///
/// # Errors
/// When an example is malformed; the message names the statement and its place.
pub fn host_examples() -> Result<Vec<HostExample>> {
    let mut examples = Vec::new();
    for (statement, scenarios) in statements() {
        let example = read(statement.docs).with_context(|| place_of(statement))?.unwrap_or_default();
        let Some(answer) = example.answer else { continue };
        let case = case_of(statement, &scenarios).with_context(|| place_of(statement))?;
        examples.push(HostExample {
            statement: statement.name,
            case: case.context("a statement with an answer has a case")?,
            contract: example.contract.unwrap_or_default(),
            data: example.data.unwrap_or_default(),
            answer,
        });
    }
    Ok(examples)
}

fn place_of(statement: &Statement) -> String {
    format!("{} ({}:{})", statement.name, statement.file, statement.line)
}

/// Statements whose documentation has no example, as `NAME (FILE:LINE)`.
pub fn statements_without_example() -> Vec<String> {
    let without =
        statements().into_iter().filter(|(statement, _)| !statement.docs.lines().any(|line| line == HEADING));
    without.map(|(statement, _)| place_of(statement)).collect()
}

/// Each statement once, with the scenarios that list it: algorithms share theirs.
pub(crate) fn statements() -> Vec<(&'static Statement, Vec<&'static str>)> {
    let mut all: Vec<(&Statement, Vec<&str>)> = Vec::new();
    for Scenario { name, statements, .. } in LIBRARY {
        for statement in *statements {
            let place = (statement.file, statement.line, statement.name);
            match all.iter_mut().find(|(known, _)| (known.file, known.line, known.name) == place) {
                Some((_, scenarios)) => scenarios.push(name),
                None => all.push((statement, vec![name])),
            }
        }
    }
    all
}

/// The example of a statement as a case.
pub(crate) fn case_of(statement: &Statement, scenarios: &[&str]) -> Result<Option<Case>> {
    let Some(example) = read(statement.docs)? else { return Ok(None) };
    let mut script = example.contract.unwrap_or_default();
    let mut data = example.data.unwrap_or_default();
    let scenario = scenario_of(&script, scenarios)?;
    let sentences = sentences_of(statement, scenario);
    let sentences: Vec<&str> = sentences.iter().map(String::as_str).collect();
    ensure!(
        uses(&script, &sentences, scenario) || says(&script, statement),
        "the example does not use the statement"
    );
    ensure!(
        asks_the_host(scenario) == example.answer.is_some(),
        "the example of a connector, and no other, has a block `json answer`"
    );
    if let Some(answer) = example.answer {
        if !follows(&script, statement) && answer.trim() != "null" {
            data = answered(&script, &data, &answer)?;
        }
        script.insert_str(0, SKIP_REQUESTS);
    }
    Ok(Some(Case {
        stem: Some(folder_of(FOLDER).join(scenario).join(statement.name)),
        data,
        keys: example.keys.unwrap_or_default(),
        ..Case::from_text(&format!("example/{scenario}/{}", statement.name), &script)
    }))
}

/// The sentences of a statement in a scenario, which may have several algorithms.
fn sentences_of(statement: &Statement, scenario: &str) -> Vec<String> {
    let rows = LIBRARY.iter().filter(|row| row.name == scenario);
    let all = rows.flat_map(Scenario::sentences);
    all.filter(|(_, _, other)| other.name == statement.name).map(|(_, sentence, _)| sentence).collect()
}

/// The scenario that an example belongs to: the one it loads, when several share the statement.
fn scenario_of<'a>(script: &str, scenarios: &[&'a str]) -> Result<&'a str> {
    if let [only] = scenarios {
        return Ok(only);
    }
    let loaded = scenarios.iter().find(|name| script.contains(&format!("Scenario '{name}'")));
    loaded.copied().with_context(|| {
        format!(
            "several scenarios share the statement; the example has to load one of {}",
            scenarios.join(", ")
        )
    })
}

fn asks_the_host(scenario: &str) -> bool {
    LIBRARY.iter().any(|row| row.name == scenario && row.load == Load::Connectors)
}

/// The input with what the host brings: under the name after `into`, or member by member without one.
fn answered(script: &str, data: &str, answer: &str) -> Result<String> {
    let data = if data.is_empty() { "{}" } else { data };
    let mut data: Value = serde_json::from_str(data).context("the block `json data` is not JSON")?;
    let inputs = data.as_object_mut().context("the block `json data` is no dictionary")?;
    let answer: Value = serde_json::from_str(answer).context("the block `json answer` is not JSON")?;
    match (script.lines().find_map(target), answer) {
        (Some((None, name)), answer) => {
            inputs.insert(name.to_owned(), answer);
        }
        (Some((Some(object), name)), answer) => {
            inputs
                .insert(object.to_owned(), Value::Object([(name.to_owned(), answer)].into_iter().collect()));
        }
        (None, Value::Object(members)) => inputs.extend(members),
        (None, _) => bail!("the block `json answer` is no dictionary, and no line says `into`"),
    }
    Ok(format!("{data:#}\n"))
}

/// Where a line wants an answer: the dictionary, if it names one, and the name.
fn target(line: &str) -> Option<(Option<&str>, &str)> {
    let line = line.trim_end().strip_suffix('\'')?;
    if let Some((front, object)) = line.rsplit_once(" within the object '") {
        return Some((Some(object), front.strip_suffix('\'')?.rsplit_once(" named '")?.1));
    }
    let openings = [" into '", " save the result named '", "' as '"];
    let names = openings.iter().find_map(|opening| Some(line.rsplit_once(opening)?.1))?;
    Some((None, names.split('\'').next()?))
}

/// Whether a line of the contract is matched with the statement.
fn says(script: &str, statement: &Statement) -> bool {
    phases(script, statement).next().is_some()
}

/// Whether the host is asked after the run, so that its answer is no input.
fn follows(script: &str, statement: &Statement) -> bool {
    statement.follows() || phases(script, statement).any(|phase| phase == Phase::Then)
}

/// The phase of each line that is matched with the statement.
fn phases(script: &str, statement: &Statement) -> impl Iterator<Item = Phase> {
    let contract = Contract::compile(script, Library::Connectors, &Limits::default());
    let uses: Vec<Use> = contract.map(|contract| contract.uses()).unwrap_or_default();
    let place = (statement.file, statement.line);
    uses.into_iter()
        .filter(move |used| (used.statement.file, used.statement.line) == place)
        .map(|used| used.phase)
}

/// The example in a doc comment, if it has one.
fn read(docs: &str) -> Result<Option<Example>> {
    let mut lines = docs.lines().skip_while(|line| *line != HEADING);
    if lines.next().is_none() {
        return Ok(None);
    }
    let mut example = Example::default();
    while let Some(line) = lines.next().filter(|line| !line.starts_with("# ")) {
        if let Some(kind) = line.strip_prefix(FENCE) {
            let text = block(kind, &mut lines)?;
            example.keep(kind, text)?;
        }
    }
    ensure!(example.contract.is_some(), "the example has no block `zencode`");
    Ok(Some(example))
}

/// The lines of a block up to its closing fence.
fn block<'a>(kind: &str, lines: &mut impl Iterator<Item = &'a str>) -> Result<String> {
    let mut text = String::new();
    for line in lines {
        if line == FENCE {
            return Ok(text);
        }
        text.push_str(line);
        text.push('\n');
    }
    bail!("the block `{kind}` of the example is not closed by {FENCE}")
}

impl Example {
    fn keep(&mut self, kind: &str, text: String) -> Result<()> {
        let place = match kind {
            "zencode" => &mut self.contract,
            "json data" => &mut self.data,
            "json keys" => &mut self.keys,
            "json answer" => &mut self.answer,
            other => {
                bail!(
                    "an example has blocks `zencode`, `json data`, `json keys` and `json answer`, not `{other}`"
                )
            }
        };
        ensure!(place.is_none(), "the example has two blocks `{kind}`");
        ensure!(!text.trim().is_empty(), "the block `{kind}` of the example is empty");
        *place = Some(text);
        Ok(())
    }
}

/// Whether a line of the contract says the sentence of a pattern, with or without words that carry no meaning.
fn uses(script: &str, patterns: &[&str], scenario: &str) -> bool {
    patterns.iter().any(|pattern| {
        let pattern = pattern.replace("{scheme}", scenario);
        script.lines().any(|line| {
            let line = without_quoted(line);
            let mut words = line.split_whitespace();
            pattern.split_whitespace().all(|wanted| words.any(|word| word.eq_ignore_ascii_case(wanted)))
        })
    })
}

/// A line with nothing between its quotes.
fn without_quoted(line: &str) -> String {
    line.split('\'').step_by(2).collect::<Vec<_>>().join("''")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTRACT: &str = "```zencode\nGiven nothing\n```\n";

    fn fault(docs: &str) -> String {
        read(docs).unwrap_err().to_string()
    }

    #[test]
    fn documentation_without_the_heading_has_no_example() {
        assert_eq!(read(&format!("Does it.\n\n{CONTRACT}")).unwrap(), None);
    }

    #[test]
    fn an_example_has_a_contract_and_its_inputs() {
        let docs = format!("Does it.\n\n# Example\n\n{CONTRACT}```json data\n{{}}\n```\n\n# Source\nA book.");
        let example = read(&docs).unwrap().unwrap();
        assert_eq!(example.contract.as_deref(), Some("Given nothing\n"));
        assert_eq!(example.data.as_deref(), Some("{}\n"));
        assert_eq!(example.keys, None);
    }

    #[test]
    fn a_block_that_is_not_closed_is_an_error() {
        assert!(
            fault("# Example\n```zencode\nGiven nothing").contains("`zencode` of the example is not closed")
        );
    }

    #[test]
    fn a_heading_without_a_contract_is_an_error() {
        assert!(fault("# Example\n```json data\n{}\n```").contains("no block `zencode`"));
    }

    #[test]
    fn a_block_of_another_kind_is_an_error() {
        assert!(
            fault(&format!("# Example\n{CONTRACT}```json output\n{{}}\n```")).contains("not `json output`")
        );
    }

    #[test]
    fn a_second_contract_is_an_error() {
        assert!(fault(&format!("# Example\n{CONTRACT}{CONTRACT}")).contains("two blocks `zencode`"));
    }

    #[test]
    fn an_example_shows_its_statement() {
        let script = "Given nothing\nWhen I create the eddsa key\nThen print the 'a b' as 'hex'\n";
        assert!(uses(script, &["print '' as ''"], "then"));
        assert!(uses(script, &["create {scheme} key"], "eddsa"));
        assert!(!uses(script, &["create {scheme} key"], "ecdh"));
    }

    #[test]
    fn an_answer_stands_under_the_name_after_into() {
        let script = "Given I connect to 'a' and save the output into 'reply'\nThen print the 'reply'\n";
        let data = answered(script, "{\"a\": \"http://a\"}", "{\"status\": 200}").unwrap();
        assert_eq!(data, "{\n  \"a\": \"http://a\",\n  \"reply\": {\n    \"status\": 200\n  }\n}\n");
    }

    #[test]
    fn an_answer_without_a_name_is_merged() {
        let script = "Given I read the content of 'f'\nThen print the 'x'\n";
        assert_eq!(answered(script, "", "{\"x\": \"1\"}").unwrap(), "{\n  \"x\": \"1\"\n}\n");
        assert!(answered(script, "", "[1]").is_err());
    }

    #[test]
    fn an_example_of_a_shared_statement_says_whose() {
        let scenarios = ["ecdh", "eddsa"];
        assert_eq!(scenario_of("Scenario 'eddsa': sign\n", &scenarios).unwrap(), "eddsa");
        assert!(scenario_of("Given nothing\n", &scenarios).is_err());
    }
}
