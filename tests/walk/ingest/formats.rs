//! The same pings in JSON, Avro and Protobuf, with and without a schema registry, are the same rows; a bad
//! record costs only itself.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tempfile::TempDir;

use crate::kafka::KafkaServer;
use crate::kayoi::{json, text};
use crate::registry::Registry;
use crate::repository;

/// Golden records that hold a whole ping, in three encodings that other libraries made.
struct Golden {
    json: Vec<Vec<u8>>,
    avro: Vec<Vec<u8>>,
    protobuf: Vec<Vec<u8>>,
}

fn golden() -> Golden {
    let file: Value = serde_json::from_str(&repository::read("schemas/contracts/golden/pings.json")).unwrap();
    let hex = |text: &Value| -> Vec<u8> {
        let text = text.as_str().unwrap();
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    };
    let mut golden = Golden { json: Vec::new(), avro: Vec::new(), protobuf: Vec::new() };
    for record in file["records"].as_array().unwrap() {
        golden.json.push(record["record"].to_string().into_bytes());
        golden.avro.push(hex(&record["avro"]));
        golden.protobuf.push(hex(&record["protobuf"]));
    }
    assert!(golden.json.len() >= 3);
    golden
}

/// Sends values to partition 0, in order.
fn send(kafka: &KafkaServer, topic: &str, values: &[Vec<u8>]) {
    kafka.create_topic(topic, 1);
    let lines: String = values.iter().map(|value| format!("0\t\t\t{}\n", STANDARD.encode(value))).collect();
    kafka.produce_file(topic, lines.as_bytes());
}

fn ingest(kafka: &KafkaServer, topic: &str, lake: &Path, key: &Path, more: &[&str]) -> Value {
    let from = ["ingest", "--json", "--until-end", "--kafka", kafka.bootstrap(), "--topic", topic];
    let to = ["--lake", text(lake), "--key-file", text(key), "--partner", "p"];
    json(&[&from[..], &to[..], more].concat())
}

fn framed(id: u32, path: &[u8], body: &[u8]) -> Vec<u8> {
    [&[0], &id.to_be_bytes()[..], path, body].concat()
}

#[test]
fn three_encodings_with_and_without_a_registry_store_the_same_rows() {
    let (kafka, registry, golden) = (KafkaServer::start(), Registry::start(), golden());
    let avsc = repository::read("schemas/contracts/ping.avsc");
    let proto = repository::read("schemas/contracts/ping.proto");
    let avro_id = registry.register("avro-value", "AVRO", &avsc);
    let proto_id = registry.register("proto-value", "PROTOBUF", &proto);
    let unknown_id = 4_000_000;

    send(&kafka, "json", &golden.json);
    send(&kafka, "avro", &golden.avro);
    send(&kafka, "protobuf", &golden.protobuf);
    // One topic with everything, and three records that are nothing.
    let mut mixed: Vec<Vec<u8>> = golden.avro.iter().map(|body| framed(avro_id, &[], body)).collect();
    mixed.push(framed(unknown_id, &[], &golden.avro[0]));
    mixed.extend(golden.protobuf.iter().map(|body| framed(proto_id, &[0], body)));
    mixed.push(framed(avro_id, &[], &golden.avro[0][..golden.avro[0].len() / 2]));
    mixed.extend(golden.json.iter().cloned());
    mixed.push(vec![0, 1]);
    send(&kafka, "mixed", &mixed);

    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let key = path("key");
    let root = repository::root();
    let (avsc, proto) = (root.join("schemas/contracts/ping.avsc"), root.join("schemas/contracts/ping.proto"));
    let from_json = ingest(&kafka, "json", &path("json"), &key, &["--format", "json"]);
    let avro = ["--format", "avro", "--schema-file", text(&avsc)];
    let from_avro = ingest(&kafka, "avro", &path("avro"), &key, &avro);
    let protobuf = ["--format", "protobuf", "--schema-file", text(&proto)];
    let from_protobuf = ingest(&kafka, "protobuf", &path("protobuf"), &key, &protobuf);
    let from_mixed = ingest(&kafka, "mixed", &path("mixed"), &key, &["--registry", registry.url()]);

    for (name, summary) in [("avro", &from_avro), ("protobuf", &from_protobuf)] {
        for count in ["read", "stored", "duplicates", "rejected_by_reason"] {
            assert_eq!(summary[count], from_json[count], "{name} {count}");
        }
    }
    let stored = from_json["stored"].as_u64().unwrap();
    assert!(stored > 0);
    // Copies within a commit are one row.
    assert_eq!(from_mixed["stored"], stored);
    let good = from_json["rejected"].as_u64().unwrap() * 3;
    assert_eq!(from_mixed["rejected"], good + 3);
    assert_eq!(from_mixed["rejected_by_reason"]["unknown_schema"], 1);

    let mut days = Vec::new();
    for name in ["json", "avro", "protobuf", "mixed"] {
        json(&["lake", "compact", "--json", "--lake", text(&path(name))]);
        days.push(sorted_files(&path(name)));
    }
    assert!(!days[0].is_empty() && days.iter().all(|found| *found == days[0]), "the rows differ");
}

/// Bytes of the compacted files, by day.
fn sorted_files(lake: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for day in lake.join("pings").read_dir().unwrap().map(|entry| entry.unwrap().path()) {
        let name = day.file_name().unwrap().to_string_lossy().into_owned();
        for file in day.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            if file.file_name().unwrap().to_string_lossy().starts_with("sorted-") {
                files.push((name.clone(), std::fs::read(&file).unwrap()));
            }
        }
    }
    files.sort();
    files
}
