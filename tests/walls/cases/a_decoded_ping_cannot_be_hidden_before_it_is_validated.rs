//! error[E0308]: mismatched types: expected `&KeptPing<'_>`, found `&Ping<'_>`
// An identifier is hidden only of a ping that was validated.

use kayoi_ingest::pseudonymize::{PseudonymKey, PseudonymousPing};
use kayoi_schemas::ping::Ping;

pub fn unchecked(key: &PseudonymKey, ping: &Ping<'_>) -> PseudonymousPing {
    key.hide(ping)
}
