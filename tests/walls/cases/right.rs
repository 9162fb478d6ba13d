//! compiles
// What the other cases get wrong, done right: were a name misspelt in all of them, it would show here.

use std::path::Path;

use kayoi_device::{CompletedStay, Measure};
use kayoi_ingest::pseudonymize::{PseudonymKey, PseudonymousPing};
use kayoi_ingest::validate::{CheckedFix, Rules, ValidPing, validate};
use kayoi_lake::{Lake, ReleaseWriter};
use kayoi_query::{Admitted, Answer, Asked, Asker, Catalog, Door, Planned};
use kayoi_release::rows::Released;
use kayoi_release::suppress::{Problem, Suppressed, suppress};
use kayoi_release::weigh::Weighed;
use kayoi_release::{ReleaseOptions, ReleaseSummary, release};
use kayoi_schemas::definition::{Count, Definition, Thresholds};
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::ping::Ping;
use kayoi_schemas::tables::{InternalTable, ReleaseTable};
use kayoi_schemas::time::UtcMillis;
use kayoi_schemas::units::GridPoint;

pub fn asked(text: &str) -> Asked {
    Asked::new(Asker::Anonymous, Door::Http, text)
}

pub fn catalog(lake: &Lake) -> Catalog {
    Catalog::from_releases(&lake.release_reader())
}

pub fn table(empty: Catalog) -> Catalog {
    let internal = [InternalTable::Pings].is_empty();
    if internal { Catalog::new(vec![(ReleaseTable::ConnectedMonthly, panic!())]) } else { empty }
}

pub async fn files(place: &Path) -> usize {
    let reader = Lake::open(place).unwrap().release_reader();
    reader.files(ReleaseTable::ConnectedMonthly).await.unwrap().len()
}

pub fn passed_on(admitted: Admitted, planned: Planned, answer: Answer) -> (Admitted, Planned, usize) {
    (admitted, planned, answer.row_count())
}

pub fn hidden_id(key: &PseudonymKey, ping: &Ping<'_>, now: UtcMillis) -> Option<PseudonymousPing> {
    let valid: ValidPing<'_> = validate(ping, &Rules::default(), now).ok()?;
    Some(key.hide(&valid))
}

pub fn looked_at(ping: &PseudonymousPing) -> (DeviceId, UtcMillis, GridPoint) {
    let fix: &CheckedFix = ping;
    (ping.device(), fix.instant(), fix.point())
}

pub fn completed(stay: CompletedStay, _: Measure<'_>) -> CompletedStay {
    stay
}

pub fn suppressed(problem: Problem<u8>) -> Vec<Suppressed<u8>> {
    suppress(problem, 10)
}

pub fn hidden(figure: &Weighed<u8>, table: &Released) -> (bool, u64) {
    (figure.persons().is_none(), table.published_rows())
}

pub fn released(lake: &Lake, options: &ReleaseOptions) -> ReleaseSummary {
    let writer: ReleaseWriter = lake.release_writer();
    release(&writer, options).unwrap()
}

pub fn thresholds(text: &str) -> (Thresholds, Count) {
    let thresholds = Definition::parse(text).unwrap().thresholds;
    let count = thresholds.disclosure_min_devices;
    (thresholds, count)
}

pub fn pings(lake: &Lake) -> usize {
    lake.files(InternalTable::Pings).unwrap().len()
}
