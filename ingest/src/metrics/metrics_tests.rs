use kayoi_schemas::ping::RejectReason;
use kayoi_schemas::time::UtcMillis;

use super::*;
use crate::partner::PartnerCounts;

fn summary(partner: &str) -> Summary {
    let counts = PartnerCounts {
        stored: 7,
        rejected: BTreeMap::from([(RejectReason::Malformed, 2)]),
        newest: Some(UtcMillis(1_700_000_000_500)),
    };
    let mut summary = Summary { commits: 1, ..Summary::default() };
    summary.records.late = 3;
    summary.records.duplicates = 4;
    summary.partners.insert(partner.to_owned(), counts);
    summary
}

fn value(text: &str, name: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

#[test]
fn the_list_of_metrics_is_the_documented_one() {
    let listed: Vec<String> = Metrics::names().collect();
    let documented: Vec<&str> = include_str!("../../../deploy/metrics.txt").lines().collect();
    assert_eq!(listed, documented, "write the list anew into deploy/metrics.txt");
}

#[test]
fn names_follow_the_rules_of_prometheus() {
    for family in families::ALL {
        let name = family.name;
        assert!(
            name.starts_with("kayoi_") && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
            "{name}"
        );
        assert_eq!(name.ends_with("_total"), family.kind == families::Kind::Counter, "{name}");
        assert!(!family.help.contains(['\n', '\\']), "{name}");
    }
}

#[test]
fn every_metric_without_labels_is_there_before_anything_happens() {
    let text = Metrics::default().text();
    for family in families::ALL.iter().filter(|f| f.labels.is_empty() && f.kind != families::Kind::Histogram)
    {
        assert!(value(&text, family.name).is_some(), "{}\n{text}", family.name);
    }
    assert_eq!(value(&text, "kayoi_commit_seconds_count"), Some(0.0));
    assert_eq!(value(&text, "kayoi_up"), Some(1.0));
    assert!(value(&text, "kayoi_memory_bytes").unwrap() > 1e6);
}

#[test]
fn the_text_has_every_metric_under_its_documented_name() {
    let text = Metrics::default().text();
    for family in families::ALL {
        let (name, help, kind) = (family.name, family.help, family.kind.as_str());
        assert!(text.contains(&format!("# HELP {name} {help}\n# TYPE {name} {kind}\n")), "{name}\n{text}");
    }
    assert!(text.contains("\nkayoi_up 1\n") && text.contains("\nkayoi_commits_total 0\n"), "{text}");
    assert!(text.contains("kayoi_commit_seconds_bucket{le=\"1\"} 0\n"), "{text}");
    assert!(text.contains(&format!("kayoi_build_info{{version=\"{}\"}} 1\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn a_commit_counts_by_partner_and_reason() {
    let metrics = Metrics::default();
    metrics.committed(&summary("a"), Duration::from_millis(300));
    metrics.committed(&summary("a"), Duration::from_secs(500));
    let text = metrics.text();
    assert_eq!(value(&text, "kayoi_pings_stored_total{partner=\"a\"}"), Some(14.0));
    assert_eq!(value(&text, "kayoi_records_rejected_total{partner=\"a\",reason=\"malformed\"}"), Some(4.0));
    assert_eq!(value(&text, "kayoi_pings_late_total"), Some(6.0));
    assert_eq!(value(&text, "kayoi_duplicates_total"), Some(8.0));
    assert_eq!(value(&text, "kayoi_commits_total"), Some(2.0));
    assert_eq!(value(&text, "kayoi_watermark_seconds{partner=\"a\"}"), Some(1_700_000_000.5));
    assert_eq!(value(&text, "kayoi_commit_seconds_bucket{le=\"0.25\"}"), Some(0.0));
    assert_eq!(value(&text, "kayoi_commit_seconds_bucket{le=\"0.5\"}"), Some(1.0));
    assert_eq!(value(&text, "kayoi_commit_seconds_bucket{le=\"+Inf\"}"), Some(2.0));
    assert_eq!(value(&text, "kayoi_commit_seconds_sum"), Some(500.3));
}

#[test]
fn a_flush_that_left_everything_out_is_no_commit() {
    let metrics = Metrics::default();
    metrics.committed(&Summary::default(), Duration::from_secs(1));
    assert_eq!(value(&metrics.text(), "kayoi_commit_seconds_count"), Some(0.0));
}

#[test]
fn lag_is_what_the_lake_lacks_of_partitions_read_here() {
    let metrics = Metrics::default();
    let lag = |partition| {
        value(&metrics.text(), &format!("kayoi_lag_records{{topic=\"t\",partition=\"{partition}\"}}"))
    };
    metrics.assigned("t", 0, 40, 100);
    metrics.assigned("t", 1, 0, 5);
    metrics.saw_end("t", 0, 130);
    metrics.saw_end("t", 9, 1000);
    assert_eq!((lag(0), lag(1), lag(9)), (Some(90.0), Some(5.0), None));
    let feed = Arc::new(Feed::new("a"));
    let stream = Arc::new(Stream::new("job/kafka/t/0".into(), feed, "t".into(), 0));
    metrics.reached(&[(Arc::clone(&stream), 130)]);
    assert_eq!(lag(0), Some(0.0));
    stream.lose();
    metrics.reached(&[(stream, 10)]);
    assert_eq!(lag(0), Some(0.0), "a stream that was lost says nothing any more");
    metrics.gave_up("t", 0);
    assert_eq!(lag(0), None);
    assert_eq!(value(&metrics.text(), "kayoi_partitions_assigned"), Some(1.0));
}

#[test]
fn a_name_with_a_quote_stays_one_label() {
    let metrics = Metrics::default();
    metrics.fetched("a\"b\\c\nd", 5);
    assert!(metrics.text().contains("kayoi_bytes_read_total{topic=\"a\\\"b\\\\c\\nd\"} 5\n"));
}

#[test]
fn clones_see_the_same() {
    let metrics = Metrics::default();
    metrics.clone().lost(3);
    metrics.clone().commit_failed();
    let text = metrics.text();
    assert_eq!(value(&text, "kayoi_lost_records_total"), Some(3.0));
    assert_eq!(value(&text, "kayoi_commit_failures_total"), Some(1.0));
    assert!(metrics.health().ready().is_err());
}
