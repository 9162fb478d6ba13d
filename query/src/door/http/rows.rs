//! `/v1/tables/{name}/rows`: rows of a table as they are released, for whoever wants a file and no question.
//!
//! In: the name of a table, perhaps a month, a town and a limit. Out: rows in any form. The SQL is ours and none of the
//! asker's, so that the role `public` has them too.

use std::collections::BTreeMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Month;

use super::SharedSite;
use super::problem::Problem;
use super::query::wanted;
use super::reply::{Put, reply};
use super::tables::{Seen, named};

type Parameters = Result<Query<BTreeMap<String, String>>, QueryRejection>;

pub(super) async fn get(
    State(site): State<SharedSite>,
    Path(name): Path<String>,
    parameters: Parameters,
    headers: HeaderMap,
) -> Response {
    let put = match named(&site, name) {
        Ok(table) => put(table, parameters),
        Err(error) => Err(Problem::from(error)),
    };
    let replied = match put {
        Ok(put) => reply(&site, &headers, put).await,
        Err(problem) => Err(problem),
    };
    replied.unwrap_or_else(|problem| problem.response(&headers))
}

/// What the rows of a table are asked for with.
const ROWS_HINT: &str =
    "`month=2026-05` (or `all`), `town=20214`, `limit=100`, `format`, `rev` and `d` are taken";

/// Rows of a table: of the newest month where it has months and none is said.
fn put(table: Seen, parameters: Parameters) -> Result<Put, Problem> {
    let Query(mut said) = parameters.map_err(|rejection| Problem::bad(rejection.body_text()))?;
    let bad = |text: String| Problem::bad(text).with_hint(ROWS_HINT);
    let format = said.remove("format");
    let release = wanted(said.remove("rev").as_deref(), said.remove("d"))?;
    let name = table.name();
    let mut filters = Vec::new();
    let mut file = vec![table.name().to_owned()];
    match (said.remove("month"), table.has("month")) {
        (Some(month), _) if month == "all" => {}
        // The months of the calendar are no months of figures.
        (None, true) if matches!(table, Seen::Release(_)) => filters.push(newest(table)),
        (Some(month), true) => {
            let first = Month::parse(&month).map(Month::first_day);
            let first = first.ok_or_else(|| bad(format!("`{month}` is no month")))?;
            filters.push(format!("month = DATE '{first}'"));
            file.push(month);
        }
        (None, _) => {}
        (Some(_), false) => return Err(bad(format!("`{name}` has no months"))),
    }
    if let Some(town) = said.remove("town") {
        if !table.has("municipality_code") {
            return Err(bad(format!("`{name}` has no towns")));
        }
        let code = MunicipalityCode::parse(&town).map_err(|error| bad(error.to_string()))?;
        filters.push(format!("municipality_code = '{code}'"));
        file.insert(1, code.to_string());
    }
    let limit = match said.remove("limit") {
        Some(limit) => {
            let number: u32 = limit.parse().map_err(|_| bad(format!("`{limit}` is no number of rows")))?;
            format!("{} LIMIT {number}", order(table))
        }
        None => String::new(),
    };
    if let Some(other) = said.keys().next() {
        return Err(bad(format!("unknown parameter `{other}`")));
    }
    let filters =
        if filters.is_empty() { String::new() } else { format!(" WHERE {}", filters.join(" AND ")) };
    let text = format!("SELECT * FROM {name}{filters}{limit}");
    Ok(Put { text, format, release, file, ..Put::default() })
}

/// The newest month with a figure: later ones are in the table and not computed yet.
fn newest(table: Seen) -> String {
    let name = table.name();
    let newest = format!("SELECT max(month) FROM {name}");
    if table.has("status") {
        format!("month = coalesce(({newest} WHERE status = 'published'), ({newest}))")
    } else {
        format!("month = ({newest})")
    }
}

/// The order in which a table is released, so that a limit gives the same rows each time. A whole table has a million rows
/// and more, which nobody needs in memory to have them in order.
fn order(table: Seen) -> String {
    match table {
        Seen::Release(table) => format!(" ORDER BY {}", table.table().sorted_by.join(", ")),
        Seen::Beside(_) => String::new(),
    }
}
