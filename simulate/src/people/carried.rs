//! The phones that somebody carries, and the ids under which they are known day by day.
//!
//! In: a phone's habits, the days on which the partner sees it, and the days on which its advertising id
//! changes. Out: [`Carried`], which tells the id of a day. A second phone is numbered apart from the first,
//! so that no two ids of a person are alike and neither phone's silence follows the other's. The same phone as
//! another partner sees it, through another app and under other ids, is numbered apart too.

use kayoi_schemas::time::Day;

use super::phone::Phone;

/// Ids that a phone can have; one that is changed oftener keeps the last.
const GENERATIONS: u8 = 64;
/// Persons have smaller indices than this: bits above it tell the number of the phone.
const PERSON_BITS: u32 = 30;
/// Added to the number of a phone as the second partner sees it.
const SECOND_PARTNER: u8 = 2;

/// A phone in somebody's pocket.
#[derive(Debug, Clone)]
pub(crate) struct Carried {
    pub habits: Phone,
    /// 0 for the first phone, 1 for the second; 2 and 3 for these as the second partner sees them.
    pub number: u8,
    /// First and last day on which the partner sees it.
    pub days: (Day, Day),
    /// First days of its later ids, in order.
    pub changes: Vec<Day>,
}

impl Carried {
    /// The number that tells the phone apart from all others of the world.
    pub(crate) fn who(index: u32, number: u8) -> u32 {
        index | u32::from(number) << PERSON_BITS
    }

    /// The index of the person who carries a phone with that number.
    pub(crate) fn person(who: u32) -> u32 {
        who & ((1 << PERSON_BITS) - 1)
    }

    /// The number of a phone as the second partner sees it.
    pub(crate) fn at_second_partner(number: u8) -> u8 {
        number + SECOND_PARTNER
    }

    /// Whether a phone with that number is the second partner's.
    pub(crate) fn is_of_second_partner(who: u32) -> bool {
        who >> PERSON_BITS >= u32::from(SECOND_PARTNER)
    }

    /// Whether the partner sees the phone on a day.
    pub(crate) fn is_seen(&self, day: Day) -> bool {
        (self.days.0..=self.days.1).contains(&day)
    }

    /// Which of the person's ids is in use on a day.
    pub(crate) fn generation(&self, day: Day) -> u8 {
        self.nth(self.changes.partition_point(|change| *change <= day))
    }

    fn nth(&self, changes: usize) -> u8 {
        let last = GENERATIONS - 1;
        self.number * GENERATIONS + u8::try_from(changes).unwrap_or(last).min(last)
    }

    /// All ids with their first and last day.
    pub(crate) fn ids(&self) -> impl Iterator<Item = (u8, Day, Day)> {
        let starts = [self.days.0].into_iter().chain(self.changes.iter().copied());
        let ends = self.changes.iter().map(|change| change.plus(-1)).chain([self.days.1]);
        starts.zip(ends).enumerate().map(|(changes, (from, until))| (self.nth(changes), from, until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy::small_world;

    fn carried(number: u8, changes: &[i32]) -> Carried {
        let changes = changes.iter().map(|day| Day(*day)).collect();
        Carried { habits: Phone::draw(&small_world(), 1), number, days: (Day(100), Day(199)), changes }
    }

    #[test]
    fn ids_follow_each_other_without_gap() {
        let ids: Vec<_> = carried(0, &[120, 150]).ids().collect();
        assert_eq!(ids, [(0, Day(100), Day(119)), (1, Day(120), Day(149)), (2, Day(150), Day(199))]);
    }

    #[test]
    fn the_id_of_a_day_is_the_one_that_started_last() {
        let phone = carried(0, &[120, 150]);
        let generations = [100, 119, 120, 149, 150, 199].map(|day| phone.generation(Day(day)));
        assert_eq!(generations, [0, 0, 1, 1, 2, 2]);
        assert!(phone.is_seen(Day(100)) && phone.is_seen(Day(199)) && !phone.is_seen(Day(200)));
    }

    #[test]
    fn a_second_phone_shares_no_id_and_no_number_with_the_first() {
        let (first, second) = (carried(0, &[110, 120]), carried(1, &[130]));
        assert!(first.ids().all(|(id, ..)| second.ids().all(|(other, ..)| other != id)));
        let all = [0, 1, 2, 3].map(|number| Carried::who(7, number));
        assert!(all.iter().all(|who| Carried::person(*who) == 7));
        assert_eq!(all.map(Carried::is_of_second_partner), [false, false, true, true]);
        assert!(carried(3, &[110]).ids().all(|(id, ..)| id >= 192));
    }
}
