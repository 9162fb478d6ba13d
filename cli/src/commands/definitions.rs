//! `kayoi definitions`: the thresholds, each with its precedent; those that ship, and what differs between two.

use kayoi_schemas::definition::{Definition, Difference, Parameter, Sentence, Thresholds, shipped_names};
use serde_json::{Value, json};

use super::{definition, definition_text};
use crate::args::{DefinitionsCommand, DefinitionsOptions, DiffOptions};
use crate::screen::{bytes, line};

/// Two definitions differ: nothing failed, and scripts must see it.
#[derive(Debug)]
pub(crate) struct Differ;

impl std::fmt::Display for Differ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the definitions differ")
    }
}

impl std::error::Error for Differ {}

pub(crate) fn run(options: &DefinitionsOptions) -> anyhow::Result<()> {
    let default = "connected-2026".as_ref();
    match &options.command {
        Some(DefinitionsCommand::List { json }) => list(*json),
        Some(DefinitionsCommand::Diff(options)) => diff(options),
        Some(DefinitionsCommand::Show(options)) => show(&options.definition, options.toml, options.json),
        None => show(options.definition.as_deref().unwrap_or(default), options.toml, options.json),
    }
}

fn show(named: &std::path::Path, as_toml: bool, as_json: bool) -> anyhow::Result<()> {
    if as_toml {
        return bytes(definition_text(named)?.as_bytes());
    }
    let definition = definition(Some(named))?;
    if as_json { line(as_value(&definition)) } else { print(&definition) }
}

/// The parameters in the order in which they are listed.
fn parameters(definition: &Definition) -> impl Iterator<Item = (&'static str, &Parameter)> {
    let keys = Thresholds::KEYS.iter().chain(Thresholds::RULES);
    keys.filter_map(|key| Some((*key, definition.parameters.get(*key)?)))
}

fn sentence(sentence: &Sentence) -> Value {
    json!({ "en": sentence.en, "ja": sentence.ja })
}

fn as_value(definition: &Definition) -> Value {
    let parameters = parameters(definition).map(|(key, p)| {
        json!({ "key": key, "value": p.value, "unit": p.unit, "meaning": p.meaning, "precedent": p.precedent })
    });
    json!({
        "id": definition.id(),
        "hash": definition.hash(),
        "title_ja": definition.title_ja,
        "title_en": definition.title_en,
        "base": definition.base,
        "compares_with": definition.compares_with.as_ref().map(sentence),
        "tables": definition.tables,
        "cannot_copy": definition.cannot_copy.iter().map(sentence).collect::<Vec<_>>(),
        "visit_day_bins": definition.visit_day_bins,
        "parameters": parameters.collect::<Vec<_>>(),
    })
}

fn print(definition: &Definition) -> anyhow::Result<()> {
    line(format_args!("{}  hash {}", definition.id(), definition.hash()))?;
    line(format_args!("{} / {}\n", definition.title_ja, definition.title_en))?;
    if let Some(compared) = &definition.compares_with {
        line(format_args!("compare: {}\n         {}", compared.en, compared.ja))?;
    }
    if !definition.tables.is_empty() {
        line(format_args!("tables:  {}\n", definition.tables.join(", ")))?;
    }
    if !definition.cannot_copy.is_empty() {
        line("what it cannot copy / 再現できないこと")?;
        for sentence in &definition.cannot_copy {
            line(format_args!("  - {}\n    {}", sentence.en, sentence.ja))?;
        }
        line("")?;
    }
    for (key, parameter) in parameters(definition) {
        line(format_args!("{key} = {} {}", parameter.value, parameter.unit))?;
        line(format_args!("    {}\n    precedent: {}", parameter.meaning, parameter.precedent))?;
    }
    line(format_args!(
        "visit_day_bins = {:?}\n    precedent: {}",
        definition.visit_day_bins, definition.visit_day_bins_precedent
    ))
}

fn list(as_json: bool) -> anyhow::Result<()> {
    let shipped = shipped_names().filter_map(Definition::shipped);
    let shipped: Vec<Definition> = shipped.collect::<Result<_, _>>()?;
    if as_json {
        let rows = shipped.iter().map(|definition| {
            json!({
                "name": definition.name,
                "id": definition.id(),
                "hash": definition.hash(),
                "title_ja": definition.title_ja,
                "title_en": definition.title_en,
                "tables": definition.tables,
            })
        });
        return line(Value::from(rows.collect::<Vec<_>>()));
    }
    for definition in shipped {
        line(format_args!("{:<18} {}  {}", definition.name, definition.hash(), definition.title_en))?;
        line(format_args!("{:<18} {:12}  {}", "", "", definition.title_ja))?;
        if !definition.tables.is_empty() {
            line(format_args!("{:<18} {:12}  for {}", "", "", definition.tables.join(", ")))?;
        }
    }
    Ok(())
}

fn diff(options: &DiffOptions) -> anyhow::Result<()> {
    let (first, second) = (definition(Some(&options.first))?, definition(Some(&options.second))?);
    let found = first.differences(&second);
    let has_other_bins = first.visit_day_bins != second.visit_day_bins;
    if options.json {
        line(difference_value((&first, &second), &found))?;
    } else {
        line(format_args!("{} {} -> {} {}", first.id(), first.hash(), second.id(), second.hash()))?;
        found.iter().try_for_each(print_difference)?;
        if has_other_bins {
            line(format_args!("visit_day_bins = {:?} -> {:?}", first.visit_day_bins, second.visit_day_bins))?;
            line(format_args!("    was: {}", first.visit_day_bins_precedent))?;
            line(format_args!("    now: {}", second.visit_day_bins_precedent))?;
        }
    }
    if found.is_empty() && !has_other_bins { Ok(()) } else { Err(Differ.into()) }
}

fn print_difference(found: &Difference) -> anyhow::Result<()> {
    let value =
        |side: Option<&Parameter>| side.map_or_else(|| "no such rule".to_owned(), |p| p.value.to_string());
    let Some(either) = found.second.or(found.first) else { return Ok(()) };
    line(format_args!(
        "{} = {} -> {} ({})\n    {}",
        found.key,
        value(found.first),
        value(found.second),
        either.unit,
        either.meaning
    ))?;
    for (word, side) in [("was", found.first), ("now", found.second)] {
        if let Some(parameter) = side {
            line(format_args!("    {word}: {}", parameter.precedent))?;
        }
    }
    Ok(())
}

fn difference_value((first, second): (&Definition, &Definition), found: &[Difference]) -> Value {
    let side = |parameter: Option<&Parameter>| {
        parameter.map(|p| json!({ "value": p.value, "precedent": p.precedent }))
    };
    let parameters = found.iter().map(|found| {
        let either = found.second.or(found.first);
        json!({
            "key": found.key,
            "unit": either.map(|parameter| &parameter.unit),
            "meaning": either.map(|parameter| &parameter.meaning),
            "first": side(found.first),
            "second": side(found.second),
        })
    });
    json!({
        "first": { "id": first.id(), "hash": first.hash(), "visit_day_bins": first.visit_day_bins },
        "second": { "id": second.id(), "hash": second.hash(), "visit_day_bins": second.visit_day_bins },
        "parameters": parameters.collect::<Vec<_>>(),
    })
}
