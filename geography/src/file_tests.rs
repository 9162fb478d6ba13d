use super::*;
use crate::boundaries::fixture::set_of;

fn small_set() -> BoundarySet {
    let triangle = vec![[139.1, 35.1], [139.25, 35.1], [139.2, 35.1234567]];
    let hole = vec![[139.15, 35.101], [139.2, 35.101], [139.2, 35.102]];
    set_of(vec![(13101, vec![triangle.clone(), hole]), (47382, vec![triangle])])
}

fn written() -> (Header, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("n03.kayoi");
    let (header, _) = write(&small_set(), &path, &mut |_| {}).unwrap();
    (header, fs::read(&path).unwrap())
}

/// The file opened for placing and read for its boundaries.
fn opened(bytes: &[u8]) -> Result<(Header, Index, BoundarySet), GeographyError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("n03.kayoi");
    fs::write(&path, bytes).unwrap();
    let (header, index) = open(&path)?;
    let (_, set) = read(&path)?;
    Ok((header, index, set))
}

#[test]
fn a_set_and_its_index_come_back_with_what_they_say_about_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("n03.kayoi");
    fs::write(&path, "an older file").unwrap();
    let set = small_set();
    let mut steps = Vec::new();
    let (written, built) = write(&set, &path, &mut |step| steps.push(step)).unwrap();
    let (header, index) = open(&path).unwrap();
    assert_eq!(read(&path).unwrap(), (header.clone(), set));
    assert_eq!(header, written);
    assert_eq!(index.parts(), built.parts());
    assert_eq!(header.index_bytes(), {
        let (_, blocks, cells, records) = built.parts();
        (4 * (blocks.len() + cells.len()) + 8 * records.len()) as u64
    });
    assert_eq!(header.decimal_scale, Some(7));
    assert_eq!(header.counts, Counts { units: 2, polygons: 2, vertices: 12 });
    assert!(header.credit.contains("国土数値情報"));
    assert_eq!(steps, [Step::Arranging, Step::Tracing, Step::Recording]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no part file is left behind");
}

#[test]
fn every_changed_byte_is_noticed() {
    let (_, bytes) = written();
    for position in 0..bytes.len() {
        for flip in [1, 0x80] {
            let mut changed = bytes.clone();
            changed[position] ^= flip;
            assert!(opened(&changed).is_err(), "byte {position} of {}", bytes.len());
        }
    }
}

#[test]
fn every_truncation_is_noticed() {
    let (_, bytes) = written();
    for length in 0..bytes.len() {
        assert!(opened(&bytes[..length]).is_err(), "length {length}");
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(opened(&longer).is_err());
}

#[test]
fn refusals_name_the_file_and_what_to_do() {
    let (_, bytes) = written();
    let refusal = |bytes: &[u8]| opened(bytes).unwrap_err().to_string();
    let mut older = bytes.clone();
    older[8] = 1;
    for (text, wanted) in [
        (refusal(b"{\"type\": \"FeatureCollection\"}"), "is not a boundary file"),
        (refusal(&older), "format version `1`, this program reads `2`"),
        (refusal(&bytes[..bytes.len() - 1]), "is damaged"),
    ] {
        assert!(text.contains("n03.kayoi`") && text.contains(wanted) && text.contains("\nhint: "), "{text}");
    }
}

#[test]
fn writing_into_a_missing_folder_says_so() {
    let missing = Path::new("no/such/folder/n03.kayoi");
    let error = write(&small_set(), missing, &mut |_| {}).unwrap_err().to_string();
    assert!(error.starts_with("cannot write `no/such/folder/n03.kayoi`"), "{error}");
}
