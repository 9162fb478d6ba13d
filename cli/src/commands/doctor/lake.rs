//! The lake: is it there, does the store keep two writers apart, can its tables be read?
//!
//! In: its place. Out: findings, a handle for the checks after it, and the positions of the table of pings.
//! The clock is compared with that of a bucket here, as the probe file carries the store's own time.

use std::collections::BTreeMap;
use std::path::Path;

use kayoi_lake::maintain::TableInfo;
use kayoi_lake::{Lake, Lifecycle, Location};
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::{Clock, UtcMillis};

use super::finding::{Advice, Finding};
use crate::screen::count;

/// Difference of clocks that somebody should know of, milliseconds.
const CLOCK_WARNING_MS: i64 = 10_000;
/// Difference of clocks that does harm: stores refuse signatures that are older than 15 minutes.
const CLOCK_PROBLEM_MS: i64 = 300_000;
/// Files that compaction has not touched, of which a table should not have more.
const MANY_FILES: u64 = 5_000;

const WHY_WRITE: &str = "no ping can be committed";

/// Opens the lake without making one, and tries its store.
pub(crate) fn open(place: &Path, findings: &mut Vec<Finding>) -> Option<Lake> {
    let above = place.ancestors().find(|above| above.exists() && !above.as_os_str().is_empty());
    if let Some(file) = above.filter(|above| !Location::is_bucket(place) && !above.is_dir()) {
        findings.push(Finding::problem(
            "lake",
            format!("`{}` cannot be made: `{}` is not a folder", place.display(), file.display()),
            Advice { why: WHY_WRITE, hint: "name another folder in lake.url" },
        ));
        return None;
    }
    if !Location::is_bucket(place) && !place.is_dir() {
        findings.push(Finding::warning("lake", format!("`{}` is not there", place.display()), Advice {
            why: "",
            hint: "before the first ingest that is as it should be: it makes the folder; else check lake.url",
        }));
        findings.push(no_clock());
        return None;
    }
    let lake = match Lake::connect(place) {
        Ok(lake) => lake,
        Err(error) => {
            findings.push(Finding::of_error("lake", &error, WHY_WRITE));
            return None;
        }
    };
    match lake.format() {
        Ok(Some(format)) => {
            findings.push(Finding::ok("lake", format!("`{}` has format {format}", lake.location().url())));
        }
        Ok(None) => findings.push(Finding::ok(
            "lake",
            format!("`{}` answers, and holds no lake yet: the first ingest makes it", lake.location().url()),
        )),
        Err(error) => {
            findings.push(Finding::of_error("lake", &error, "it cannot be read or written"));
            return None;
        }
    }
    probe(&lake, findings);
    Some(lake)
}

fn probe(lake: &Lake, findings: &mut Vec<Finding>) {
    let asked_at = Clock::System.now();
    let probe = match lake.probe() {
        Ok(probe) => probe,
        Err(error) => return findings.push(Finding::of_error("store", &error, WHY_WRITE)),
    };
    let answered_at = Clock::System.now();
    findings.push(if probe.refuses_second {
        Finding::ok("store", "a file was written, not overwritten by a second writer, read and deleted")
    } else {
        Finding::problem(
            "store",
            "two writers can both create the same file",
            Advice {
                why: "two processes could commit the same version, and one commit would be lost",
                hint: "the store must honour a put with `If-None-Match: *`; newer versions of most stores do",
            },
        )
    });
    if probe.keeps_versions {
        findings.push(Finding::problem(
            "versions",
            "the bucket keeps older versions of what is overwritten or deleted",
            Advice {
                why: "what `kayoi lake forget` and maintenance delete stays readable, and is paid for",
                hint: "suspend versioning of this bucket, and delete what it has kept; Kayoi's tables have versions of their own",
            },
        ));
    }
    findings.extend(probe.lifecycle.as_ref().map(lifecycle));
    let stamp = probe.made_at;
    findings.push(stamp.map_or_else(no_clock, |made_at| clock(made_at, asked_at, answered_at)));
}

/// Rules by which the bucket deletes or moves files on its own.
fn lifecycle(found: &Lifecycle) -> Finding {
    match found {
        Lifecycle::Harmless => {
            Finding::ok("lifecycle", "no rule of the bucket deletes or moves files of the lake")
        }
        Lifecycle::Reaches(rules) => Finding::problem(
            "lifecycle",
            format!("rules of the bucket delete or move files of the lake: `{}`", rules.join("`, `")),
            Advice {
                why: "nothing but Kayoi knows which files are still needed, however old they are; a table that misses one cannot be read",
                hint: "take the lake's prefix out of these rules; one that ends unfinished uploads after a day may stay",
            },
        ),
        Lifecycle::Unknown => Finding::skipped(
            "lifecycle",
            "the store does not show its lifecycle rules, or not to this key (s3:GetLifecycleConfiguration): none may reach the lake's prefix, so look yourself",
        ),
    }
}

fn no_clock() -> Finding {
    Finding::skipped("clock", "not compared: there is no other clock than this machine's")
}

/// The store gave the probe its time between our asking and its answer; most round it down to a second.
fn clock(made_at: UtcMillis, asked_at: UtcMillis, answered_at: UtcMillis) -> Finding {
    let behind_ms = (made_at.0 - answered_at.0).max(0);
    let ahead_ms = (asked_at.0 - 1_000 - made_at.0).max(0);
    let off_ms = behind_ms.max(ahead_ms);
    let says = |word| format!("this machine's clock is {} s {word} the store's", off_ms / 1000);
    let says = if behind_ms > 0 { says("behind") } else { says("ahead of") };
    let advice = Advice {
        why: "what is late or in the future is decided by this clock, and stores refuse requests of another time",
        hint: "let the system keep the time (chrony, systemd-timesyncd)",
    };
    match off_ms {
        CLOCK_PROBLEM_MS.. => Finding::problem("clock", says, advice),
        CLOCK_WARNING_MS.. => Finding::warning("clock", says, advice),
        _ => Finding::ok("clock", "agrees with the store's"),
    }
}

/// Looks at every table. Returns the positions of the sources, when they can be read.
pub(crate) fn tables(lake: &Lake, findings: &mut Vec<Finding>) -> Option<BTreeMap<String, i64>> {
    let (mut positions, mut words) = (None, Vec::new());
    for table in InternalTable::ALL {
        let name = table.table().name;
        match lake.info(table) {
            Ok(Some(info)) => {
                words.push(format!("{name} {} ({} rows)", info.version, count(info.rows)));
                findings.extend(too_many_files(name, &info));
                if table == InternalTable::Pings {
                    positions = Some(info.positions);
                }
            }
            Ok(None) => {}
            Err(error) => findings.push(Finding::of_error("tables", &error, "the table cannot be used")),
        }
    }
    findings.push(match words.as_slice() {
        [] => Finding::ok("tables", "none yet"),
        words => Finding::ok("tables", format!("version and rows: {}", words.join(", "))),
    });
    positions
}

fn too_many_files(name: &str, info: &TableInfo) -> Option<Finding> {
    let loose = info.files.saturating_sub(info.compacted_files);
    let says = || format!("table `{name}` has {} files that are not compacted", count(loose));
    (loose > MANY_FILES).then(|| {
        Finding::warning(
            "tables",
            says(),
            Advice {
                why: "each of them is opened by whoever reads the table, and each commit lists them",
                hint: "run `kayoi lake maintain` once a day; when a day brings more, raise `after` of `[commit]`",
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    #[test]
    fn a_rule_that_takes_files_away_is_a_problem_and_what_is_not_shown_is_said() {
        let found = lifecycle(&Lifecycle::Reaches(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(found.state, State::Problem);
        assert!(found.says.ends_with("`a`, `b`"), "{}", found.says);
        assert_eq!(lifecycle(&Lifecycle::Harmless).state, State::Ok);
        assert_eq!(lifecycle(&Lifecycle::Unknown).state, State::Skipped);
    }

    #[test]
    fn a_clock_is_judged_by_its_distance_and_not_by_the_time_of_an_answer() {
        let state = |made_at| clock(UtcMillis(made_at), UtcMillis(100_000), UtcMillis(104_000)).state;
        assert_eq!([99_000, 100_000, 104_000, 112_000].map(state), [State::Ok; 4]);
        assert_eq!([80_000, 120_000].map(state), [State::Warning; 2]);
        assert_eq!([-300_000, 500_000].map(state), [State::Problem; 2]);
        let says = clock(UtcMillis(60_000), UtcMillis(100_000), UtcMillis(100_000)).says;
        assert!(says.contains("39 s ahead of"), "{says}");
    }
}
