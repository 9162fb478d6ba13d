//! What partners say of the person behind a device, ping by ping → what it is taken to be.
//!
//! In: the fixes of one device. Out: an age band and a sex, each that of most fixes in the year that ends with the last
//! one that says any; of equally many, what was said last. A phone that is shared says both now and then, and an age
//! band changes with a birthday.

use std::collections::BTreeMap;

use kayoi_schemas::person::Attributes;
use kayoi_schemas::time::{DAY_MS, Day, DayRule, UtcMillis};

use crate::fix::Fix;

/// Time before the last word that counts.
const YEAR_MS: i64 = 365 * DAY_MS;

/// What is known of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// Age and sex.
    pub attributes: Attributes,
    /// The last day on which a fix said any of it.
    pub as_of: Day,
}

/// What is known of the person of these fixes, which are in the order of time; `None` when no fix says anything.
pub(crate) fn person(fixes: &[Fix], rule: DayRule) -> Option<Person> {
    let last = fixes.iter().rev().find(|fix| fix.attributes != Attributes::default())?.instant;
    let attributes = Attributes {
        age: latest_majority(fixes, |fix| fix.attributes.age),
        sex: latest_majority(fixes, |fix| fix.attributes.sex),
    };
    Some(Person { attributes, as_of: rule.day(last) })
}

fn latest_majority<T: Copy + Ord>(fixes: &[Fix], value: impl Fn(&Fix) -> Option<T>) -> Option<T> {
    let mut said = fixes.iter().rev().filter_map(|fix| Some((fix.instant, value(fix)?))).peekable();
    let first = said.peek()?.0.0 - YEAR_MS;
    let mut counts: BTreeMap<T, (u32, UtcMillis)> = BTreeMap::new();
    for (instant, value) in said.take_while(|(instant, _)| instant.0 > first) {
        // Fixes come from the last on, so that the first instant of a value is its latest.
        counts.entry(value).or_insert((0, instant)).0 += 1;
    }
    counts.into_iter().max_by_key(|(_, rank)| *rank).map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use kayoi_schemas::ids::DeviceId;
    use kayoi_schemas::person::{AgeBand, Sex};
    use kayoi_schemas::units::GridPoint;

    use super::*;

    fn fix(day: i64, age: Option<u8>, sex: Option<Sex>) -> Fix {
        Fix {
            device: DeviceId::from_column(1),
            instant: UtcMillis(day * DAY_MS),
            point: GridPoint::from_degrees(35.0, 139.0),
            accuracy_m: 10.0,
            speed_m_s: None,
            municipality: None,
            attributes: Attributes { age: age.and_then(|from| AgeBand::new(from, Some(from + 4))), sex },
        }
    }

    #[test]
    fn what_most_fixes_of_the_last_year_say_is_taken_and_of_equals_the_latest() {
        let said = |fixes: &[Fix]| {
            let found = person(fixes, DayRule::JAPAN)?;
            Some((found.attributes.age.map(|band| band.from), found.attributes.sex))
        };
        assert_eq!(said(&[fix(1, None, None)]), None);
        let old =
            [fix(0, Some(30), None), fix(1, Some(30), None), fix(500, Some(35), None), fix(501, None, None)];
        assert_eq!(said(&old), Some((Some(35), None)), "what was said more than a year before is past");
        let birthday = [fix(1, Some(30), None), fix(2, Some(35), None)];
        assert_eq!(said(&birthday), Some((Some(35), None)));
        let shared = [
            fix(1, Some(30), Some(Sex::Female)),
            fix(2, None, Some(Sex::Male)),
            fix(3, None, Some(Sex::Female)),
            fix(4, Some(10), Some(Sex::Male)),
            fix(5, Some(30), Some(Sex::Female)),
        ];
        assert_eq!(said(&shared), Some((Some(30), Some(Sex::Female))));
    }
}
