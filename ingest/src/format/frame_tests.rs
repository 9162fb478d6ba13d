use super::*;

fn reason(bytes: &[u8], kind: SchemaKind) -> RejectReason {
    Frame::parse(bytes, kind).unwrap_err().reason
}

#[test]
fn the_id_is_read_highest_byte_first() {
    let frame = Frame::parse(&[0, 0, 1, 0, 2, 7, 8], SchemaKind::Avro).unwrap();
    assert_eq!(frame.schema_id, 65_538);
    assert_eq!(frame.body, [7, 8]);
    assert_eq!(frame.message, MessagePath::FIRST);
}

#[test]
fn a_single_zero_is_short_for_the_first_message() {
    let frame = Frame::parse(&[0, 0, 0, 0, 1, 0, 9], SchemaKind::Protobuf).unwrap();
    assert_eq!(frame.message.indexes(), [0]);
    assert_eq!(frame.body, [9]);
    let long = Frame::parse(&[0, 0, 0, 0, 1, 2, 0, 9], SchemaKind::Protobuf).unwrap();
    assert_eq!(long, frame);
}

#[test]
fn a_path_leads_into_nested_messages() {
    let frame = Frame::parse(&[0, 0, 0, 0, 1, 6, 2, 0, 0x82, 0x01, 9], SchemaKind::Protobuf).unwrap();
    assert_eq!(frame.message.indexes(), [1, 0, 65]);
    assert_eq!(frame.body, [9]);
}

#[test]
fn every_prefix_of_an_envelope_is_malformed() {
    let envelope = [0, 0, 0, 0, 1, 4, 2, 0x82, 0x01];
    assert!(Frame::parse(&envelope, SchemaKind::Protobuf).is_ok());
    for cut in 0..envelope.len() {
        assert_eq!(reason(&envelope[..cut], SchemaKind::Protobuf), RejectReason::Malformed);
    }
}

#[test]
fn a_message_without_a_frame_is_malformed_and_says_why() {
    let found = Frame::parse(b"{\"device_id\":1}", SchemaKind::Json).unwrap_err();
    assert_eq!(found.reason, RejectReason::Malformed);
    assert!(!found.detail.to_string().contains("123"), "{}", found.detail);
}

#[test]
fn a_negative_or_endless_path_is_malformed() {
    assert_eq!(reason(&[0, 0, 0, 0, 1, 1, 9], SchemaKind::Protobuf), RejectReason::Malformed);
    assert_eq!(reason(&[0, 0, 0, 0, 1, 2, 1, 9], SchemaKind::Protobuf), RejectReason::Malformed);
    let mut deep = vec![0, 0, 0, 0, 1, 18];
    deep.extend([0; 20]);
    assert_eq!(reason(&deep, SchemaKind::Protobuf), RejectReason::Malformed);
}
