use super::*;

fn read(schema: &str) -> Result<(Types, TypeId), SchemaError> {
    Types::read(schema, &[])
}

fn error(schema: &str) -> String {
    read(schema).unwrap_err().to_string()
}

#[test]
fn a_bare_name_is_a_schema_with_or_without_quotes() {
    for schema in ["long", "\"long\"", r#"{"type":"long"}"#, r#"{"type":{"type":"long"}}"#] {
        let (types, root) = read(schema).unwrap();
        assert_eq!(types.node(root).word(), "long");
    }
}

#[test]
fn a_name_is_looked_up_in_the_namespace_around_it() {
    let schema = r#"{"type":"record","name":"jp.example.Ping","fields":[
        {"name":"a","type":{"type":"fixed","name":"Four","size":4}},
        {"name":"b","type":"Four"},{"name":"c","type":"jp.example.Four"},
        {"name":"d","type":{"type":"fixed","name":"Four","namespace":"other","size":8}},
        {"name":"e","type":"other.Four"}]}"#;
    let (types, root) = read(schema).unwrap();
    let Node::Record(fields) = types.node(root) else { panic!("no record") };
    let sizes = fields.iter().map(|field| match types.node(field.kind) {
        Node::Fixed(size) => *size,
        _ => 0,
    });
    assert_eq!(sizes.collect::<Vec<_>>(), [4, 4, 4, 8, 8]);
}

#[test]
fn a_type_of_another_schema_is_found_among_the_references() {
    let references = [r#"{"type":"enum","name":"jp.Os","symbols":["ios"]}"#.to_owned()];
    let schema = r#"{"type":"record","name":"P","fields":[{"name":"os","type":"jp.Os"}]}"#;
    assert!(Types::read(schema, &references).is_ok());
    assert!(error(schema).contains("`jp.Os`"));
}

#[test]
fn a_broken_schema_is_an_error_that_names_the_place() {
    assert!(error("{").contains("not JSON"));
    assert!(error("7").contains("has a number where"));
    assert!(error(r#"{"type":"record","name":"P"}"#).contains("`fields`"));
    assert!(error(r#"{"type":"fixed","name":"P","size":-1}"#).contains("`size`"));
    assert!(error(r#"{"type":"array"}"#).contains("`items`"));
    let twice = r#"[{"type":"fixed","name":"P","size":1},{"type":"fixed","name":"P","size":2}]"#;
    assert!(error(twice).contains("`P` twice"));
}

#[test]
fn a_schema_with_too_many_types_is_refused() {
    let branches = vec!["\"null\""; MOST_TYPES].join(",");
    assert!(matches!(read(&format!("[{branches}]")), Err(SchemaError::TooManyTypes { .. })));
}

#[test]
fn only_types_without_bytes_are_weightless() {
    let weightless = |schema: &str| read(schema).map(|(types, root)| types.is_weightless(root)).unwrap();
    assert!(weightless("\"null\""));
    assert!(weightless(r#"{"type":"record","name":"P","fields":[{"name":"a","type":"null"}]}"#));
    assert!(!weightless(r#"{"type":"record","name":"P","fields":[{"name":"a","type":"P"}]}"#));
    assert!(!weightless(r#"["null"]"#));
}
