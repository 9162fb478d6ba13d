use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{Array, AsArray};
use kayoi_geography::Place;
use kayoi_lake::Lake;
use kayoi_schemas::ids::Cell;
use kayoi_schemas::person::AgeBand;
use kayoi_schemas::ping::Ping;
use kayoi_schemas::tables::InternalTable;
use proptest::prelude::*;

use super::*;
use crate::chunk::{Chunk, Payload, Stream};
use crate::feed::Feed;
use crate::pseudonymize::PseudonymKey;
use crate::sensitive::SensitivePlaces;
use crate::store::{Outcome, Store};
use crate::validate::{Rules, validate};

type Said = (Option<FixSource>, Option<AgeBand>, Option<Sex>);

/// Everything that copies of one fix may say of its source and its person here.
fn all_said() -> Vec<Said> {
    let sources = [None, Some(FixSource::Gps), Some(FixSource::Fused)];
    let ages = [None, AgeBand::new(5, Some(9)), AgeBand::new(40, Some(49)), AgeBand::new(65, None)];
    let sexes = [None, Some(Sex::Male), Some(Sex::Female)];
    let of_source = |source| ages.into_iter().flat_map(move |age| sexes.map(|sex| (source, age, sex)));
    sources.into_iter().flat_map(of_source).collect()
}

fn copy((source, age, sex): Said) -> PlacedPing {
    let instant = UtcMillis(1_750_000_000_000);
    let record = Ping {
        device_id: Some("phone".into()),
        timestamp_ms: Some(instant.0),
        latitude: Some(36.045_123_4),
        longitude: Some(138.117_123_4),
        source,
        age,
        sex,
        ..Ping::default()
    };
    let valid = validate(&record, &Rules::default(), instant).unwrap();
    let kept = SensitivePlaces::none().keep(valid).unwrap();
    let cell = Cell::from_h3(0x0892_f5aa_dc7f_ffff);
    let place = Place { cell, municipality: None, is_off_coast: false };
    PlacedPing::new(PseudonymKey::from_bytes([1; 32]).hide(&kept), place)
}

/// What is left of copies that come in one commit after the other.
fn left_of(commits: &[&[Said]]) -> BTreeSet<[Option<String>; 3]> {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut store = Store::open(&lake).unwrap();
    let stream =
        Arc::new(Stream::new("ingest/kafka/p/0".to_owned(), Arc::new(Feed::new("p")), "p".to_owned(), 0));
    let mut next_offset = 0;
    for copies in commits.iter().filter(|copies| !copies.is_empty()) {
        let (first_offset, read) = (next_offset, copies.len());
        next_offset += read as i64;
        let stream = Arc::clone(&stream);
        let chunk = Chunk { stream, first_offset, next_offset, is_last: false, payload: Payload::End };
        let pings = vec![copies.iter().map(|said| copy(*said)).collect()];
        store.add(&chunk, read as u64, Outcome { pings, ..Outcome::default() });
        assert_eq!(store.flush().unwrap().summary.records.stored, 1);
    }
    lake.table(InternalTable::Pings).unwrap().compact(&lake, &mut |_| {}).unwrap();
    let columns = ["source", "age_band", "sex"];
    let batches = lake.rows(InternalTable::Pings, &columns).unwrap();
    let row = |batch: &arrow::array::RecordBatch, row: usize| {
        [0, 1, 2].map(|column| {
            let texts = batch.column(column).as_string::<i32>();
            texts.is_valid(row).then(|| texts.value(row).to_owned())
        })
    };
    batches
        .iter()
        .flat_map(|batch| (0..batch.num_rows()).map(|at| row(batch, at)).collect::<Vec<_>>())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn which_copy_is_kept_does_not_depend_on_how_copies_are_cut_into_commits(
        copies in prop::sample::subsequence(all_said(), 2..8).prop_shuffle(), cut in 0_usize..8,
    ) {
        let (first, second) = copies.split_at(cut.min(copies.len()));
        let whole = left_of(&[&copies]);
        prop_assert_eq!(whole.len(), 1);
        prop_assert_eq!(&left_of(&[first, second]), &whole);
        prop_assert_eq!(left_of(&[second, first]), whole);
    }
}

#[test]
fn of_copies_that_differ_in_the_person_alone_one_with_an_age_is_kept() {
    let (age, sex) = (AgeBand::new(40, Some(49)), Some(Sex::Male));
    let copies = [(None, None, sex), (None, age, None), (None, age, sex)];
    let kept = [None, Some("40-49".to_owned()), Some("male".to_owned())];
    assert_eq!(left_of(&[&copies]), BTreeSet::from([kept]));
}
