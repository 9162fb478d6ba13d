//! error[E0308]: mismatched types: expected `&ReleaseReader`, found `&Lake`
// A catalog is made from the key to releases, never from a lake.

use kayoi_lake::Lake;
use kayoi_query::Catalog;

pub fn catalog(lake: &Lake) -> Catalog {
    Catalog::from_releases(lake)
}
