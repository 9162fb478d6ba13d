//! compiles
// What the other cases get wrong, done right: were a name misspelt in all of them, it would show here.

use kayoi_ingest::pseudonymize::{PseudonymKey, PseudonymousPing};
use kayoi_ingest::validate::{CheckedFix, Rules, ValidPing, validate};
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::ping::Ping;
use kayoi_schemas::time::UtcMillis;
use kayoi_schemas::units::GridPoint;

pub fn hidden(key: &PseudonymKey, ping: &Ping<'_>, now: UtcMillis) -> Option<PseudonymousPing> {
    let valid: ValidPing<'_> = validate(ping, &Rules::default(), now).ok()?;
    Some(key.hide(&valid))
}

pub fn looked_at(ping: &PseudonymousPing) -> (DeviceId, UtcMillis, GridPoint) {
    let fix: &CheckedFix = ping;
    (ping.device(), fix.instant(), fix.point())
}

pub fn from_elsewhere(hash: u64) -> DeviceId {
    DeviceId::from_hash(hash)
}
