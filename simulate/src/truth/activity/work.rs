//! Telework and the way that it saves.
//!
//! In: a true month of work, and where the person lives. Out: people, days and kilometres, once for the municipality where
//! they live and once for that where they work. A commuter is who worked at the workplace in the month, or at home
//! instead; ways, to work and of errands instead, are straight lines lengthened by the definition's detour.

use super::Lives;
use super::figures::{Added, Area, Key, Measure};
use crate::truth::life::Life;
use crate::truth::rules::Rules;
use crate::truth::workplaces::Workplace;

pub(super) fn add(rules: &Rules, life: &Life, lives: &Lives, place: &Workplace, added: &mut Added) {
    let detour = rules.definition.thresholds.commute_detour_factor.get();
    let telework_days = f64::from(place.telework_days);
    let of_month = life.rebounds.iter().filter(|(day, _)| day.month() == lives.month);
    let values = [
        (Measure::Commuters, 1.0),
        (Measure::Teleworkers, f64::from(u8::from(place.telework_days > 0))),
        (Measure::TeleworkDays, telework_days),
        (Measure::WorkDays, f64::from(place.work_days)),
        (Measure::KmGross, telework_days * 2.0 * place.commute_km * detour),
        (Measure::ReboundKm, detour * of_month.map(|(_, km)| km).sum::<f64>()),
    ];
    for (side, town) in [("residence", lives.primary), ("workplace", place.town)] {
        for (measure, value) in values.into_iter().filter(|(_, value)| *value > 0.0) {
            let key = Key::of(lives.month, measure, Area::Municipality(town));
            added.add(Key { class: side, ..key }, value);
        }
    }
}
