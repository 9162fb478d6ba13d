//! Imports an N03 download into a boundary file:
//! `cargo run -p kayoi-geography --example import -- IN OUT [EDITION]`.

use std::error::Error;
use std::io::Write as _;
use std::path::Path;

use kayoi_geography::file;
use kayoi_geography::import::{ImportOptions, import_file};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, output, edition @ ..] = arguments.as_slice() else {
        return Err("usage: import IN OUT [EDITION]".into());
    };
    let options = ImportOptions { edition: edition.first().cloned() };
    let (set, report) = import_file(Path::new(input), &options, &mut |_| {})?;
    file::write(&set, Path::new(output), &mut |step| eprintln!("{step:?}"))?;
    writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&report)?)?;
    Ok(())
}
