//! error[E0308]: mismatched types: expected `ReleaseTable`, found `InternalTable`
// The key of the release replaces release tables only.

use kayoi_lake::{ReleaseWriter, Replacement};
use kayoi_schemas::tables::InternalTable;

pub fn replaced(writer: &ReleaseWriter) -> Replacement {
    writer.replace(InternalTable::Ties).unwrap()
}
