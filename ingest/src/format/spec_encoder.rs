//! Values → bytes of Avro and Protobuf, written from the two specifications, for tests and fuzzing only.
//!
//! It shares no line with the decoders, and it takes values, not schemas: a test says what it writes.

/// Appends a base-128 integer.
pub(crate) fn integer(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 127 {
        bytes.push(128 + (number % 128) as u8);
        number /= 128;
    }
    bytes.push(number as u8);
}

/// Appends an Avro `int` or `long`.
pub(crate) fn long(bytes: &mut Vec<u8>, number: i64) {
    // 0, -1, 1, -2 become 0, 1, 2, 3.
    let folded = i128::from(number);
    let folded = if folded < 0 { -2 * folded - 1 } else { 2 * folded };
    integer(bytes, folded as u64);
}

/// Appends Avro `bytes` or a `string`.
pub(crate) fn text(bytes: &mut Vec<u8>, text: &[u8]) {
    long(bytes, text.len() as i64);
    bytes.extend_from_slice(text);
}

/// Appends an Avro `double`, or the value of a Protobuf one.
pub(crate) fn double(bytes: &mut Vec<u8>, number: f64) {
    bytes.extend_from_slice(&number.to_bits().to_le_bytes());
}

/// Appends an Avro `float`, or the value of a Protobuf one.
pub(crate) fn float(bytes: &mut Vec<u8>, number: f32) {
    bytes.extend_from_slice(&number.to_bits().to_le_bytes());
}

/// Appends a Protobuf tag.
pub(crate) fn tag(bytes: &mut Vec<u8>, number: u32, wire_type: u8) {
    integer(bytes, u64::from(number) * 8 + u64::from(wire_type));
}

/// Appends a Protobuf field with a variable-length integer.
pub(crate) fn field_integer(bytes: &mut Vec<u8>, number: u32, value: u64) {
    tag(bytes, number, 0);
    integer(bytes, value);
}

/// Appends a Protobuf `double` field.
pub(crate) fn field_double(bytes: &mut Vec<u8>, number: u32, value: f64) {
    tag(bytes, number, 1);
    double(bytes, value);
}

/// Appends a Protobuf field of bytes, text or a message.
pub(crate) fn field_bytes(bytes: &mut Vec<u8>, number: u32, value: &[u8]) {
    tag(bytes, number, 2);
    integer(bytes, value.len() as u64);
    bytes.extend_from_slice(value);
}
