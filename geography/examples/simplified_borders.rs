//! Makes the simplified borders that ship: `simplified_borders FROM.ndjson.gz TO` reads N03 as
//! Japan-map-for-BI simplified it, rounds it, and writes `geography/data/simplified.borders`. It prints one
//! line of JSON: what it read and kept, the bytes, and the hash that `simplified.rs` names as the source's.

use std::error::Error;
use std::io::Write as _;
use std::path::Path;

use kayoi_geography::import::{ImportOptions, import_file};
use kayoi_geography::simplified;
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = arguments.as_slice() else {
        return Err("usage: simplified_borders FROM.ndjson.gz TO".into());
    };
    let (set, _) = import_file(Path::new(from), &ImportOptions::default(), &mut |_| {})?;
    let rounded = simplified::rounded(&set);
    let bytes = simplified::pack(&rounded)?;
    std::fs::write(to, &bytes)?;
    let line = json!({
        "source_file": set.source().file_name, "source_blake3": set.source().blake3, "read": set.counts(),
        "kept": rounded.counts(), "bytes": bytes.len(),
    });
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
