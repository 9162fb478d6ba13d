//! What a commit says about its deliveries: counts that stand in the commit itself.
//!
//! In: the rows of a commit and the clock. Out: `kayoi.deliveries` of the commit's info, one entry per
//! partner and day. They land with the rows or not at all, so the quality table that is folded from them
//! later counts every record once. What needs all rows of a day (devices, hours) is not here: it is read from
//! the table.

use std::collections::BTreeMap;

use kayoi_schemas::time::{Day, DayRule, UtcMillis};
use serde_json::{Value, json};

use super::order::{RowsByDay, partners, rejects_by_reason};
use super::waiting::Waiting;

/// Key of the entry in a commit's info.
pub(crate) const DELIVERIES: &str = "kayoi.deliveries";

#[derive(Default)]
struct Delivery {
    received: u64,
    stored: u64,
    delay_sum_s: f64,
    delay_greatest_s: f64,
    late: u64,
    rejected: BTreeMap<&'static str, u64>,
}

/// The entry of a commit; `None` when it only moves positions.
pub(super) fn of_commit<'w>(
    rows: &RowsByDay,
    waiting: impl Iterator<Item = &'w Waiting> + Clone,
    now: UtcMillis,
) -> Option<(String, Value)> {
    let partners = partners(waiting.clone());
    let mut deliveries: BTreeMap<(String, Day), Delivery> = BTreeMap::new();
    for (day, rows) in rows {
        let mut by_partner: Vec<Delivery> = partners.iter().map(|_| Delivery::default()).collect();
        for (partner, instant) in rows.deliveries() {
            let Some(delivery) = by_partner.get_mut(usize::from(partner)) else { continue };
            let delay_s = (now.0 - instant.0) as f64 / 1000.0;
            delivery.stored += 1;
            delivery.delay_sum_s += delay_s;
            delivery.delay_greatest_s = delivery.delay_greatest_s.max(delay_s);
        }
        for (partner, delivery) in partners.iter().zip(by_partner) {
            if delivery.stored > 0 {
                deliveries.insert((partner.clone(), *day), delivery);
            }
        }
    }
    // A record that was not accepted has no day that can be trusted: it counts on the day it arrived.
    let today = DayRule::JAPAN.day(now);
    for waiting in waiting.filter(|waiting| !waiting.is_repeated) {
        let partner = &waiting.stream.feed.partner;
        if waiting.read > 0 {
            deliveries.entry((partner.clone(), today)).or_default().received += waiting.read;
        }
        for (_, ping) in &waiting.outcome.late {
            let day = DayRule::JAPAN.day(ping.instant());
            deliveries.entry((partner.clone(), day)).or_default().late += 1;
        }
        for (reason, count) in rejects_by_reason(waiting) {
            let delivery = deliveries.entry((partner.clone(), today)).or_default();
            *delivery.rejected.entry(reason.as_str()).or_default() += count;
        }
    }
    let entries: Vec<Value> = deliveries.into_iter().map(|(key, delivery)| entry(key, delivery)).collect();
    (!entries.is_empty()).then(|| (DELIVERIES.to_owned(), Value::Array(entries)))
}

fn entry((partner, day): (String, Day), delivery: Delivery) -> Value {
    json!({
        "partner": partner,
        "day": day.to_string(),
        "received": delivery.received,
        "stored": delivery.stored,
        "late": delivery.late,
        "delay_sum_s": delivery.delay_sum_s,
        "delay_greatest_s": delivery.delay_greatest_s,
        "rejected": delivery.rejected,
    })
}
