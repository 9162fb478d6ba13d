//! The machine: memory, open files, space.
//!
//! In: the configuration and what the system says under `/proc` and `/sys`. Out: findings. Where the system
//! does not say, nothing is guessed.

use std::path::Path;

use kayoi_ingest::config::Config;
use kayoi_lake::Location;

use super::finding::{Advice, Finding};

const MIB: u64 = 1 << 20;
/// Kept by the Kafka client beside our queue.
const CLIENT_BYTES: u64 = 64 * MIB;
/// A waiting row, its sorted copy and its share of the columns being written.
const BYTES_A_ROW: u64 = 200;
/// Program, boundaries, decoded chunks, the lake's log.
const BASE_BYTES: u64 = 256 * MIB;
/// Sockets of a large cluster, files of a commit and of a compaction.
const LEAST_OPEN_FILES: u64 = 1_024;
const LITTLE_SPACE: u64 = 1 << 30;
const SOME_SPACE: u64 = 10 << 30;

/// Looks at the machine.
pub(crate) fn check(config: &Config, place: &Path) -> Vec<Finding> {
    let mut findings = vec![memory(config, memory_limit()), open_files(open_file_limit())];
    if !Location::is_bucket(place) && place.is_dir() {
        findings.push(space(free_bytes(place)));
    }
    findings
}

fn memory(config: &Config, limit: Option<u64>) -> Finding {
    let needed =
        config.memory.queue.bytes() + CLIENT_BYTES + BASE_BYTES + config.commit.rows as u64 * BYTES_A_ROW;
    let Some(limit) = limit else { return Finding::skipped("memory", "the system names no limit") };
    let says =
        format!("this configuration takes about {} MiB, {} MiB may be used", needed / MIB, limit / MIB);
    let advice = Advice {
        why: "the system kills a process that takes more; what it had not committed is read again, and again",
        hint: "lower commit.rows or memory.queue, or allow more memory",
    };
    if needed > limit {
        Finding::problem("memory", says, advice)
    } else if needed > limit / 4 * 3 {
        Finding::warning("memory", says, advice)
    } else {
        Finding::ok("memory", says)
    }
}

/// The limit of the container, or else what the machine has to give.
fn memory_limit() -> Option<u64> {
    let number = |path: &str| std::fs::read_to_string(path).ok()?.trim().parse::<u64>().ok();
    let available = std::fs::read_to_string("/proc/meminfo").ok().and_then(|text| available(&text));
    // Version 2 says `max` and version 1 a huge number when there is no limit.
    let limit =
        number("/sys/fs/cgroup/memory.max").or_else(|| number("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
    [limit, available].into_iter().flatten().min()
}

fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

fn open_files(limit: Option<u64>) -> Finding {
    match limit {
        None => Finding::skipped("files", "the system does not say how many may be open"),
        Some(limit) if limit < LEAST_OPEN_FILES => Finding::warning(
            "files",
            format!("{limit} may be open, {LEAST_OPEN_FILES} are advised"),
            Advice {
                why: "a commit over many days or a compaction fails when no file can be opened",
                hint: "ulimit -n 65536, or LimitNOFILE= of the service",
            },
        ),
        Some(limit) => Finding::ok("files", format!("{limit} may be open")),
    }
}

fn open_file_limit() -> Option<u64> {
    soft_limit(&std::fs::read_to_string("/proc/self/limits").ok()?)
}

fn soft_limit(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    match line.split_whitespace().next()? {
        "unlimited" => Some(u64::MAX),
        number => number.parse().ok(),
    }
}

fn space(free: Option<u64>) -> Finding {
    let Some(free) = free else { return Finding::skipped("space", "the file system does not say") };
    let says = format!("{} MiB are free in the lake's folder", free / MIB);
    let advice = Advice {
        why: "on a full disk ingest stops; nothing is lost as long as Kafka keeps what was not read",
        hint: "make room, or run `kayoi lake maintain`",
    };
    match free {
        ..LITTLE_SPACE => Finding::problem("space", says, advice),
        LITTLE_SPACE..SOME_SPACE => Finding::warning("space", says, advice),
        _ => Finding::ok("space", says),
    }
}

fn free_bytes(folder: &Path) -> Option<u64> {
    let system = rustix::fs::statvfs(folder).ok()?;
    Some(system.f_bavail.saturating_mul(system.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    #[test]
    fn the_default_configuration_fits_into_a_gibibyte_and_not_into_half_of_it() {
        let state = |limit| memory(&Config::default(), Some(limit)).state;
        assert_eq!([1 << 30, 800 * MIB, 512 * MIB].map(state), [State::Ok, State::Warning, State::Problem]);
        assert_eq!(memory(&Config::default(), None).state, State::Skipped);
    }

    #[test]
    fn limits_are_read_as_the_system_writes_them() {
        let limits =
            "Limit   Soft Limit  Hard Limit  Units\nMax open files            512    1048576   files\n";
        assert_eq!(soft_limit(limits), Some(512));
        assert_eq!(soft_limit("Max open files   unlimited unlimited files"), Some(u64::MAX));
        assert_eq!(soft_limit("nothing"), None);
        assert_eq!(open_files(Some(512)).state, State::Warning);
        assert_eq!(available("MemTotal: 9 kB\nMemAvailable:    2048 kB\n"), Some(2 * MIB));
    }

    #[test]
    fn a_disk_that_fills_up_is_named_before_it_is_full() {
        let state = |free| space(Some(free)).state;
        assert_eq!([20 << 30, 5 << 30, MIB].map(state), [State::Ok, State::Warning, State::Problem]);
        assert!(free_bytes(Path::new("/")).is_some());
    }
}
