//! The expressions of a plan, rewritten by their types.
//!
//! In: a node of a plan, and what becomes of one expression, told the columns that it may read. Out: the node
//! with every expression rewritten, under the names that it had: what an answer calls its columns is settled
//! by the words of the question.

use datafusion::common::DFSchema;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::Result;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, LogicalPlan};

/// The columns that the expressions of a node may read.
pub(crate) fn columns_of(node: &LogicalPlan) -> Result<DFSchema> {
    let mut schema = merge_schema(&node.inputs());
    // Filters that were pushed into a scan read its columns.
    if let LogicalPlan::TableScan(scan) = node {
        schema.merge(&DFSchema::try_from_qualified_schema(scan.table_name.clone(), &scan.source.schema())?);
    }
    Ok(schema)
}

/// Rewrites all expressions of a node, inner ones first.
pub(crate) fn rewrite_node(
    node: LogicalPlan,
    rewrite: fn(Expr, &DFSchema) -> Result<Transformed<Expr>>,
) -> Result<Transformed<LogicalPlan>> {
    let schema = columns_of(&node)?;
    let names = NamePreserver::new(&node);
    let rewritten = node.map_expressions(|expression| {
        let name = names.save(&expression);
        let rewritten = expression.transform_up(|inner| rewrite(inner, &schema))?;
        Ok(rewritten.update_data(|expression| name.restore(expression)))
    })?;
    if rewritten.transformed { rewritten.map_data(LogicalPlan::recompute_schema) } else { Ok(rewritten) }
}
