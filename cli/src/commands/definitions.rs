//! `kayoi definitions`: the thresholds, each with its precedent.

use kayoi_schemas::definition::{CONNECTED_2026, Thresholds};
use serde_json::json;

use super::definition;
use crate::args::DefinitionsOptions;
use crate::screen::{bytes, line};

pub(crate) fn run(options: &DefinitionsOptions) -> anyhow::Result<()> {
    if options.toml && options.definition.is_none() {
        return bytes(CONNECTED_2026.as_bytes());
    }
    if let (true, Some(path)) = (options.toml, &options.definition) {
        return bytes(&*std::fs::read(path)?);
    }
    let definition = definition(options.definition.as_deref())?;
    if options.json {
        let parameters = definition.parameters.iter().map(|(key, p)| {
            json!({ "key": key, "value": p.value, "unit": p.unit, "meaning": p.meaning, "precedent": p.precedent })
        });
        return line(json!({
            "id": definition.id(),
            "hash": definition.hash(),
            "title_ja": definition.title_ja,
            "title_en": definition.title_en,
            "visit_day_bins": definition.visit_day_bins,
            "parameters": parameters.collect::<Vec<_>>(),
        }));
    }
    line(format_args!("{}  hash {}", definition.id(), definition.hash()))?;
    line(format_args!("{} / {}\n", definition.title_ja, definition.title_en))?;
    for key in Thresholds::KEYS {
        if let Some(parameter) = definition.parameters.get(*key) {
            line(format_args!("{key} = {} {}", parameter.value, parameter.unit))?;
            line(format_args!("    {}\n    precedent: {}", parameter.meaning, parameter.precedent))?;
        }
    }
    line(format_args!(
        "visit_day_bins = {:?}\n    precedent: {}",
        definition.visit_day_bins, definition.visit_day_bins_precedent
    ))
}
