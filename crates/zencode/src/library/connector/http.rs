//! Connector: web services, in the sentences of restroom-mw.

use zencode_macros::{ask, given};

use super::endpoint;
use crate::error::Error;
use crate::given::Given;
use crate::known::{Known, compact};
use crate::question::{Question, Reading, Target, Want};
use crate::request::{HttpCalls, HttpMethod, HttpRequest, Pace, Request};
use crate::statement::Statement;

mod orders;
mod reply;

pub(in crate::library) use orders::STATEMENTS as ORDERS;

pub(in crate::library) const STATEMENTS: &[Statement] = &[
    HAVE_ENDPOINT,
    CONNECT,
    CONNECT_AND_PASS,
    READ_REQUEST,
    PARALLEL_GET,
    PARALLEL_GET_ARRAY,
    PARALLEL_POST,
    PARALLEL_POST_ARRAY,
    PARALLEL_POST_ARRAY_WITHIN,
    PARALLEL_POST_EACH,
    PASS_OUTPUT,
];

/// Requires the address of a web service to be among the inputs, under the name given.
///
/// It is no object afterwards: only requests take it.
///
/// # Example
/// ```zencode
/// Given I have a endpoint named 'library'
/// Given I connect to 'library' and save the output into 'reply'
/// Given I have a 'string dictionary' named 'reply'
/// Then print the 'reply'
/// ```
/// ```json data
/// { "library": "http://192.0.2.7/books" }
/// ```
/// ```json answer
/// { "status": "ETIMEDOUT", "result": "" }
/// ```
#[given("endpoint named ''")]
fn have_endpoint(given: &mut Given, name: &str) -> Result<(), Error> {
    given.require_text(name);
    Ok(())
}

/// Asks the host to GET from a web service, and keeps the reply as an input: its `status` and its `result`.
///
/// The service is named by the input that holds its address. One that cannot be reached gives a reply too, with
/// a code such as `ECONNREFUSED` as its status and an empty result.
///
/// # Example
/// ```zencode
/// Given I have a endpoint named 'station'
/// Given I connect to 'station' and save the output into 'weather'
/// Given I have a 'string' in path 'weather.result.sky'
/// Then print the 'sky'
/// ```
/// ```json data
/// { "station": "https://weather.example/ivrea" }
/// ```
/// ```json answer
/// { "status": 200, "result": { "sky": "clear", "wind": "north" } }
/// ```
#[ask(before, "connect to '' and save output into ''")]
fn connect(known: &Known, endpoint: &str, target: &str) -> Result<Question, Error> {
    single(get(known, endpoint)?, Target::Member(target.to_owned()))
}

/// Asks the host to POST an input to a web service, and keeps the reply as an input.
///
/// The reply has a `status` and a `result`. An input that is absent is refused.
///
/// # Example
/// ```zencode
/// Given I have a endpoint named 'archive'
/// Given I connect to 'archive' and pass it the content of 'letter' and save the output into 'receipt'
/// Given I have a 'string dictionary' named 'receipt'
/// Then print the 'receipt'
/// ```
/// ```json data
/// { "archive": "https://archive.example/letters", "letter": { "to": "Ugo", "text": "Meet me." } }
/// ```
/// ```json answer
/// { "status": 201, "result": "stored" }
/// ```
#[ask(before, "connect to '' and pass it content of '' and save output into ''")]
fn connect_and_pass(known: &Known, endpoint: &str, content: &str, target: &str) -> Result<Question, Error> {
    single(post(known, endpoint, content)?, Target::Member(target.to_owned()))
}

/// Keeps as `http_request` what the host knows of the request that the contract answers.
///
/// `method`, `path`, `base_url`, `protocol`, `http_version`, `headers` by their names in lower case, and the
/// address and port of the other end in `socket`. Headers that let their bearer in, such as `authorization`, are
/// shown without their value. Where no request is answered, it is empty.
///
/// # Example
/// ```zencode
/// Given I read the http request
/// Given I have a 'string' in path 'http_request.headers.user-agent'
/// Then print the 'user-agent'
/// ```
/// ```json answer
/// { "http_request": { "method": "GET", "headers": { "host": "oracle.example", "user-agent": "curl/8.5.0" } } }
/// ```
#[ask(before, "read http request")]
fn read_request(_known: &Known) -> Result<Question, Error> {
    Ok(Question::json(Request::Caller, Target::Member("http_request".to_owned())))
}

/// Asks the host to GET from a web service, and keeps the reply in a dictionary.
///
/// Lines of this kind that follow each other are asked at the same time.
///
/// # Example
/// ```zencode
/// Given I execute parallel GET to 'station' and save the result named 'north' within the object 'skies'
/// Given I have a 'string dictionary' named 'skies'
/// Then print the 'skies'
/// ```
/// ```json data
/// { "station": "https://weather.example/aosta" }
/// ```
/// ```json answer
/// { "status": 200, "result": "rain" }
/// ```
#[ask(before, "execute parallel get to '' and save result named '' within object ''")]
fn parallel_get(known: &Known, endpoint: &str, name: &str, object: &str) -> Result<Question, Error> {
    single(get(known, endpoint)?, within(object, name)).map(joining)
}

/// Asks the host to GET from each address of an array, and keeps the array of replies in a dictionary.
///
/// All are asked at the same time. The replies have the order of the addresses, each with its `status` and its
/// `result`.
///
/// # Example
/// ```zencode
/// Given I execute parallel GET to array 'stations' and save the result named 'replies' within the object 'skies'
/// Given I have a 'string dictionary' named 'skies'
/// Then print the 'skies'
/// ```
/// ```json data
/// { "stations": ["https://weather.example/ivrea", "https://weather.example/aosta"] }
/// ```
/// ```json answer
/// [ { "status": 200, "result": "sun" }, { "status": "ECONNREFUSED", "result": "" } ]
/// ```
#[ask(before, "execute parallel get to array '' and save result named '' within object ''")]
fn parallel_get_array(known: &Known, endpoints: &str, name: &str, object: &str) -> Result<Question, Error> {
    let urls = known.texts(endpoints)?;
    let calls = urls.into_iter().map(|url| call(HttpMethod::Get, url, None)).collect();
    several(calls, within(object, name)).map(joining)
}

/// Asks the host to POST an input to a web service, and keeps the reply in a dictionary.
///
/// Lines of this kind that follow each other are asked at the same time.
///
/// # Example
/// ```zencode
/// Given I execute parallel POST with 'letter' to 'archive' and save the result named 'first' within the object 'receipts'
/// Given I have a 'string dictionary' named 'receipts'
/// Then print the 'receipts'
/// ```
/// ```json data
/// { "archive": "https://archive.example/letters", "letter": { "to": "Ada" } }
/// ```
/// ```json answer
/// { "status": 201, "result": "stored" }
/// ```
#[ask(before, "execute parallel post with '' to '' and save result named '' within object ''")]
fn parallel_post(
    known: &Known,
    content: &str,
    endpoint: &str,
    name: &str,
    object: &str,
) -> Result<Question, Error> {
    single(post(known, endpoint, content)?, within(object, name)).map(joining)
}

/// Asks the host to POST an input to each address of an array at the same time, and keeps the array of replies.
///
/// The replies have the order of the addresses. This is how a contract asks a swarm.
///
/// # Example
/// ```zencode
/// Given I execute parallel POST with 'question' to array 'oracles' and save the result named 'votes'
/// Given I have a 'string array' named 'votes'
/// Then print the 'votes'
/// ```
/// ```json data
/// { "question": { "data": { "city": "Ivrea" } }, "oracles": ["https://a.example/api", "https://b.example/api"] }
/// ```
/// ```json answer
/// [ { "status": 200, "result": "sun" }, { "status": 200, "result": "sun" } ]
/// ```
#[ask(before, "execute parallel post with '' to array '' and save result named ''")]
fn parallel_post_array(
    known: &Known,
    content: &str,
    endpoints: &str,
    target: &str,
) -> Result<Question, Error> {
    several(post_all(known, endpoints, content)?, Target::Member(target.to_owned())).map(joining)
}

/// Asks the host to POST an input to each address of an array, and keeps the array of replies in a dictionary.
///
/// All are asked at the same time. The replies have the order of the addresses.
///
/// # Example
/// ```zencode
/// Given I execute parallel POST with 'question' to array 'oracles' and save the result named 'votes' within the object 'poll'
/// Given I have a 'string dictionary' named 'poll'
/// Then print the 'poll'
/// ```
/// ```json data
/// { "question": { "data": { "city": "Ivrea" } }, "oracles": ["https://a.example/api"] }
/// ```
/// ```json answer
/// [ { "status": 503, "result": "busy" } ]
/// ```
#[ask(before, "execute parallel post with '' to array '' and save result named '' within object ''")]
fn parallel_post_array_within(
    known: &Known,
    content: &str,
    endpoints: &str,
    name: &str,
    object: &str,
) -> Result<Question, Error> {
    several(post_all(known, endpoints, content)?, within(object, name)).map(joining)
}

/// Asks the host to POST the items of an array to the addresses of another, and keeps the array of replies.
///
/// Each item goes to the address that has its place, all at the same time. The replies have the order of the
/// addresses.
///
/// # Example
/// ```zencode
/// Given I execute parallel POST with array 'questions' to array 'oracles' and save the result named 'votes'
/// Given I have a 'string array' named 'votes'
/// Then print the 'votes'
/// ```
/// ```json data
/// {
///   "questions": [ { "data": { "city": "Ivrea" } }, { "data": { "city": "Aosta" } } ],
///   "oracles": ["https://a.example/api", "https://b.example/api"]
/// }
/// ```
/// ```json answer
/// [ { "status": 200, "result": "sun" }, { "status": 200, "result": "rain" } ]
/// ```
#[ask(before, "execute parallel post with array '' to array '' and save result named ''")]
fn parallel_post_each(
    known: &Known,
    contents: &str,
    endpoints: &str,
    target: &str,
) -> Result<Question, Error> {
    let (urls, mut bodies) = (known.texts(endpoints)?, known.items(contents)?.into_iter());
    let calls = urls.into_iter().map(|url| call(HttpMethod::Post, url, bodies.next())).collect();
    several(calls, Target::Member(target.to_owned())).map(joining)
}

/// Asks the host to POST the output to a web service, after the contract has run.
///
/// The reply is not looked at, only that there is one and that it does not report an error: then the run fails.
///
/// # Example
/// ```zencode
/// Given I have a endpoint named 'archive'
/// Given I have a 'string' named 'letter'
/// Then print the 'letter'
/// Then I pass the output to 'archive'
/// ```
/// ```json data
/// { "archive": "https://archive.example/letters", "letter": "Dear Ada" }
/// ```
/// ```json answer
/// { "status": 200, "result": "" }
/// ```
#[ask(after, "pass output to ''")]
fn pass_output(known: &Known, service: &str) -> Result<Question, Error> {
    let request = call(HttpMethod::Post, endpoint(known, service)?, Some(known.output_json()));
    Ok(Question::new(http(vec![request], Pace::Together, reply::delivered)?, Target::Nothing))
}

fn within(object: &str, name: &str) -> Target {
    Target::Within { object: object.to_owned(), name: name.to_owned() }
}

fn joining(question: Question) -> Question {
    Question { joins: true, ..question }
}

fn get(known: &Known, name: &str) -> Result<HttpRequest, Error> {
    Ok(call(HttpMethod::Get, endpoint(known, name)?, None))
}

fn post(known: &Known, name: &str, content: &str) -> Result<HttpRequest, Error> {
    Ok(call(HttpMethod::Post, endpoint(known, name)?, Some(body(known, content, name)?)))
}

fn post_all(known: &Known, endpoints: &str, content: &str) -> Result<Vec<HttpRequest>, Error> {
    let body = body(known, content, endpoints)?;
    let urls = known.texts(endpoints)?;
    Ok(urls.into_iter().map(|url| call(HttpMethod::Post, url, Some(body.clone()))).collect())
}

fn body(known: &Known, content: &str, endpoint: &str) -> Result<String, Error> {
    match known.find(content)? {
        Some(value) => Ok(compact(value.get())),
        None => Err(Error::input(format!("Cannot find '{content}' to pass to {endpoint}"))),
    }
}

fn call(method: HttpMethod, url: String, body: Option<String>) -> HttpRequest {
    HttpRequest { method, url, headers: Vec::new(), body }
}

fn single(call: HttpRequest, target: Target) -> Result<Question, Error> {
    Ok(Question::new(http(vec![call], Pace::Together, reply::one)?, target))
}

fn several(calls: Vec<HttpRequest>, target: Target) -> Result<Question, Error> {
    Ok(Question::new(http(calls, Pace::Together, reply::all)?, target))
}

/// A request for these calls.
fn http(calls: Vec<HttpRequest>, pace: Pace, reading: Reading) -> Result<Want, Error> {
    let (count, most) = (calls.len(), HttpCalls::CALLS_MAX);
    if count > most {
        return Err(Error::Limit(format!("{count} web services are asked at once, at most {most} can be")));
    }
    Ok(Want::Ask(Request::Http(HttpCalls { calls, pace }), reading))
}
