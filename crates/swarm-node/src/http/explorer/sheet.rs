//! The page of one contract: what it is for, its text, what it takes and gives, its applet, and how a program calls it.

use std::time::Duration;

use maud::{Markup, html};
use serde_json::{Map, Value};
use url::Url;
use zencode::Diagnostic;

use super::applet::{Applet, Given, JSON, Outcome};
use super::page::{self, Page, Site};
use super::{form, highlight};
use crate::http::error::Problem;
use crate::http::openapi::field::Field;
use crate::http::openapi::route::{Envelope, Route, shown};
use crate::oracle::Shared;
use crate::oracle::contracts::{Auth, BodyType, Entry, Program};

/// Octets of an answer that are shown; a program gets all of it.
const ANSWER_SHOWN_MAX: usize = 64 * 1024;

pub(super) fn page(oracle: &Shared, entry: &Entry, route: &Route, applet: &Applet) -> Page {
    let site = Site::of(oracle);
    let fault = applet.fault_line().or(route.fault.as_ref().and_then(|fault| fault.line));
    let main = html! {
        (hero(site, route))
        div.sheet {
            section.applet aria-labelledby="try" {
                h2 #try { "Try it" }
                (applet_form(site, route, applet))
                (answered(applet))
            }
            div.about {
                section aria-labelledby="text" { h2 #text { (kind_of(entry)) } (listing(entry, fault)) }
                section aria-labelledby="inputs" { h2 #inputs { "What it takes" } (inputs(route)) }
                section aria-labelledby="gives" { h2 #gives { "What it gives" } (gives(route)) }
                section aria-labelledby="call" {
                    h2 #call { "Call it from a program" }
                    (page::copied("curl", "Shell", html! { (curl(route, &oracle.endpoint)) }))
                    @if let Some(auth) = route.auth { p.muted { (credentials(auth)) } }
                    p.muted { (otherwise(route)) " " a href=(site.at("/openapi.json")) { "The OpenAPI document" } " has every answer." }
                }
            }
        }
    };
    Page { title: route.name.clone(), main }
}

fn kind_of(entry: &Entry) -> &'static str {
    match entry.program {
        Program::Contract(_) => "The contract",
        Program::Chain(_) => "The chain",
    }
}

fn listing(entry: &Entry, fault: Option<usize>) -> Markup {
    html! {
        div.listing #listing {
            @match shown(entry) {
                Some(text) => (highlight::zencode(text, fault)),
                None => p.muted { "Its text may hold keys, and is not shown." },
            }
        }
    }
}

fn hero(site: Site<'_>, route: &Route) -> Markup {
    html! {
        section.hero {
            p.eyebrow { a href=(site.catalogue()) { "Contracts" } }
            h1.code { (route.name) }
            @if route.summary != route.name { p.lead { (route.summary) "." } }
            @if !route.description.is_empty() { p.description { (route.description) } }
            div.row {
                @if route.takes_get { span.verb { "GET" } }
                @if route.takes_post { span.verb { "POST" } }
                code.address { (site.at(&route.path)) }
            }
            (page::tags(site, &route.tags))
            @if let Some(fault) = &route.fault { (failure("It does not compile, so that every call fails.", fault)) }
        }
    }
}

/// The other way to call it, and how it fails.
fn otherwise(route: &Route) -> String {
    let get = match route.envelope {
        Envelope::Data => "By GET, the data go into the query parameter `data` as JSON.",
        Envelope::Bare => "By GET, each member of the data is a query parameter.",
    };
    let get = if route.takes_get && route.takes_post { format!("{get} ") } else { String::new() };
    format!("{get}A contract that fails answers with status {} and says why.", route.failure.status.as_u16())
}

/// What a caller has to send besides.
fn credentials(auth: Auth) -> &'static str {
    match auth {
        Auth::ApiKey => "It needs an API key: the header `authorization: Bearer zsk_…`.",
        Auth::Did => "It needs a signed request: `zenswarm did sign-request` makes the header.",
        Auth::Any | Auth::None => {
            "It needs an API key, in the header `authorization: Bearer zsk_…`, or a signed request, whose header \
             `zenswarm did sign-request` makes."
        }
    }
}

fn applet_form(site: Site<'_>, route: &Route, applet: &Applet) -> Markup {
    let fields = &route.fields;
    let is_unfit = applet.json.fault.is_some();
    let is_json_open = fields.is_open || !applet.json.text.is_empty();
    html! {
        form.card method="post" action={ (site.sheet(&route.name)) "#answer" } data-applet {
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
                Some(Outcome::Answer(given)) => (answer(given)),
                Some(Outcome::Failure { diagnostic, took }) => {
                    (failure(&format!("The contract failed after {}.", time(*took)), diagnostic))
                }
                Some(Outcome::Refused(problem)) => (refused(problem)),
                Some(Outcome::Unfit) => div.notice.bad { h3 { "Not sent" } p { "A field above needs attention." } }
            }
        }
    }
}

fn answer(given: &Given) -> Markup {
    let value = given.is_json.then(|| serde_json::from_str::<Value>(&given.text).ok()).flatten();
    let mut text = value.as_ref().map_or_else(|| given.text.clone(), form::pretty);
    let is_cut = text.len() > ANSWER_SHOWN_MAX;
    if is_cut {
        text.truncate(text.floor_char_boundary(ANSWER_SHOWN_MAX));
    }
    let shown = if value.is_some() {
        highlight::json(&text)
    } else {
        html! { (text) }
    };
    html! {
        div.notice.good {
            h3 { "Answer" span.muted { " " (given.status) " in " (time(given.took)) } }
            (page::copied("answer-text", &given.media_type, shown))
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
    let schema = route.answer.body.as_ref().map_or(&Value::Null, |(_, schema)| schema);
    let members = schema["properties"].as_object().unwrap_or(&empty);
    html! {
        @if members.is_empty() {
            p { (untold(route)) }
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

/// What is said of an answer whose members are not known.
fn untold(route: &Route) -> String {
    match &route.answer.body {
        None => format!("No body, status {}.", route.answer.status.as_u16()),
        Some((media_type, _)) if media_type.starts_with("application/json") => {
            "JSON; what is in it cannot be told from the text.".to_owned()
        }
        Some((media_type, _)) => format!("A body of the type {media_type}."),
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
    let takes_nothing = route.fields.named.is_empty() && !route.fields.is_open;
    if takes_nothing && route.takes_get {
        return format!("curl {address}");
    }
    if takes_nothing {
        return format!("curl --request POST {address}");
    }
    let data = route.example.clone().unwrap_or_else(|| skeleton(&route.fields.named));
    let (data, json) = (form::pretty(&data), data.to_string());
    let quoted = |text: &str| text.replace('\'', "'\\''");
    match (route.takes_post, route.envelope, route.body) {
        (true, Envelope::Data, BodyType::Form) => {
            format!("curl {address} \\\n  --data-urlencode 'data={}'", quoted(&json))
        }
        (true, Envelope::Bare, BodyType::Form) => {
            format!("curl {address} \\\n  --data-urlencode 'NAME=VALUE'")
        }
        (true, envelope, BodyType::Json) => {
            let body = if envelope == Envelope::Data { format!("{{\"data\": {data}}}") } else { data };
            format!(
                "curl {address} \\\n  --header 'content-type: application/json' \\\n  --data '{}'",
                quoted(&body)
            )
        }
        (false, Envelope::Data, _) => {
            format!("curl --get {address} \\\n  --data-urlencode 'data={}'", quoted(&json))
        }
        (false, Envelope::Bare, _) => format!("curl --get {address} \\\n  --data-urlencode 'NAME=VALUE'"),
    }
}

/// Data that show where values belong.
fn skeleton(fields: &[Field]) -> Value {
    let mut members = Map::new();
    for field in fields {
        form::put(&mut members, &field.path, Value::String("…".to_owned()));
    }
    Value::Object(members)
}
