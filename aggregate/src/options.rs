//! How to aggregate. In: what the command line was told. Out: [`AggregateOptions`].

use kayoi_geography::{Offices, Register};
use kayoi_schemas::definition::Definition;

use crate::plan::PIECE_PINGS;

/// How to aggregate.
#[derive(Debug, Clone)]
pub struct AggregateOptions {
    /// Thresholds.
    pub definition: Definition,
    /// Pings of a piece.
    pub piece_pings: u64,
    /// Places such as satellite offices, which tell people who work there from other visitors.
    pub offices: Offices,
    /// The municipalities, with the cities that wards belong to.
    pub register: &'static Register,
}

impl AggregateOptions {
    /// A definition over Japan's municipalities, and no offices.
    pub fn new(definition: Definition) -> Self {
        Self { definition, piece_pings: PIECE_PINGS, offices: Offices::none(), register: Register::japan() }
    }
}
