//! error[E0599]: no method named `files` found for reference `&ReleaseWriter` in the current scope
// The key of the release cannot read pings.

use kayoi_lake::ReleaseWriter;
use kayoi_schemas::tables::InternalTable;

pub fn pings(writer: &ReleaseWriter) -> usize {
    writer.files(InternalTable::Pings).unwrap().len()
}
