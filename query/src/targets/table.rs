//! The table of targets, for every door.
//!
//! In: the list in the lake. Out: the table [`TARGETS`], a row each, read anew by each question, so that what an officer has
//! just written is there. Who may see a town's figures sees its targets.

use std::sync::{Arc, LazyLock};

use datafusion::arrow::datatypes::DataType::{Int64, Utf8};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::json::ReaderBuilder;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::Session;
use datafusion::datasource::{MemTable, TableProvider};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use futures::FutureExt;
use futures::future::BoxFuture;
use kayoi_geography::Register;
use kayoi_lake::Desk;
use kayoi_schemas::ids::MunicipalityCode;
use serde_json::{Value, json};

use super::{Target, read_targets};
use crate::beside::{Described, column, may_be_empty};
use crate::provided::Provide;

/// The name of the table.
pub(crate) const TARGETS: &str = "kpi_targets";

/// What it says of itself.
pub(crate) static WORDS: Described = Described {
    name: TARGETS,
    ja: "市区町村が目標とする値(KGI、KSI、KPI)",
    en: "what a town aims at: a KGI, KSI or KPI of its plan",
    columns: &[
        column("target_number", Int64, "市区町村の中での番号", "its number within the town"),
        column("municipality_code", Utf8, "市区町村コード", "five-digit code of the town"),
        column("municipality", Utf8, "市区町村名", "name of the town in Japanese"),
        column("level", Utf8, "`KGI`、`KSI`、`KPI`のどれか", "`KGI`, `KSI` or `KPI`"),
        column("target_name", Utf8, "計画での呼び名", "what the plan calls it"),
        column("kind", Utf8, "connected_by_periodのkind", "kind of people, as in `connected_by_period`"),
        column(
            "direction",
            Utf8,
            "`at_least`(以上)または`at_most`(以下)",
            "`at_least` or `at_most` so many people",
        ),
        column("fiscal_year", Int64, "年度(始まる年)", "fiscal year, by the year in which it begins"),
        column(
            "target_persons",
            Int64,
            "目標の人数(年度の各月の平均)",
            "people aimed at, the mean of the months",
        ),
        may_be_empty("baseline_fiscal_year", Int64, "比べる年度", "fiscal year that it is compared with"),
        column(
            "definition",
            Utf8,
            "書いたときの定義の名前",
            "name of the definition that it was written with",
        ),
        column("definition_hash", Utf8, "その定義の指紋", "hash of that definition"),
        column("written_at", Utf8, "書いた時刻(RFC 3339)", "when it was written, RFC 3339"),
    ],
    key: &[],
};

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| WORDS.arrow_schema());

/// The targets of all towns.
#[derive(Debug)]
pub(crate) struct TargetTable {
    /// `None` where there is no lake to write to: then there is no target.
    desk: Option<Desk>,
}

impl TargetTable {
    pub(crate) fn new(desk: Option<&Desk>) -> Self {
        Self { desk: desk.cloned() }
    }
}

fn row(target: &Target) -> Value {
    let new = &target.new;
    let town = MunicipalityCode::parse(&new.town).ok().and_then(|code| Register::japan().get(code));
    json!({
        "target_number": target.number,
        "municipality_code": new.town,
        "municipality": town.map_or("", |town| town.name.as_str()),
        "level": new.level,
        "target_name": new.name,
        "kind": new.kind,
        "direction": new.direction,
        "fiscal_year": new.fiscal_year,
        "target_persons": new.persons,
        "baseline_fiscal_year": new.baseline_fiscal_year,
        "definition": target.definition,
        "definition_hash": target.definition_hash,
        "written_at": target.written_at,
    })
}

fn batch(targets: &[Target]) -> Result<RecordBatch> {
    let mut decoder = ReaderBuilder::new(SCHEMA.clone()).build_decoder()?;
    decoder.serialize(&targets.iter().map(row).collect::<Vec<_>>())?;
    Ok(decoder.flush()?.unwrap_or_else(|| RecordBatch::new_empty(SCHEMA.clone())))
}

impl Provide for TargetTable {
    fn schema(&self) -> SchemaRef {
        SCHEMA.clone()
    }

    fn scan<'a>(
        &'a self,
        state: &'a dyn Session,
        projection: Option<&'a Vec<usize>>,
        _filters: &'a [Expr],
        limit: Option<usize>,
    ) -> BoxFuture<'a, Result<Arc<dyn ExecutionPlan>>> {
        async move {
            let targets = match &self.desk {
                Some(desk) => {
                    let read = read_targets(desk).await;
                    read.map_err(|error| DataFusionError::External(Box::new(error)))?.1
                }
                None => Vec::new(),
            };
            let held = MemTable::try_new(SCHEMA.clone(), vec![vec![batch(&targets)?]])?;
            held.scan(state, projection, &[], limit).await
        }
        .boxed()
    }
}
