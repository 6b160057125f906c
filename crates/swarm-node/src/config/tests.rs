use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Result<Layer, ConfigError> {
    Layer::from_toml(text, "oracle.toml")
}

#[test]
fn the_committed_files_load() {
    for text in [include_str!("../../config.dev.toml"), include_str!("../../config.prod.toml")] {
        parse(text).unwrap().resolve().unwrap();
    }
}

#[test]
fn the_production_file_names_every_key() {
    let text = include_str!("../../config.prod.toml");
    for (key, _) in Layer::KEYS {
        // What excludes another, or has to exist, is a comment.
        let is_named = ["\n", "\n# "].iter().any(|start| text.contains(&format!("{start}{key} = ")));
        assert!(is_named, "{key} is missing");
    }
}

#[test]
fn a_misspelt_key_is_an_error_with_place_and_suggestion() {
    let error = parse("[oracle]\nstate = \"x\"\negress_alow = []\n").unwrap_err();
    assert_eq!(error.place, "oracle.toml:3");
    assert_eq!(error.hint, "did you mean `egress_allow`?");
}

#[test]
fn a_table_that_no_process_has_is_an_error() {
    assert!(parse("[oracel]\n").unwrap_err().message.contains("oracel"));
}

#[test]
fn a_time_without_unit_is_an_error_that_says_how_to_write_it() {
    let error = parse("[oracle]\nrun_timeout = \"30\"\n").unwrap_err();
    assert!(error.message.contains("ms, s, m or h"), "{error}");
    assert_eq!(error.place, "oracle.toml:2");
}

#[test]
fn the_environment_wins_over_the_file_and_a_flag_over_both() {
    let file = parse("[oracle]\nregion = \"file\"\noperator = \"file\"\nworkers = 1\n").unwrap();
    let environment = Layer::from_environment(|name| match name {
        "ZENSWARM_OPERATOR" => Some("environment".into()),
        "ZENSWARM_WORKERS" => Some("2".into()),
        "ZENSWARM_EGRESS_ALLOW" => Some("127.0.0.1/32, localhost:80".into()),
        _ => None,
    })
    .unwrap();
    let flags = Layer { workers: Some(3), ..Layer::default() };
    let layer = flags.over(environment).over(file);
    assert_eq!(layer.region.as_deref(), Some("file"));
    assert_eq!(layer.operator.as_deref(), Some("environment"));
    assert_eq!(layer.workers, Some(3));
    assert_eq!(layer.egress_allow.map(|it| it.len()), Some(2));
}

#[test]
fn a_wrong_variable_is_named() {
    let error =
        Layer::from_environment(|name| (name == "ZENSWARM_WORKERS").then(|| "many".into())).unwrap_err();
    assert_eq!(error.place, "ZENSWARM_WORKERS");
}

#[test]
fn a_state_folder_inside_the_contracts_is_refused() {
    let layer = Layer {
        state: Some("contracts/state".into()),
        contracts: Some("contracts".into()),
        ..Layer::default()
    };
    assert_eq!(layer.resolve().unwrap_err().place, "state");
}

#[test]
fn a_controller_without_its_key_is_refused() {
    let layer = Layer { controller: Some("http://127.0.0.1:1".parse().unwrap()), ..Layer::default() };
    assert_eq!(layer.resolve().unwrap_err().place, "issuer_key");
}

#[test]
fn zero_workers_and_endless_times_are_refused() {
    for text in ["workers = 0", "runs_max = 0", "run_timeout = \"0s\"", "egress_timeout = \"9999999h\""] {
        assert!(parse(&format!("[oracle]\n{text}\n")).unwrap().resolve().is_err(), "{text}");
    }
}

#[test]
fn the_distance_between_words_counts_their_edits() {
    assert_eq!(file::distance("kitten", "sitting"), 3);
    assert_eq!(file::distance("", "abc"), 3);
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in ".{0,200}", key in "[a-z_]{1,12}", value in ".{0,20}") {
        drop(parse(&text));
        drop(parse(&format!("[oracle]\n{key} = {value}\n")));
        drop(Layer::from_environment(|_| Some(text.clone())));
    }
}
