use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;
use crate::format::avro::Program;
use crate::format::mapping::Mapping;

/// A registry that answers from a list and remembers what it was asked.
struct Server {
    url: String,
    heard: Arc<Mutex<Vec<String>>>,
}

fn serve(answers: Vec<(&'static str, u16, String)>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<String> =
                lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            let Some(path) = head.first().and_then(|line| line.split(' ').nth(1)) else { continue };
            let found = answers.iter().find(|(known, ..)| *known == path);
            let (status, body) =
                found.map_or((404, "<html>".to_owned()), |(_, status, body)| (*status, body.clone()));
            ears.lock().unwrap().extend(head);
            let length = body.len();
            let answer =
                format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
            // The client may have gone: a test that asks for nothing more ends.
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    Server { url, heard }
}

fn client(url: &str) -> SchemaRegistry {
    SchemaRegistry::new(&options(url)).unwrap()
}

fn options(url: &str) -> RegistryOptions {
    RegistryOptions { url: url.to_owned(), username: None, password: None, timeout: Duration::from_secs(5) }
}

fn schema(text: &str, more: &str) -> String {
    format!(r#"{{"schema":{}{more}}}"#, serde_json::to_string(text).unwrap())
}

/// An address at which nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn a_schema_without_a_kind_is_avro() {
    let server = serve(vec![
        ("/schemas/ids/7", 200, schema("\"long\"", "")),
        ("/schemas/ids/8", 200, schema("message P {}", r#","schemaType":"PROTOBUF""#)),
        ("/schemas/ids/9", 200, schema("x", r#","schemaType":"THRIFT""#)),
    ]);
    let registry = client(&server.url);
    let seven = registry.schema(7).unwrap().unwrap();
    assert_eq!((seven.kind, seven.text.as_str()), (SchemaKind::Avro, "\"long\""));
    assert_eq!(registry.schema(8).unwrap().unwrap().kind, SchemaKind::Protobuf);
    assert!(matches!(registry.schema(9), Err(RegistryError::Kind { .. })));
}

#[test]
fn only_the_registry_itself_can_say_that_there_is_no_schema() {
    let server = serve(vec![
        ("/schemas/ids/1", 404, r#"{"error_code":40403,"message":"Schema 1 not found"}"#.to_owned()),
        ("/schemas/ids/2", 404, r#"{"error_code":404,"message":"HTTP 404 Not Found"}"#.to_owned()),
        ("/schemas/ids/3", 500, r#"{"error_code":50001}"#.to_owned()),
        ("/schemas/ids/4", 200, "<html>".to_owned()),
    ]);
    let registry = client(&server.url);
    assert_eq!(registry.schema(1).unwrap(), None);
    assert!(matches!(registry.schema(2), Err(RegistryError::Status { status: 404, code: 404, .. })));
    assert!(matches!(registry.schema(3), Err(RegistryError::Status { status: 500, code: 50001, .. })));
    assert!(matches!(registry.schema(4), Err(RegistryError::Answer { .. })));
    assert!([2, 3, 4].into_iter().all(|id| registry.schema(id).unwrap_err().is_transient()));
}

#[test]
fn references_are_fetched_once_and_stand_before_what_needs_them() {
    let os = r#"{"type":"enum","name":"Os","symbols":["ios"]}"#;
    let device = r#"{"type":"record","name":"Device","fields":[{"name":"os","type":"Os"}]}"#;
    let ping =
        r#"{"type":"record","name":"Ping","fields":[{"name":"d","type":"Device"},{"name":"o","type":"Os"}]}"#;
    let to_os = r#"{"name":"Os","subject":"a/os","version":1}"#;
    let server = serve(vec![
        (
            "/schemas/ids/1",
            200,
            schema(
                ping,
                &format!(r#","references":[{{"name":"Device","subject":"device","version":3}},{to_os}]"#),
            ),
        ),
        ("/subjects/device/versions/3", 200, schema(device, &format!(r#","references":[{to_os}]"#))),
        ("/subjects/a%2Fos/versions/1", 200, schema(os, "")),
    ]);
    let found = client(&server.url).schema(1).unwrap().unwrap();
    assert_eq!(found.references, [os, device]);
    assert!(Program::compile_with_references(&found.text, &found.references, &Mapping::default()).is_ok());
}

#[test]
fn a_reference_that_leads_nowhere_or_around_is_no_endless_search() {
    let around = r#","references":[{"name":"x","subject":"x","version":1}]"#;
    let server = serve(vec![
        ("/schemas/ids/1", 200, schema("a", around)),
        ("/subjects/x/versions/1", 200, schema("b", around)),
        ("/schemas/ids/2", 200, schema("a", r#","references":[{"name":"y","subject":"y","version":1}]"#)),
        ("/subjects/y/versions/1", 404, r#"{"error_code":40402}"#.to_owned()),
    ]);
    let registry = client(&server.url);
    assert_eq!(registry.schema(1).unwrap().unwrap().references, ["b"]);
    assert!(registry.schema(2).unwrap_err().to_string().contains("`y`"));
}

#[test]
fn the_next_address_is_asked_when_one_does_not_answer() {
    let broken = serve(vec![("/subjects", 503, String::new())]);
    let server = serve(vec![("/subjects", 200, r#"["a","b"]"#.to_owned())]);
    let registry = client(&format!("{}, {},{}/", nobody(), broken.url, server.url));
    assert_eq!(registry.subjects().unwrap(), 2);
}

#[test]
fn a_registry_that_is_not_there_is_an_error_that_names_it() {
    let url = nobody();
    let error = client(&url).schema(1).unwrap_err();
    assert!(error.is_transient() && error.to_string().contains(&url), "{error}");
}

#[test]
fn credentials_are_sent_and_never_shown() {
    let server = serve(vec![("/subjects", 401, r#"{"error_code":401}"#.to_owned())]);
    let with = RegistryOptions {
        username: Some("reader".to_owned()),
        password: Some("s3cret".to_owned()),
        ..options(&server.url)
    };
    let registry = SchemaRegistry::new(&with).unwrap();
    let error = registry.subjects().unwrap_err();
    assert!(matches!(error, RegistryError::Refused { status: 401, .. }) && !error.is_transient());
    // The words of RFC 7617: base64 of `reader:s3cret`.
    let heard = server.heard.lock().unwrap().join("\n");
    assert!(heard.contains("Basic cmVhZGVyOnMzY3JldA=="), "{heard}");
    for shown in [format!("{with:?}"), format!("{registry:?}"), format!("{error} {error:?}")] {
        assert!(!shown.contains("s3cret") && !shown.contains("cmVhZGVy"), "{shown}");
    }
}

#[test]
fn an_address_that_is_none_is_refused_without_its_password() {
    for url in ["", "registry:8081", "ftp://registry", "http://", "http://a,", "https:///x"] {
        let refused = SchemaRegistry::new(&options(url));
        assert!(matches!(refused, Err(RegistryError::Address { .. })), "{url}");
    }
    let error = SchemaRegistry::new(&options("https://reader:s3cret@registry")).unwrap_err();
    assert!(!error.to_string().contains("s3cret") && error.to_string().contains("`registry`"), "{error}");
}

#[test]
fn an_encrypted_address_is_spoken_to_with_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let first = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut byte = [0];
        std::io::Read::read_exact(&mut stream, &mut byte).unwrap();
        byte[0]
    });
    assert!(matches!(client(&url).subjects(), Err(RegistryError::Unreachable { .. })));
    // 22 begins a TLS handshake (RFC 8446, section 5.1).
    assert_eq!(first.join().unwrap(), 22);
}
