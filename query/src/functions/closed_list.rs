//! Which functions there are, by name: this list and nothing else.
//!
//! In: a context with whatever its makers registered. Out: the same context without what is not listed here.
//! The engine brings some 250 functions, and a newer one brings more; among them were one that told the path
//! of a lake's file, and some that bear a name of PostgreSQL and answer otherwise. So the list says what
//! there is, each group with its reason, and a test fails when a name here has no function behind it.

use datafusion::execution::FunctionRegistry;
use datafusion::prelude::SessionContext;

/// Every function besides Kayoi's own, which [`super::FUNCTIONS`] lists.
pub(super) const LISTED: &[(&str, &[&str])] = &[
    (
        "numbers, as in PostgreSQL",
        &[
            "abs",
            "acos",
            "acosh",
            "asin",
            "asinh",
            "atan",
            "atan2",
            "atanh",
            "cbrt",
            "ceil",
            "cos",
            "cosh",
            "cot",
            "degrees",
            "exp",
            "factorial",
            "floor",
            "gcd",
            "greatest",
            "lcm",
            "least",
            "ln",
            "log",
            "log10",
            "pi",
            "pow",
            "power",
            "radians",
            "random",
            "round",
            "sin",
            "sinh",
            "sqrt",
            "tan",
            "tanh",
            "trunc",
        ],
    ),
    (
        "texts, as in PostgreSQL; levenshtein is of its fuzzystrmatch, for names that are nearly the same",
        &[
            "ascii",
            "bit_length",
            "btrim",
            "char_length",
            "character_length",
            "chr",
            "concat",
            "concat_ws",
            "initcap",
            "left",
            "length",
            "levenshtein",
            "lower",
            "lpad",
            "ltrim",
            "md5",
            "octet_length",
            "overlay",
            "regexp_count",
            "regexp_instr",
            "regexp_like",
            "regexp_match",
            "regexp_replace",
            "repeat",
            "replace",
            "reverse",
            "right",
            "rpad",
            "rtrim",
            "split_part",
            "starts_with",
            "strpos",
            "substr",
            "substring",
            "to_hex",
            "translate",
            "trim",
            "upper",
        ],
    ),
    (
        "dates and times, as in PostgreSQL",
        &[
            "age",
            "current_date",
            "current_time",
            "current_timestamp",
            "date_bin",
            "date_part",
            "date_trunc",
            "make_date",
            "now",
            "timezone",
            "to_char",
        ],
    ),
    ("NULL, as in PostgreSQL", &["coalesce", "nullif"]),
    ("a row as JSON, as in PostgreSQL", &["row_to_json"]),
    (
        "lists, as in PostgreSQL",
        &[
            "array_append",
            "array_length",
            "array_ndims",
            "array_position",
            "array_positions",
            "array_prepend",
            "array_to_string",
            "cardinality",
            "string_to_array",
        ],
    ),
    (
        "aggregates, as in PostgreSQL; var and var_sample are other names of var_samp",
        &[
            "any_value",
            "array_agg",
            "avg",
            "bit_and",
            "bit_or",
            "bit_xor",
            "bool_and",
            "bool_or",
            "corr",
            "count",
            "covar_pop",
            "covar_samp",
            "grouping",
            "max",
            "min",
            "percentile_cont",
            "regr_avgx",
            "regr_avgy",
            "regr_count",
            "regr_intercept",
            "regr_r2",
            "regr_slope",
            "regr_sxx",
            "regr_sxy",
            "regr_syy",
            "stddev",
            "stddev_pop",
            "stddev_samp",
            "string_agg",
            "sum",
            "var",
            "var_pop",
            "var_samp",
            "var_sample",
        ],
    ),
    ("the middle value, which is asked for more often than PostgreSQL's longer way to it", &["median"]),
    (
        "windows, as in PostgreSQL",
        &[
            "cume_dist",
            "dense_rank",
            "first_value",
            "lag",
            "last_value",
            "lead",
            "nth_value",
            "ntile",
            "percent_rank",
            "rank",
            "row_number",
        ],
    ),
    (
        "what `= ANY (list)` is planned as, under all names of one function",
        &["array_contains", "array_has", "list_contains", "list_has"],
    ),
    ("rows out of nothing, as in PostgreSQL", &["generate_series"]),
    ("what kind of server clients talk to", &["version"]),
];

/// What clients of the Postgres wire ask its catalog: at that door only, answered from release tables. And what the gate alone
/// writes: nobody needs to know its name.
pub(super) const OF_CATALOG: &[&str] = &[
    "array_lower",
    "array_remove",
    "array_upper",
    "col_description",
    "current_catalog",
    "current_database",
    "current_role",
    "current_schema",
    "current_schemas",
    "current_setting",
    "current_user",
    "elements_of",
    "format",
    "format_type",
    "getdatabaseencoding",
    "has_any_column_privilege",
    "has_column_privilege",
    "has_database_privilege",
    "has_function_privilege",
    "has_schema_privilege",
    "has_table_privilege",
    "inet_client_addr",
    "inet_server_addr",
    "inet_server_port",
    "obj_description",
    "only_row",
    "oidvectortypes",
    "parse_ident",
    "pg_advisory_unlock_all",
    "pg_backend_pid",
    "pg_blocking_pids",
    "pg_char_to_encoding",
    "pg_collation_is_visible",
    "pg_conversion_is_visible",
    "pg_database_size",
    "pg_describe_object",
    "pg_encoding_to_char",
    "pg_function_is_visible",
    "pg_get_constraintdef",
    "pg_get_expr",
    "pg_get_function_arguments",
    "pg_get_function_identity_arguments",
    "pg_get_function_result",
    "pg_get_function_sqlbody",
    "pg_get_functiondef",
    "pg_get_indexdef",
    "pg_get_keywords",
    "pg_get_partition_ancestors",
    "pg_get_partkeydef",
    "pg_get_ruledef",
    "pg_get_serial_sequence",
    "pg_get_statisticsobjdef",
    "pg_get_statisticsobjdef_columns",
    "pg_get_triggerdef",
    "pg_get_userbyid",
    "pg_get_viewdef",
    "pg_has_role",
    "pg_indexes_size",
    "pg_is_in_recovery",
    "pg_is_other_temp_schema",
    "pg_is_wal_replay_paused",
    "pg_my_temp_schema",
    "pg_opclass_is_visible",
    "pg_operator_is_visible",
    "pg_opfamily_is_visible",
    "pg_partition_ancestors",
    "pg_postmaster_start_time",
    "pg_relation_is_publishable",
    "pg_relation_size",
    "pg_size_pretty",
    "pg_stat_get_numscans",
    "pg_statistics_obj_is_visible",
    "pg_table_is_visible",
    "pg_table_size",
    "pg_tablespace_location",
    "pg_tablespace_size",
    "pg_total_relation_size",
    "pg_ts_config_is_visible",
    "pg_ts_dict_is_visible",
    "pg_ts_parser_is_visible",
    "pg_ts_template_is_visible",
    "pg_type_is_visible",
    "pg_typeof",
    "places_of",
    "quote_ident",
    "quote_literal",
    "quote_nullable",
    "regclass",
    "rights_of",
    "session_user",
    "set_config",
    "shobj_description",
    "to_regclass",
    "to_regtype",
    "txid_current",
    "unnest",
    "user",
];

/// Whether a function of this name may be there.
pub(super) fn is_listed(name: &str) -> bool {
    let own = |doc: &super::FunctionDoc| doc.signature.split('(').next() == Some(name);
    LISTED.iter().any(|(_, names)| names.contains(&name))
        || OF_CATALOG.contains(&name)
        || super::FUNCTIONS.iter().any(own)
}

/// Takes away every function that is not listed. To be called after the last one was registered: whoever
/// rebuilds a context brings other names back.
pub(crate) fn close(context: &SessionContext) {
    let state = context.state();
    // Taking a second name away takes all second names of that function, and leaves its first.
    let unlisted = |names: Vec<&String>| -> Vec<String> {
        names.into_iter().filter(|name| !is_listed(name)).cloned().collect()
    };
    for name in unlisted(state.scalar_functions().keys().collect()) {
        context.deregister_udf(&name);
    }
    for name in unlisted(state.aggregate_functions().keys().collect()) {
        context.deregister_udaf(&name);
    }
    for name in unlisted(state.window_functions().keys().collect()) {
        context.deregister_udwf(&name);
    }
    for name in unlisted(state.table_functions().keys().collect()) {
        context.deregister_udtf(&name);
    }
    for name in unlisted(state.higher_order_functions().keys().collect()) {
        // The only failure is a name that is not there.
        let _ = context.state_ref().write().deregister_higher_order_function(&name);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::engine::Limits;
    use crate::fixture::engine;

    fn there(context: &SessionContext) -> BTreeSet<String> {
        let state = context.state();
        let mut names = BTreeSet::new();
        names.extend(state.scalar_functions().keys().cloned());
        names.extend(state.aggregate_functions().keys().cloned());
        names.extend(state.window_functions().keys().cloned());
        names.extend(state.table_functions().keys().cloned());
        names.extend(state.higher_order_functions().keys().cloned());
        names
    }

    #[tokio::test]
    async fn every_function_is_listed_and_every_listed_one_is_there() {
        let there = there(&engine(Limits::default()).session());
        let strange: Vec<_> = there.iter().filter(|name| !is_listed(name)).collect();
        assert!(strange.is_empty(), "not in the list: {strange:?}");
        let listed = LISTED.iter().flat_map(|(_, names)| *names);
        let missing: Vec<_> = listed.filter(|name| !there.contains(**name)).collect();
        assert!(missing.is_empty(), "listed, and not there: {missing:?}");
        assert!(LISTED.iter().all(|(reason, _)| !reason.is_empty()));
    }

    #[tokio::test]
    async fn no_name_stands_in_two_groups() {
        let names: Vec<_> = LISTED.iter().flat_map(|(_, names)| *names).chain(OF_CATALOG).collect();
        assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len());
    }
}
