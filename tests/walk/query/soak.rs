//! A server under mixed questions for long, with a new release again and again: what it holds at the end is what it held.
//!
//! Clients ask over the Postgres wire and HTTP, read cursors across releases, and vanish in the middle of answers. Every row
//! says of which release it is, so that a torn answer, or one of two releases, shows. The test asserts what must hold on any
//! machine and prints memory and open files as a table (`make soak` for half an hour with a release a minute).

use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use kayoi_harness::process::until;
use kayoi_harness::wire::Wire;
use kayoi_lake::Manifest;
use kayoi_schemas::tables::ReleaseTable;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::answers::Server;
use super::released::publish_all;
use super::torture::{is_silent, memory_mb, number};

/// Rows of each table; an answer of all of them is beyond what a socket takes at once.
const ROWS: usize = 6_000;
/// What open files may grow by: a worker more has its socket and its pipes.
const GROWTH_FILES: usize = 12;
/// What memory may grow by from the first quarter to the end: answers that are remembered (64 MB at most), and footers of the
/// files of each release.
const GROWTH_MB: u64 = 120;

/// Seconds altogether, and from one release to the next.
fn seconds() -> (u64, u64) {
    (number("KAYOI_SOAK_SECONDS", 24), number("KAYOI_SOAK_RELEASE_SECONDS", 3))
}

fn publish(lake: &Path, revision: u64) {
    let common = |row: usize| {
        json!({
            "month": "2025-01-01", "month_text": "2025-01", "fiscal_year": 2024, "quarter": "2025-Q1",
            "municipality_code": format!("{:05}", 20_201 + row % 100), "municipality": "下諏訪町",
            "municipality_romaji": "Shimosuwa", "prefecture": "長野県", "persons": 100 + row % 900, "persons_low": 90,
            "persons_high": 1_100, "quality": "A", "status": "published", "series": "trial",
            "definition": "connected-2026/5", "definition_hash": "0123456789ab", "boundaries": "none",
            "code_date": "2025-01-01", "revision": revision,
        })
    };
    let with = |mut row: Value, more: Value| {
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };
    let connected = |row| {
        let more = json!({"window_months": 12, "kind": "connected", "origin_level": "all", "origin_code": "all", "origin": "all"});
        with(common(row), more)
    };
    let visitors = |row: usize| {
        let day = row / 100;
        let date = format!("2025-{:02}-{:02}", 1 + day / 28 % 12, 1 + day % 28);
        let more = json!({"date": date, "day_type": "weekday", "origin_level": "outside", "origin_code": "outside", "origin": "東京都"});
        with(common(row), more)
    };
    let tables = [
        (ReleaseTable::ConnectedMonthly, (0..ROWS).map(connected).collect::<Vec<_>>()),
        (ReleaseTable::VisitorsDaily, (0..ROWS).map(visitors).collect()),
    ];
    publish_all(lake, &tables, Manifest { revision, ..Manifest::default() });
}

/// The rows of an answer over the Postgres wire, as text.
fn rows(wire: &mut Wire, sql: &str) -> Vec<Vec<String>> {
    wire.send(sql).unwrap();
    let mut rows = Vec::new();
    loop {
        let (kind, body) = wire.message().unwrap();
        match kind {
            b'D' => rows.push(fields(&body)),
            b'E' => panic!("{sql}: {}", String::from_utf8_lossy(&body)),
            b'Z' => return rows,
            _ => {}
        }
    }
}

/// The values of a row; none of them is absent.
fn fields(body: &[u8]) -> Vec<String> {
    let mut rest = &body[2..];
    let mut fields = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (value, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        fields.push(String::from_utf8(value.to_vec()).unwrap());
        rest = after;
    }
    fields
}

/// What runs beside each other until it is told to stop, and how often each asked.
struct Clients<'a> {
    server: &'a Server,
    stop: AtomicBool,
    asked: [AtomicU64; 5],
}

/// Tells the others to stop, also when its holder has found what is wrong.
struct LastWord<'a>(&'a AtomicBool);

impl Drop for LastWord<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Clients<'_> {
    fn go_on(&self, kind: usize, mut ask: impl FnMut(u64)) {
        let _last = LastWord(&self.stop);
        while !self.stop.load(Ordering::Relaxed) {
            ask(self.asked[kind].fetch_add(1, Ordering::Relaxed));
        }
    }

    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.server.pg_port)
    }

    /// One question over two tables: all of its rows are of one release, and all are there.
    fn over_the_wire(&self) {
        let mut wire = Wire::connect(&self.address()).unwrap();
        self.go_on(0, |number| {
            let sql = format!(
                "SELECT min(least(a.lo, b.lo)), max(greatest(a.hi, b.hi)), min(a.n + b.n) + 0 * {number} FROM \
                 (SELECT min(revision) AS lo, max(revision) AS hi, count(*) AS n FROM connected_monthly) AS a, \
                 (SELECT min(revision) AS lo, max(revision) AS hi, count(*) AS n FROM visitors_daily) AS b"
            );
            let [row] = &rows(&mut wire, &sql)[..] else { panic!("one row") };
            assert_eq!((&row[0], row[2].as_str()), (&row[1], "12000"), "an answer of two releases, or torn");
        });
    }

    /// The same question again, which is remembered until the next release.
    fn over_http(&self) {
        let path = "/v1/query?format=csv&sql=SELECT+min(revision),max(revision),count(*)+FROM+visitors_daily";
        self.go_on(1, |_| {
            let (status, body) = self.server.get(path);
            assert!(status.contains("200 OK"), "{status} {body}");
            let row: Vec<_> = body.lines().nth(1).unwrap().split(',').map(str::to_owned).collect();
            assert_eq!((&row[0], row[2].as_str()), (&row[1], "6000"), "{body}");
        });
    }

    /// A cursor that is open while releases change reads on in its own.
    fn with_a_cursor(&self) {
        let mut wire = Wire::connect(&self.address()).unwrap();
        self.go_on(2, |_| {
            let _ = rows(&mut wire, "BEGIN");
            let _ = rows(&mut wire, "DECLARE c CURSOR FOR SELECT revision FROM connected_monthly");
            let mut read = rows(&mut wire, "FETCH 10 FROM c");
            std::thread::park_timeout(Duration::from_millis(500));
            read.extend(rows(&mut wire, "FETCH ALL FROM c"));
            assert!(read.len() == ROWS && read.iter().all(|row| row == &read[0]), "{} rows", read.len());
            let _ = rows(&mut wire, "COMMIT");
        });
    }

    /// Asks for everything and is gone: with the answer half read, and before it began.
    fn vanishing(&self) {
        self.go_on(3, |_| {
            let mut wire = Wire::connect(&self.address()).unwrap();
            wire.send("SELECT * FROM visitors_daily ORDER BY persons, date").unwrap();
            let _ = wire.message();
            drop(wire);
            let mut stream = TcpStream::connect(&self.server.http).unwrap();
            let ask = "GET /v1/query?format=json&sql=SELECT+*+FROM+visitors_daily HTTP/1.1\r\nHost: localhost\r\n\r\n";
            stream.write_all(ask.as_bytes()).unwrap();
            drop(stream);
        });
    }

    /// What is wrong is refused, again and again.
    fn refused(&self) {
        let mut wire = Wire::connect(&self.address()).unwrap();
        self.go_on(4, |_| {
            for sql in ["SELECT nothing FROM visitors_daily", "SELECT", "SELECT * FROM pings"] {
                assert!(format!("{:?}", wire.ask(sql).unwrap()).starts_with("Refused"), "{sql}");
            }
        });
    }
}

/// Files and connections that the server itself holds open; workers come and go.
fn open_files(server: u32) -> usize {
    std::fs::read_dir(format!("/proc/{server}/fd")).unwrap().count()
}

/// Lets the clients ask for so long, with a release again and again.
fn asked_for(clients: &Clients<'_>, lake: &Path, revision: &mut u64, seconds: u64, release_seconds: u64) {
    clients.stop.store(false, Ordering::Relaxed);
    let began = Instant::now();
    std::thread::scope(|scope| {
        let _last = LastWord(&clients.stop);
        for _ in 0..2 {
            scope.spawn(|| clients.over_the_wire());
            scope.spawn(|| clients.over_http());
        }
        scope.spawn(|| clients.with_a_cursor());
        scope.spawn(|| clients.vanishing());
        scope.spawn(|| clients.refused());
        while began.elapsed() < Duration::from_secs(seconds) && !clients.stop.load(Ordering::Relaxed) {
            std::thread::park_timeout(Duration::from_secs(release_seconds));
            *revision += 1;
            publish(lake, *revision);
            let process = clients.server.process();
            eprintln!(
                "{:8} {revision:9} {:10} {:9}",
                began.elapsed().as_secs(),
                memory_mb(process),
                open_files(process)
            );
        }
    });
}

/// What the server holds when it has nothing to do: memory of all its processes in MB, and its open files.
fn at_rest(process: u32) -> (u64, usize) {
    until("the server is at rest", Duration::from_secs(60), || is_silent(process));
    (memory_mb(process), open_files(process))
}

#[test]
fn a_server_that_is_asked_for_long_holds_no_more_than_it_did_and_mixes_no_releases() {
    let folder = TempDir::new().unwrap();
    let mut revision = 1;
    publish(folder.path(), revision);
    let server = Server::start(folder.path());
    let (seconds, release_seconds) = seconds();
    let clients = Clients { server: &server, stop: AtomicBool::new(false), asked: Default::default() };
    eprintln!("{:>8} {:>9} {:>10} {:>9}", "seconds", "releases", "memory MB", "files");
    asked_for(&clients, folder.path(), &mut revision, seconds / 4, release_seconds);
    let early = at_rest(server.process());
    asked_for(&clients, folder.path(), &mut revision, seconds - seconds / 4, release_seconds);
    let late = at_rest(server.process());

    let asked = clients.asked.each_ref().map(|asked| asked.load(Ordering::Relaxed));
    let [wire, http, cursors, vanished, refused] = asked;
    eprintln!("asked: wire {wire}, HTTP {http}, cursors {cursors}, vanished {vanished}, refused {refused}");
    eprintln!("at rest: {} MB and {} files early, {} MB and {} files late", early.0, early.1, late.0, late.1);
    assert!(asked.iter().all(|asked| *asked > 3), "{asked:?}");
    assert!(late.0 <= early.0 + GROWTH_MB, "memory grew from {} to {} MB", early.0, late.0);
    assert!(late.1 <= early.1 + GROWTH_FILES, "open files grew from {} to {}", early.1, late.1);
    let newest =
        rows(&mut Wire::connect(&clients.address()).unwrap(), "SELECT max(revision) FROM visitors_daily");
    assert_eq!(newest, [[revision.to_string()]]);
}
