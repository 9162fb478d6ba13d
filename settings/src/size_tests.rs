use super::*;

#[test]
fn sizes_have_a_binary_unit() {
    for (text, bytes) in [("7B", 7), ("64KiB", 65_536), ("128MiB", 134_217_728), ("1GiB", 1_073_741_824)] {
        let size = ByteSize::parse(text).unwrap();
        assert_eq!(size.bytes(), bytes);
        assert_eq!(size.to_string(), text);
    }
    assert_eq!(ByteSize::from_mebibytes(0).to_string(), "0B");
}

#[test]
fn anything_else_is_refused() {
    for text in ["128", "128MB", "128 MiB", "-1B", "0.5GiB", "MiB", "9223372036854775807KiB"] {
        assert_eq!(ByteSize::parse(text), None, "{text}");
    }
}
