//! compiles
// What the other cases get wrong, done right: were a name misspelt in all of them, it would show here.

use std::path::Path;

use kayoi_device::{CompletedStay, Measure};
use kayoi_ingest::pseudonymize::{PseudonymKey, PseudonymousPing};
use kayoi_ingest::sensitive::{KeptPing, SensitivePlaces};
use kayoi_ingest::validate::{CheckedFix, Rules, ValidPing, validate};
use kayoi_lake::{Lake, ReleaseWriter};
use kayoi_query::{Admitted, Answer, Asked, Asker, Catalog, Door, Planned};
use kayoi_release::draw::{Drawn, MonthCounts, MonthNoised, Noised, Seeds, draw};
use kayoi_release::estimate::{Estimate, Spread, estimate};
use kayoi_release::rows::Released;
use kayoi_release::weights::Weight;
use kayoi_release::{ReleaseOptions, ReleaseSummary, decide::Rung, release};
use kayoi_schemas::definition::{Count, Definition, Thresholds};
use kayoi_schemas::disclosure::Parameters;
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
    let newest = reader.newest().await.unwrap().unwrap();
    reader.files(&newest, ReleaseTable::ConnectedMonthly).unwrap().len()
}

pub fn passed_on(admitted: Admitted, planned: Planned, answer: Answer) -> (Admitted, Planned, usize) {
    (admitted, planned, answer.row_count())
}

pub fn hidden_id(key: &PseudonymKey, ping: &Ping<'_>, now: UtcMillis) -> Option<PseudonymousPing> {
    let valid: ValidPing<'_> = validate(ping, &Rules::default(), now).ok()?;
    let kept: KeptPing<'_> = SensitivePlaces::none().keep(valid)?;
    Some(key.hide(&kept))
}

pub fn looked_at(ping: &PseudonymousPing) -> (DeviceId, UtcMillis, GridPoint) {
    let fix: &CheckedFix = ping;
    (ping.device(), fix.instant(), fix.point())
}

pub fn completed(stay: CompletedStay, _: Measure<'_>) -> CompletedStay {
    stay
}

pub fn noised(counts: &MonthCounts, seeds: &Seeds) -> MonthNoised {
    draw(counts, &[Drawn::Connected], seeds, &Parameters::STANDARD)
}

pub fn people(noised: &Noised, table: &Released) -> (Option<Estimate>, usize) {
    let rung = Rung::drawn(f64::from(noised.values()[0]), Parameters::STANDARD.tie_year);
    (estimate(&rung, &Weight::ONE, Spread::EVEN, 10, 10.0), table.batch().num_rows())
}

pub fn released(lake: &Lake, options: &ReleaseOptions) -> ReleaseSummary {
    let writer: ReleaseWriter = lake.release_writer();
    release(&writer, options, &mut |_, _| ()).unwrap()
}

pub fn thresholds(text: &str) -> (Thresholds, Count) {
    let thresholds = Definition::parse(text).unwrap().thresholds;
    let count = thresholds.rounding_base;
    (thresholds, count)
}

pub fn pings(lake: &Lake) -> usize {
    lake.files(InternalTable::Pings).unwrap().len()
}
