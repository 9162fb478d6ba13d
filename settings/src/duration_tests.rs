use super::*;

#[test]
fn durations_have_a_unit() {
    let written =
        [("250ms", 250), ("30s", 30_000), ("5m", 300_000), ("12h", 43_200_000), ("45d", 3_888_000_000)];
    for (text, milliseconds) in written {
        let duration = HumanDuration::parse(text).unwrap();
        assert_eq!(
            (duration.get(), duration.as_millis()),
            (Duration::from_millis(milliseconds), milliseconds)
        );
        assert_eq!(duration.to_string(), text);
    }
    assert_eq!(HumanDuration::from_secs(0).to_string(), "0s");
}

#[test]
fn anything_else_is_refused() {
    let close = ["30", "", "s", "30 s", "-1s", "+1s", "1.5h", "1h30m", "30S", "1w"];
    let too_large = ["9223372036854775807s", "99999999999999999999s", "18446744073709551615ms"];
    for text in close.into_iter().chain(too_large) {
        assert_eq!(HumanDuration::parse(text), None, "{text}");
    }
}
