//! A text such as `2016-10-17T11:18:05+09:00` → an instant.
//!
//! In: a timestamp as a partner writes it in ISO 8601. Out: milliseconds since the epoch. Every format whose
//! timestamps can be texts asks here, so that the same text means the same instant in all of them.

/// Milliseconds of an ISO 8601 text; UTC when it names no offset. `None` when the text is not a date and
/// time.
pub(crate) fn iso_milliseconds(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(instant) = chrono::DateTime::parse_from_rfc3339(text) {
        return Some(instant.timestamp_millis());
    }
    let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"];
    let local = formats.iter().find_map(|format| chrono::NaiveDateTime::parse_from_str(text, format).ok())?;
    Some(local.and_utc().timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_in_iso_8601_are_utc_unless_they_say_otherwise() {
        assert_eq!(iso_milliseconds("2016-10-17T11:18:05+09:00"), iso_milliseconds("2016-10-17 02:18:05"));
        assert_eq!(iso_milliseconds("1970-01-01T00:00:01Z"), Some(1000));
        assert_eq!(iso_milliseconds("yesterday"), None);
    }
}
