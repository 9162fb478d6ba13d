use std::net::SocketAddr;
use std::process::{Command, Output};
use std::time::Duration;

use kayoi_schemas::tables::ReleaseTable;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::*;
use crate::engine::Limits;
use crate::fixture::{UNREACHABLE, WRITES, engine, service};

/// A server that ends with the test.
struct Served {
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

async fn serve(limits: Limits) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = async move { drop(stopped.await) };
    tokio::spawn(serve_pg(service(&engine(limits)), Directory::empty(), listener, None, ended));
    Served { address, _stop: stop }
}

impl Served {
    /// Runs psql, which must be installed, on commands one by one.
    async fn psql(&self, arguments: &[&str]) -> Output {
        let connection = format!("host=127.0.0.1 port={} dbname=kayoi user=analyst", self.address.port());
        let mut command = Command::new("psql");
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("LC_ALL", "C.UTF-8");
        command.args(["--no-psqlrc", "-v", "VERBOSITY=verbose", &connection]).args(arguments);
        tokio::task::spawn_blocking(move || command.output()).await.unwrap().expect("psql must be installed")
    }

    async fn out(&self, sql: &str) -> String {
        let output = self.psql(&["-c", sql]).await;
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() && error.is_empty(), "{sql}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    async fn error(&self, sql: &str) -> String {
        String::from_utf8(self.psql(&["-c", sql]).await.stderr).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn psql_reads_figures_and_nulls() {
    let served = serve(Limits::default()).await;
    let sql =
        "SELECT origin, persons, status FROM connected_monthly WHERE kind = 'connected' ORDER BY origin_code";
    let output = served.psql(&["--csv", "-c", sql]).await;
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "origin,persons,status\n東京都,400,published\n神奈川県,,hidden\nall,1200,published\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn psql_describes_what_there_is() {
    let served = serve(Limits::default()).await;
    let tables = served.out("\\dt").await;
    for table in ["visitors_daily", "connected_monthly", "connected_totals_monthly"] {
        assert_eq!(tables.matches(&format!("| {table} ")).count(), 1, "{tables}");
    }
    let beside = crate::catalog::described_within(&crate::Scope::default()).count();
    assert!(tables.contains(&format!("({} rows)", ReleaseTable::ALL.len() + beside)), "{tables}");
    let comments = served.out("\\d+ municipalities").await;
    assert!(comments.contains("読み(片仮名) / reading in katakana"), "{comments}");
    let columns = served.out("\\d connected_monthly").await;
    assert!(columns.contains("Table \"public.connected_monthly\""), "{columns}");
    assert!(columns.contains(" persons ") && columns.contains("bigint"), "{columns}");
    assert!(columns.contains(" municipality_code ") && columns.contains("not null"), "{columns}");
    assert!(served.out("\\l").await.contains(" kayoi "));
    assert!(served.out("\\dn").await.contains(" public "));
    assert!(served.error("\\d pings").await.contains("Did not find any relation named \"pings\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_carry_sqlstate_and_hint() {
    let served = serve(Limits::default()).await;
    let error = served.error("SELECT * FROM pings").await;
    assert!(error.contains("ERROR:  42P01: unknown table `pings`"), "{error}");
    assert!(error.contains("HINT:  the tables are connected_monthly"), "{error}");
    assert!(served.error("SELECT 1 +").await.contains("42601"), "syntax");
    assert!(
        served.error("SELECT person FROM connected_monthly").await.contains("HINT:  the nearest are persons")
    );
    let many = "SELECT 1;".repeat(40);
    assert!(served.error(&many).await.contains("ERROR:  42601: `40` statements at once"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_write_passes_over_the_wire() {
    let served = serve(Limits::default()).await;
    let mut wire = Wire::connect(served.address).await;
    for sql in WRITES {
        assert_eq!(wire.simple(sql).await.sqlstate(), Some("25006"), "{sql}");
        assert_eq!(wire.extended(sql, &[]).await.sqlstate(), Some("25006"), "{sql}");
    }
    for name in UNREACHABLE {
        let sql = format!("SELECT * FROM {name}");
        assert_eq!(wire.simple(&sql).await.sqlstate(), Some("42P01"), "{sql}");
        assert_eq!(wire.extended(&sql, &[]).await.sqlstate(), Some("42P01"), "{sql}");
    }
    assert_eq!(wire.simple("SELECT * FROM connected_monthly").await.rows.len(), 4);
    assert!(!std::path::Path::new("/tmp/kayoi-must-not-exist.csv").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_clients_send_at_the_start_is_accepted() {
    let served = serve(Limits::default()).await;
    let mut wire = Wire::connect(served.address).await;
    for sql in [
        "SET extra_float_digits = 3",
        "SET client_encoding TO 'UTF8'",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "BEGIN",
        "BEGIN; SELECT 1; COMMIT",
        "START TRANSACTION READ ONLY",
        "ROLLBACK",
        "DISCARD ALL",
        "DEALLOCATE ALL",
        "RESET ALL",
        "SELECT pg_advisory_unlock_all(); CLOSE ALL; UNLISTEN *; RESET ALL;",
        "SELECT current_database(), current_schema()",
        "select version()",
        ";",
    ] {
        assert_eq!(wire.simple(sql).await.sqlstate(), None, "{sql}");
        if sql.matches(';').count() < 2 {
            assert_eq!(wire.extended(sql, &[]).await.sqlstate(), None, "{sql}");
        }
    }
    assert_eq!(wire.simple("SHOW transaction_isolation").await.rows, [[Some("read committed".to_owned())]]);
    assert_eq!(
        wire.simple("SHOW TRANSACTION ISOLATION LEVEL").await.rows,
        [[Some("read committed".to_owned())]]
    );
    assert_eq!(wire.simple("SHOW server_version").await.rows, [[Some("16.6".to_owned())]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_extended_protocol_binds_parameters_of_known_and_unknown_types() {
    let served = serve(Limits::default()).await;
    let mut wire = Wire::connect(served.address).await;
    let sql =
        "SELECT origin, persons FROM connected_monthly WHERE persons > $1 AND kind = $2 ORDER BY persons";
    let told = wire.extended(sql, &[(20, "300"), (25, "connected")]).await;
    let expected = [
        [Some("東京都".to_owned()), Some("400".to_owned())],
        [Some("all".to_owned()), Some("1200".to_owned())],
    ];
    assert_eq!(told.rows, expected, "{:?}", told.error);
    assert_eq!(told.parameters, [20, 25]);
    assert_eq!(told.columns, [("origin".to_owned(), 25), ("persons".to_owned(), 20)]);
    assert_eq!(wire.extended(sql, &[(0, "300"), (0, "connected")]).await.rows, expected);
    assert_eq!(wire.extended(sql, &[(701, "300"), (1043, "connected")]).await.rows, expected);
    let text = wire.extended("SELECT prefecture_name($1), $2", &[(0, "13"), (0, "x")]).await;
    assert_eq!(text.rows, [[Some("東京都".to_owned()), Some("x".to_owned())]], "{:?}", text.error);
    let paged = "SELECT month FROM connected_monthly LIMIT $1 OFFSET $2";
    let limited = wire.extended(paged, &[(0, "1"), (0, "1")]).await;
    assert_eq!((limited.rows.len(), limited.parameters), (1, vec![20, 20]), "{:?}", limited.error);
    let cell = h3o::LatLng::new(35.6812, 139.7671).unwrap().to_cell(h3o::Resolution::Nine);
    let point = "SELECT h3_cell($1, $2, $3), $4::double";
    let told = wire.extended(point, &[(0, "35.6812"), (0, "139.7671"), (0, "9"), (0, "1.5")]).await;
    assert_eq!(told.parameters, [701, 701, 20, 701], "{:?}", told.error);
    assert_eq!(told.rows, [[Some(cell.to_string()), Some("1.5".to_owned())]]);
    let coerced = wire
        .extended("SELECT CASE WHEN persons > 1300 THEN 1 ELSE 2.5 END AS x FROM visitors_daily", &[])
        .await;
    assert_eq!(coerced.columns, [("x".to_owned(), 701)], "double, as it will be sent");
    let few = wire.extended(sql, &[(20, "300")]).await;
    assert_eq!(few.sqlstate(), Some("08P01"));
    assert_eq!(wire.extended(sql, &[(20, "many"), (25, "connected")]).await.sqlstate(), Some("22P02"));
    assert_eq!(wire.extended(sql, &[(20, "300"), (25, "connected")]).await.rows, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_query_is_cut_and_the_connection_lives() {
    let served = serve(Limits { timeout: Duration::from_millis(300), ..Limits::default() }).await;
    let mut wire = Wire::connect(served.address).await;
    let slow = "SELECT count(*) FROM generate_series(1, 1000000000000) AS s(n) WHERE n % 7 = 3";
    assert_eq!(wire.simple(slow).await.sqlstate(), Some("57014"));
    assert_eq!(wire.extended(slow, &[]).await.sqlstate(), Some("57014"));
    assert_eq!(wire.simple("SELECT 1").await.rows, [[Some("1".to_owned())]]);
}

/// What came back for one query.
#[derive(Debug, Default)]
struct Reply {
    rows: Vec<Vec<Option<String>>>,
    columns: Vec<(String, u32)>,
    parameters: Vec<u32>,
    error: Vec<(u8, String)>,
}

impl Reply {
    fn sqlstate(&self) -> Option<&str> {
        self.error.iter().find(|(field, _)| *field == b'C').map(|(_, code)| code.as_str())
    }
}

/// The protocol by hand: no Postgres client is among the dependencies, and psql 15 cannot bind.
struct Wire {
    stream: TcpStream,
}

impl Wire {
    async fn connect(address: SocketAddr) -> Self {
        let mut wire = Self { stream: TcpStream::connect(address).await.unwrap() };
        let body = [&196_608_i32.to_be_bytes()[..], b"user\0analyst\0database\0kayoi\0\0"].concat();
        wire.stream.write_all(&[&length(&body)[..], &body].concat()).await.unwrap();
        assert!(wire.reply().await.error.is_empty());
        wire
    }

    async fn send(&mut self, kind: u8, body: &[u8]) {
        self.stream.write_all(&[&[kind][..], &length(body), body].concat()).await.unwrap();
    }

    async fn simple(&mut self, sql: &str) -> Reply {
        self.send(b'Q', &text(sql)).await;
        self.reply().await
    }

    /// Parse, Describe statement, Bind, Describe portal, Execute, Sync; parameters as (type, text).
    async fn extended(&mut self, sql: &str, parameters: &[(u32, &str)]) -> Reply {
        let count = (parameters.len() as i16).to_be_bytes();
        let types: Vec<u8> = parameters.iter().flat_map(|(oid, _)| oid.to_be_bytes()).collect();
        self.send(b'P', &[&text(""), &text(sql), &count[..], &types].concat()).await;
        self.send(b'D', b"S\0").await;
        let values = parameters
            .iter()
            .flat_map(|(_, value)| [&(value.len() as i32).to_be_bytes()[..], value.as_bytes()].concat());
        let values: Vec<u8> = values.collect();
        self.send(b'B', &[b"\0\0\0\0", &count[..], &values, b"\0\0"].concat()).await;
        self.send(b'E', b"\0\0\0\0\0").await;
        self.send(b'S', b"").await;
        self.reply().await
    }

    async fn reply(&mut self) -> Reply {
        let mut reply = Reply::default();
        loop {
            let kind = self.stream.read_u8().await.unwrap();
            let size = self.stream.read_i32().await.unwrap() as usize - 4;
            let mut body = vec![0; size];
            self.stream.read_exact(&mut body).await.unwrap();
            let mut body = Body(&body);
            match kind {
                b'Z' => return reply,
                b'T' => {
                    reply.columns = (0..body.i16())
                        .map(|_| {
                            let name = body.string();
                            body.take(6);
                            let oid = body.i32() as u32;
                            body.take(8);
                            (name, oid)
                        })
                        .collect();
                }
                b't' => reply.parameters = (0..body.i16()).map(|_| body.i32() as u32).collect(),
                b'D' => reply.rows.push((0..body.i16()).map(|_| body.value()).collect()),
                b'E' => {
                    while body.0.len() > 1 {
                        let field = body.take(1)[0];
                        reply.error.push((field, body.string()));
                    }
                }
                _ => {}
            }
        }
    }
}

fn length(body: &[u8]) -> [u8; 4] {
    (body.len() as i32 + 4).to_be_bytes()
}

fn text(text: &str) -> Vec<u8> {
    [text.as_bytes(), b"\0"].concat()
}

struct Body<'a>(&'a [u8]);

impl<'a> Body<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }

    fn i16(&mut self) -> i16 {
        i16::from_be_bytes(self.take(2).try_into().unwrap())
    }

    fn i32(&mut self) -> i32 {
        i32::from_be_bytes(self.take(4).try_into().unwrap())
    }

    fn string(&mut self) -> String {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap();
        let text = self.take(end).to_vec();
        self.take(1);
        String::from_utf8(text).unwrap()
    }

    fn value(&mut self) -> Option<String> {
        let size = self.i32();
        (size >= 0).then(|| String::from_utf8(self.take(size as usize).to_vec()).unwrap())
    }
}
