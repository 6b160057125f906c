//! The Zencode language: text and JSON in, JSON or a request to the host out.
//!
//! A contract is compiled once and started as often as there are inputs. A run is stepped: it ends
//! with its output, or asks the host for something only a host can do (the time, a web service, a
//! file), takes the answer and is stepped again. Nothing in this crate reads a file, a socket, a
//! clock or the entropy of the system.

mod arithmetic;
mod calendar;
mod codec;
mod comparison;
mod configuration;
mod contract;
mod control;
mod declared;
mod diagnostic;
mod encoding;
mod error;
mod export;
mod form;
mod given;
mod import;
mod json;
mod key_cache;
mod known;
mod layout;
mod library;
mod limits;
mod machine;
mod members;
mod message_pack;
mod number;
mod order;
mod picture;
mod point;
mod question;
mod request;
mod review;
mod rules;
mod run;
mod schema;
mod scheme;
mod sharing;
mod statement;
mod syntax;
mod table_order;
mod value;
mod version;
mod words;
mod written;

pub use codec::Shape;
pub use configuration::{Configuration, Scope};
pub use contract::{Contract, Effect, Library, Review, Use};
pub use declared::{Declarations, Declared, Input, InputPlace};
pub use diagnostic::{Cause, Concern, Diagnostic, Failure, Note, Warning};
pub use form::Form;
pub use key_cache::KeyCache;
pub use layout::normal_form;
pub use library::{ABSENT, Absent, LEGACY, LIBRARY, Legacy, Load, Scenario, UNSUPPORTED, distance};
pub use limits::Limits;
pub use request::{
    Answer, FilesRequest, GitCommit, GitRequest, HttpAnswer, HttpCalls, HttpMethod, HttpRequest,
    InfluxAction, InfluxRequest, Missing, Names, Pace, RedisCommand, RedisRequest, Request, SqlAction,
    SqlParameters, SqlRequest, SqlValue,
};
pub use run::{Inputs, Output, Run, Settings, Step};
pub use statement::{Phase, Statement};
pub use zencode_crypto::random::Seed;
