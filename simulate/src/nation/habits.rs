//! How people come back: the classes of ties, their shares, and how a tie moves between them.
//!
//! In: nothing. Out: constants, and the new ties of a month that keep the shares as they are. Shares are of
//! all ties in a window of twelve months. Four in five are a single visit; those of the others move with the
//! window as visits enter and leave it. All of them are a model: they give the shares of connected, dual
//! resident and frequent visitors that a nation of simulated devices had, and no survey's.

/// Values of visit days, rung, dual residence and workation.
pub(super) type Values = [u16; 4];

/// The classes that are coherent: no more visits than days, a dual resident is connected and does not come
/// for workation, and hardly anyone comes on eight days without being connected. Sorted as cells are.
pub(super) const CLASSES: [Values; 17] = [
    [1, 0, 0, 0],
    [2, 0, 0, 0],
    [2, 1, 0, 0],
    [3, 0, 0, 0],
    [3, 0, 0, 1],
    [3, 1, 0, 0],
    [3, 1, 0, 1],
    [3, 2, 0, 0],
    [3, 2, 0, 1],
    [8, 0, 0, 0],
    [8, 1, 0, 0],
    [8, 2, 0, 0],
    [8, 2, 0, 1],
    [8, 2, 1, 0],
    [24, 2, 0, 0],
    [24, 2, 0, 1],
    [24, 2, 1, 0],
];

/// A tie of one visit: it is in the window for twelve months.
pub(super) struct Once {
    /// Position in [`CLASSES`].
    pub(super) class: usize,
    /// Share of all ties of a window.
    pub(super) share: f64,
    /// Days of the visit.
    pub(super) days: u32,
}

/// Ties of one visit.
pub(super) const ONCE: [Once; 5] = [
    Once { class: 0, share: 0.6128, days: 1 },
    Once { class: 1, share: 0.115, days: 2 },
    Once { class: 3, share: 0.051, days: 4 },
    Once { class: 4, share: 0.0002, days: 5 },
    Once { class: 9, share: 0.003, days: 11 },
];

/// A state of a tie that comes back.
pub(super) struct Often {
    /// Position in [`CLASSES`].
    pub(super) class: usize,
    /// Share of all ties of a window.
    pub(super) share: f64,
    /// Days of visits in a year.
    pub(super) days_a_year: f64,
    /// The chance of leaving the window, a month.
    pub(super) leaves: f64,
    /// Positions in [`OFTEN`] that it moves to, with the chance a month.
    pub(super) moves: &'static [(usize, f64)],
}

/// Ties that come back: the one visit of a tie that had or will have more, now and then, often, by class;
/// then dual residents, then workation.
pub(super) const OFTEN: [Often; 13] = [
    Often { class: 0, share: 0.050, days_a_year: 1.0, leaves: 0.10, moves: &[(1, 0.095)] },
    Often {
        class: 2,
        share: 0.030,
        days_a_year: 2.0,
        leaves: 0.06,
        moves: &[(0, 0.07), (2, 0.045), (3, 0.045)],
    },
    Often { class: 5, share: 0.022, days_a_year: 4.0, leaves: 0.04, moves: &[(1, 0.05), (3, 0.06)] },
    Often {
        class: 7,
        share: 0.059,
        days_a_year: 4.3,
        leaves: 0.026,
        moves: &[(1, 0.012), (2, 0.016), (5, 0.03)],
    },
    Often { class: 10, share: 0.002, days_a_year: 9.5, leaves: 0.03, moves: &[(2, 0.06), (5, 0.06)] },
    Often {
        class: 11,
        share: 0.042,
        days_a_year: 12.0,
        leaves: 0.022,
        moves: &[(3, 0.036), (4, 0.001), (6, 0.01)],
    },
    Often { class: 14, share: 0.012, days_a_year: 30.0, leaves: 0.022, moves: &[(5, 0.036)] },
    Often { class: 13, share: 0.0001, days_a_year: 18.0, leaves: 0.02, moves: &[(5, 0.05), (8, 0.08)] },
    Often { class: 16, share: 0.00075, days_a_year: 60.0, leaves: 0.022, moves: &[(6, 0.01), (7, 0.006)] },
    Often { class: 6, share: 0.0002, days_a_year: 6.0, leaves: 0.04, moves: &[(2, 0.06), (10, 0.03)] },
    Often {
        class: 8,
        share: 0.00025,
        days_a_year: 6.0,
        leaves: 0.04,
        moves: &[(3, 0.06), (9, 0.02), (11, 0.02)],
    },
    Often {
        class: 12,
        share: 0.0002,
        days_a_year: 13.0,
        leaves: 0.04,
        moves: &[(5, 0.04), (10, 0.02), (12, 0.005)],
    },
    Often { class: 15, share: 0.00006, days_a_year: 34.0, leaves: 0.04, moves: &[(6, 0.03), (11, 0.02)] },
];

impl Often {
    /// The chance that it does not stay as it is, a month.
    pub(super) fn changes(&self) -> f64 {
        self.leaves + self.moves.iter().map(|(_, chance)| chance).sum::<f64>()
    }
}

/// New ties of a month for each state of [`OFTEN`], as a share of all ties: what leaves a state less what
/// moves into it. With Poisson arrivals all states then stay Poisson with the same means.
pub(super) fn arrivals() -> [f64; OFTEN.len()] {
    let mut arrivals = OFTEN.each_ref().map(|state| state.share * state.changes());
    for state in &OFTEN {
        for (to, chance) in state.moves {
            arrivals[*to] -= state.share * chance;
        }
    }
    arrivals
}
