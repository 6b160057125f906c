//! What is counted, and that there is a bound to it. The text as a whole is checked in `tests/oracle`.

use super::*;
use zencode::Cause;

fn sample(text: &str, series: &str) -> Option<String> {
    text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ').map(str::to_owned))
}

#[test]
fn a_count_is_rendered_with_its_type() {
    let metrics = Metrics::default();
    metrics.votes.inc();
    metrics.votes.inc();
    let text = metrics.render(None);
    assert!(text.contains("# TYPE zenswarm_oracle_votes counter\nzenswarm_oracle_votes_total 2\n"), "{text}");
}

#[test]
fn runs_are_counted_by_contract_and_outcome() {
    let metrics = Metrics::default();
    let ping = metrics.contract("ping");
    ping.ended(Outcome::Done);
    ping.ended(Outcome::Failed);
    ping.failed(Cause::Limit);
    let text = metrics.render(None);
    for (series, value) in [
        ("runs_total{contract=\"ping\",outcome=\"done\"}", "1"),
        ("runs_total{contract=\"ping\",outcome=\"failed\"}", "1"),
        ("runs_total{contract=\"ping\",outcome=\"cancelled\"}", "0"),
        ("failures_total{contract=\"ping\",kind=\"limit\"}", "1"),
        ("failures_total{contract=\"ping\",kind=\"syntax\"}", "0"),
    ] {
        let found = sample(&text, &format!("zenswarm_oracle_{series}"));
        assert_eq!(found.as_deref(), Some(value), "{series}\n{text}");
    }
}

#[test]
fn what_is_under_way_is_counted_while_it_is() {
    let metrics = Metrics::default();
    let series = "zenswarm_oracle_runs_under_way{contract=\"ping\"}";
    let run = metrics.contract("ping").under_way();
    assert_eq!(sample(&metrics.render(None), series).as_deref(), Some("1"));
    drop(run);
    assert_eq!(sample(&metrics.render(None), series).as_deref(), Some("0"));
}

#[test]
fn contracts_beyond_the_bound_are_counted_together() {
    let metrics = Metrics::default();
    for number in 0..CONTRACTS_MAX + 5 {
        metrics.contract(&format!("contract{number}")).ended(Outcome::Done);
    }
    let text = metrics.render(None);
    let series = "zenswarm_oracle_runs_total{contract=\"(others)\",outcome=\"done\"}";
    assert_eq!(sample(&text, series).as_deref(), Some("5"));
    assert_eq!(text.matches("zenswarm_oracle_runs_under_way{").count(), CONTRACTS_MAX + 1);
}

#[test]
fn the_certificates_end_is_there_when_there_is_a_certificate() {
    let metrics = Metrics::default();
    let series = "zenswarm_oracle_certificate_not_after_timestamp_seconds";
    assert_eq!(sample(&metrics.render(Some(1_900_000_000)), series).as_deref(), Some("1900000000"));
    assert_eq!(sample(&metrics.render(None), series), None);
}

#[test]
fn the_process_has_memory_files_and_an_age() {
    let text = Metrics::default().render(None);
    for series in ["process_resident_memory_bytes", "process_open_files", "process_start_time_seconds"] {
        let value: f64 = sample(&text, &format!("zenswarm_oracle_{series}")).unwrap().parse().unwrap();
        assert!(value > 1.0, "{series} {value}");
    }
}
