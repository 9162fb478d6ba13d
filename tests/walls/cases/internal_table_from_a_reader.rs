//! error[E0308]: mismatched types: expected `ReleaseTable`, found `InternalTable`
// The key that the query side holds opens release tables only.

use kayoi_lake::{Manifest, ReleaseReader};
use kayoi_schemas::tables::InternalTable;

pub fn files(reader: &ReleaseReader, release: &Manifest) -> usize {
    reader.files(release, InternalTable::Pings).unwrap().len()
}
