//! A small release for this crate's tests: every table, with hidden figures.

use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::json::ReaderBuilder;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use kayoi_geography::Geography;
use kayoi_schemas::tables::{ColumnType, ReleaseTable};
use serde_json::{Value, json};

use crate::comparison::with_forms;
use crate::job::Form;
use crate::service::Done;
use crate::{Asked, Asker, Catalog, Door, Engine, Limits, QueryError, Service};

/// Statements that no door may run.
pub(crate) const WRITES: [&str; 19] = [
    "INSERT INTO connected_monthly SELECT * FROM connected_monthly",
    "UPDATE connected_monthly SET persons = 1",
    "DELETE FROM connected_monthly",
    "DROP TABLE connected_monthly",
    "TRUNCATE connected_monthly",
    "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '/etc/passwd'",
    "CREATE TABLE t AS SELECT 1 AS a",
    "CREATE VIEW v AS SELECT 1 AS a",
    "CREATE SCHEMA s",
    "COPY connected_monthly TO '/tmp/kayoi-must-not-exist.csv'",
    "COPY (SELECT 1) TO '/tmp/kayoi-must-not-exist.csv' STORED AS CSV",
    "SELECT 1 AS a INTO t",
    "WITH gone AS (DELETE FROM connected_monthly RETURNING *) SELECT * FROM gone",
    "SELECT * FROM (DELETE FROM connected_monthly) AS gone",
    "EXPLAIN ANALYZE SELECT * FROM connected_monthly",
    "EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM connected_monthly",
    "EXPLAIN DELETE FROM connected_monthly",
    "select 1; drop table connected_monthly",
    "PREPARE p AS DELETE FROM connected_monthly",
];

/// Names that no table may answer to.
pub(crate) const UNREACHABLE: [&str; 10] = [
    "'/etc/passwd'",
    "\"/etc/passwd\"",
    "pings",
    "public.stays",
    "release.nights",
    "kayoi.public.residences",
    "ties",
    "indicators",
    "rejects",
    "internal.pings",
];

/// What stands on every row: status and value, provenance.
fn marks(mut row: Value, persons: Option<i64>) -> Value {
    let status = if persons.is_some() { "published" } else { "hidden" };
    let same = [
        ("persons", json!(persons)),
        ("persons_low", json!(persons.map(|n| n - 100))),
        ("persons_high", json!(persons.map(|n| n + 100))),
        ("quality", json!(persons.map(|_| "A"))),
        ("status", json!(status)),
        ("fewer_than", json!(persons.is_none().then_some(40))),
        ("series", json!("trial")),
        ("definition", json!("connected-2026/5")),
        ("definition_hash", json!("0123456789ab")),
        ("boundaries", json!("simplified borders of N03 2025-01-01")),
        ("code_date", json!("2025-01-01")),
        ("revision", json!(1)),
    ];
    for (column, value) in same {
        row[column] = value;
    }
    row
}

fn of_month(mut row: Value) -> Value {
    row["month"] = json!("2026-03-01");
    row["month_text"] = json!("2026-03");
    row["fiscal_year"] = json!(2025);
    row["quarter"] = json!("2026-Q1");
    row["window_months"] = json!(12);
    row
}

fn place(row: Value, origin_code: &str, origin: &str, persons: Option<i64>) -> Value {
    let mut row = marks(row, persons);
    row["municipality_code"] = json!("20361");
    row["municipality"] = json!("下諏訪町");
    row["municipality_romaji"] = json!("Shimosuwa");
    row["prefecture"] = json!("長野県");
    row["origin_level"] = json!(if origin_code == "all" { "all" } else { "prefecture" });
    row["origin_code"] = json!(origin_code);
    row["origin"] = json!(origin);
    row
}

fn rows(table: ReleaseTable) -> Vec<Value> {
    let month = |kind| of_month(json!({ "kind": kind }));
    let day = || of_month(json!({ "date": "2026-03-01", "day_type": "holiday" }));
    match table {
        ReleaseTable::VisitorsDaily => {
            vec![place(day(), "all", "all", Some(3200)), place(day(), "inside", "県内", None)]
        }
        ReleaseTable::ConnectedMonthly => vec![
            place(month("connected"), "all", "all", Some(1200)),
            place(month("connected"), "13", "東京都", Some(400)),
            place(month("connected"), "14", "神奈川県", None),
            place(month("workation"), "all", "all", None),
        ],
        ReleaseTable::ConnectedTotalsMonthly => {
            let mut row = marks(month("connected"), Some(90_000));
            row["area_code"] = json!("20");
            row["area"] = json!("長野県");
            row["area_romaji"] = json!("Nagano");
            row["person_municipalities"] = json!(110_000);
            vec![row]
        }
        ReleaseTable::ConnectedRestMonthly => {
            let mut row = marks(month("workation"), Some(300));
            row["prefecture_code"] = json!("20");
            row["prefecture"] = json!("長野県");
            row["municipalities"] = json!(7);
            vec![row]
        }
        ReleaseTable::ConnectedByPeriod => {
            let period = json!({
                "period_kind": "quarter", "period": "2026-Q1", "kind": "connected",
                "first_month": "2026-01-01", "last_month": "2026-03-01",
            });
            vec![place(period, "all", "all", Some(1180))]
        }
        ReleaseTable::VisitorsMonthly => {
            let mut row =
                place(of_month(json!({ "day_type": "weekday", "days": 20 })), "all", "all", Some(2500));
            row["persons_per_day"] = json!(410);
            row["per_day_low"] = json!(380);
            row["per_day_high"] = json!(440);
            vec![row]
        }
        ReleaseTable::ReleaseWeights => vec![marks(
            of_month(json!({
                "panel": "year", "prefecture_code": "13", "prefecture": "東京都", "panel_residents": 420_000,
                "population": 14_047_594, "pooled_with": 1, "persons_per_device": 33.4,
            })),
            None,
        )],
        ReleaseTable::PanelCoverage => vec![marks(
            of_month(json!({
                "standing": "located", "standing_ja": "居住地が分かる", "devices": 402_110, "share_percent": 81.3,
            })),
            None,
        )],
        ReleaseTable::ReleaseChanges => vec![marks(
            json!({
                "edition": 2, "date": "2026-11-01", "first_month": "2026-01-01", "last_month": "2026-03-01",
                "reason": "訂正",
            }),
            None,
        )],
        other => vec![plain(other)],
    }
}

/// A row of a table whose words and figures nobody asks for here: of each column something of its type.
fn plain(table: ReleaseTable) -> Value {
    let mut row = json!({});
    for column in table.table().columns {
        row[column.name] = match column.kind {
            ColumnType::Long => json!(1200),
            ColumnType::Int | ColumnType::Short => json!(14),
            ColumnType::Double | ColumnType::Float => json!(12.5),
            ColumnType::Date | ColumnType::Timestamp => json!("2026-03-01"),
            ColumnType::Boolean => json!(true),
            ColumnType::Text => json!("all"),
        };
    }
    place(of_month(row), "all", "all", Some(1200))
}

/// The rows of a table.
pub(crate) fn batch(table: ReleaseTable) -> RecordBatch {
    let mut decoder = ReaderBuilder::new(table.table().arrow_schema()).build_decoder().unwrap();
    decoder.serialize(&rows(table)).unwrap();
    decoder.flush().unwrap().unwrap()
}

fn provider(table: ReleaseTable) -> Arc<dyn TableProvider> {
    let rows = batch(table);
    let schema = with_forms(&rows.schema());
    let rows = RecordBatch::try_new(Arc::clone(&schema), rows.columns().to_vec()).unwrap();
    Arc::new(MemTable::try_new(schema, vec![vec![rows]]).unwrap())
}

/// An engine over the small release.
pub(crate) fn engine(limits: Limits) -> Arc<Engine> {
    let catalog = Catalog::new(ReleaseTable::ALL.map(|table| (table, provider(table))).to_vec());
    Arc::new(Engine::new(catalog, Arc::new(Geography::simplified().unwrap()), limits).unwrap())
}

/// A question of somebody who has not signed in.
pub(crate) fn asked(door: Door, text: &str) -> Asked {
    Asked::new(Asker::Anonymous, door, text)
}

/// A service over an engine, that works in the test's process.
pub(crate) fn service(engine: &Arc<Engine>) -> Arc<Service> {
    Arc::new(Service::here(Arc::clone(engine)).unwrap())
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Whole {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Whole {
    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    pub(crate) fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    pub(crate) fn row_count(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

/// Asks one question.
pub(crate) async fn answer(engine: &Arc<Engine>, asked: Asked) -> Result<Whole, QueryError> {
    match service(engine).answer_all(asked, Form::Rows).await?.pop() {
        Some(Done::Rows(answer, _)) => {
            let batches = answer.into_batches()?;
            Ok(Whole { schema: batches.schema(), batches: batches.map(Result::unwrap).collect() })
        }
        Some(Done::Refused(error)) => Err(error),
        Some(Done::Command(_)) | None => Err(QueryError::Empty),
    }
}
