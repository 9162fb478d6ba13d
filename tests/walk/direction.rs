//! Dependencies point down: `cli -> ingest, aggregate, query, simulate -> lake, geography -> schemas`.
//!
//! In: `cargo metadata`. Out: every arrow between our crates that is not allowed. Ingest, aggregate and query never
//! depend on each other, not even in their tests: the tables in `schemas` are the only interface between them.

use std::process::Command;

use serde_json::Value;

use crate::repository;

const PREFIX: &str = "kayoi-";
const MIDDLE: &[&str] = &["lake", "geography", "schemas"];
const ALL: &[&str] = &["ingest", "aggregate", "query", "simulate", "lake", "geography", "schemas", "harness"];

/// What a crate may depend on; `None` for a crate that the design does not know.
fn allowed(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "cli" => Some(ALL),
        "ingest" | "aggregate" | "query" | "simulate" => Some(MIDDLE),
        "lake" => Some(&["schemas"]),
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
            wrong.push(format!("{from} is no crate of the design"));
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

#[test]
fn dependencies_point_down() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(repository::root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    assert!(list(&metadata, "packages").count() >= ALL.len(), "cargo lists too few crates");
    assert_eq!(wrong_arrows(&metadata), Vec::<String>::new());
}

#[test]
fn an_arrow_between_two_stages_is_found() {
    let metadata = serde_json::json!({"packages": [
        {"name": "kayoi-query", "dependencies": [{"name": "kayoi-lake"}, {"name": "kayoi-aggregate"}, {"name": "arrow"}]},
        {"name": "kayoi-schemas", "dependencies": [{"name": "kayoi-lake", "kind": "dev"}]},
        {"name": "kayoi-utils", "dependencies": []},
    ]});
    assert_eq!(
        wrong_arrows(&metadata),
        ["query -> aggregate", "schemas -> lake", "utils is no crate of the design"]
    );
}
