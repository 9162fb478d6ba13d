//! Reads the embedded tables and works out when each code was in use.
//!
//! In: the register, further codes and changes as CSV. Out: a [`CodeHistory`], or nothing when a row does not
//! fit: a wrong check digit, a name that contradicts the next row, a code of today that a change ended.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::ids::MunicipalityCode;

use super::{Change, ChangeKind, CodeDate, CodeHistory, Share, Spell};
use crate::Register;

/// The history that the tables tell together.
pub(super) fn history(register: &Register, further: &str, changes: &str) -> Option<CodeHistory> {
    let mut today: BTreeMap<MunicipalityCode, String> =
        register.all().iter().map(|one| (one.code, one.name.clone())).collect();
    for record in csv::Reader::from_reader(further.as_bytes()).records() {
        let record = record.ok()?;
        today.insert(MunicipalityCode::parse(record.get(1)?).ok()?, record.get(2)?.to_owned());
    }
    let mut changes: Vec<Change> = csv::Reader::from_reader(changes.as_bytes())
        .records()
        .map(|record| record.ok().and_then(|record| change(&record)))
        .collect::<Option<_>>()?;
    changes.sort_by_key(|change| (change.date, change.from, change.to));

    let changed: BTreeSet<MunicipalityCode> =
        changes.iter().flat_map(|change| [change.from, change.to]).collect();
    let mut spells = BTreeMap::new();
    for &code in &changed {
        spells.insert(code, spells_of(code, &changes, today.get(&code))?);
    }
    for (code, name) in today {
        spells.entry(code).or_insert_with(|| vec![Spell { name, since: None, until: None }]);
    }
    let city_of = |&code: &MunicipalityCode| (code, register.basic(code));
    let cities = spells.keys().map(city_of).filter(|(code, city)| code != city).collect();
    Some(CodeHistory { changes, spells, cities })
}

/// The columns of `code_changes.csv`. [`MunicipalityCode::parse`] verifies the check digits.
fn change(record: &csv::StringRecord) -> Option<Change> {
    let text = |column: usize| record.get(column).map(str::to_owned);
    let code = |column: usize| MunicipalityCode::parse(record.get(column)?).ok();
    let kind = match record.get(1)? {
        "city_status" => ChangeKind::CityStatus,
        "absorbed" => ChangeKind::Absorbed,
        "renamed" => ChangeKind::Renamed,
        "wards_redrawn" => ChangeKind::WardsRedrawn,
        _ => return None,
    };
    let share = match record.get(6)? {
        "" => None,
        share => Some(Share::new(share.parse().ok()?)?),
    };
    Some(Change {
        date: CodeDate::parse(record.get(0)?)?,
        kind,
        from: code(2)?,
        from_name: text(3)?,
        to: code(4)?,
        to_name: text(5)?,
        share,
        source: text(7)?,
    })
}

/// When a code was in use and under which names: each change it took part in ends one spell, starts one, or
/// both.
fn spells_of(code: MunicipalityCode, changes: &[Change], today: Option<&String>) -> Option<Vec<Spell>> {
    let mut spells = Vec::new();
    // The state that the changes so far lead to: unknown at first, then in use under a name, or not in use.
    let mut state: Option<Option<(String, CodeDate)>> = None;
    let mut dates: Vec<CodeDate> = changes.iter().map(|change| change.date).collect();
    dates.dedup();
    for date in dates {
        let mut on_date = changes.iter().filter(|change| change.date == date);
        let before = on_date.clone().find(|change| change.from == code).map(|change| &change.from_name);
        let after = on_date.find(|change| change.to == code).map(|change| &change.to_name);
        if before.is_none() && after.is_none() {
            continue;
        }
        let (since, fits) = match &state {
            None => (None, true),
            Some(None) => (None, before.is_none()),
            Some(Some((name, since))) => (Some(*since), before == Some(name)),
        };
        if !fits {
            return None;
        }
        if let Some(name) = before {
            spells.push(Spell { name: name.clone(), since, until: Some(date) });
        }
        state = Some(after.map(|name| (name.clone(), date)));
    }
    match (state?, today) {
        (Some((name, since)), Some(today)) if name == *today => {
            spells.push(Spell { name, since: Some(since), until: None });
            Some(spells)
        }
        (None, None) => Some(spells),
        _ => None,
    }
}
