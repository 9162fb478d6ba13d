//! What a data partner reads of its own deliveries, through all doors of the real server, and that it reads nothing else.

use std::path::Path;

use tempfile::TempDir;

use super::answers::Server;
use super::flight::lake;
use super::users::{add, error, http, said};
use crate::kayoi::{output, refused, run, text};

const INSTANT_MS: i64 = 1_750_000_000_000;

/// Fixes of a partner: as many that are good, and as many at null island.
fn deliver(lake: &Path, partner: &str, good: i64, bad: i64) {
    let file = lake.with_file_name(format!("{partner}.csv"));
    let row = |number: i64, place: &str| {
        format!("device-of-{partner}-{number},{},{place}\n", INSTANT_MS + number * 60_000)
    };
    let good = (0..good).map(|number| row(number, "36.0451234,138.1171234"));
    let bad = (0..bad).map(|number| row(number, "0.0,0.0"));
    let lines: String = good.chain(bad).collect();
    std::fs::write(&file, format!("device_id,timestamp,latitude,longitude\n{lines}")).unwrap();
    run(&["ingest", "--file", text(&file), "--partner", partner, "--lake", text(lake)]);
}

#[test]
fn a_partner_reads_its_own_deliveries_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("lake");
    lake(&place);
    deliver(&place, "alpha", 7, 3);
    deliver(&place, "beta", 11, 5);
    run(&["quality", "--days", "3650", "--lake", text(&place)]);
    let alpha = add(&place, "a", &["--role", "partner", "--partner", "alpha"]);
    let beta = add(&place, "b", &["--role", "partner", "--partner", "beta"]);
    let taro = add(&place, "taro", &[]);
    let server = Server::start(&place);

    for (user, password, partner, good, bad) in [("a", &alpha, "alpha", 7, 3), ("b", &beta, "beta", 11, 5)] {
        let say = |sql: &str| said(&server, user, password, sql);
        let tables =
            "SELECT string_agg(table_name, ',') FROM information_schema.tables WHERE table_schema = 'public'";
        assert_eq!(say(tables), "delivery_quality,delivery_rejects");
        assert_eq!(
            say("SELECT partner || ' ' || reason, count(*) FROM delivery_rejects GROUP BY 1"),
            format!("{partner} null_island|{bad}")
        );
        assert_eq!(
            say("SELECT sum(value) FROM delivery_quality WHERE measure = 'stored'").parse::<f64>().unwrap(),
            f64::from(good)
        );
        assert_eq!(say("SELECT string_agg(DISTINCT partner, ',') FROM delivery_quality"), partner);
        assert_eq!(
            say("SELECT count(*) FROM release.delivery_rejects WHERE partner <> 'x' OR true"),
            bad.to_string()
        );
        // What fails on the rows of others alone does not fail: they are not there, not even for a condition.
        let of_others = format!("partner <> '{partner}'");
        for fails in [
            format!("prefecture_name(CASE WHEN {of_others} THEN partner || measure ELSE '20' END) = 'x'"),
            format!("CAST(CASE WHEN {of_others} THEN partner ELSE '1' END AS int) = 2"),
            format!("1 / (CASE WHEN {of_others} THEN 0 ELSE 1 END) = 2"),
        ] {
            assert_eq!(say(&format!("SELECT count(*) FROM delivery_quality WHERE {fails}")), "0", "{fails}");
        }
        for other in [
            "connected_monthly",
            "municipalities",
            "audit",
            "kpi_targets",
            "pings",
            "rejects",
            "quality",
            "late_pings",
        ] {
            let told = error(&server, user, password, &format!("SELECT * FROM {other}"));
            assert!(told.contains("unknown table"), "{told}");
        }
        let sign = ["-u", &format!("{user}:{password}")];
        let rows = http(
            &server,
            &sign,
            "/v1/query?format=csv&sql=SELECT%20DISTINCT%20partner%20FROM%20delivery_rejects",
        );
        assert_eq!(rows, ("200".to_owned(), format!("partner\n{partner}\n")));
        let (_, listed) = http(&server, &sign, "/v1/tables");
        assert!(listed.contains("delivery_quality") && !listed.contains("connected_monthly"), "{listed}");
        let (status, own) = http(&server, &sign, "/v1/tables/delivery_rejects/rows?format=csv");
        assert!(status != "200" || own.lines().skip(1).all(|row| row.starts_with(partner)), "{own}");
        for path in [
            "/v1/questions/connected-people?town=20201",
            "/v1/tables/connected_monthly/rows",
            "/ogc/collections/connected/items",
            "/v1/kpi?town=20201",
        ] {
            let (status, told) = http(&server, &sign, path);
            assert_ne!(status, "200", "{path}: {told}");
        }
    }
    // What was refused meanwhile is there at once: no release stands in between.
    deliver(&place, "alpha", 0, 4);
    assert_eq!(said(&server, "a", &alpha, "SELECT count(*) FROM delivery_rejects"), "7");
    // Nobody else has the tables, in no catalog and no error.
    assert!(error(&server, "taro", &taro, "SELECT * FROM delivery_rejects").contains("unknown table"));
    let class = "SELECT count(*) FROM pg_class WHERE relname LIKE 'delivery%'";
    assert_eq!(said(&server, "taro", &taro, class), "0");
}

#[test]
fn a_partner_has_a_name_and_nobody_else_one() {
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("lake");
    lake(&place);
    let add = |more: &[&str]| refused(&[&["user", "add", "a", "--lake", text(&place)], more].concat());
    assert!(add(&["--partner", "alpha"]).contains("hint: `--role partner --partner NAME`"));
    for no_name in ["", " alpha", "a b", "..", "アルファ"] {
        assert!(add(&["--role", "partner", "--partner", no_name]).contains("letters, digits"), "{no_name}");
    }
    for misread in [&["--role", "partner"][..], &["--role", "partner", "--partner", "a", "--area", "20214"]] {
        let told = output(&[&["user", "add", "a", "--lake", text(&place)], misread].concat());
        assert_eq!(told.status.code(), Some(2), "{told:?}");
    }
}
