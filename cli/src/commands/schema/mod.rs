//! `kayoi schema`: tables and columns, the ping contract, the reject reasons, the statuses of a figure.

mod markdown;

use kayoi_schemas::figure::Status;
use kayoi_schemas::ping::{CONTRACT, RejectReason};
use kayoi_schemas::placeholder::PLACEHOLDER_IDS;
use kayoi_schemas::spelling::{EMPTY_WORDS, SPELLINGS};
use kayoi_schemas::tables::{InternalTable, ReleaseTable, Table};
use serde_json::json;

use crate::args::SchemaOptions;
use crate::screen::line;

pub(crate) fn run(options: &SchemaOptions) -> anyhow::Result<()> {
    if options.rejects {
        let reasons: Vec<&str> = RejectReason::ALL.iter().map(|reason| reason.as_str()).collect();
        return if options.json { line(json!(reasons)) } else { line(reasons.join("\n")) };
    }
    if options.contract {
        return contract(options.json);
    }
    if options.placeholders {
        return if options.json { line(json!(PLACEHOLDER_IDS)) } else { line(PLACEHOLDER_IDS.join("\n")) };
    }
    if options.statuses {
        return statuses(options.json);
    }
    if options.markdown {
        return line(markdown::page(options.lang));
    }
    let internal = InternalTable::ALL.map(InternalTable::table).map(|table| (table, "internal"));
    let released = ReleaseTable::ALL.map(ReleaseTable::table).map(|table| (table, "release"));
    let tables = internal.into_iter().chain(released);
    if options.json {
        return line(json!(tables.map(|(table, seen)| as_json(table, seen)).collect::<Vec<_>>()));
    }
    for (table, seen) in tables {
        let what = if seen == "release" { "release, served" } else { "internal, never served" };
        line(format_args!("{} ({what}): {}", table.name, table.doc))?;
        for column in table.columns {
            let null = if column.nullable { "?" } else { "" };
            line(format_args!(
                "  {:<22} {:<11} {}",
                column.name,
                format!("{}{null}", column.kind.delta_name()),
                column.doc
            ))?;
        }
        line("")?;
    }
    Ok(())
}

/// The closed list of what stands in the place of a figure.
fn statuses(as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let all = Status::ALL.map(|status| {
            json!({
                "status": status.as_str(),
                "ja": status.japanese(),
                "has_value": status.has_value(),
                "note_ja": status.note_ja(),
                "note_en": status.note_en(),
            })
        });
        return line(json!(all));
    }
    for status in Status::ALL {
        line(format_args!("{:<13} {}", status.as_str(), status.japanese()))?;
        line(format_args!("  {}", status.note_ja()))?;
        line(format_args!("  {}", status.note_en()))?;
    }
    Ok(())
}

fn contract(as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let fields = CONTRACT.iter().map(|field| {
            json!({ "name": field.name, "type": field.kind, "required": field.required, "doc": field.doc })
        });
        return line(json!(fields.collect::<Vec<_>>()));
    }
    for field in CONTRACT {
        let need = if field.required { "required" } else { "optional" };
        line(format_args!("{:<20} {:<8} {need}  {}", field.name, field.kind, field.doc))?;
    }
    line("\nspellings that are read, in every format:")?;
    for spelling in SPELLINGS {
        let unit = spelling.unit.map_or(String::new(), |unit| format!(" ({unit})"));
        let field = format!("{}{unit}", spelling.field);
        line(format_args!("{field:<20} {}: {}", spelling.form, spelling.examples.join(" · ")))?;
    }
    line(format_args!("\nwords that stand for no value, in any case: {}", EMPTY_WORDS[1..].join(" · ")))?;
    Ok(())
}

fn as_json(table: &Table, seen: &str) -> serde_json::Value {
    let columns = table.columns.iter().map(|column| {
        json!({
            "name": column.name,
            "type": column.kind.delta_name(),
            "nullable": column.nullable,
            "doc": column.doc,
        })
    });
    json!({
        "name": table.name,
        "kind": seen,
        "doc": table.doc,
        "partition": table.partition,
        "sorted_by": table.sorted_by,
        "columns": columns.collect::<Vec<_>>(),
    })
}
