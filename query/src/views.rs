//! Questions among the tables of a catalog.
//!
//! In: the questions that are views. Out: tables of which clients learn that they are there, and what columns they have. They have no
//! rows: the gate writes a view out as the SQL that it stands for, before anything is planned, so that what is read here is
//! a view that nobody has written out, and refused.

use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::TableType;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::provided::{Provide, provided};
use crate::questions::{QuestionView, VIEWS};

/// A view as the catalog has it.
pub(crate) fn listed(view: &'static QuestionView) -> Arc<dyn TableProvider> {
    provided(Listed { view, columns: view.arrow_schema() })
}

#[derive(Debug)]
struct Listed {
    view: &'static QuestionView,
    columns: SchemaRef,
}

impl Provide for Listed {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.columns)
    }

    fn kind(&self) -> TableType {
        TableType::View
    }

    fn definition(&self) -> Option<&str> {
        Some(&self.view.sql)
    }

    fn scan<'a>(
        &'a self,
        _state: &'a dyn Session,
        _projection: Option<&'a Vec<usize>>,
        _filters: &'a [Expr],
        _limit: Option<usize>,
    ) -> BoxFuture<'a, Result<Arc<dyn ExecutionPlan>>> {
        let name = &self.view.name;
        let told = format!(
            "`{VIEWS}.{name}` is a question in this place\nhint: SELECT … FROM {VIEWS}.{name} asks it"
        );
        std::future::ready(Err(DataFusionError::Plan(told))).boxed()
    }
}
