use std::io::Write;

use super::*;
use crate::format::avro::Program;
use crate::format::avro::records::decoded;
use crate::format::mapping::Mapping;
use crate::format::spec_encoder as encode;

const SCHEMA: &str = r#"{"type":"record","name":"P","fields":[{"name":"device_id","type":"string"}]}"#;
const MARKER: [u8; 16] = *b"0123456789abcdef";

fn header(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = b"Obj\x01".to_vec();
    encode::long(&mut file, entries.len() as i64);
    for (key, value) in entries {
        encode::text(&mut file, key.as_bytes());
        encode::text(&mut file, value);
    }
    file.push(0);
    file.extend(MARKER);
    file
}

fn block(file: &mut Vec<u8>, records: i64, packed: &[u8]) {
    encode::long(file, records);
    encode::text(file, packed);
    file.extend(MARKER);
}

fn records() -> Vec<u8> {
    let mut bytes = Vec::new();
    for index in 0..200 {
        encode::text(&mut bytes, format!("device-{index}").as_bytes());
    }
    bytes
}

fn pack(codec: Codec, bytes: &[u8]) -> Vec<u8> {
    match codec {
        Codec::Null => bytes.to_vec(),
        Codec::Deflate => {
            let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
            packer.write_all(bytes).unwrap();
            packer.finish().unwrap()
        }
        Codec::Zstandard => zstd::encode_all(bytes, 1).unwrap(),
        Codec::Snappy => {
            let mut packed = snap::raw::Encoder::new().compress_vec(bytes).unwrap();
            packed.extend(crc32fast::hash(bytes).to_be_bytes());
            packed
        }
    }
}

fn file(codec: Codec) -> Vec<u8> {
    let mut file = header(&[("avro.schema", SCHEMA.as_bytes()), ("avro.codec", codec.as_str().as_bytes())]);
    for _ in 0..2 {
        block(&mut file, 200, &pack(codec, &records()));
    }
    file
}

fn read(file: &[u8]) -> Result<Vec<Block>, ContainerError> {
    Container::open(file)?.collect()
}

const CODECS: [Codec; 4] = [Codec::Null, Codec::Deflate, Codec::Snappy, Codec::Zstandard];

#[test]
fn blocks_of_every_codec_are_unpacked_and_split() {
    for codec in CODECS {
        let file = file(codec);
        let container = Container::open(file.as_slice()).unwrap();
        assert_eq!(container.codec(), codec.as_str());
        let program = Program::compile(container.schema(), &Mapping::default()).unwrap();
        let blocks: Vec<_> = container.collect::<Result<_, _>>().unwrap();
        assert_eq!(blocks.len(), 2);
        for block in &blocks {
            let good = decoded(&program, &block.bytes, block.records);
            assert_eq!(good.iter().filter(|record| record.is_ok()).count(), 200);
        }
    }
}

#[test]
fn a_file_without_a_codec_is_not_packed() {
    let mut file = header(&[("avro.schema", SCHEMA.as_bytes())]);
    block(&mut file, 200, &records());
    assert_eq!(read(&file).unwrap()[0].bytes, records());
}

#[test]
fn a_file_cut_anywhere_but_between_blocks_is_an_error() {
    for codec in CODECS {
        let whole = file(codec);
        let start =
            header(&[("avro.schema", SCHEMA.as_bytes()), ("avro.codec", codec.as_str().as_bytes())]).len();
        let between = [start, start + (whole.len() - start) / 2];
        for cut in 0..whole.len() {
            let is_truncated = matches!(read(&whole[..cut]), Err(ContainerError::Truncated { .. }));
            assert_eq!(is_truncated, !between.contains(&cut), "{codec:?} cut at {cut}");
        }
    }
}

#[test]
fn a_block_with_another_marker_is_an_error_and_the_last() {
    let mut file = file(Codec::Null);
    let last = file.len() - 1;
    file[last] ^= 1;
    let mut container = Container::open(file.as_slice()).unwrap();
    assert!(container.next().unwrap().is_ok());
    assert!(matches!(container.next(), Some(Err(ContainerError::Marker { block: 2 }))));
    assert!(container.next().is_none());
}

#[test]
fn a_changed_byte_of_a_snappy_block_is_found_by_its_checksum() {
    let mut file = header(&[("avro.schema", SCHEMA.as_bytes()), ("avro.codec", b"snappy")]);
    let mut packed = snap::raw::Encoder::new().compress_vec(&records()).unwrap();
    packed.extend([0; 4]);
    block(&mut file, 200, &packed);
    assert!(matches!(read(&file), Err(ContainerError::Checksum { block: 1 })));
}

#[test]
fn a_count_of_more_records_than_bytes_is_an_error() {
    for count in [i64::MAX, -1, 4] {
        let mut file = header(&[("avro.schema", SCHEMA.as_bytes())]);
        block(&mut file, count, &[0, 0, 0]);
        assert!(matches!(read(&file), Err(ContainerError::Size { .. })), "{count}");
    }
}

#[test]
fn a_length_beyond_the_limit_takes_no_memory() {
    let mut file = header(&[("avro.schema", SCHEMA.as_bytes())]);
    encode::long(&mut file, 1);
    encode::long(&mut file, i64::MAX);
    assert!(matches!(read(&file), Err(ContainerError::Size { .. })));
}

#[test]
fn another_codec_or_format_is_named() {
    let brotli = header(&[("avro.schema", SCHEMA.as_bytes()), ("avro.codec", b"bzip2")]);
    assert!(read(&brotli).unwrap_err().to_string().contains("`bzip2`"));
    assert!(matches!(read(b"PAR1...."), Err(ContainerError::NotAvro)));
    assert!(matches!(read(&header(&[])), Err(ContainerError::NoSchema)));
}

#[test]
fn a_block_that_cannot_be_unpacked_is_an_error() {
    for codec in [Codec::Deflate, Codec::Snappy, Codec::Zstandard] {
        let mut file =
            header(&[("avro.schema", SCHEMA.as_bytes()), ("avro.codec", codec.as_str().as_bytes())]);
        block(&mut file, 1, &[0xff; 40]);
        assert!(matches!(read(&file), Err(ContainerError::Unpack { block: 1, .. })), "{codec:?}");
    }
}
