//! error[E0308]: mismatched types: expected `ReleaseTable`, found `InternalTable`
// The key that the query side holds opens release tables only.

use kayoi_lake::ReleaseReader;
use kayoi_schemas::tables::InternalTable;

pub async fn files(reader: &ReleaseReader) -> usize {
    reader.files(InternalTable::Pings).await.unwrap().len()
}
