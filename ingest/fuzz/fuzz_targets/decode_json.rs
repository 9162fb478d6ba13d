//! Any bytes as a JSON record: never a panic, and a ping that is written again as JSON is the same ping.
#![no_main]

use kayoi_ingest::format::json;
use kayoi_ingest::format::mapping::Mapping;
use kayoi_schemas::ping::Ping;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

fuzz_target!(|bytes: &[u8]| {
    let mapping = Mapping::default();
    let Ok(mut ping) = json::decode(bytes, &mapping) else { return };
    // What is outside the contract is counted and not kept, so it cannot be written again.
    ping.unknown_fields = 0;
    let text = write(&ping);
    assert_eq!(json::decode(text.as_bytes(), &mapping), Ok(ping));
});

fn write(ping: &Ping<'_>) -> String {
    let fields: [(&str, Value); 10] = [
        ("device_id", ping.device_id.as_deref().into()),
        ("timestamp", ping.timestamp_ms.into()),
        ("latitude", ping.latitude.into()),
        ("longitude", ping.longitude.into()),
        ("horizontal_accuracy", ping.accuracy_m.into()),
        ("speed", ping.speed_m_s.into()),
        ("source", ping.source.map(|source| source.as_str()).into()),
        ("age_band", ping.age.map(|age| age.to_string()).into()),
        ("sex", ping.sex.map(|sex| sex.as_str()).into()),
        ("consent", ping.consent.as_deref().into()),
    ];
    Value::from(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
        .to_string()
}
