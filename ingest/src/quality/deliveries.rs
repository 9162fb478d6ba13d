//! What a commit says about its deliveries → figures.
//!
//! In: the entry that [`crate::store::quality`] wrote into the commit. Out: the figures with it added. Adding
//! the same commit twice would count it twice: [`super::fold()`] sees to it that this cannot be.

use std::collections::BTreeMap;

use kayoi_lake::history::Commit;
use kayoi_schemas::time::Day;
use serde::Deserialize;

use super::figures::{
    DELAY_GREATEST, DELAY_MEAN, Figures, LATE, Measures, RECEIVED, RECORDS, REJECTED, STORED,
};
use crate::store::quality::DELIVERIES;

/// One partner and day of a commit.
#[derive(Debug, Deserialize)]
struct Delivery {
    partner: String,
    day: String,
    #[serde(default)]
    received: u64,
    stored: u64,
    late: u64,
    delay_sum_s: f64,
    delay_greatest_s: f64,
    rejected: BTreeMap<String, u64>,
}

/// Adds the deliveries of a commit; one without an entry (compaction, retention) has none.
pub(super) fn count(figures: &mut Figures, commit: &Commit) {
    let Some(note) = commit.note(DELIVERIES) else { return };
    let deliveries = match Vec::<Delivery>::deserialize(note) {
        Ok(deliveries) => deliveries,
        // Of another version of Kayoi. Upkeep must go on.
        Err(error) => {
            tracing::warn!(version = commit.version, %error, "deliveries of a commit cannot be read");
            return;
        }
    };
    for delivery in deliveries {
        let Some(day) = Day::parse(&delivery.day) else { continue };
        add(figures.entry((delivery.partner.clone(), day)).or_default(), &delivery);
    }
}

fn add(measures: &mut Measures, delivery: &Delivery) {
    let known = |measures: &Measures, name: &str| measures.get(name).copied().unwrap_or_default();
    if delivery.stored > 0 {
        let before = known(measures, STORED);
        let sum = known(measures, DELAY_MEAN) * before + delivery.delay_sum_s;
        measures.insert(DELAY_MEAN.to_owned(), sum / (before + delivery.stored as f64));
        let greatest = known(measures, DELAY_GREATEST).max(delivery.delay_greatest_s);
        measures.insert(DELAY_GREATEST.to_owned(), greatest);
    }
    let mut raise = |name: &str, by: u64| {
        if by > 0 {
            *measures.entry(name.to_owned()).or_default() += by as f64;
        }
    };
    let rejected: u64 = delivery.rejected.values().sum();
    raise(RECEIVED, delivery.received);
    raise(STORED, delivery.stored);
    raise(LATE, delivery.late);
    raise(REJECTED, rejected);
    raise(RECORDS, delivery.stored + delivery.late + rejected);
    for (reason, count) in &delivery.rejected {
        raise(&format!("{REJECTED}:{reason}"), *count);
    }
}
