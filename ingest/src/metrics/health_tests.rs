use super::*;

fn after(health: &Health, seconds: u64) -> Result<(), String> {
    health.live_at(Instant::now() + Duration::from_secs(seconds))
}

#[test]
fn a_pipeline_that_turns_is_alive_and_one_that_stands_says_where() {
    let health = Health::default();
    health.at(Step::Decode);
    assert_eq!(after(&health, 170), Ok(()));
    let reason = after(&health, 190).unwrap_err();
    assert!(reason.contains("decoding") && reason.contains("180 s"), "{reason}");
    health.at(Step::Read);
    assert_eq!(health.live(), Ok(()));
}

#[test]
fn a_lake_that_is_away_for_minutes_is_no_reason_to_die() {
    let health = Health::default();
    health.at(Step::Commit);
    assert_eq!(after(&health, 590), Ok(()));
    assert!(after(&health, 610).unwrap_err().contains("committing"));
}

#[test]
fn readiness_needs_the_lake_and_the_group_if_there_is_one() {
    let health = Health::default();
    assert!(health.ready().unwrap_err().contains("lake"));
    health.lake_answered(true);
    assert_eq!(health.ready(), Ok(()), "files need no group");
    health.joined(false);
    assert!(health.ready().unwrap_err().contains("group"));
    health.joined(true);
    assert_eq!(health.ready(), Ok(()));
    health.lake_answered(false);
    assert!(health.ready().unwrap_err().contains("refused"));
}
