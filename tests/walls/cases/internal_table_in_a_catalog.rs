//! error[E0308]: mismatched types: expected `ReleaseTable`, found `InternalTable`
// A catalog takes release tables only.

use kayoi_query::Catalog;
use kayoi_schemas::tables::InternalTable;

pub fn catalog() -> Catalog {
    Catalog::new(vec![(InternalTable::Pings, panic!())])
}
