//! The settings that clients of PostgreSQL know, and what becomes of each here.
//!
//! In: nothing. Out: a list. What drivers send when they connect must not fail; what would change an answer
//! and does not is refused or warned of.

/// A setting.
pub(super) struct Known {
    /// Its name, in small letters.
    pub(super) name: &'static str,
    /// Its value until somebody sets it.
    pub(super) default: &'static str,
    /// What may be set.
    pub(super) rule: Rule,
}

/// What may be set.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rule {
    /// Nothing: it tells what the server is.
    Told,
    /// These values, which are what happens here.
    Only(&'static [&'static str]),
    /// A time zone.
    Zone,
    /// A length of time.
    Milliseconds,
    /// Schemas that this server has.
    Schemas,
    /// The number of a release, or `newest`.
    Revision,
    /// Any words: they are kept and told.
    Free,
    /// Anything: it changes no answer.
    WithoutEffect,
    /// Anything, and the client is told that only some of it is honoured.
    Warned {
        /// What needs no warning.
        honoured: &'static [&'static str],
        /// Why the rest is not honoured.
        why: &'static str,
    },
}

const fn known(name: &'static str, default: &'static str, rule: Rule) -> Known {
    Known { name, default, rule }
}

const ISOLATION: Rule = Rule::Warned {
    honoured: &["read committed", "read uncommitted"],
    why: "each statement reads the newest release",
};
const READ_ONLY: Rule = Rule::Warned { honoured: &["on", "true", "yes", "1"], why: "this server only reads" };
const IDLE: Rule =
    Rule::Warned { honoured: &["0"], why: "the server decides how long it waits for a client" };
const DATES: Rule = Rule::Only(&["ISO", "ISO, MDY", "ISO, YMD", "ISO, DMY", "MDY", "YMD", "DMY"]);
const YES: Rule = Rule::Only(&["on", "true", "yes", "1"]);

/// Every setting.
pub(super) const KNOWN: &[Known] = &[
    known("application_name", "", Rule::Free),
    known("backslash_quote", "safe_encoding", Rule::WithoutEffect),
    known("bytea_output", "hex", Rule::WithoutEffect),
    known("check_function_bodies", "on", Rule::WithoutEffect),
    known("client_encoding", "UTF8", Rule::Only(&["UTF8", "UTF-8", "UNICODE"])),
    known("client_min_messages", "notice", Rule::WithoutEffect),
    known("cursor_tuple_fraction", "0.1", Rule::WithoutEffect),
    known("datestyle", "ISO, MDY", DATES),
    known("default_table_access_method", "heap", Rule::WithoutEffect),
    known("default_tablespace", "", Rule::WithoutEffect),
    known("default_text_search_config", "pg_catalog.simple", Rule::WithoutEffect),
    known("default_transaction_deferrable", "off", Rule::WithoutEffect),
    known("default_transaction_isolation", "read committed", ISOLATION),
    known("default_transaction_read_only", "on", READ_ONLY),
    known("enable_hashjoin", "on", Rule::WithoutEffect),
    known("enable_mergejoin", "on", Rule::WithoutEffect),
    known("enable_nestloop", "on", Rule::WithoutEffect),
    known("enable_seqscan", "on", Rule::WithoutEffect),
    known("escape_string_warning", "on", Rule::WithoutEffect),
    known("extra_float_digits", "1", Rule::Only(&["1", "2", "3"])),
    known("from_collapse_limit", "8", Rule::WithoutEffect),
    known("geqo", "on", Rule::WithoutEffect),
    known("idle_in_transaction_session_timeout", "0", IDLE),
    known("idle_session_timeout", "0", IDLE),
    known("in_hot_standby", "on", Rule::Told),
    known("integer_datetimes", "on", Rule::Told),
    known("intervalstyle", "postgres", Rule::Only(&["postgres"])),
    known("is_superuser", "off", Rule::Told),
    known(super::DEFINITION, super::ANY, Rule::Free),
    known(super::REVISION, super::NEWEST, Rule::Revision),
    known("jit", "off", Rule::WithoutEffect),
    known("join_collapse_limit", "8", Rule::WithoutEffect),
    known("lc_collate", "C", Rule::Told),
    known("lc_ctype", "C.UTF-8", Rule::Told),
    known("lc_messages", "C", Rule::WithoutEffect),
    known("lc_monetary", "C", Rule::Only(&["C", "POSIX"])),
    known("lc_numeric", "C", Rule::Only(&["C", "POSIX"])),
    known("lc_time", "C", Rule::Only(&["C", "POSIX"])),
    known("lock_timeout", "0", Rule::WithoutEffect),
    known("max_identifier_length", "63", Rule::Told),
    known("max_index_keys", "32", Rule::Told),
    known("max_parallel_workers_per_gather", "2", Rule::WithoutEffect),
    known("plan_cache_mode", "auto", Rule::WithoutEffect),
    known("random_page_cost", "4", Rule::WithoutEffect),
    known("role", "none", Rule::Told),
    known("row_security", "on", Rule::WithoutEffect),
    known("search_path", "public", Rule::Schemas),
    known("server_encoding", "UTF8", Rule::Told),
    known("server_version", "16.6", Rule::Told),
    known("server_version_num", "160006", Rule::Told),
    known("session_authorization", "anonymous", Rule::Told),
    known("standard_conforming_strings", "on", YES),
    known("statement_timeout", "0", Rule::Milliseconds),
    known("synchronize_seqscans", "on", Rule::WithoutEffect),
    known("synchronous_commit", "on", Rule::WithoutEffect),
    known("timezone", super::TIME_ZONE, Rule::Zone),
    known("transaction_deferrable", "off", Rule::WithoutEffect),
    known("transaction_isolation", "read committed", ISOLATION),
    known("transaction_read_only", "on", READ_ONLY),
    known("transform_null_equals", "off", Rule::Only(&["off", "false", "no", "0"])),
    known("work_mem", "4MB", Rule::WithoutEffect),
    known("xmloption", "content", Rule::WithoutEffect),
];
