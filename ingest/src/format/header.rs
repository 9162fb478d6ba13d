//! The names of a file's columns → the contract's field of each, or why the file cannot be read.
//!
//! In: names, of a CSV header or a Parquet schema, and the partner's mapping. Out: a field per column. A file
//! without a header shows its first record here, so names are printed only when the line looks like a header:
//! it has at least one name that the contract or the mapping knows, and no number. Otherwise they are counted.

use kayoi_schemas::ping::CONTRACT;

use super::mapping::Mapping;
use super::slot::Slot;

/// Signs that separate columns, their names, and how `--delimiter` names them.
const SEPARATORS: [(char, &str, &str); 4] =
    [('\t', "tabs", "tab"), (';', "semicolons", "';'"), ('|', "bars", "'|'"), (',', "commas", "','")];

/// The contract's field of each column; `None` for a column that is not in the contract.
pub(crate) type Fields = Vec<Option<&'static str>>;

/// Columns from which no ping can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// A column is not there that the contract requires.
    #[error(
        "no column for `{field}`; the columns are {columns}\nhint: map the partner's name with --map THEIRS={field}"
    )]
    Missing {
        /// The contract's name for what is missing.
        field: &'static str,
        /// The names that there are.
        columns: String,
    },
    /// No name is known: this is no header, or one in the partner's own words.
    #[error(
        "no header: none of the {columns} columns has a name that the contract or --map knows\nhint: put a line of names first, such as device_id,timestamp,latitude,longitude, or map the partner's names with --map THEIRS=OURS"
    )]
    NoHeader {
        /// How many columns there are. What they hold could be a record.
        columns: usize,
    },
    /// The first line is JSON.
    #[error("no header, but JSON\nhint: read it with --format json")]
    Json,
    /// One column, in which another separator stands.
    #[error(
        "one column, and {separator} in its name: the columns are separated by them\nhint: read it with --delimiter {option}"
    )]
    Separator {
        /// The separator, in a word.
        separator: &'static str,
        /// How `--delimiter` names it.
        option: &'static str,
    },
    /// Two columns would both be one field.
    #[error(
        "two columns for `{field}`: `{first}` (column {first_column}) and `{second}` (column {second_column})\nhint: leave out one of them, or map one to another field"
    )]
    Twice {
        /// The contract's name for both.
        field: &'static str,
        /// Name of the first, which the contract or the mapping knows.
        first: String,
        /// Its place, from 1.
        first_column: usize,
        /// Name of the second, which the contract or the mapping knows.
        second: String,
        /// Its place, from 1.
        second_column: usize,
    },
}

/// Finds the field of each column.
///
/// # Errors
/// [`HeaderError`] when two columns are one field, or a required field has none.
pub(crate) fn fields(names: &[String], mapping: &Mapping) -> Result<Fields, HeaderError> {
    let fields: Fields = names.iter().map(|name| mapping.field(name)).collect();
    for (second, field) in fields.iter().enumerate() {
        let Some(field) = field.filter(|field| Slot::of(field).is_strict()) else { continue };
        if let Some(first) = fields[..second].iter().position(|other| *other == Some(field)) {
            let name = |index: usize| names[index].clone();
            let (first_column, second_column) = (first + 1, second + 1);
            let (first, second) = (name(first), name(second));
            return Err(HeaderError::Twice { field, first, first_column, second, second_column });
        }
    }
    let is_there = |field: &str| fields.iter().flatten().any(|found| *found == field);
    match CONTRACT.iter().find(|field| field.required && !is_there(field.name)) {
        Some(field) => Err(missing(field.name, names, &fields)),
        None => Ok(fields),
    }
}

fn missing(field: &'static str, names: &[String], fields: &[Option<&'static str>]) -> HeaderError {
    if names.first().is_some_and(|name| name.trim_start().starts_with(['{', '['])) {
        return HeaderError::Json;
    }
    if let [name] = names
        && let Some(&(_, separator, option)) = SEPARATORS.iter().find(|(sign, ..)| name.contains(*sign))
    {
        return HeaderError::Separator { separator, option };
    }
    let is_known = fields.iter().any(Option::is_some);
    if is_known && !names.iter().any(|name| is_number(name)) {
        return HeaderError::Missing { field, columns: names.join(", ") };
    }
    HeaderError::NoHeader { columns: names.len() }
}

/// A cell that no header has: a number, or the start of a time.
fn is_number(name: &str) -> bool {
    let name = name.trim();
    name.parse::<f64>().is_ok() || name.bytes().filter(u8::is_ascii_digit).count() > name.len() / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(header: &str, maps: &[&str]) -> HeaderError {
        let mut mapping = Mapping::default();
        for (theirs, ours) in maps.iter().filter_map(|map| map.split_once('=')) {
            mapping.add(theirs, ours).unwrap();
        }
        let names: Vec<String> = header.split(',').map(str::to_owned).collect();
        fields(&names, &mapping).unwrap_err()
    }

    #[test]
    fn a_first_line_that_is_a_record_is_counted_and_not_shown() {
        assert_eq!(
            error("dev-000,1750000000000,36.0451201,138.1", &[]),
            HeaderError::NoHeader { columns: 4 }
        );
        assert_eq!(error("{\"device_id\":\"dev-000\",\"latitude\":36.0}", &[]), HeaderError::Json);
        // A value may be a word of the contract.
        assert_eq!(error("dev-000,source,36.0451201", &[]), HeaderError::NoHeader { columns: 3 });
        assert_eq!(error("dev-000,os,2025-06-15 15:06:40", &[]), HeaderError::NoHeader { columns: 3 });
    }

    #[test]
    fn another_separator_is_named_without_what_it_separates() {
        for (sign, word) in [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")] {
            let found = error(&["dev-000", "1750000000000", "36.0451201"].join(sign), &[]).to_string();
            assert!(found.contains(word) && !found.contains("dev-000"), "{found}");
        }
    }

    #[test]
    fn a_header_that_lacks_a_field_is_shown() {
        let found = error("id,timestamp,latitude,longitude", &[]).to_string();
        assert!(found.contains("`device_id`") && found.contains("id, timestamp"), "{found}");
        let mapped = error("ad_id,ts", &["ad_id=device_id"]).to_string();
        assert!(mapped.contains("`timestamp`") && mapped.contains("ad_id, ts"), "{mapped}");
    }

    #[test]
    fn two_columns_for_one_field_are_named() {
        let same = error("device_id,timestamp,latitude,longitude,latitude", &[]).to_string();
        assert!(same.contains("column 3") && same.contains("column 5"), "{same}");
        let maps = ["lat=latitude", "gps_lat=latitude"];
        let mapped = error("device_id,timestamp,lat,gps_lat,longitude", &maps).to_string();
        assert!(mapped.contains("`lat`") && mapped.contains("`gps_lat`"), "{mapped}");
    }

    #[test]
    fn a_field_that_is_not_stored_may_stand_twice() {
        let names = ["device_id", "timestamp", "latitude", "longitude", "os", "os"].map(str::to_owned);
        assert!(fields(&names, &Mapping::default()).is_ok());
    }
}
