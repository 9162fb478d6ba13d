//! A DataFusion context that can read release tables and do nothing else.
//!
//! In: the catalog, the geography, the shared runtime. Out: a context. The gate lets reading statements
//! through only; this is what holds if it ever lets another one through: there is no table factory and no
//! file format, so that nothing can be created and no file be named.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::common::config::Dialect;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::optimizer::Analyzer;
use datafusion::prelude::{SessionConfig, SessionContext};
use kayoi_geography::Geography;

use crate::arithmetic::{self, CheckArithmetic, CompareAsDoubles, GuardChecked, OrderByLength};
use crate::catalog::{CATALOG, Catalog, SCHEMA};
use crate::comparison::CheckComparisons;
use crate::error::QueryError;
use crate::functions;
use crate::latest::Latest;
use crate::moments::AlignMoments;
use crate::session::TIME_ZONE;

pub(super) fn context(
    catalog: &Catalog,
    geography: &Arc<Geography>,
    resources: &Arc<RuntimeEnv>,
) -> Result<SessionContext, QueryError> {
    // A question has one core: others keep theirs, and its rows come in one order.
    let mut config = SessionConfig::new()
        .with_target_partitions(1)
        .with_default_catalog_and_schema(CATALOG, SCHEMA)
        .with_create_default_catalog_and_schema(false)
        .with_information_schema(true);
    config.set_extension(Arc::new(Latest::of(catalog.releases())));
    config.options_mut().sql_parser.dialect = Dialect::PostgreSQL;
    // Tools wrap a question and cut it outside: the order within decides which rows are left.
    config.options_mut().sql_parser.enable_subquery_sort_elimination = false;
    // The physical plan names the files of the lake.
    config.options_mut().explain.logical_plan_only = true;
    config.options_mut().execution.time_zone = Some(TIME_ZONE.to_owned());
    // Types are compared as they were asked, and calculated with as they were settled.
    let mut rules = Analyzer::new().rules;
    rules.insert(0, Arc::new(CheckComparisons));
    rules.insert(1, Arc::new(AlignMoments));
    rules.insert(2, Arc::new(OrderByLength));
    rules.insert(3, Arc::new(CompareAsDoubles));
    rules.push(Arc::new(CheckArithmetic));
    // Nothing can be created and no file read or written, whatever gets past the gate.
    let state = SessionStateBuilder::new_with_default_features()
        .with_config(config)
        .with_runtime_env(Arc::clone(resources))
        .with_table_factories(HashMap::new())
        .with_file_formats(Vec::new())
        .with_analyzer_rules(rules)
        .with_optimizer_rule(Arc::new(GuardChecked))
        .build();
    let context = SessionContext::new_with_state(state);
    context.register_catalog(CATALOG, catalog.provider()?);
    for function in functions::all(geography).into_iter().chain(functions::of_postgres()) {
        context.register_udf(function);
    }
    context.register_udaf(arithmetic::sum());
    functions::close(&context);
    Ok(context)
}
