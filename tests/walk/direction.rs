//! Dependencies point down: `cli -> cluster -> aggregate`, `cli -> ingest, aggregate, release, query, simulate -> device,
//! lake, geography -> settings, schemas`.
//!
//! In: `cargo metadata`. Out: every arrow between our crates that is not allowed. Ingest, aggregate, release
//! and query never depend on each other, not even in their tests: the tables in `schemas` are the only
//! interface between them. Only aggregate may name what is measured of one device, so that the release cannot
//! show it, and a crate that measures needs neither the lake nor its engine.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::repository;

const PREFIX: &str = "kayoi-";
const ALL: &[&str] = &[
    "cluster",
    "ingest",
    "aggregate",
    "release",
    "query",
    "simulate",
    "device",
    "lake",
    "geography",
    "settings",
    "schemas",
    "harness",
];

/// What a crate may depend on; `None` for a crate that the design does not know.
fn allowed(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "cli" => Some(ALL),
        "cluster" => Some(&["schemas", "geography", "lake", "aggregate"]),
        "ingest" | "query" => Some(&["schemas", "geography", "lake", "settings"]),
        "aggregate" => Some(&["schemas", "geography", "device", "lake"]),
        "release" | "simulate" => Some(&["schemas", "geography", "lake"]),
        "device" => Some(&["schemas", "geography"]),
        "lake" | "settings" => Some(&["schemas"]),
        // Its tests on real borders take them from the harness.
        "geography" => Some(&["schemas", "harness"]),
        "schemas" => Some(&[]),
        // What tests share depends on none of ours, so that it sees what a user sees.
        "harness" => Some(&[]),
        "xtask" => Some(&["harness"]),
        "ingest-fuzz" => Some(&["ingest", "schemas"]),
        "geography-fuzz" => Some(&["geography", "schemas"]),
        _ => None,
    }
}

/// The arrows that are not allowed, as `from -> to`.
fn wrong_arrows(metadata: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in list(metadata, "packages") {
        let from = short_name(package);
        let Some(allowed) = allowed(from) else {
            wrong.push(format!("{from} is not a crate of the design"));
            continue;
        };
        let ours = list(package, "dependencies").filter(|dependency| name(dependency).starts_with(PREFIX));
        wrong.extend(
            ours.map(short_name).filter(|to| !allowed.contains(to)).map(|to| format!("{from} -> {to}")),
        );
    }
    wrong
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap_or_default()
}

fn short_name(value: &Value) -> &str {
    name(value).trim_start_matches(PREFIX)
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(repository::root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
}

/// The manifests of our crates.
pub fn manifests() -> Vec<PathBuf> {
    let manifest = |package: &Value| package["manifest_path"].as_str().unwrap_or_default().into();
    list(&metadata(), "packages").map(manifest).collect()
}

#[test]
fn dependencies_point_down() {
    let metadata = metadata();
    let listed: Vec<&str> = list(&metadata, "packages").map(short_name).collect();
    assert!(ALL.iter().all(|name| listed.contains(name)), "{listed:?}");
    assert_eq!(wrong_arrows(&metadata), Vec::<String>::new());
}

#[test]
fn an_arrow_between_two_stages_is_found() {
    let metadata = serde_json::json!({"packages": [
        {"name": "kayoi-query", "dependencies": [{"name": "kayoi-lake"}, {"name": "kayoi-aggregate"}, {"name": "arrow"}]},
        {"name": "kayoi-release", "dependencies": [{"name": "kayoi-device"}, {"name": "kayoi-aggregate", "kind": "dev"}]},
        {"name": "kayoi-device", "dependencies": [{"name": "kayoi-lake"}, {"name": "kayoi-geography"}]},
        {"name": "kayoi-schemas", "dependencies": [{"name": "kayoi-lake", "kind": "dev"}]},
        {"name": "kayoi-utils", "dependencies": []},
    ]});
    assert_eq!(
        wrong_arrows(&metadata),
        [
            "query -> aggregate",
            "release -> device",
            "release -> aggregate",
            "device -> lake",
            "schemas -> lake",
            "utils is not a crate of the design"
        ]
    );
}
