use std::io::Write;

use super::*;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(text).unwrap();
    writer.finish().unwrap()
}

fn zstd(text: &[u8]) -> Vec<u8> {
    zstd::encode_all(text, 1).unwrap()
}

/// The text of a file, or what the error says with its cause.
fn read(name: &str, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let told = |unreadable: Unreadable| {
        let error = unreadable.at(&path);
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        format!("{error}: {cause}")
    };
    let mut text = open(&path, FileFormat::Ndjson).map_err(told)?;
    let mut read = Vec::new();
    text.read_to_end(&mut read).map_err(|error| told(Unreadable::Read(error)))?;
    Ok(read)
}

#[test]
fn a_packed_text_that_is_cut_anywhere_is_an_error_and_never_its_end() {
    let text: Vec<u8> =
        (0..400_u32).flat_map(|n| format!("{{\"n\":{}}}\n", n * n * 7919).into_bytes()).collect();
    for (name, packed) in [("a.ndjson.gz", gzip(&text)), ("a.ndjson.zst", zstd(&text))] {
        assert_eq!(read(name, &packed).unwrap(), text);
        for cut in 0..packed.len() {
            let error = read(name, &packed[..cut]).expect_err(name);
            assert!(
                error.contains(name) && error.contains("ends early") && error.contains("hint:"),
                "{error}"
            );
        }
    }
}

#[test]
fn members_and_frames_are_one_text_and_rubbish_behind_them_is_an_error() {
    for (name, pack) in [("a.ndjson.gz", gzip as fn(&[u8]) -> Vec<u8>), ("a.ndjson.zst", zstd)] {
        let two = [pack(b"{}\n"), pack(b"[]\n")].concat();
        assert_eq!(read(name, &two).unwrap(), b"{}\n[]\n", "{name}");
        let error = read(name, &[two.as_slice(), b"rubbish!"].concat()).unwrap_err();
        assert!(error.contains("after 6 unpacked bytes"), "{error}");
        let second = two.len() - 4;
        assert!(read(name, &two[..second]).unwrap_err().contains("ends early"), "{name}");
    }
    let skipped = [&[0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9], zstd(b"{}\n").as_slice()].concat();
    assert_eq!(read("a.ndjson.zst", &skipped).unwrap(), b"{}\n");
}

#[test]
fn a_name_left_over_from_packing_is_read_when_the_bytes_are_text() {
    assert_eq!(read("a.ndjson.gz", b"{}\n").unwrap(), b"{}\n");
    assert_eq!(read("a.ndjson", &gzip(b"{}\n")).unwrap(), b"{}\n");
    assert!(read("a.ndjson.gz", b"\x1e\x8b\x08\0\0\0").unwrap_err().contains("is damaged"));
}

#[test]
fn a_file_of_another_kind_is_named_as_such() {
    for (bytes, kind) in [("PK\u{3}\u{4}...", ".zip"), ("BZh9...", "bzip2"), ("<!DOCTYPE html>", "HTML")] {
        let error = read("a.ndjson", bytes.as_bytes()).unwrap_err();
        assert!(error.contains("a.ndjson") && error.contains(kind) && error.contains("hint:"), "{error}");
    }
    assert!(read("a.ndjson.gz", &gzip(&gzip(b"{}"))).unwrap_err().contains("gzip, inside"));
}
