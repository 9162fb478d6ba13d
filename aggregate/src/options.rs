//! How to aggregate. In: what the command line was told. Out: [`AggregateOptions`].

use kayoi_geography::{Offices, Register};
use kayoi_schemas::definition::Definition;

use crate::plan::PIECE_PINGS;

/// What an aggregation is made with.
#[derive(Debug, Clone)]
pub struct AggregateOptions {
    /// The definition, with every threshold that decides a count.
    pub definition: Definition,
    /// How many pings are in memory at a time: it changes no figure, and nothing is read twice for it.
    pub piece_pings: u64,
    /// Places such as satellite offices, by which people who work there are told from other visitors.
    pub offices: Offices,
    /// Whether months whose figures are final are counted as well: for a new edition of everything.
    pub counts_final_months: bool,
    /// The municipalities, with the cities that wards belong to.
    pub register: &'static Register,
}

impl AggregateOptions {
    /// A definition over Japan's municipalities, and no offices.
    pub fn new(definition: Definition) -> Self {
        Self {
            definition,
            piece_pings: PIECE_PINGS,
            offices: Offices::none(),
            counts_final_months: false,
            register: Register::japan(),
        }
    }
}
