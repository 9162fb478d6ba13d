//! How clients come in: first statements, bytes, formats of answers.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use kayoi_harness::parts::jdbc;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use tempfile::TempDir;

use super::input;
use crate::kayoi::{command, run, text};
use crate::kept::{archives, unpack};
use crate::process::until;
use crate::repository;

/// A released lake, from those of older versions that are kept.
struct Released {
    folder: TempDir,
}

impl Released {
    fn unpack() -> Self {
        let folder = unpack(&archives("tests/kept")[0]);
        run(&["aggregate", "--lake", text(&folder.path().join("lake")), "--trial-seed", "7"]);
        Self { folder }
    }

    fn lake(&self) -> PathBuf {
        self.folder.path().join("lake")
    }

    fn serve(&self) -> Served {
        let log = self.folder.path().join("serve.log");
        let lake = self.lake();
        let mut serve = command(&[
            "serve",
            "--lake",
            text(&lake),
            "--pg-port",
            "0",
            "--http-port",
            "0",
            "--flight-port",
            "0",
        ]);
        serve.stdout(Stdio::null()).stderr(File::create(&log).unwrap());
        let process = serve.spawn().unwrap();
        let (mut pg, mut http) = (None, None);
        until("the server listens", Duration::from_secs(60), || {
            for line in std::fs::read_to_string(&log).unwrap().lines() {
                if let Some((_, port)) = line.split_once(" -p ") {
                    pg = port.split(' ').next().and_then(|port| port.parse().ok());
                }
                if let Some(address) = line.strip_prefix("HTTP: http://") {
                    http = address.trim_end_matches('/').parse::<SocketAddr>().ok();
                }
            }
            pg.is_some() && http.is_some()
        });
        Served { process, log, pg: pg.unwrap(), http: http.unwrap() }
    }
}

/// A server; dropping it stops it.
struct Served {
    process: std::process::Child,
    log: PathBuf,
    pg: u16,
    http: SocketAddr,
}

impl Served {
    fn pg(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.pg)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream
    }

    fn psql(&self, sql: &str) -> String {
        let connection =
            format!("host=127.0.0.1 port={} user=reader dbname=kayoi connect_timeout=5", self.pg);
        let asked = Command::new("psql").args(["-X", "-A", "-t", &connection, "-c", sql]).output();
        let asked = asked.expect("psql: scripts/setup test installs it");
        assert!(asked.status.success(), "{sql}: {}", String::from_utf8_lossy(&asked.stderr));
        String::from_utf8(asked.stdout).unwrap().trim().to_owned()
    }

    /// Status and whole answer of a request that is sent as it stands.
    fn http(&self, request: &str) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(self.http).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        // A server that has refused may close while the rest is still being sent.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let status = String::from_utf8_lossy(&answer[9..12]).parse().unwrap();
        (status, answer)
    }

    fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs a client; returns what it printed.
fn client(program: &mut Command) -> String {
    let output = program.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program:?}\n{out}\n{err}");
    out.into_owned()
}

fn python() -> PathBuf {
    let install = repository::root().join("tests/peers/install.py");
    PathBuf::from(client(Command::new("python3").arg(install).args(["clients", "--quiet"])).trim())
}

#[test]
fn r13_sqlalchemy_connects_lists_and_reads_with_both_drivers() {
    let released = Released::unpack();
    let served = released.serve();
    let (python, port) = (python(), served.pg.to_string());
    let report = client(Command::new(&python).arg(input("R13", "sqlalchemy_connect.py")).arg(&port));
    for table in ["connected_monthly", "connected_totals_monthly", "visitors_daily"] {
        assert!(report.contains(table), "{report}");
    }
    let all = client(Command::new(&python).arg(input("R13", "sqlalchemy_inspect.py")).arg(&port));
    assert_eq!(all, "psycopg 34 31 2 True\npsycopg2 34 31 2 True\n");
}

#[test]
fn r14_everything_that_jdbc_asks_about_a_database_is_answered() {
    let released = Released::unpack();
    let served = released.serve();
    let url = format!("jdbc:postgresql://127.0.0.1:{}/kayoi", served.pg);
    let program = repository::root().join("tests/parts/jdbc/Jdbc.java");
    let jar = jdbc::install().unwrap();
    let asked = client(Command::new("java").arg("-cp").arg(jar).arg(program).arg(url));
    let failed: Vec<&str> = asked.lines().filter(|line| line.starts_with("failed")).collect();
    assert!(failed.is_empty() && asked.trim_end().ends_with("end"), "{asked}");
    for line in [
        "product PostgreSQL 16",
        // Of every kind, as it is asked: 34 tables, and the keys of 33 of them.
        "ok getTables 67",
        "ok getColumns 31",
        "ok getPrimaryKeys 5",
        "ok getIndexInfo 5",
        "ok getImportedKeys 0",
        "ok getExportedKeys 0",
        "ok getUDTs 0",
        "ok SELECT version() 1",
    ] {
        assert!(asked.lines().any(|told| told == line), "`{line}` is missing:\n{asked}");
    }
}

#[test]
fn r14_what_clients_ask_first_is_answered() {
    let released = Released::unpack();
    let served = released.serve();
    assert!(
        served.psql("SELECT version()").starts_with("PostgreSQL 16"),
        "{}",
        served.psql("SELECT version()")
    );
    for (sql, answer) in [
        ("SELECT current_setting('server_version_num')::int / 10000", "16"),
        ("SELECT current_setting('no.such.setting', true)", ""),
        ("SELECT set_config('bytea_output', 'hex', false)", "hex"),
        ("SELECT setting FROM pg_settings WHERE name = 'max_index_keys'", "32"),
        // Every release table, and municipalities, neighbours, dates and errors of classes beside them.
        ("SELECT count(*) FROM pg_catalog.pg_index WHERE indisunique", "33"),
        (
            "SELECT indexrelid = 'connected_monthly_pkey'::regclass FROM pg_index \
             WHERE indrelid='\"public\".\"connected_monthly\"'::regclass AND (indisprimary OR indisunique) \
             ORDER BY CASE WHEN indisprimary THEN 1 ELSE 2 END LIMIT 1",
            "t",
        ),
        (
            "SELECT attname, attnotnull FROM pg_index, pg_attribute WHERE indexrelid='connected_monthly_pkey'::regclass \
             AND indrelid=attrelid AND pg_attribute.attnum=any(pg_index.indkey) ORDER BY attnum",
            "month|t\nmunicipality_code|t\nkind|t\norigin_level|t\norigin_code|t",
        ),
        (
            "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND i.indkey[0] = a.attnum \
             WHERE i.indisprimary = 't' AND i.indrelid = 'municipalities'::regclass",
            "municipality_code",
        ),
        (
            "SELECT unnest(conkey) AS attnum, generate_subscripts(conkey, 1) AS ord FROM pg_constraint \
             WHERE conrelid = 'panel_coverage'::regclass",
            "1|1\n5|2",
        ),
        (
            "SELECT pg_get_indexdef(indexrelid), pg_get_indexdef(indexrelid, 2, true) FROM pg_index \
             WHERE indrelid = 'neighbours'::regclass",
            "CREATE UNIQUE INDEX neighbours_pkey ON public.neighbours USING btree (municipality_code, neighbour_code)\
             |neighbour_code",
        ),
        (
            "SELECT tc.constraint_type, k.column_name, k.ordinal_position FROM information_schema.table_constraints tc \
             JOIN information_schema.key_column_usage k ON k.constraint_name = tc.constraint_name \
             WHERE tc.table_name = 'peers' ORDER BY k.ordinal_position",
            "PRIMARY KEY|month|1\nPRIMARY KEY|municipality_code|2\nPRIMARY KEY|peer_rank|3",
        ),
        ("SELECT typname FROM pg_type WHERE typinput = 'array_in'::regproc AND typname = '_int4'", "_int4"),
        (
            "SELECT p.proname FROM pg_type t JOIN pg_proc p ON p.oid = t.typreceive WHERE t.typname = 'int8'",
            "int8recv",
        ),
        ("SELECT relname FROM pg_class WHERE oid = 'connected_monthly'::regclass", "connected_monthly"),
        (
            "SELECT count(*) FROM (SELECT (SELECT max(b.month) FROM connected_monthly b WHERE b.kind = a.kind) AS most \
             FROM connected_monthly a) AS all_rows WHERE most IS NULL",
            "0",
        ),
        (
            "SELECT count(*) FROM (SELECT (d).grantee FROM \
             (SELECT pg_catalog.aclexplode(nspacl) AS d FROM pg_catalog.pg_namespace) a) b",
            "0",
        ),
        (
            "SELECT relkind, pg_table_is_visible(c.oid), obj_description(c.oid, 'pg_class') LIKE '%each municipality%', \
             pg_get_viewdef(c.oid, true) LIKE '%FROM work_monthly%' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = 'questions' AND relname = 'telework'",
            "v|f|t|t",
        ),
        (
            "SELECT col_description('questions.metro_to_local'::regclass, attnum) LIKE '%no value%', format_type(atttypid, NULL) \
             FROM pg_attribute WHERE attrelid = 'questions.metro_to_local'::regclass AND attname = 'hidden'",
            "t|bigint",
        ),
        (
            "SELECT count(*) = (SELECT count(*) FROM pg_views) FROM information_schema.views WHERE table_schema = 'questions'",
            "t",
        ),
        ("SELECT count(*) FROM pg_tables WHERE schemaname = 'questions'", "0"),
        ("SELECT bool_and(datcollversion IS NULL) FROM pg_catalog.pg_database", "t"),
        ("SELECT count(*) FROM pg_available_extensions() e JOIN pg_extension x ON x.extname = e.name", "0"),
        ("SELECT count(*) FROM pg_catalog.unnest(current_schemas(true)) AS schema", "3"),
        ("SELECT sum(xact_commit) + sum(xact_rollback) FROM pg_catalog.pg_stat_database", ""),
        ("SELECT count(*) FROM pg_stat_activity WHERE extract(epoch FROM now() - query_start) > 60", "0"),
        (
            "SELECT coalesce((SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid ORDER BY attnum LIMIT 1), '') \
             FROM pg_class c WHERE relname = 'peers'",
            "month",
        ),
        (
            "SELECT (SELECT quote_ident(nspname) FROM pg_namespace n WHERE n.oid = c.relnamespace) || '.' || relname \
             FROM pg_class c WHERE relname = 'peers'",
            "public.peers",
        ),
        ("SELECT to_regtype('hstore') IS NULL, to_regtype('int8')::int", "t|20"),
        ("SELECT NULL, NULL, 1, 1", "||1|1"),
        ("SELECT pg_size_pretty(pg_table_size('visitors_daily'::regclass))", "0 bytes"),
        (
            "SELECT obj_description('visitors_daily'::regclass, 'pg_class') LIKE '%visitors of a municipality%'",
            "t",
        ),
    ] {
        assert_eq!(served.psql(sql), answer, "{sql}");
    }
    for backslash in [
        "\\d",
        "\\d connected_monthly",
        "\\dt",
        "\\dt+",
        "\\l",
        "\\l+",
        "\\dn",
        "\\dv",
        "\\dv+ questions.*",
        "\\d+ questions.telework",
        "\\di",
        "\\df",
        "\\dT",
        "\\dx",
        "\\du",
    ] {
        served.psql(backslash);
    }
}

#[test]
fn r47_excel_opens_a_csv_from_the_command_and_over_http() {
    let released = Released::unpack();
    let (lake, out) = (released.lake(), released.folder.path().join("x.csv"));
    let sql = "SELECT municipality_code, municipality, month_text FROM connected_monthly \
               WHERE municipality_code < '10000' ORDER BY 1, 3 LIMIT 1";
    run(&["query", sql, "--format", "csv-excel", "--out", text(&out), "--lake", text(&lake)]);
    let written = std::fs::read(&out).unwrap();
    let rows = String::from_utf8(written.strip_prefix(b"\xEF\xBB\xBF").unwrap().to_vec()).unwrap();
    let rows: Vec<&str> = rows.split("\r\n").collect();
    assert_eq!(rows[0], "municipality_code,municipality,month_text");
    assert!(rows[1].starts_with("\"=\"\"0"), "a leading zero stays: {}", rows[1]);
    let plain = run(&["query", sql, "--format", "csv", "--lake", text(&lake)]);
    assert!(
        plain.starts_with("municipality_code,") && plain.contains("\n0") && !plain.contains('\r'),
        "{plain}"
    );

    let served = released.serve();
    let asked: String = sql.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let request = format!(
        "GET /v1/query?format=csv-excel&sql={asked} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    );
    let (status, answer) = served.http(&request);
    assert_eq!(status, 200);
    assert!(answer.ends_with(&written), "the same bytes");
    let head = String::from_utf8_lossy(&answer).to_lowercase();
    assert!(head.contains("content-disposition: attachment; filename="), "{head}");
}

/// A start-up packet, and messages of a client that has started.
fn startup() -> Vec<u8> {
    let settings = b"user\0reader\0database\0kayoi\0\0";
    [&(settings.len() as u32 + 8).to_be_bytes()[..], &196_608_u32.to_be_bytes(), settings].concat()
}

fn framed(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &(body.len() as u32 + 4).to_be_bytes(), body].concat()
}

fn good() -> Vec<Vec<u8>> {
    vec![
        framed(b'Q', b"SELECT 1\0"),
        framed(b'P', b"\0SELECT $1::int\0\0\x01\0\0\0\x17"),
        framed(b'B', b"\0\0\0\x01\0\x00\0\x01\0\0\0\x011\0\0"),
        framed(b'D', b"P\0"),
        framed(b'E', b"\0\0\0\0\0"),
        framed(b'C', b"S\0"),
        framed(b'S', b""),
        framed(b'H', b""),
    ]
}

#[test]
fn spoilt_messages_end_their_own_connection_and_nothing_else() {
    let count: usize = std::env::var("KAYOI_FUZZ_CONNECTIONS").map_or(400, |count| count.parse().unwrap());
    let released = Released::unpack();
    let served = released.serve();
    let mut random = SmallRng::seed_from_u64(20_261_128);
    let good = good();
    for _ in 0..count {
        let mut bytes = if random.random_ratio(9, 10) { startup() } else { Vec::new() };
        for _ in 0..10 {
            let mut message = good.choose(&mut random).unwrap().clone();
            for _ in 0..random.random_range(0..3) {
                let at = random.random_range(0..message.len());
                message[at] = random.random();
            }
            bytes.extend(message);
        }
        let mut stream = served.pg();
        // A server that has refused may close while the rest is still being sent.
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
    assert_eq!(served.psql("SELECT 1"), "1");
    let log = served.log();
    assert!(!log.contains("panicked") && !log.contains("backtrace"), "{log}");
    assert!(log.len() < 64 << 10, "{} bytes of log", log.len());
}

#[test]
fn a_message_that_is_none_is_answered_with_a_protocol_violation() {
    let released = Released::unpack();
    let served = released.serve();
    for bytes in [
        [startup(), framed(b'B', b"\0\0\xff\xff")].concat(),
        [startup(), b"Q\x7f\xff\xff\xff".to_vec()].concat(),
        [startup(), framed(b'P', b"no end")].concat(),
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
        vec![0x16, 0x03, 0x01, 0x02, 0x00, 0x01],
    ] {
        let mut stream = served.pg();
        stream.write_all(&bytes).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert!(answer.windows(5).any(|code| code == b"08P01"), "{bytes:?}: {answer:?}");
    }
}

#[test]
fn a_wish_for_more_rows_than_there_are_is_a_wish_for_all() {
    let released = Released::unpack();
    let served = released.serve();
    let asks = |rows: i32| {
        let mut stream = served.pg();
        let execute = framed(b'E', &[&b"\0"[..], &rows.to_be_bytes()].concat());
        let parse = framed(b'P', b"\0SELECT 1\0\0\0");
        let bind = framed(b'B', b"\0\0\0\0\0\0\0\0");
        let rest = [framed(b'S', b""), framed(b'X', b"")].concat();
        stream.write_all(&[startup(), parse, bind, execute, rest].concat()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        answer.windows(8).any(|tag| tag == b"SELECT 1")
    };
    for rows in [0, i32::MAX, 1_000_000_000, -1, i32::MIN] {
        assert!(asks(rows), "{rows}");
    }
    assert!(!served.log().contains("panicked"), "{}", served.log());
}

#[test]
fn silent_sockets_keep_nobody_out() {
    let released = Released::unpack();
    let served = released.serve();
    // Both ends of each socket count against this process's and the server's own limit.
    let silent: Vec<(TcpStream, TcpStream)> =
        (0..300).map(|_| (served.pg(), TcpStream::connect(served.http).unwrap())).collect();
    let begun = Instant::now();
    assert_eq!(served.psql("SELECT 1"), "1");
    let (status, _) = served.http("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert_eq!(status, 200);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    drop(silent);
}

#[test]
fn who_holds_too_many_connections_is_told_so_and_gets_in_again_after_closing_them() {
    let released = Released::unpack();
    let served = released.serve();
    let mut held = Vec::new();
    let refusal = loop {
        let mut stream = served.pg();
        stream.write_all(&startup()).unwrap();
        let mut kind = [0];
        stream.read_exact(&mut kind).unwrap();
        if kind == *b"E" {
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).unwrap();
            break rest;
        }
        held.push(stream);
        assert!(held.len() < 1_000, "nobody is told");
    };
    assert!(refusal.windows(5).any(|code| code == b"53300"), "{refusal:?}");
    assert!(held.len() >= 100, "{}", held.len());
    held.truncate(held.len() / 2);
    until("closed connections make room", Duration::from_secs(10), || {
        let mut stream = served.pg();
        stream.write_all(&startup()).unwrap();
        let mut kind = [0];
        stream.read_exact(&mut kind).unwrap();
        kind == *b"R"
    });
}

#[test]
fn another_site_cannot_ask_through_a_browser() {
    let released = Released::unpack();
    let served = released.serve();
    let ask = |head: &str| {
        let body = "SELECT 1";
        served.http(&format!(
            "POST /v1/query HTTP/1.1\r\n{head}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        ))
    };
    let own = served.http;
    assert_eq!(ask(&format!("Host: {own}\r\n")).0, 200, "curl");
    assert_eq!(ask(&format!("Host: {own}\r\nOrigin: http://{own}\r\n")).0, 200, "the page");
    assert_eq!(ask("Host: rebound.example\r\n").0, 403, "a name that was made to point here");
    let foreign = "Origin: http://evil.example\r\nContent-Type: text/plain\r\n";
    assert_eq!(ask(&format!("Host: {own}\r\n{foreign}")).0, 403);
    let large = format!("Host: {own}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", 2 << 20);
    let (status, _) = served.http(&format!("POST /v1/query HTTP/1.1\r\n{large}{}", " ".repeat(2 << 20)));
    assert_eq!(status, 413);
}

#[test]
fn a_request_that_never_ends_is_cut() {
    let released = Released::unpack();
    let served = released.serve();
    let mut slow = TcpStream::connect(served.http).unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").unwrap();
    let mut starting = served.pg();
    starting.write_all(&startup()[..9]).unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    starting.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    assert!(slow.read_to_end(&mut Vec::new()).is_ok(), "the head has 10 s");
    assert!(starting.read_to_end(&mut Vec::new()).is_ok(), "the start has 10 s");
}
