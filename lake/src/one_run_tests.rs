use super::*;

fn mark(pings_version: u64) -> RunMark {
    RunMark { run: RunId::new(), pings_version }
}

fn commit(lake: &Lake, table: InternalTable, mark: Option<RunMark>) {
    lake.replace(table).unwrap().commit(mark).unwrap();
}

#[test]
fn tables_of_two_runs_are_refused_wherever_the_first_one_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    assert_eq!(lake.one_run().unwrap(), None);
    let mut before = None;
    // Tables of a Kayoi that marked none come first, then two runs, one after the other.
    for next in [None, Some(mark(3)), Some(mark(9))] {
        for (number, table) in OF_A_RUN.into_iter().enumerate() {
            commit(&lake, table, next);
            let is_last = number + 1 == OF_A_RUN.len();
            match lake.one_run() {
                Ok(found) => assert!(is_last && found == next, "{number}: {found:?}"),
                Err(LakeError::MixedRuns { first: "stays", .. }) => assert!(!is_last),
                Err(other) => panic!("{other}"),
            }
        }
        assert_ne!(before, Some(next));
        before = Some(next);
    }
}

#[test]
fn a_mark_stands_in_the_commit_and_outlives_the_log_and_shows_among_no_positions() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mark = mark(7);
    commit(&lake, InternalTable::Ties, Some(mark));
    let mut ties = lake.table(InternalTable::Ties).unwrap();
    let commits = lake.block_on(ties.commits_since(0)).unwrap().unwrap();
    let note = commits[0].note("run").unwrap();
    assert_eq!(note["id"], mark.run.to_string());
    assert_eq!(note["pings_version"], 7);
    lake.block_on(ties.tidy_log()).unwrap();
    let log = folder.path().join("ties/_delta_log");
    for entry in log.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
        if entry.extension().is_some_and(|extension| extension == "json") {
            std::fs::remove_file(entry).unwrap();
        }
    }
    let ties = lake.table(InternalTable::Ties).unwrap();
    assert_eq!(lake.block_on(ties.run_mark()).unwrap(), Some(mark));
    assert!(lake.info(InternalTable::Ties).unwrap().unwrap().positions.is_empty());
}
