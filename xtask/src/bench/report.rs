//! What was measured, as a table and as JSON.

use serde_json::{Value, json};

/// One measured quantity.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) unit: &'static str,
    pub(crate) ours: f64,
    /// The same quantity of the reference, when it has one.
    pub(crate) reference: Option<f64>,
    /// What the project asks for, when it asks for something.
    pub(crate) goal: Option<Goal>,
}

/// What a quantity should reach.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    /// Ours over the reference, at least.
    Ratio(f64),
    /// Ours over the reference, at most.
    RatioAtMost(f64),
    /// The quantity itself, at most.
    AtMost(f64),
}

impl Row {
    fn ratio(&self) -> Option<f64> {
        self.reference.map(|reference| self.ours / reference)
    }

    fn verdict(&self) -> String {
        match (self.goal, self.ratio()) {
            (Some(Goal::Ratio(goal)), Some(ratio)) => {
                verdict(ratio >= goal, &format!(">= {} x", number(goal)))
            }
            (Some(Goal::RatioAtMost(goal)), Some(ratio)) => {
                verdict(ratio <= goal, &format!("<= {} x", number(goal)))
            }
            (Some(Goal::AtMost(goal)), _) => verdict(self.ours <= goal, &format!("<= {}", number(goal))),
            _ => String::new(),
        }
    }
}

fn verdict(reached: bool, goal: &str) -> String {
    format!("{goal} {}", if reached { "reached" } else { "MISSED" })
}

/// The rows as a table for a person.
pub(crate) fn table(rows: &[Row]) -> String {
    let header = ["what", "unit", "zenswarm", "reference", "ratio", "goal"].map(str::to_owned);
    let mut lines = vec![header];
    for row in rows {
        lines.push([
            row.what.clone(),
            row.unit.to_owned(),
            number(row.ours),
            row.reference.map(number).unwrap_or_default(),
            row.ratio().map(|ratio| format!("{} x", number(ratio))).unwrap_or_default(),
            row.verdict(),
        ]);
    }
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..6).map(width).collect();
    lines
        .iter()
        .map(|line| {
            let text = format!(
                "{:<a$}  {:<b$}  {:>c$}  {:>d$}  {:>e$}  {}",
                line[0],
                line[1],
                line[2],
                line[3],
                line[4],
                line[5],
                a = widths[0],
                b = widths[1],
                c = widths[2],
                d = widths[3],
                e = widths[4]
            );
            text.trim_end().to_owned()
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// The rows for a program.
pub(crate) fn json(rows: &[Row]) -> String {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({ "what": row.what, "unit": row.unit, "zenswarm": row.ours, "reference": row.reference,
                    "ratio": row.ratio(), "goal": row.verdict() })
        })
        .collect();
    format!("{:#}", Value::Array(rows))
}

/// Three significant digits are more than a busy machine can tell apart.
fn number(value: f64) -> String {
    if value >= 100.0 {
        format!("{value:.0}")
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}
