//! The index of the manual: how a contract is built, the pages, and every statement by phase.

use std::fmt::Write;

use zencode::{Load, Phase};

use crate::catalogue::Entry;
use crate::markdown::{cell, code};
use crate::scenarios::note_of;

/// What stands above the lists.
const INTRODUCTION: &str = "\
# Zencode reference

Every statement of the language, each with what it does and an example that runs. The examples are tests: each one is run by this
implementation and by the reference engine (npm `zenroom` 5.38.1), and the output that is shown is what the reference engine
printed under a seed of zeros. A guide to writing contracts is in [contracts](../contracts.md), what differs from the reference engine
in [conformance](../conformance.md). On a terminal, `zenswarm statements WORDS` searches the same text.

## How a contract is built

```zencode
Rule output encoding hex
Scenario 'ecdh': sign a letter
Given I have a 'keyring'
Given I have a 'string' named 'letter'
If I verify 'letter' is found
When I create the ecdh signature of 'letter'
EndIf
Then print the 'ecdh signature'
```

| line | does |
|---|---|
| `Rule …` | sets an option, see [rules](rules.md) |
| `Scenario 'name': …` | loads a family of statements; what follows the colon is a title |
| `Given …` | declares an input; what is not declared is dropped |
| `When …` | works on the objects in memory |
| `If …` to `EndIf` | the lines between are left out when the condition does not hold |
| `Foreach …` to `EndForeach` | the lines between are repeated |
| `Then …` | adds to the output |
| `And …` | says the phase of the line above once more |
| `# …` | is a comment |

`Rule` and `Scenario` come first, then `Given`; after that `When`, `If`, `Foreach` and `Then` in any order, only that no `Foreach`
follows a `Then`. Text between single quotes is a name, a type or a value, and a blank in it counts as `_`. The words `I`, `the`, `that`,
`valid` and, in a `Given`, also `a`, `an`, `have` and `known as` carry no meaning; neither does the case of letters outside quotes.

In this manual the quoted parts of a sentence hold the names of its parameters: `When I create the hash of 'source'` is written as
`When I create the hash of 'letter'`.
";

/// The page.
pub(super) fn page(entries: &[Entry]) -> String {
    let mut text = INTRODUCTION.to_owned();
    text.push_str("\n## Pages\n\n| page | is about |\n|---|---|\n");
    for scenario in super::scenarios() {
        let Some(note) = note_of(scenario.name) else { continue };
        let first = note.about.split_once(". ").map_or(note.about, |(first, _)| first);
        let about = note.title.split_once(": ").map_or(first.trim_end_matches('.'), |(_, about)| about);
        let load = match scenario.load {
            Load::Always => "",
            Load::OnDemand => " (after a `Scenario` line)",
            Load::Connectors => " (on an oracle)",
        };
        writeln!(text, "| [{0}]({0}.md) | {about}{load} |", scenario.name).expect("a String takes any text");
    }
    text.push_str(
        "| [rules](rules.md) | `Rule` lines |\n| [encodings](encodings.md) | encodings, and how values are read and written |\n\
         | [types](types.md) | keys, signatures, documents: what each type is, and what makes one |\n\
         | [configuration](configuration.md) | the configuration string of the command line |\n\
         | [legacy](legacy.md) | sentences of earlier versions |\n\
         | [connectors](connectors.md) | the sentences of restroom-mw and slangroom, and which of them are here |\n",
    );
    for (phase, title) in PHASES {
        write!(text, "\n## {title}\n\n| statement | page |\n|---|---|\n").expect("a String takes any text");
        text.push_str(&rows(entries, *phase));
    }
    text
}

const PHASES: &[(Phase, &str)] = &[
    (Phase::Given, "Given"),
    (Phase::When, "When"),
    (Phase::If, "If"),
    (Phase::Foreach, "Foreach"),
    (Phase::Then, "Then"),
];

fn rows(entries: &[Entry], phase: Phase) -> String {
    let mut text = String::new();
    for entry in entries {
        let sentences = entry.sentences.iter().filter(|(found, _)| *found == phase);
        for (_, sentence) in sentences {
            let (sentence, name) = (cell(&code(sentence)), entry.scenario.name);
            let mark = if entry.statement.deprecated.is_some() { ", deprecated" } else { "" };
            writeln!(text, "| [{sentence}]({}) | [{name}]({name}.md){mark} |", entry.address())
                .expect("a String takes any text");
        }
    }
    text
}
