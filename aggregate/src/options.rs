//! How to aggregate. In: what the command line was told. Out: [`AggregateOptions`].

use kayoi_geography::{Geography, Neighbours, Offices, Register};
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
    /// The municipalities side by side; of nobody where the definition does not ask.
    pub neighbours: Neighbours,
}

impl AggregateOptions {
    /// A definition over Japan's municipalities, by the simplified borders, and no offices.
    pub fn new(definition: Definition) -> Self {
        let is_asked = definition.thresholds.asks_for_neighbours();
        Self {
            neighbours: if is_asked { Neighbours::simplified().clone() } else { Neighbours::default() },
            definition,
            piece_pings: PIECE_PINGS,
            offices: Offices::none(),
            counts_final_months: false,
            register: Register::japan(),
        }
    }

    /// Takes the borders that pings were placed with for which municipalities lie side by side.
    #[must_use]
    pub fn with_borders(mut self, geography: &Geography) -> Self {
        if self.definition.thresholds.asks_for_neighbours() {
            self.neighbours = Neighbours::of_borders(geography);
        }
        self
    }
}
