//! A world of people with ages and sexes, weighed to its own table of people: from the feed to the tables that say so.

use tempfile::TempDir;

use crate::kayoi::{json, refused, run, text};

#[test]
fn a_world_is_weighed_to_its_own_people_by_age_and_sex() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| text(&folder.path().join(name)).to_owned();
    let world = [
        ["--lives", "real"],
        ["--people", "1500"],
        ["--panel-percent", "100"],
        ["--attributes", "90"],
        ["--days", "275"],
        ["--pings-per-day", "6"],
        ["--resets-percent", "0"],
        ["--outage-days", "0"],
        ["--seed", "21"],
    ];
    run(&[&["simulate", "--out", &path("feed")], world.concat().as_slice()].concat());
    let (lake, people) = (path("lake"), path("feed/truth/population.csv"));
    run(&["ingest", "--file", &path("feed/pings"), "--lake", &lake, "--key-file", &path("key")]);
    let of_people = ["aggregate", "--lake", &lake, "--population", &people, "--trial-seed", "1", "--json"];
    // Without weights a table of people would be passed over in silence.
    assert!(refused(&of_people).contains("add --expansion census"));
    json(&[&of_people[..], &["--expansion", "census"]].concat());
    let ask = |sql: &str| run(&["query", sql, "--lake", &lake, "--format", "csv"]);
    let line = |sql: &str| ask(sql).lines().nth(1).unwrap_or_default().to_owned();
    let known = json(&["population", "info", &people, "--json"]);
    let newest = "(SELECT max(month) FROM panel_monthly WHERE status <> 'hidden')";
    let of_country = line(&format!(
        "SELECT DISTINCT population FROM panel_monthly WHERE area_code = 'JP' AND month = {newest}"
    ));
    assert_eq!(of_country, known["people"].to_string());
    let base = line("SELECT DISTINCT population_base FROM panel_monthly");
    assert!(base.contains("kayoi simulate"), "{base}");
    // Of the phones of the panel nine in ten tell both, within what noise on 1,500 phones allows.
    let told = "SELECT age_sex_known_percent FROM panel_monthly WHERE area_code = 'JP' AND calibrated_in = '2025-12' LIMIT 1";
    let told: f64 = line(told).parse().unwrap();
    assert!((75.0..=100.0).contains(&told), "{told}");
    let ages = "SELECT count(DISTINCT age_band) FROM segments_yearly WHERE area_code = 'JP' AND kind = 'visitor' AND persons > 0";
    assert!(line(ages).parse::<u32>().unwrap() >= 4, "{}", ask(ages));
    // A person for each phone: the whole of the world is in the panel.
    let weight = format!(
        "SELECT persons_per_device FROM panel_monthly WHERE area_code = 'JP' AND panel = 'month' AND month = {newest}"
    );
    let weight: f64 = line(&weight).parse().unwrap();
    assert!((0.9..=1.6).contains(&weight), "{weight}");
}
