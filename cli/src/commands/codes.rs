//! `kayoi codes`: municipality codes through time, and what lies above them.

use anyhow::Context;
use kayoi_geography::Register;
use kayoi_geography::history::{CodeDate, CodeHistory, HistoryError, Shares};
use kayoi_geography::region::{SpecialWards, Tier};
use kayoi_schemas::ids::MunicipalityCode;
use serde_json::json;

use crate::args::{CodesCommand, CodesOptions, DatesOption};
use crate::coded::{coded, refuse};
use crate::screen::line;

pub(crate) fn run(options: &CodesOptions) -> anyhow::Result<()> {
    let history = CodeHistory::japan();
    match &options.command {
        CodesCommand::Changes { dates } => {
            let (from, to) = both(dates)?;
            if let Some(date) = [from, to].into_iter().find(|date| *date < CodeDate::EARLIEST) {
                return Err(HistoryError::TooEarly { date }.into());
            }
            history.changes(from, to).try_for_each(line)
        }
        CodesCommand::Convert { code, dates, weights, json } => {
            let (from, to) = both(dates)?;
            let code = MunicipalityCode::parse(code)?;
            let shares = shares(history, code, from, to, weights)?;
            for (part, share) in history.convert_with(code, from, to, &shares)? {
                let name = history.name(part, to).unwrap_or_default();
                if *json {
                    line(json!({ "from_code": code.to_string(), "to_code": part.to_string(), "name": name,
                        "share": share.value() }))?;
                } else {
                    line(format_args!("{part} {name} {}", share.value()))?;
                }
            }
            Ok(())
        }
        CodesCommand::Table { dates } => {
            let (from, to) = both(dates)?;
            line("from_code,to_code,date,share")?;
            for row in history.table(from, to, &Shares::default())? {
                let date = row.date.map(|date| date.to_string()).unwrap_or_default();
                let share = row.share.map(|share| share.value().to_string()).unwrap_or_default();
                line(format_args!("{},{},{date},{share}", row.from_code, row.to_code))?;
            }
            Ok(())
        }
        CodesCommand::Chain { code, on, tokyo_as_one } => {
            let (code, on) = (MunicipalityCode::parse(code)?, date(on)?);
            let wards = if *tokyo_as_one { SpecialWards::AsOne } else { SpecialWards::Apart };
            let names = Tier::chain(code, wards, Register::japan()).into_iter();
            let names = names.map(|tier| tier.name(on, history));
            let names = names.collect::<Option<Vec<_>>>();
            line(names.with_context(|| coded!(Conversion, "`{code}` was not in use on `{on}`"))?.join(" < "))
        }
    }
}

fn both(dates: &DatesOption) -> anyhow::Result<(CodeDate, CodeDate)> {
    Ok((date(&dates.from)?, date(&dates.to)?))
}

fn date(text: &str) -> anyhow::Result<CodeDate> {
    CodeDate::parse(text)
        .with_context(|| coded!(Argument, "`{text}` is not a date\nhint: dates look like 2024-01-01"))
}

/// Weights as `22138=40000`, for the one change between the dates whose shares nobody publishes.
fn shares(
    history: &CodeHistory,
    code: MunicipalityCode,
    from: CodeDate,
    to: CodeDate,
    texts: &[String],
) -> anyhow::Result<Shares> {
    let mut shares = Shares::default();
    if texts.is_empty() {
        return Ok(shares);
    }
    let mut weights = Vec::new();
    for text in texts {
        let pair = text.split_once('=').map(|(part, weight)| (MunicipalityCode::parse(part), weight.parse()));
        let Some((Ok(part), Ok(weight))) = pair else {
            refuse!(
                Argument,
                "weight `{text}` cannot be read\nhint: give the people of a part, as in 22138=40000"
            );
        };
        weights.push((part, weight));
    }
    let change = history
        .changes(from, to)
        .find(|change| if from <= to { change.from == code } else { change.to == code });
    let Some(change) = change else {
        refuse!(
            Argument,
            "`{code}` did not change between `{from}` and `{to}`, so weights have nothing to weigh\nhint: leave out --weight"
        );
    };
    shares.add(history, code, change.date, &weights)?;
    Ok(shares)
}
