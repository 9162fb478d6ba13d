//! What the server tells about itself and its SQL. In: nothing. Out: the facts that Flight SQL has numbers for.
//!
//! Drivers answer their own questions from them: JDBC's DatabaseMetaData, ADBC's GetInfo. A fact that is left out is
//! an error in some of them, so that all are here. A length of 0 says that there is no limit, or none that is known.

use std::collections::BTreeMap;

use arrow_flight::sql::metadata::{SqlInfoData, SqlInfoDataBuilder};
use arrow_flight::sql::{
    SqlInfo, SqlNullOrdering, SqlSupportedCaseSensitivity, SqlSupportedTransaction, SqlSupportsConvert,
};
use tonic::Status;

use super::status::built;
use crate::functions::FUNCTIONS;

/// The version of Arrow whose format is spoken.
const ARROW_VERSION: &str = "1.5";

/// All facts.
///
/// # Errors
/// By our own fault.
pub(super) fn facts() -> Result<SqlInfoData, Status> {
    let mut builder = SqlInfoDataBuilder::new();
    for (name, fact) in all() {
        match fact {
            Fact::Text(text) => builder.append(name, text),
            Fact::Is(is) => builder.append(name, is),
            Fact::Number(number) => builder.append(name, number),
            Fact::Bits(bits) => builder.append(name, bits),
            Fact::Words(words) => builder.append(name, &words[..]),
            Fact::Casts(casts) => builder.append(name, casts),
        }
    }
    built(builder.build())
}

/// The numbers of the facts that there are.
pub(super) fn numbers() -> impl Iterator<Item = u32> {
    all().into_iter().map(|(name, _)| name as i32 as u32)
}

/// What there is to say, in the types of the protocol.
enum Fact {
    Text(&'static str),
    Is(bool),
    Number(i64),
    Bits(i32),
    Words(Vec<&'static str>),
    Casts(BTreeMap<i32, Vec<i32>>),
}

/// What can be cast to what: among numbers, texts and times, and all to text.
fn conversions() -> BTreeMap<i32, Vec<i32>> {
    use SqlSupportsConvert::{
        SqlConvertBigint, SqlConvertDate, SqlConvertFloat, SqlConvertInteger, SqlConvertReal,
        SqlConvertSmallint, SqlConvertTimestamp, SqlConvertVarchar,
    };
    let numbers = [SqlConvertBigint, SqlConvertInteger, SqlConvertSmallint, SqlConvertFloat, SqlConvertReal];
    let times = [SqlConvertDate, SqlConvertTimestamp];
    let text = SqlConvertVarchar;
    let mut conversions = BTreeMap::new();
    for group in [&numbers[..], &times[..]] {
        for from in group {
            let into = group.iter().chain([&text]).map(|kind| *kind as i32).collect();
            conversions.insert(*from as i32, into);
        }
    }
    let into = numbers.iter().chain(&times).chain([&text]).map(|kind| *kind as i32).collect();
    conversions.insert(text as i32, into);
    conversions
}

fn all() -> Vec<(SqlInfo, Fact)> {
    let own = FUNCTIONS.iter().filter_map(|function| function.signature.split('(').next()).collect();
    let (yes, no, unlimited) = (true, false, 0);
    vec![
        (SqlInfo::FlightSqlServerName, Fact::Text("Kayoi")),
        (SqlInfo::FlightSqlServerVersion, Fact::Text(env!("CARGO_PKG_VERSION"))),
        (SqlInfo::FlightSqlServerArrowVersion, Fact::Text(ARROW_VERSION)),
        (SqlInfo::FlightSqlServerReadOnly, Fact::Is(yes)),
        (SqlInfo::FlightSqlServerSql, Fact::Is(yes)),
        (SqlInfo::FlightSqlServerSubstrait, Fact::Is(no)),
        // Nothing can be written, so that there is nothing to keep or to take back.
        (SqlInfo::FlightSqlServerTransaction, Fact::Bits(SqlSupportedTransaction::Transaction as i32)),
        (SqlInfo::FlightSqlServerCancel, Fact::Is(yes)),
        (SqlInfo::FlightSqlServerBulkIngestion, Fact::Is(no)),
        (SqlInfo::FlightSqlServerIngestTransactionsSupported, Fact::Is(no)),
        (SqlInfo::FlightSqlServerStatementTimeout, Fact::Bits(3_600_000)),
        (SqlInfo::FlightSqlServerTransactionTimeout, Fact::Bits(0)),
        (SqlInfo::SqlDdlCatalog, Fact::Is(no)),
        (SqlInfo::SqlDdlSchema, Fact::Is(no)),
        (SqlInfo::SqlDdlTable, Fact::Is(no)),
        (
            SqlInfo::SqlIdentifierCase,
            Fact::Number(i64::from(SqlSupportedCaseSensitivity::SqlCaseSensitivityLowercase as i32)),
        ),
        (SqlInfo::SqlIdentifierQuoteChar, Fact::Text("\"")),
        (
            SqlInfo::SqlQuotedIdentifierCase,
            // The word for "as it is written".
            Fact::Number(i64::from(SqlSupportedCaseSensitivity::SqlCaseSensitivityUnknown as i32)),
        ),
        (SqlInfo::SqlAllTablesAreSelectable, Fact::Is(yes)),
        (SqlInfo::SqlNullOrdering, Fact::Number(i64::from(SqlNullOrdering::SqlNullsSortedHigh as i32))),
        (SqlInfo::SqlKeywords, Fact::Words(vec!["ilike", "limit", "offset", "qualify", "returning"])),
        (
            SqlInfo::SqlNumericFunctions,
            Fact::Words(vec![
                "abs", "ceil", "exp", "floor", "ln", "log", "log10", "mod", "pi", "power", "round", "sign",
                "sqrt",
            ]),
        ),
        (
            SqlInfo::SqlStringFunctions,
            Fact::Words(vec![
                "ascii",
                "char_length",
                "concat",
                "left",
                "lower",
                "lpad",
                "ltrim",
                "repeat",
                "replace",
                "right",
                "rtrim",
                "split_part",
                "strpos",
                "substr",
                "trim",
                "upper",
            ]),
        ),
        (SqlInfo::SqlSystemFunctions, Fact::Words(own)),
        (
            SqlInfo::SqlDatetimeFunctions,
            Fact::Words(vec![
                "current_date",
                "current_timestamp",
                "date_part",
                "date_trunc",
                "extract",
                "now",
                "to_char",
            ]),
        ),
        (SqlInfo::SqlSearchStringEscape, Fact::Text("\\")),
        (SqlInfo::SqlExtraNameCharacters, Fact::Text("")),
        (SqlInfo::SqlSupportsColumnAliasing, Fact::Is(yes)),
        (SqlInfo::SqlNullPlusNullIsNull, Fact::Is(yes)),
        (SqlInfo::SqlSupportsConvert, Fact::Casts(conversions())),
        (SqlInfo::SqlSupportsTableCorrelationNames, Fact::Is(yes)),
        (SqlInfo::SqlSupportsDifferentTableCorrelationNames, Fact::Is(no)),
        (SqlInfo::SqlSupportsExpressionsInOrderBy, Fact::Is(yes)),
        (SqlInfo::SqlSupportsOrderByUnrelated, Fact::Is(yes)),
        // Unrelated columns, and more than the selected ones.
        (SqlInfo::SqlSupportedGroupBy, Fact::Bits(0b11)),
        (SqlInfo::SqlSupportsLikeEscapeClause, Fact::Is(yes)),
        (SqlInfo::SqlSupportsNonNullableColumns, Fact::Is(yes)),
        // Minimum and core grammar.
        (SqlInfo::SqlSupportedGrammar, Fact::Bits(0b11)),
        // Entry level.
        (SqlInfo::SqlAnsi92SupportedLevel, Fact::Bits(0b1)),
        (SqlInfo::SqlSupportsIntegrityEnhancementFacility, Fact::Is(no)),
        // Limited and full outer joins.
        (SqlInfo::SqlOuterJoinsSupportLevel, Fact::Bits(0b110)),
        (SqlInfo::SqlSchemaTerm, Fact::Text("schema")),
        (SqlInfo::SqlProcedureTerm, Fact::Text("function")),
        (SqlInfo::SqlCatalogTerm, Fact::Text("database")),
        (SqlInfo::SqlCatalogAtStart, Fact::Is(yes)),
        (SqlInfo::SqlSchemasSupportedActions, Fact::Bits(0)),
        (SqlInfo::SqlCatalogsSupportedActions, Fact::Bits(0)),
        (SqlInfo::SqlSupportedPositionedCommands, Fact::Bits(0)),
        (SqlInfo::SqlSelectForUpdateSupported, Fact::Is(no)),
        (SqlInfo::SqlStoredProceduresSupported, Fact::Is(no)),
        // In comparisons, EXISTS and IN.
        (SqlInfo::SqlSupportedSubqueries, Fact::Bits(0b111)),
        (SqlInfo::SqlCorrelatedSubqueriesSupported, Fact::Is(yes)),
        // UNION and UNION ALL.
        (SqlInfo::SqlSupportedUnions, Fact::Bits(0b11)),
        (SqlInfo::SqlMaxBinaryLiteralLength, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxCharLiteralLength, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxColumnNameLength, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxColumnsInGroupBy, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxColumnsInIndex, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxColumnsInOrderBy, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxColumnsInSelect, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxColumnsInTable, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxConnections, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxCursorNameLength, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxIndexLength, Fact::Number(unlimited)),
        (SqlInfo::SqlDbSchemaNameLength, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxProcedureNameLength, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxCatalogNameLength, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxRowSize, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxRowSizeIncludesBlobs, Fact::Is(no)),
        (SqlInfo::SqlMaxStatementLength, Fact::Number(1 << 20)),
        (SqlInfo::SqlMaxStatements, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxTableNameLength, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxTablesInSelect, Fact::Number(unlimited)),
        (SqlInfo::SqlMaxUsernameLength, Fact::Number(unlimited)),
        (SqlInfo::SqlDefaultTransactionIsolation, Fact::Number(0)),
        (SqlInfo::SqlTransactionsSupported, Fact::Is(no)),
        (SqlInfo::SqlSupportedTransactionsIsolationLevels, Fact::Bits(0b1)),
        (SqlInfo::SqlDataDefinitionCausesTransactionCommit, Fact::Is(no)),
        (SqlInfo::SqlDataDefinitionsInTransactionsIgnored, Fact::Is(no)),
        // Forward only, and read only.
        (SqlInfo::SqlSupportedResultSetTypes, Fact::Bits(0b10)),
        (SqlInfo::SqlSupportedConcurrenciesForResultSetUnspecified, Fact::Bits(0b10)),
        (SqlInfo::SqlSupportedConcurrenciesForResultSetForwardOnly, Fact::Bits(0b10)),
        (SqlInfo::SqlSupportedConcurrenciesForResultSetScrollSensitive, Fact::Bits(0)),
        (SqlInfo::SqlSupportedConcurrenciesForResultSetScrollInsensitive, Fact::Bits(0)),
        (SqlInfo::SqlBatchUpdatesSupported, Fact::Is(no)),
        (SqlInfo::SqlSavepointsSupported, Fact::Is(no)),
        (SqlInfo::SqlNamedParametersSupported, Fact::Is(no)),
        (SqlInfo::SqlLocatorsUpdateCopy, Fact::Is(no)),
        (SqlInfo::SqlStoredFunctionsUsingCallSyntaxSupported, Fact::Is(no)),
    ]
}
