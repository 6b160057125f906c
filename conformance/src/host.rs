//! A connector's example through this implementation, its host played by the example's answer.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use zencode::{Answer, Contract, HttpAnswer, Inputs, Library, Request, Step};

use crate::case::Case;
use crate::settings::Settings;

/// The example of a statement that asks the host.
#[derive(Debug)]
pub struct HostExample {
    /// Name of the statement.
    pub statement: &'static str,
    /// What both engines run: the line that asks is skipped, and the input holds the answer.
    pub case: Case,
    /// The contract as the documentation shows it.
    pub contract: String,
    /// DATA as the documentation shows it; empty when absent.
    pub data: String,
    /// What the host brings, as JSON text.
    pub answer: String,
}

impl HostExample {
    /// Runs the contract: what it asked its host for, if anything, and what it printed once that was answered,
    /// newline included.
    ///
    /// # Errors
    /// When the contract fails, asks twice, or the answer is not of the kind that was asked for.
    pub fn run(&self, settings: &Settings) -> Result<(Option<Request>, String)> {
        let contract = Contract::compile(&self.contract, Library::Connectors, &settings.limits)?;
        let inputs = Inputs { extra: "", data: &self.data, keys: "" };
        let run = zencode::Settings {
            seed: settings.language_seed(),
            now_ms: settings.now_ms,
            limits: settings.limits,
        };
        let mut run = contract.start(inputs, run)?;
        let mut asked = None;
        loop {
            match run.step()? {
                Step::Done(output) => return Ok((asked, output.json + "\n")),
                Step::Ask(second) if asked.is_some() => bail!("the contract asks a second time: {second:?}"),
                Step::Ask(request) => {
                    run.answer(self.answer_to(&request)?);
                    asked = Some(request);
                }
            }
        }
    }

    fn answer_to(&self, request: &Request) -> Result<Answer> {
        let answer: Value = serde_json::from_str(&self.answer)?;
        Ok(match request {
            Request::Time => {
                Answer::Time(answer.as_str().context("a time is answered with a text of digits")?.parse()?)
            }
            Request::Http(_) => match &answer {
                Value::Array(replies) => Answer::Http(replies.iter().map(reply).collect::<Result<_>>()?),
                reply_to_one => Answer::Http(vec![reply(reply_to_one)?]),
            },
            Request::Caller => Answer::Json(answer["http_request"].to_string()),
            _ => Answer::Json(self.answer.clone()),
        })
    }
}

/// The reply of a web service: no response when its status is a code, and plain text when its result is one.
fn reply(answer: &Value) -> Result<HttpAnswer> {
    let digits = |text: &str| text.parse::<u64>().ok();
    Ok(match &answer["status"] {
        Value::String(code) if digits(code).is_none() => HttpAnswer::Unreachable { code: code.clone() },
        status => {
            let status =
                status.as_u64().or_else(|| digits(status.as_str()?)).context("a reply has a status")?;
            let result = &answer["result"];
            let body = result.as_str().map_or_else(|| result.to_string(), str::to_owned);
            HttpAnswer::Response { status: u16::try_from(status)?, body }
        }
    })
}
