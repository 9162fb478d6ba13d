//! Questions that bring other servers down: each ends by itself, and nobody else notices.
//!
//! While each of them runs, `SELECT 1` is asked at both doors; memory is read from the kernel. The test asserts
//! what must hold on any machine: an answer or a refusal within the limits, others answered meanwhile, memory
//! within its bound, silence afterwards. It prints what it measured as a table (`make torture-queries`).

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use kayoi_harness::process::until;
use kayoi_harness::wire::{End, Wire};
use kayoi_lake::Manifest;
use kayoi_schemas::tables::ReleaseTable;
use serde_json::json;
use tempfile::TempDir;

use crate::query::answers::Server;
use crate::query::released::publish;

/// Rows of the table that is joined with itself.
const ROWS: usize = 20_000;
/// Beyond what questions may hold: the server, its workers at rest, and what a core fills between two looks.
const REST_MB: u64 = 300;

/// A lake with one release, as large as that of a town's prefecture.
fn lake(folder: &Path) {
    let rows: Vec<_> = (0..ROWS)
        .map(|row| {
            let day = row / 100;
            json!({
                "date": format!("2025-{:02}-{:02}", 1 + day / 28 % 12, 1 + day % 28),
                "municipality_code": format!("{:05}", 20_201 + row % 100), "municipality": "下諏訪町",
                "municipality_romaji": "Shimosuwa", "prefecture": "長野県",
                "day_type": "weekday", "month": "2025-01-01", "month_text": "2025-01", "fiscal_year": 2024,
                "quarter": "2025-Q1", "origin_level": "outside", "origin_code": "outside", "origin": "東京都",
                "persons": 100 + row % 900, "persons_low": 90, "persons_high": 1_100, "quality": "A",
                "status": "published", "series": "trial", "definition": "connected-2026/5", "definition_hash": "0123456789ab",
                "boundaries": "none", "code_date": "2025-01-01", "revision": 1,
            })
        })
        .collect();
    let manifest = Manifest { revision: 1, ..Manifest::default() };
    publish(folder, ReleaseTable::VisitorsDaily, &rows, manifest);
}

/// The questions, each with a name.
fn questions() -> Vec<(&'static str, String)> {
    let list = |count: usize, item: fn(usize) -> String| (0..count).map(item).collect::<Vec<_>>().join(",");
    let pairs = "FROM visitors_daily a, visitors_daily b";
    let text = |sql: &str| sql.to_owned();
    vec![
        (
            "cross join, LIKE",
            format!("SELECT count(*) {pairs} WHERE a.municipality LIKE '%' || b.origin || '%'"),
        ),
        (
            "sort of a cross join",
            format!("SELECT a.*, b.origin {pairs} ORDER BY a.municipality DESC, b.persons"),
        ),
        ("three-way sum", format!("SELECT sum(a.persons + b.persons + c.persons) {pairs}, visitors_daily c")),
        (
            "groups of a cross join",
            format!(
                "SELECT count(*) FROM (SELECT a.persons::text || b.date || a.date AS k {pairs} GROUP BY 1)"
            ),
        ),
        (
            "window over a cross join",
            format!("SELECT max(s) FROM (SELECT sum(a.persons) OVER (ORDER BY b.date) AS s {pairs})"),
        ),
        ("array_agg of a cross join", format!("SELECT array_agg(a.municipality || b.municipality) {pairs}")),
        ("repeat", text("SELECT repeat('x', 1000000000)")),
        (
            "repeat of a table",
            text("SELECT sum(length(repeat(municipality, 100000000))) FROM visitors_daily"),
        ),
        ("lpad", text("SELECT lpad('x', 2000000000)")),
        ("rpad", text("SELECT rpad('x', 2000000000, 'abc')")),
        ("array_repeat", text("SELECT array_repeat(1, 2000000000)")),
        ("range", text("SELECT range(0, 300000000)")),
        (
            "string_agg",
            text("SELECT length(string_agg(repeat(municipality, 10000), ',')) FROM visitors_daily"),
        ),
        ("levenshtein", text("SELECT levenshtein(repeat('a', 100000), repeat('b', 100000))")),
        (
            "regexp_replace",
            text(
                "SELECT sum(length(regexp_replace(repeat(municipality, 20000), '.', 'aaaaaaaaaaaaaaaa', 'g'))) FROM visitors_daily",
            ),
        ),
        (
            "regular expression bomb",
            text("SELECT count(*) FROM visitors_daily WHERE municipality ~ '((a{1,100}){1,100}){1,100}'"),
        ),
        ("20,000 columns", format!("SELECT {}", list(20_000, |n| format!("{n} AS c{n}")))),
        (
            "IN of 150,000",
            format!(
                "SELECT count(*) FROM visitors_daily WHERE persons IN ({})",
                list(150_000, |n| n.to_string())
            ),
        ),
        ("2 MB of SQL", format!("SELECT '{}'", "x".repeat(2_000_000))),
        ("3,000 parentheses", format!("SELECT {}1{}", "(".repeat(3_000), ")".repeat(3_000))),
        (
            "recursion without end",
            text("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r"),
        ),
        (
            "recursion that doubles",
            text(
                "WITH RECURSIVE r AS (SELECT 1 AS n, 'x' AS t UNION ALL SELECT n + 1, t || t FROM r WHERE n < 60) SELECT max(length(t)) FROM r",
            ),
        ),
        (
            "series without end",
            text("SELECT count(*) FROM generate_series(1, 1000000000000) AS s(n) WHERE n % 7 = 3"),
        ),
    ]
}

/// What the others see while a question runs.
#[derive(Default)]
struct Others {
    asked: AtomicU64,
    slowest_ms: AtomicU64,
    stop: AtomicBool,
}

impl Others {
    /// Asks again and again until it is told to stop.
    fn go_on(&self, mut ask: impl FnMut()) {
        while !self.stop.load(Ordering::Relaxed) {
            let started = Instant::now();
            ask();
            self.slowest_ms.fetch_max(started.elapsed().as_millis() as u64, Ordering::Relaxed);
            self.asked.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The server's processes, and what the kernel says of them.
fn processes(server: u32) -> Vec<u32> {
    let mut all = vec![server];
    // A child belongs to the thread that started it.
    let threads = std::fs::read_dir(format!("/proc/{server}/task")).unwrap().flatten();
    for thread in threads {
        let children = std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        all.extend(children.split_whitespace().map(|child| child.parse::<u32>().unwrap()));
    }
    all
}

/// Memory that they hold together, with what they share counted once: `Pss`.
pub(super) fn memory_mb(server: u32) -> u64 {
    let of = |process: u32| {
        let rollup = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or("0").to_owned();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0)
    };
    processes(server).into_iter().map(of).sum::<u64>() / 1_024
}

/// Clock ticks of work, user's and system's, of all of them.
fn ticks(server: u32) -> u64 {
    let of = |process: u32| {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        let after = stat.rsplit(')').next().unwrap_or_default().to_owned();
        let fields: Vec<u64> = after.split_whitespace().skip(11).take(2).flat_map(str::parse).collect();
        fields.iter().sum::<u64>()
    };
    processes(server).into_iter().map(of).sum()
}

/// Whether nothing works for a tenth of a second.
pub(super) fn is_silent(server: u32) -> bool {
    let before = ticks(server);
    std::thread::sleep(Duration::from_millis(100));
    ticks(server) <= before + 1
}

struct Measured {
    end: End,
    took: Duration,
    peak_mb: u64,
    others: u64,
    slowest_ms: u64,
}

/// Asks one question while others ask theirs.
fn torment(server: &Server, sql: &str) -> Measured {
    let address = format!("127.0.0.1:{}", server.pg_port);
    let (others, peak_mb) = (Arc::new(Others::default()), AtomicU64::new(0));
    let process = server.process();
    let mut wire = Wire::connect(&address).unwrap();
    let mut first = Wire::connect(&address).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| others.go_on(|| assert_eq!(first.ask("SELECT 1").unwrap(), End::Rows(1))));
        scope.spawn(|| {
            others.go_on(|| assert!(server.get("/v1/query?sql=SELECT+1").0.contains("200 OK")));
        });
        scope.spawn(|| {
            while !others.stop.load(Ordering::Relaxed) {
                peak_mb.fetch_max(memory_mb(process), Ordering::Relaxed);
                assert!(server.get("/healthz").1.contains("ok"));
            }
        });
        let started = Instant::now();
        let end = wire.ask(sql);
        let took = started.elapsed();
        // Each of the others gets at least one more answer, however short this was.
        let asked = others.asked.load(Ordering::Relaxed);
        until("the others are answered", Duration::from_secs(30), || {
            others.asked.load(Ordering::Relaxed) > asked + 1
        });
        others.stop.store(true, Ordering::Relaxed);
        Measured {
            end: end.expect("the connection of a refused question stays open"),
            took,
            peak_mb: peak_mb.load(Ordering::Relaxed),
            others: others.asked.load(Ordering::Relaxed),
            slowest_ms: others.slowest_ms.load(Ordering::Relaxed),
        }
    })
}

/// A number of the environment, where a campaign asks for more than a test.
pub(super) fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
}

/// Seconds and megabytes that a question may take: few here, those of a server in `make torture-queries`.
fn limits() -> (u64, u64) {
    (number("KAYOI_TORTURE_QUERY_SECONDS", 2), number("KAYOI_TORTURE_QUERY_MB", 256))
}

#[test]
fn a_question_that_brings_others_down_ends_within_its_limits_and_nobody_else_notices() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let (seconds, megabytes) = limits();
    let (seconds_text, megabytes_text) = (seconds.to_string(), megabytes.to_string());
    let server = Server::start_with(
        folder.path(),
        &["--query-seconds", &seconds_text, "--query-memory-mb", &megabytes_text],
    );
    let process = server.process();
    eprintln!(
        "{:26} {:>12} {:>7} {:>8} {:>7} {:>11}",
        "question", "end", "s", "peak MB", "others", "slowest ms"
    );
    for (name, sql) in questions() {
        let measured = torment(&server, &sql);
        let end = match &measured.end {
            End::Rows(rows) => format!("{rows} rows"),
            End::Refused { sqlstate, .. } => sqlstate.clone(),
        };
        let seconds_taken = measured.took.as_secs_f64();
        let (peak, others, slowest) = (measured.peak_mb, measured.others, measured.slowest_ms);
        eprintln!("{name:26} {end:>12} {seconds_taken:7.2} {peak:8} {others:7} {slowest:11}");
        if let End::Refused { sqlstate, text } = &measured.end {
            let known = ["53200", "57014", "54000", "54001", "42601", "22023", "2201B", "42883", "0A000"];
            assert!(known.contains(&sqlstate.as_str()), "{name}: {sqlstate} {text}");
            assert!(
                !text.contains("/proc") && !text.contains(folder.path().to_str().unwrap()),
                "{name}: {text}"
            );
        }
        assert!(peak <= megabytes + REST_MB, "{name}: {peak} MB");
        until("silence", Duration::from_secs(10), || is_silent(process));
    }
    assert!(memory_mb(process) <= REST_MB, "{} MB at rest", memory_mb(process));
}

#[test]
fn a_question_is_cancelled_while_it_runs_and_the_connection_stays() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let server = Server::start(folder.path());
    let mut wire = Wire::connect(&format!("127.0.0.1:{}", server.pg_port)).unwrap();
    let (_, cross) = questions().swap_remove(0);
    let idle = ticks(server.process());
    wire.send(&cross).unwrap();
    until("the question runs", Duration::from_secs(20), || ticks(server.process()) > idle + 20);
    wire.cancel().unwrap();
    let End::Refused { sqlstate, .. } = wire.finish().unwrap() else { panic!("it was answered") };
    assert_eq!(sqlstate, "57014");
    until("silence", Duration::from_secs(10), || is_silent(server.process()));
    assert_eq!(wire.ask("SELECT 1").unwrap(), End::Rows(1));
}

#[test]
fn a_worker_that_is_killed_costs_its_question_only_and_a_server_that_is_killed_leaves_none() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let server = Server::start(folder.path());
    let address = format!("127.0.0.1:{}", server.pg_port);
    let kill = |process: u32| {
        let killed = std::process::Command::new("kill").args(["-KILL", &process.to_string()]).status();
        assert!(killed.unwrap().success());
    };
    let mut wire = Wire::connect(&address).unwrap();
    for worker in processes(server.process()).split_off(1) {
        kill(worker);
    }
    for _ in 0..4 {
        assert_eq!(wire.ask("SELECT 1").unwrap(), End::Rows(1));
    }
    let (_, cross) = questions().swap_remove(0);
    let idle = ticks(server.process());
    wire.send(&cross).unwrap();
    until("the question runs", Duration::from_secs(20), || ticks(server.process()) > idle + 20);
    let workers = processes(server.process()).split_off(1);
    assert!(!workers.is_empty());
    kill(server.process());
    until("no worker is left", Duration::from_secs(20), || {
        workers.iter().all(|worker| !Path::new(&format!("/proc/{worker}/statm")).exists() || is_dead(*worker))
    });
}

fn is_dead(process: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    status.is_empty() || status.contains("State:\tZ")
}

#[test]
fn fifty_questions_at_once_are_all_answered() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let server = Server::start(folder.path());
    let address = format!("127.0.0.1:{}", server.pg_port);
    let mut wires: Vec<Wire> = (0..50).map(|_| Wire::connect(&address).unwrap()).collect();
    for wire in &mut wires {
        wire.send("SELECT sum(persons) FROM visitors_daily WHERE municipality_code = '20207'").unwrap();
    }
    for mut wire in wires {
        assert_eq!(wire.finish().unwrap(), End::Rows(1));
    }
}
