//! Against a small server that checks requests as InfluxDB's manual describes them: no registry here has InfluxDB
//! itself.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;

use super::*;
use crate::connector::trial::{OCTETS_MAX, dialer, impatient, loopback};
use crate::server::{Server, Socket};

/// An answer as the manual shows it: two tables, the second with other columns, and a quoted line end.
const ANSWER: &str = "#datatype,string,long,dateTime:RFC3339,double,string,boolean\r\n\
    #group,false,false,false,false,true,false\r\n\
    #default,_result,,,,,\r\n\
    ,result,table,_time,_value,room,open\r\n\
    ,,0,2026-01-01T00:00:00Z,21.5,\"hall, \"\"big\"\"\",true\r\n\
    ,,0,2026-01-01T00:01:00Z,,\"two\r\nlines\",false\r\n\
    \r\n\
    #datatype,string,long,unsignedLong,duration\r\n\
    #group,false,false,true,true\r\n\
    #default,_result,,7,\r\n\
    ,result,table,count,span\r\n\
    ,,1,18446744073709551615,1h\r\n\
    ,other,1,,\r\n\
    \r\n";

async fn serve() -> Server {
    let query = |headers: HeaderMap, RawQuery(options): RawQuery, body: String| async move {
        let body: Value = serde_json::from_str(&body).unwrap();
        let fits = options.as_deref() == Some("org=my+org")
            && headers["authorization"] == "Token t0k3n"
            && headers["content-type"] == "application/json"
            && headers["accept"] == "application/csv"
            && body["type"] == "flux"
            && body["dialect"]["annotations"] == json!(["datatype", "group", "default"]);
        match body["query"].as_str() {
            _ if !fits => (StatusCode::BAD_REQUEST, "{\"message\":\"not as the manual says\"}".to_owned()),
            Some("wrong") => {
                (StatusCode::BAD_REQUEST, "{\"code\":\"invalid\",\"message\":\"no such thing\"}".into())
            }
            Some("large") => (StatusCode::OK, "x".repeat(OCTETS_MAX + 1)),
            Some("half") => {
                let failed = "#datatype,string,string\n#group,true,true\n#default,,\n,error,reference\n,too slow,897\n";
                (StatusCode::OK, failed.to_owned())
            }
            _ => (StatusCode::OK, ANSWER.to_owned()),
        }
    };
    let write = |headers: HeaderMap, RawQuery(options): RawQuery, body: String| async move {
        let fits = options.as_deref() == Some("org=my+org&bucket=b%261&precision=ns")
            && headers["authorization"] == "Token t0k3n"
            && headers["content-type"] == "text/plain; charset=utf-8"
            && body == "air,room=hall t=21.5 1767225600000000000\n";
        if fits { StatusCode::NO_CONTENT } else { StatusCode::BAD_REQUEST }
    };
    let router = Router::new()
        .route("/db/api/v2/query", post(query))
        .route("/db/api/v2/write", post(write))
        .route("/silent/api/v2/query", post(std::future::pending::<String>))
        .route("/closed/api/v2/query", post(|| async { StatusCode::UNAUTHORIZED }));
    Socket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap().serve(router)
}

async fn ask(dialer: Arc<Dialer>, path: &str, action: InfluxAction) -> Result<String, Fault> {
    let server = serve().await;
    let request = InfluxRequest {
        url: format!("http://{}{path}", server.local_addr()),
        token: "t0k3n".to_owned(),
        organisation: "my org".to_owned(),
        action,
    };
    Influx::new(dialer).answer(request, &Scope::default()).await
}

fn query(queries: &[&str]) -> InfluxAction {
    InfluxAction::Query(queries.iter().map(|it| (*it).to_owned()).collect())
}

async fn refused(path: &str, action: InfluxAction) -> String {
    ask(loopback(), path, action).await.unwrap_err().to_string()
}

#[tokio::test]
async fn rows_have_the_types_of_their_columns() {
    let rows = ask(loopback(), "/db/", query(&["from(bucket: \"b\")"])).await.unwrap();
    let expected = json!([
        { "result": "_result", "table": 0, "_time": "2026-01-01T00:00:00Z", "_value": 21.5,
          "room": "hall, \"big\"", "open": true },
        { "result": "_result", "table": 0, "_time": "2026-01-01T00:01:00Z", "_value": null,
          "room": "two\r\nlines", "open": false },
        { "result": "_result", "table": 1, "count": "18446744073709551615", "span": "1h" },
        { "result": "other", "table": 1, "count": 7, "span": null },
    ]);
    assert_eq!(rows, expected.to_string());
}

#[tokio::test]
async fn several_queries_give_one_array() {
    let rows = ask(loopback(), "/db", query(&["a", "b"])).await.unwrap();
    assert_eq!(serde_json::from_str::<Vec<Value>>(&rows).unwrap().len(), 8);
    assert_eq!(ask(loopback(), "/db", query(&[])).await.unwrap(), "[]");
}

#[tokio::test]
async fn lines_are_written() {
    let lines = "air,room=hall t=21.5 1767225600000000000\n".to_owned();
    let write = InfluxAction::Write { bucket: "b&1".to_owned(), lines };
    assert_eq!(ask(loopback(), "/db", write).await.unwrap(), "null");
}

#[tokio::test]
async fn what_the_server_refuses_is_told() {
    assert!(refused("/db", query(&["wrong"])).await.ends_with("refused: 400 Bad Request no such thing"));
    assert!(refused("/db", query(&["half"])).await.ends_with("refused: too slow"));
    assert!(refused("/closed", query(&["a"])).await.contains("refused: the token"));
    assert!(refused("/missing", query(&["a"])).await.contains("404 Not Found"));
}

#[tokio::test]
async fn an_answer_beyond_its_limit_is_refused() {
    assert!(refused("/db", query(&["large"])).await.contains("gave more than 100000 octets"));
}

#[tokio::test]
async fn a_server_that_says_nothing_is_a_timeout() {
    let error = ask(impatient(), "/silent", query(&["a"])).await.unwrap_err();
    assert!(matches!(error, Fault::Timeout { .. }), "{error}");
}

#[tokio::test]
async fn loopback_is_refused_unless_it_is_allowed() {
    let strict = dialer(&[], std::time::Duration::from_secs(5));
    let error = ask(strict, "/db", query(&["a"])).await.unwrap_err();
    assert!(matches!(error, Fault::Forbidden { .. }), "{error}");
}

#[tokio::test]
async fn what_is_no_address_is_refused_without_being_quoted() {
    for url in ["", "secret", "ftp://h/", "http://u:secret@h/", "http://h/?secret"] {
        let request = InfluxRequest {
            url: url.to_owned(),
            token: String::new(),
            organisation: String::new(),
            action: query(&["a"]),
        };
        let error = Influx::new(loopback()).answer(request, &Scope::default()).await.unwrap_err().to_string();
        assert!(error.contains("are not the address of InfluxDB") && !error.contains("secret"), "{error}");
    }
}

#[test]
fn no_answer_breaks_the_reader() {
    for csv in [
        "",
        "\n",
        ",",
        "#datatype",
        "a,b\n1",
        "#datatype,long\n,n\n,x\n",
        "#default,,\n,,\n,,,,,\n",
        "\"",
        "\0",
    ] {
        drop(annotated::read(csv.as_bytes(), &mut Vec::new()));
    }
}
