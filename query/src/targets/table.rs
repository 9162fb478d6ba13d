//! The table of targets, for every door.
//!
//! In: the list in the lake. Out: the table [`TARGETS`], a row each, read anew by each question, so that what an officer has
//! just written is there. Who may see a town's figures sees its targets.

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::json::ReaderBuilder;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::{MemTable, TableType};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use kayoi_geography::Register;
use kayoi_lake::Desk;
use kayoi_schemas::ids::MunicipalityCode;
use serde_json::{Value, json};

use super::{Target, read_targets};

/// The name of the table.
pub(crate) const TARGETS: &str = "kpi_targets";

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    Arc::new(Schema::new(vec![
        Field::new("target_number", DataType::Int64, false),
        text("municipality_code"),
        text("municipality"),
        text("level"),
        text("target_name"),
        text("kind"),
        text("direction"),
        Field::new("fiscal_year", DataType::Int64, false),
        Field::new("target_persons", DataType::Int64, false),
        Field::new("baseline_fiscal_year", DataType::Int64, true),
        text("definition"),
        text("definition_hash"),
        text("written_at"),
    ]))
});

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

#[async_trait]
impl TableProvider for TargetTable {
    fn schema(&self) -> SchemaRef {
        SCHEMA.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let targets = match &self.desk {
            Some(desk) => {
                let read = read_targets(desk).await;
                read.map_err(|error| DataFusionError::External(Box::new(error)))?.1
            }
            None => Vec::new(),
        };
        let held = MemTable::try_new(SCHEMA.clone(), vec![vec![batch(&targets)?]])?;
        held.scan(state, projection, filters, limit).await
    }
}
