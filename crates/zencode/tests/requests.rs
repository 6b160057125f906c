//! Requests to the host: what is asked, in which order, and where the answers go.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use zencode::{
    Answer, Contract, FilesRequest, HttpAnswer, HttpCalls, HttpMethod, HttpRequest, Inputs, Library, Limits,
    Request, Seed, Settings, Step,
};

/// A run whose host answers the requests in turn: what was asked, and how it ended.
fn run(text: &str, data: &str, keys: &str, answers: Vec<Answer>) -> (Vec<Request>, Result<String, String>) {
    let contract = Contract::compile(text, Library::Connectors, &Limits::default()).unwrap();
    let settings = Settings { seed: Seed::Fresh([7; 32]), now_ms: 0, limits: Limits::default() };
    let mut run = contract.start(Inputs { extra: "", data, keys }, settings).unwrap();
    let (mut asked, mut answers) = (Vec::new(), answers.into_iter());
    loop {
        match run.step() {
            Ok(Step::Done(output)) => return (asked, Ok(output.json)),
            Ok(Step::Ask(request)) => {
                asked.push(request);
                run.answer(answers.next().expect("the contract asks no more than expected"));
            }
            Err(failure) => return (asked, Err(failure.diagnostic.to_string())),
        }
    }
}

fn fault(text: &str) -> String {
    let fault = Contract::compile(text, Library::Connectors, &Limits::default()).unwrap_err();
    format!("{fault}\n{}", fault.hint.as_deref().unwrap_or_default())
}

fn json(text: &str) -> Answer {
    Answer::Json(text.into())
}

fn response(status: u16, body: &str) -> HttpAnswer {
    HttpAnswer::Response { status, body: body.into() }
}

fn call(method: HttpMethod, url: &str, body: Option<&str>) -> HttpRequest {
    HttpRequest { method, url: url.into(), headers: Vec::new(), body: body.map(str::to_owned) }
}

fn calls(asked: &[Request]) -> Vec<HttpRequest> {
    let [Request::Http(HttpCalls { calls, .. })] = asked else { panic!("{asked:?}") };
    calls.clone()
}

#[test]
fn a_request_sees_what_the_ones_before_it_brought() {
    let text = "Given I send path 'first' and read verbatim file content and output into 'second'\n\
                Given I send path 'second' and read verbatim file content and output into 'verse'\n\
                Given I have a 'string' named 'verse'\nThen print the 'verse'\n";
    let answers = vec![json("\"b.txt\""), json("\"Tanto gentile\"")];
    let (asked, printed) = run(text, "{\"first\":\"a.txt\"}", "", answers);
    let read = |path: &str| Request::Files(FilesRequest::Text { path: path.into() });
    assert_eq!(asked, [read("a.txt"), read("b.txt")]);
    assert_eq!(printed.as_deref(), Ok("{\"verse\":\"Tanto gentile\"}"));
}

const SUBMIT: &str = "{\"url\":\"https://a.example\",\"o\":{\"n\":1},\"h\":{\"x-a\":\"1\"}}";

#[test]
fn the_order_of_what_is_sent_is_free() {
    let sentences = [
        "Given I connect to 'url' and send object 'o' and send headers 'h' and do put and output into 'r'",
        "Given I connect to 'url' and send headers 'h' and send object 'o' and do put and output into 'r'",
        "given I connect to 'url' and Send headers 'h' and send object 'o' and DO put and output into 'r'",
        "Prepare 'r': connect to 'url' and do put with object 'o', headers 'h'",
        "Before 'r' : connect to 'url' and do put where headers is 'h', object is 'o'",
    ];
    for sentence in sentences {
        let text = format!("{sentence}\nGiven I have a 'string dictionary' named 'r'\nThen print the 'r'\n");
        let (asked, printed) = run(&text, SUBMIT, "", vec![Answer::Http(vec![response(200, "done")])]);
        let call = &calls(&asked)[0];
        assert_eq!((call.method, call.body.as_deref()), (HttpMethod::Put, Some("{\"n\":1}")), "{sentence}");
        assert_eq!(call.headers, [("x-a".to_owned(), "1".to_owned())], "{sentence}");
        let expected = "{\"r\":{\"result\":\"done\",\"status\":\"200\"}}";
        assert_eq!(printed.as_deref(), Ok(expected), "{sentence}");
    }
}

#[test]
fn a_request_that_follows_the_run_sees_its_output_and_adds_to_it() {
    let text = "Given I have a 'string' named 'letter'\nThen print the 'letter'\n\
                Then I connect to 'url' and send object 'letter' and do post and output into 'receipt'\n";
    let data = "{\"letter\":\"Dear Ada\",\"url\":\"https://a.example\"}";
    let (asked, printed) = run(text, data, "", vec![Answer::Http(vec![response(201, "{\"z\":1.50}")])]);
    assert_eq!(calls(&asked), [call(HttpMethod::Post, "https://a.example", Some("\"Dear Ada\""))]);
    let expected = "{\"letter\":\"Dear Ada\",\"receipt\":{\"status\":\"201\",\"result\":{\"z\":1.50}}}";
    assert_eq!(printed.as_deref(), Ok(expected));
}

#[test]
fn the_second_form_of_a_request_that_follows_is_compute() {
    let text = "Given I have a 'string' named 'letter'\nThen print the 'letter'\n\
                Compute 'now': fetch the local timestamp in seconds\n";
    let (asked, printed) = run(text, "{\"letter\":\"a\"}", "", vec![Answer::Time(1_714_550_400_999)]);
    assert_eq!(asked, [Request::Time]);
    assert_eq!(printed.as_deref(), Ok("{\"letter\":\"a\",\"now\":\"1714550400\"}"));
}

#[test]
fn a_secret_is_a_key_and_no_output() {
    let text = "Given I have a 'string' named 'letter'\nThen print the 'letter'\n\
                Then I send path 'p' and read verbatim file content and output secret into 'token'\n\
                Then I connect to 'url' and send object 'token' and do post\n";
    let data = "{\"letter\":\"a\",\"p\":\"token\",\"url\":\"https://a.example\"}";
    let answers = vec![json("\"s3cret\""), Answer::Http(vec![response(200, "")])];
    let (asked, printed) = run(text, data, "", answers);
    assert_eq!(calls(&asked[1..])[0].body.as_deref(), Some("\"s3cret\""));
    assert_eq!(printed.as_deref(), Ok("{\"letter\":\"a\"}"));
}

#[test]
fn nothing_takes_a_member_of_the_output_away() {
    let text = "Given I have a 'string' named 'a'\nGiven I have a 'string' named 'b'\nThen print the 'a'\n\
                Then print the 'b'\nThen I manipulate and delete and output into 'b'\n";
    let (_, printed) = run(text, "{\"a\":\"1\",\"b\":\"2\"}", "", Vec::new());
    assert_eq!(printed.as_deref(), Ok("{\"a\":\"1\"}"));
}

#[test]
fn a_body_keeps_every_digit_and_the_names_of_its_members() {
    let text = "Given I have a endpoint named 'url'\n\
                Given I connect to 'url' and pass it the content of 'my post' and save the output into 'r'\n\
                Given I have a 'string dictionary' named 'r'\nThen print the 'r'\n";
    let data = "{\"url\":\"https://a.example\",\"my post\":{ \"a b\": 1714550400123, \"c\": 0.10000000001 }}";
    let (asked, _) = run(text, data, "", vec![Answer::Http(vec![response(200, "x")])]);
    assert_eq!(calls(&asked)[0].body.as_deref(), Some("{\"a b\":1714550400123,\"c\":0.10000000001}"));
}

#[test]
fn the_keyring_is_sent_nowhere() {
    let text =
        "Given I connect to 'url' and send object 'keyring' and do post\nGiven nothing\nThen print data\n";
    let (asked, ended) =
        run(text, "{\"url\":\"https://a.example\"}", "{\"keyring\":{\"eddsa\":\"x\"}}", Vec::new());
    assert!(asked.is_empty() && ended.unwrap_err().contains("Cannot find 'keyring'"));
}

#[test]
fn parallel_lines_are_one_request() {
    let text = "Given I execute parallel GET to 'a' and save the result named 'x' within the object 'all'\n\
                Given I execute parallel POST with 'o' to 'b' and save the result named 'y' within the object 'all'\n\
                Given I execute parallel GET to array 'c' and save the result named 'z' within the object 'all'\n\
                Given I have a 'string dictionary' named 'all'\nThen print the 'all'\n";
    let data = "{\"a\":\"http://a\",\"b\":\"http://b\",\"c\":[\"http://c\",\"http://d\"],\"o\":[1]}";
    let down = HttpAnswer::Unreachable { code: "ECONNREFUSED".into() };
    let answers = vec![response(200, "\"A\""), response(500, "B"), down, response(204, "")];
    let (asked, printed) = run(text, data, "", vec![Answer::Http(answers)]);
    let urls: Vec<_> = calls(&asked).iter().map(|call| format!("{call:?}")).collect();
    assert_eq!(urls, ["GET http://a", "POST http://b", "GET http://c", "GET http://d"]);
    let expected = "{\"all\":{\"x\":{\"result\":\"A\",\"status\":200},\"y\":{\"result\":\"B\",\"status\":500},\
                    \"z\":[{\"result\":\"\",\"status\":\"ECONNREFUSED\"},{\"result\":\"\",\"status\":204}]}}";
    assert_eq!(printed.as_deref(), Ok(expected));
}

#[test]
fn each_address_gets_the_item_of_its_place() {
    let data = "{\"urls\":[\"http://a\",\"http://b\",\"http://c\"],\"items\":[1,{\"n\":2}]}";
    let text = "Given I connect to 'urls' and send object 'items' and do parallel post and output into 'r'\n\
                Given I have a 'string array' named 'r'\nThen print the 'r'\n";
    let answers = (0..3).map(|_| response(200, "ok")).collect();
    let (asked, _) = run(text, data, "", vec![Answer::Http(answers)]);
    let bodies: Vec<_> = calls(&asked).into_iter().map(|call| call.body).collect();
    assert_eq!(bodies, [Some("1".into()), Some("{\"n\":2}".into()), None]);
    let (asked, _) = run(&text.replace("parallel", "same"), data, "", vec![Answer::Http(Vec::new())]);
    assert!(calls(&asked).iter().all(|call| call.body.as_deref() == Some("[1,{\"n\":2}]")));
}

#[test]
fn a_text_that_is_no_json_is_sent_as_it_is() {
    let text = "Given I connect to 'url' and send object 'o' and send headers 'h' and do post\n\
                Given nothing\nThen print data\n";
    let data = "{\"url\":\"http://a\",\"o\":\"a=1&b=2\",\"h\":{\"Content-Type\":\"application/x-www-form-urlencoded\"}}";
    let (asked, _) = run(text, data, "", vec![Answer::Http(vec![response(200, "")])]);
    assert_eq!(calls(&asked)[0].body.as_deref(), Some("a=1&b=2"));
}

#[test]
fn a_line_of_a_log_may_stand_in_the_contract() {
    let text = "Given nothing\nThen print the string 'done'\n\
                Then I append the string 'The run is over' to the logfile in 'my runs.log'\n";
    let (asked, _) = run(text, "", "", vec![json("null")]);
    let expected = Request::Log { path: "my runs.log".into(), lines: vec!["The run is over".into()] };
    assert_eq!(asked, [expected]);
}

#[test]
fn a_contract_of_restroom_runs_as_it_is() {
    let text = "Rule caller restroom-mw\nGiven that I have an endpoint named 'endpoint'\n\
                Given this line belongs to something else\n\
                Given I connect to 'endpoint' and save the output into 'reply'\n\
                Given I have a 'string dictionary' named 'reply'\nThen print all data\n\
                Then I pass the output to 'endpoint'\n";
    let answers =
        vec![Answer::Http(vec![response(200, "\"x\"")]), Answer::Http(vec![response(200, "thanks")])];
    let (asked, printed) = run(text, "{\"endpoint\":\"http://a\"}", "", answers);
    let expected = "{\"reply\":{\"result\":\"x\",\"status\":200}}";
    assert_eq!(calls(&asked[1..]), [call(HttpMethod::Post, "http://a", Some(expected))]);
    assert_eq!(printed.as_deref(), Ok(expected));
}

#[test]
fn an_output_that_is_not_taken_ends_the_run() {
    let text = "Given nothing\nThen print the string 'done'\nThen I pass the output to 'url'\n";
    for answer in [response(500, ""), HttpAnswer::Unreachable { code: "ETIMEDOUT".into() }] {
        let (_, ended) = run(text, "", "{\"url\":\"http://a\"}", vec![Answer::Http(vec![answer])]);
        assert!(ended.is_err());
    }
}

#[test]
fn a_refusal_names_its_line() {
    let text =
        "Given I send path 'p' and read file content and output into 'x'\nGiven nothing\nThen print data\n";
    let (_, ended) = run(text, "{\"p\":\"../x\"}", "", vec![Answer::Refused("it leads out".into())]);
    let message = ended.unwrap_err();
    assert!(message.contains("it leads out") && message.contains('1'), "{message}");
}

#[test]
fn an_answer_of_the_wrong_kind_ends_the_run() {
    let text =
        "Given I send path 'p' and read file content and output into 'x'\nGiven nothing\nThen print data\n";
    for answer in [Answer::Time(1), Answer::Http(Vec::new()), json("{"), json("")] {
        assert!(run(text, "{\"p\":\"x\"}", "", vec![answer]).1.is_err());
    }
}

#[test]
fn what_is_sent_in_vain_twice_or_not_at_all_is_told() {
    let rest = "\nGiven nothing\nThen print data\n";
    let given = |line: &str| fault(&format!("{line}{rest}"));
    assert!(given("Given I connect to 'x' and send body 'y' and do post").contains("takes object, headers"));
    assert!(given("Given I send path 'x' and send path 'y' and read file content").contains("twice"));
    assert!(given("Given I send path 'x' and store in file").contains("needs a content"));
    assert!(given("Given I connect to 'x' and do pots").contains("did you mean: connect to 'address'"));
    assert!(
        given("Given I send path 'x' and reed file content").contains("and read file content and output")
    );
}

#[test]
fn an_unknown_name_is_told() {
    let text = "Given I send path 'nowhere' and read file content\nGiven nothing\nThen print data\n";
    assert!(run(text, "", "", Vec::new()).1.unwrap_err().contains("Cannot find 'nowhere'"));
}

#[test]
fn a_contract_tells_which_lines_ask_and_which_of_them_write() {
    let text = "Given I fetch the local timestamp and store it into 'now'\nGiven I have a 'string' named 'now'\n\
                Then print the 'now'\nThen I send content 'now' and send path 'p' and store in file\n\
                Then I append the string 'x' to the logfile in 'y'\nCompute: connect to 'u' and do post with object 'now'\n";
    let contract = Contract::compile(text, Library::Connectors, &Limits::default()).unwrap();
    let effects: Vec<_> = contract.effects().iter().map(|effect| (effect.line, effect.writes)).collect();
    assert_eq!(effects, [(1, false), (4, true), (5, true), (6, false)]);
    assert_eq!(contract.uses().len(), 6);
}

#[test]
fn without_connectors_the_sentences_are_unknown() {
    let text = "Given I send path 'x' and read file content\nGiven nothing\nThen print data\n";
    assert!(Contract::compile(text, Library::Language, &Limits::default()).is_err());
}

const INSIDE: &str = "Given I send script 's' and send data 'd' and send keys 'k' and execute zencode and output into 'r'\n\
                      Given I have a 'string dictionary' named 'r'\nThen print the 'r'\n";

fn inside(script: &str) -> Result<String, String> {
    let data = format!("{{\"s\":{script:?},\"d\":{{}},\"k\":{{}}}}");
    run(INSIDE, &data, "", Vec::new()).1
}

#[test]
fn a_contract_inside_asks_the_host_for_nothing() {
    let ended = inside("Given I send path 'x' and read file content\nGiven nothing\nThen print data\n");
    assert!(ended.unwrap_err().contains("does not compile"));
    let again =
        "Given I send script 's' and send data 'd' and send keys 'k' and execute zencode\nThen print data\n";
    assert!(inside(again).is_err());
}

#[test]
fn the_statements_of_contracts_inside_count_together() {
    let script = "Given I have a 'string array' named 'a'\nWhen I create the new array\nForeach 'i' in 'a'\n\
                  When I copy 'i' in 'new array'\nEndForeach\nThen print the string 'x'\n";
    let data = format!("{{\"s\":{script:?},\"d\":{{\"a\":[\"1\",\"2\"]}},\"k\":{{}}}}");
    let text = INSIDE.lines().next().unwrap().to_owned() + "\n";
    let twice = format!("{text}{}Given nothing\nThen print the string 'done'\n", text.replace("'r'", "'q'"));
    let with = |statements_max| {
        let limits = Limits { statements_max, ..Limits::default() };
        let contract = Contract::compile(&twice, Library::Connectors, &limits).unwrap();
        let settings = Settings { seed: Seed::Fresh([7; 32]), now_ms: 0, limits };
        let mut run = contract.start(Inputs { data: &data, ..Inputs::default() }, settings).unwrap();
        run.step().map_err(|failure| failure.diagnostic.to_string())
    };
    assert!(with(15).unwrap_err().contains("limit exceeded"));
}

#[test]
fn two_contracts_inside_draw_different_numbers() {
    let script = "Given nothing\nWhen I create the random of '256' bits\nThen print the 'random'\n";
    let data = format!("{{\"s\":{script:?},\"d\":{{}},\"k\":{{}}}}");
    let text = "Given I send script 's' and send data 'd' and send keys 'k' and execute zencode and output into 'r'\n\
                Given I send script 's' and send data 'd' and send keys 'k' and execute zencode and output into 'q'\n\
                Given I have a 'string dictionary' named 'r'\nGiven I have a 'string dictionary' named 'q'\n\
                When I verify 'r' is not equal to 'q'\nThen print the 'r'\n";
    let (_, printed) = run(text, &data, "", Vec::new());
    printed.unwrap();
}
