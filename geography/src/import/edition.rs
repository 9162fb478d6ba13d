//! The edition in a file's name.
//!
//! In: `N03-20250101_GML.zip`, `N03-20250101_14.geojson`, `N03-190101_GML.zip`, `N03-19_14_190101.shp`. Out:
//! `N03 2025-01-01`. The name is the only place that says it: the files' attributes do not.

/// The edition that a name says, if it does.
pub(super) fn of_name(name: &str) -> Option<String> {
    let upper = name.to_ascii_uppercase();
    let after = &upper[upper.find("N03")? + 3..];
    after.split(|letter: char| !letter.is_ascii_digit()).find_map(date).map(|date| format!("N03 {date}"))
}

/// `YYYYMMDD` or `YYMMDD`, this century for the latter up to 79.
fn date(digits: &str) -> Option<String> {
    let full = match digits.len() {
        8 => digits.to_owned(),
        6 => format!("{}{digits}", if digits < "80" { "20" } else { "19" }),
        _ => return None,
    };
    let (year, month, day) = (&full[..4], &full[4..6], &full[6..]);
    let plausible =
        ("1920"..="2099").contains(&year) && ("01"..="12").contains(&month) && ("01"..="31").contains(&day);
    plausible.then(|| format!("{year}-{month}-{day}"))
}

#[cfg(test)]
mod tests {
    use super::of_name;

    #[test]
    fn names_of_both_generations_say_their_date() {
        for (name, edition) in [
            ("N03-20250101_GML.zip", Some("N03 2025-01-01")),
            ("N03-20250101_14_GML.zip", Some("N03 2025-01-01")),
            ("N03-190101_14_GML.zip", Some("N03 2019-01-01")),
            ("N03-19_14_190101.shp", Some("N03 2019-01-01")),
            ("n03-20260101.geojson", Some("N03 2026-01-01")),
            ("n03_2022_full.ndjson.gz", None),
            ("N03-20251301_GML.zip", None),
            ("A31-20250101_GML.zip", None),
        ] {
            assert_eq!(of_name(name).as_deref(), edition, "{name}");
        }
    }
}
