//! The types of columns as drivers ask for them. In: nothing. Out: a row for each type that an answer may have.

use arrow_flight::sql::metadata::{XdbcTypeInfo, XdbcTypeInfoData, XdbcTypeInfoDataBuilder};
use arrow_flight::sql::{Nullable, Searchable, XdbcDataType, XdbcDatetimeSubcode};
use tonic::Status;

use super::status::built;

/// All types.
///
/// # Errors
/// By our own fault.
pub(super) fn facts() -> Result<XdbcTypeInfoData, Status> {
    let mut builder = XdbcTypeInfoDataBuilder::new();
    for (name, kind, digits) in [
        ("boolean", XdbcDataType::XdbcBit, 1),
        ("smallint", XdbcDataType::XdbcSmallint, 16),
        ("integer", XdbcDataType::XdbcInteger, 32),
        ("bigint", XdbcDataType::XdbcBigint, 64),
        ("real", XdbcDataType::XdbcReal, 24),
        ("double", XdbcDataType::XdbcDouble, 53),
    ] {
        let is_number = kind != XdbcDataType::XdbcBit;
        builder.append(XdbcTypeInfo {
            column_size: Some(digits),
            unsigned_attribute: is_number.then_some(false),
            num_prec_radix: is_number.then_some(2),
            ..plain(name, kind)
        });
    }
    for (name, kind, letters, subcode) in [
        ("date", XdbcDataType::XdbcDate, 10, XdbcDatetimeSubcode::XdbcSubcodeYear),
        ("timestamp", XdbcDataType::XdbcTimestamp, 26, XdbcDatetimeSubcode::XdbcSubcodeTimestamp),
    ] {
        builder.append(XdbcTypeInfo {
            column_size: Some(letters),
            literal_prefix: Some("'".to_owned()),
            literal_suffix: Some("'".to_owned()),
            sql_data_type: XdbcDataType::XdbcDatetime,
            datetime_subcode: Some(subcode),
            ..plain(name, kind)
        });
    }
    builder.append(XdbcTypeInfo {
        literal_prefix: Some("'".to_owned()),
        literal_suffix: Some("'".to_owned()),
        case_sensitive: true,
        ..plain("text", XdbcDataType::XdbcVarchar)
    });
    built(builder.build())
}

fn plain(name: &str, kind: XdbcDataType) -> XdbcTypeInfo {
    XdbcTypeInfo {
        type_name: name.to_owned(),
        local_type_name: Some(name.to_owned()),
        data_type: kind,
        sql_data_type: kind,
        nullable: Nullable::NullabilityNullable,
        searchable: Searchable::Full,
        ..XdbcTypeInfo::default()
    }
}
