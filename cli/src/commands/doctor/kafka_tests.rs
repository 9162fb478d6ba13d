use super::*;

fn partition(number: i32, ends: (i64, i64)) -> PartitionReport {
    PartitionReport {
        number,
        source_id: format!("ingest/kafka/t/{number}"),
        has_leader: true,
        replicas: 3,
        in_sync: 3,
        ends: Some(ends.into()),
    }
}

fn topic_of(partitions: Vec<PartitionReport>) -> TopicReport {
    TopicReport {
        name: "t".to_owned(),
        partitions,
        retention_ms: Some(7 * 24 * HOUR_MS),
        cleanup_policy: Some("delete".to_owned()),
        ..TopicReport::default()
    }
}

fn position(stored: i64) -> BTreeMap<String, i64> {
    BTreeMap::from([("ingest/kafka/t/0".to_owned(), stored)])
}

fn worst(findings: &[Finding]) -> State {
    findings.iter().map(|finding| finding.state).max().unwrap()
}

#[test]
fn records_that_kafka_no_longer_has_are_counted() {
    let topic = topic_of(vec![partition(0, (100, 200))]);
    let stops = reach(&topic, &position(60), false);
    assert_eq!(worst(&stops), State::Problem);
    assert!(stops[0].says.contains("40 records are gone, from offset 60 to 100"), "{}", stops[0]);
    assert_eq!(worst(&reach(&topic, &position(60), true)), State::Warning);
}

#[test]
fn a_topic_that_was_made_anew_is_a_problem_even_when_lost_records_may_be_skipped() {
    let topic = topic_of(vec![partition(0, (0, 200))]);
    let findings = reach(&topic, &position(201), true);
    assert_eq!(worst(&findings), State::Problem);
    assert!(findings[0].to_string().contains("hint: read it under another job"), "{}", findings[0]);
}

#[test]
fn what_waits_is_said_with_the_partitions_that_are_new() {
    let topic = topic_of(vec![partition(0, (100, 200)), partition(1, (0, 7))]);
    let findings = reach(&topic, &position(150), false);
    assert_eq!(worst(&findings), State::Ok);
    assert!(findings[0].says.contains("57 records wait, 1 partitions were never read"), "{}", findings[0]);
}

#[test]
fn a_healthy_topic_has_one_finding_and_a_sick_one_none_that_is_ok() {
    let healthy = topic(&topic_of(vec![partition(0, (0, 1))]), 3);
    assert_eq!((healthy.len(), worst(&healthy)), (1, State::Ok));
    let sick = |change: fn(&mut TopicReport)| {
        let mut report = topic_of(vec![partition(0, (0, 1))]);
        change(&mut report);
        let findings = topic(&report, 3);
        assert!(findings.iter().all(|f| f.state > State::Skipped && !f.why.is_empty() && f.hint.is_some()));
        worst(&findings)
    };
    assert_eq!(sick(|topic| topic.is_missing = true), State::Problem);
    assert_eq!(sick(|topic| topic.refused = Some("not authorised".to_owned())), State::Problem);
    assert_eq!(sick(|topic| topic.partitions[0].has_leader = false), State::Problem);
    assert_eq!(sick(|topic| topic.partitions[0].ends = None), State::Problem);
    assert_eq!(sick(|topic| topic.partitions[0].in_sync = 2), State::Warning);
    assert_eq!(sick(|topic| topic.retention_ms = Some(HOUR_MS)), State::Warning);
    assert_eq!(sick(|topic| topic.cleanup_policy = Some("compact,delete".to_owned())), State::Warning);
}

#[test]
fn retention_for_ever_is_fine_and_an_unknown_one_is_said() {
    let kept = |retention_ms| topic(&TopicReport { retention_ms, ..topic_of(vec![partition(0, (0, 1))]) }, 3);
    assert_eq!(worst(&kept(Some(-1))), State::Ok);
    assert_eq!(worst(&kept(None)), State::Skipped);
}

#[test]
fn one_name_for_a_cluster_of_three_is_a_start_that_depends_on_one_node() {
    let report = |brokers: &[&str]| ClusterReport {
        brokers: brokers.iter().map(|broker| (*broker).to_owned()).collect(),
        topics: Vec::new(),
    };
    assert_eq!(brokers("a:1", &report(&["a:1", "b:1", "c:1"])).state, State::Warning);
    assert_eq!(brokers("a:1,b:1", &report(&["a:1", "b:1", "c:1"])).state, State::Ok);
    assert_eq!(brokers("a:1", &report(&["a:1"])).state, State::Ok);
}
