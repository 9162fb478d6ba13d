//! The SQL words for types. In: Arrow types. Out: the words that answers, errors and descriptions use for
//! them.

use datafusion::arrow::datatypes::DataType;

/// The SQL word for a type.
pub(crate) fn sql_type(data_type: &DataType) -> String {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "text".to_owned(),
        DataType::Int64 => "bigint".to_owned(),
        DataType::Int32 => "integer".to_owned(),
        DataType::Int16 => "smallint".to_owned(),
        DataType::Float64 => "double".to_owned(),
        DataType::Float32 => "real".to_owned(),
        DataType::Boolean => "boolean".to_owned(),
        DataType::Date32 | DataType::Date64 => "date".to_owned(),
        DataType::Timestamp(_, None) => "timestamp".to_owned(),
        DataType::Timestamp(_, Some(_)) => "timestamp with time zone".to_owned(),
        DataType::Decimal128(..) | DataType::Decimal256(..) => "numeric".to_owned(),
        DataType::Time32(_) | DataType::Time64(_) => "time".to_owned(),
        DataType::Interval(_) | DataType::Duration(_) => "interval".to_owned(),
        other => other.to_string().to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use kayoi_schemas::tables::ReleaseTable;

    use super::sql_type;

    #[test]
    fn a_column_of_a_release_has_the_word_that_the_book_has_for_it() {
        for column in ReleaseTable::ALL.into_iter().flat_map(|table| table.table().columns) {
            assert_eq!(sql_type(&column.kind.arrow()), column.kind.sql_name(), "{}", column.name);
        }
    }
}
