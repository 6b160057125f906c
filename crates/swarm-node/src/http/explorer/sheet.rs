//! The page of one contract: what it is for, its text, what it takes and gives, its applet, and how a program calls it.

use std::time::Duration;

use maud::{Markup, html};
use serde_json::{Map, Value};
use url::Url;
use zencode::Diagnostic;

use super::applet::{Applet, JSON, Outcome};
use super::page::{self, Page};
use super::{form, highlight};
use crate::http::error::Problem;
use crate::http::openapi::field::Field;
use crate::http::openapi::route::{Route, encoded};

/// Octets of an answer that are shown; a program gets all of it.
const ANSWER_SHOWN_MAX: usize = 64 * 1024;

pub(super) fn page(route: &Route, text: &str, applet: &Applet, endpoint: &Url) -> Page {
    let fault = applet.fault_line().or(route.fault.as_ref().and_then(|fault| fault.line));
    let main = html! {
        (hero(route))
        div.sheet {
            section.applet aria-labelledby="try" {
                h2 #try { "Try it" }
                (applet_form(route, applet))
                (answered(applet))
            }
            div.about {
                section aria-labelledby="text" {
                    h2 #text { "The contract" }
                    div.listing #listing { (highlight::zencode(text, fault)) }
                }
                section aria-labelledby="inputs" { h2 #inputs { "What it takes" } (inputs(route)) }
                section aria-labelledby="gives" { h2 #gives { "What it gives" } (gives(route)) }
                section aria-labelledby="call" {
                    h2 #call { "Call it from a program" }
                    (page::copied("curl", "Shell", html! { (curl(route, endpoint)) }))
                    p.muted {
                        "By GET, the data go into the query parameter " code { "data" } " as JSON. A contract that fails answers "
                        "with status 500 and says why; " a href="/openapi.json" { "the OpenAPI document" } " has every answer."
                    }
                }
            }
        }
    };
    Page { title: route.name.clone(), main }
}

fn hero(route: &Route) -> Markup {
    html! {
        section.hero {
            p.eyebrow { a href="/docs" { "Contracts" } }
            h1.code { (route.name) }
            @if route.summary != route.name { p.lead { (route.summary) "." } }
            @if !route.description.is_empty() { p.description { (route.description) } }
            div.row {
                span.verb { "GET" } span.verb { "POST" } code.address { (route.path) }
            }
            (page::tags(&route.tags))
            @if let Some(fault) = &route.fault { (failure("It does not compile, so that every call fails.", fault)) }
        }
    }
}

fn applet_form(route: &Route, applet: &Applet) -> Markup {
    let fields = &route.fields;
    let is_unfit = applet.json.fault.is_some();
    let is_json_open = fields.is_open || !applet.json.text.is_empty();
    html! {
        form.card method="post" action={ "/docs/" (encoded(&route.name)) "#answer" } data-applet {
            @for (index, (field, entry)) in fields.named.iter().zip(&applet.entries).enumerate() {
                (form::shown(index, field, entry))
            }
            @if fields.named.is_empty() {
                p.muted { @if fields.is_open { "It takes what its text does not name." } @else { "It takes nothing." } }
            }
            @if !fields.takes_nothing {
                details open[is_json_open] {
                    summary { "Send JSON instead" }
                    div.field {
                        label for="json" { "All data as JSON" }
                        p.help #json-help { "an object; when it is filled in, the fields above are not sent" }
                        textarea.code #json name=(JSON) rows=(form::rows(&applet.json.text)) spellcheck="false"
                            autocapitalize="off" aria-describedby={ "json-help" @if is_unfit { " json-fault" } }
                            aria-invalid=[is_unfit.then_some("true")] { "\n" (applet.json.text) }
                        @if let Some(fault) = &applet.json.fault { p.fault #json-fault { (fault) } }
                    }
                }
            }
            button.primary type="submit" { "Run" }
        }
    }
}

/// What came of running it; a script puts a new one in its place.
fn answered(applet: &Applet) -> Markup {
    html! {
        div.answer #answer tabindex="-1" aria-live="polite" {
            @match &applet.outcome {
                None => {}
                Some(Outcome::Answer { json, took }) => (answer(json, *took)),
                Some(Outcome::Failure { diagnostic, took }) => {
                    (failure(&format!("The contract failed after {}.", time(*took)), diagnostic))
                }
                Some(Outcome::Refused(problem)) => (refused(problem)),
                Some(Outcome::Unfit) => div.notice.bad { h3 { "Not sent" } p { "A field above needs attention." } }
            }
        }
    }
}

fn answer(json: &str, took: Duration) -> Markup {
    let mut text = serde_json::from_str(json).map_or_else(|_| json.to_owned(), |value| form::pretty(&value));
    let is_cut = text.len() > ANSWER_SHOWN_MAX;
    if is_cut {
        text.truncate(text.floor_char_boundary(ANSWER_SHOWN_MAX));
    }
    html! {
        div.notice.good {
            h3 { "Answer" span.muted { " in " (time(took)) } }
            (page::copied("answer-json", "JSON", highlight::json(&text)))
            @if is_cut { p.muted { "The first " (ANSWER_SHOWN_MAX / 1024) " KiB are shown; a program gets all of it." } }
        }
    }
}

fn failure(title: &str, diagnostic: &Diagnostic) -> Markup {
    html! {
        div.notice.bad {
            h3 { (title) }
            p.message { (diagnostic.message) }
            @if let Some(line) = diagnostic.line {
                p { a href={ "#L" (line) } { "Line " (line) } @if let Some(source) = &diagnostic.source { ": " code { (source) } } }
            }
            @if let Some(hint) = &diagnostic.hint { p.hint { (hint) } }
        }
    }
}

fn refused(problem: &Problem) -> Markup {
    html! {
        div.notice.bad {
            h3 { "Not run: " (problem.title) }
            p.message { (problem.detail) }
            @if let Some(hint) = &problem.hint { p.hint { (hint) } }
        }
    }
}

fn time(took: Duration) -> String {
    match took.as_micros() {
        micros if micros < 1_000 => "under 1 ms".to_owned(),
        micros => format!("{} ms", micros / 1_000),
    }
}

fn inputs(route: &Route) -> Markup {
    let fields = &route.fields;
    html! {
        @if fields.takes_nothing {
            p { "Nothing; whatever is sent makes it fail." }
        } @else if fields.named.is_empty() {
            p { @if fields.is_open { "What it takes is not known from its text." } @else { "Nothing." } }
        } @else {
            table {
                caption.unseen { "Members of the data" }
                thead { tr { th scope="col" { "Name" } th scope="col" { "Type" } th scope="col" { "Line" } } }
                tbody { @for field in &fields.named { (input(field)) } }
            }
            @if fields.is_open { p.muted { "It may take more than its text names." } }
        }
    }
}

fn input(field: &Field) -> Markup {
    html! {
        tr {
            th scope="row" {
                code { (field.path.join(".")) }
                @for alias in &field.aliases { span.muted { "or " code { (alias) } } }
            }
            td {
                (field.kind)
                @if let Some(said) = field.schema["description"].as_str() { span.muted { (said) } }
                @if !field.is_required { span.muted { "may be left out" } }
            }
            td { a href={ "#L" (field.line) } { (field.line) } }
        }
    }
}

fn gives(route: &Route) -> Markup {
    let empty = Map::new();
    let members = route.answer["properties"].as_object().unwrap_or(&empty);
    html! {
        @if members.is_empty() {
            p { "A JSON object; its members are not known from the text." }
        } @else {
            table {
                caption.unseen { "Members of the answer" }
                thead { tr { th scope="col" { "Name" } th scope="col" { "Type" } } }
                tbody {
                    @for (name, schema) in members { tr { th scope="row" { code { (name) } } td { (kind(schema)) } } }
                }
            }
        }
    }
}

/// A schema in a few words.
fn kind(schema: &Value) -> String {
    let kind = match &schema["type"] {
        Value::String(kind) if kind == "array" => {
            let items = &schema["items"]["type"];
            items.as_str().map_or_else(|| "array".to_owned(), |items| format!("array of {items}"))
        }
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ => "any".to_owned(),
    };
    match (schema["description"].as_str(), schema["properties"].as_object()) {
        (Some(said), _) => format!("{kind}, {said}"),
        (None, Some(members)) => {
            format!("{kind} with {}", members.keys().cloned().collect::<Vec<_>>().join(", "))
        }
        (None, None) => kind,
    }
}

/// A line for a shell.
fn curl(route: &Route, endpoint: &Url) -> String {
    let address = format!("{}{}", endpoint.as_str().trim_end_matches('/'), route.path);
    if route.fields.named.is_empty() && !route.fields.is_open {
        return format!("curl {address}");
    }
    let data = route.example.clone().unwrap_or_else(|| skeleton(&route.fields.named));
    let body = format!("{{\"data\": {}}}", form::pretty(&data)).replace('\'', "'\\''");
    format!("curl {address} \\\n  --header 'content-type: application/json' \\\n  --data '{body}'")
}

/// Data that show where values belong.
fn skeleton(fields: &[Field]) -> Value {
    let mut members = Map::new();
    for field in fields {
        form::put(&mut members, &field.path, Value::String("…".to_owned()));
    }
    Value::Object(members)
}
