use std::io::Write;

use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;

use super::*;

fn options(format: Option<FileFormat>, max_record_bytes: usize) -> FileOptions {
    let feed = Feed { max_record_bytes, ..Feed::new("p") };
    FileOptions {
        feed: Arc::new(feed),
        format,
        text: TextOptions::default(),
        job: "test".to_owned(),
        chunk_records: 1000,
        again: false,
    }
}

fn read_all(path: &Path, format: Option<FileFormat>) -> (Vec<usize>, usize) {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let table = lake.table(InternalTable::Pings).unwrap();
    let positions = Positions { lake: &lake, table: &table };
    let mut source = FileSource::open(path, options(format, 1 << 20)).unwrap();
    let (mut counts, mut last) = (Vec::new(), 0);
    loop {
        match source.poll(&positions).unwrap() {
            Polled::Chunk(chunk) => {
                counts.push((chunk.next_offset - chunk.first_offset) as usize);
                last += usize::from(chunk.is_last);
            }
            Polled::End => return (counts, last),
            _ => {}
        }
    }
}

#[test]
fn plain_gzip_and_zstd_lines_are_the_same_records() {
    let folder = tempfile::tempdir().unwrap();
    let text = "{}\n{}\n\n{}";
    let plain = folder.path().join("a.ndjson");
    std::fs::write(&plain, text).unwrap();
    let gz = folder.path().join("a.ndjson.gz");
    let mut writer = flate2::write::GzEncoder::new(File::create(&gz).unwrap(), flate2::Compression::fast());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap();
    let zst = folder.path().join("a.ndjson.zst");
    std::fs::write(&zst, zstd::encode_all(text.as_bytes(), 1).unwrap()).unwrap();
    for path in [plain, gz, zst] {
        assert_eq!(read_all(&path, None).0.iter().sum::<usize>(), 4, "{}", path.display());
    }
    // A folder is all its files.
    let (counts, ended) = read_all(folder.path(), None);
    assert_eq!((counts.iter().sum::<usize>(), ended), (12, 3));
}

#[test]
fn a_csv_row_with_broken_quotes_does_not_end_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, "device_id,timestamp,latitude,longitude\na,1,2,3\nb,1\nc,1,2,3\n").unwrap();
    assert_eq!(read_all(&path, None).0.iter().sum::<usize>(), 3);
}

#[test]
fn a_file_of_no_known_format_is_refused_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    std::fs::write(&path, "x").unwrap();
    let lake = Lake::open(&folder.path().join("lake")).unwrap();
    let table = lake.table(InternalTable::Pings).unwrap();
    let mut source = FileSource::open(&path, options(None, 100)).unwrap();
    let error = source.poll(&Positions { lake: &lake, table: &table }).unwrap_err().to_string();
    assert!(error.contains("a.bin") && error.contains("hint:"), "{error}");
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    assert!(matches!(FileSource::open(&empty, options(None, 100)), Err(SourceError::NothingToRead { .. })));
}

/// A golden Avro file of another library, without compression.
fn golden_container() -> (Vec<u8>, usize) {
    let golden = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/contracts/golden/pings.json"));
    let golden: serde_json::Value = serde_json::from_str(golden).unwrap();
    let hex = golden["containers"]["null"].as_str().unwrap();
    let bytes = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
    (bytes.collect(), golden["records"].as_array().unwrap().len())
}

#[test]
fn an_avro_file_gives_every_record_and_a_cut_one_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.avro");
    let (bytes, records) = golden_container();
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(read_all(&path, None).0.iter().sum::<usize>(), records);

    std::fs::write(&path, &bytes[..bytes.len() - 20]).unwrap();
    let lake = Lake::open(&folder.path().join("lake")).unwrap();
    let table = lake.table(InternalTable::Pings).unwrap();
    let mut source = FileSource::open(&path, options(None, 100)).unwrap();
    let error = loop {
        match source.poll(&Positions { lake: &lake, table: &table }) {
            Ok(Polled::End) => panic!("the end of a file that was cut"),
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert!(matches!(error, SourceError::Container { .. }), "{error}");
}
