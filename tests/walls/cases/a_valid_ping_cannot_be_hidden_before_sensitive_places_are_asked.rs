//! error[E0308]: mismatched types: expected `&KeptPing<'_>`, found `&ValidPing<'_>`
// An identifier is hidden only of a ping that lies in no sensitive place.

use kayoi_ingest::pseudonymize::{PseudonymKey, PseudonymousPing};
use kayoi_ingest::validate::ValidPing;

pub fn unasked(key: &PseudonymKey, ping: &ValidPing<'_>) -> PseudonymousPing {
    key.hide(ping)
}
