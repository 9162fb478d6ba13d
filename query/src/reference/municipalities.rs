//! The municipalities of Japan, a row each.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::DataType::{Float64, Int64, Utf8};
use datafusion::error::Result;
use kayoi_geography::{Municipality, Region, Register};

use crate::beside::{Described, column};

pub(super) static TABLE: Described = Described {
    name: "municipalities",
    ja: "市区町村(2020年の国勢調査の1,741、政令指定都市の区は市にまとめる)",
    en: "a basic municipality, one of 1,741; wards of designated cities are part of their city",
    columns: &[
        column("municipality_code", Utf8, "市区町村コード(5桁、JIS X 0402)", "five-digit code, JIS X 0402"),
        column(
            "code_with_check_digit",
            Utf8,
            "検査数字つきの団体コード(6桁)",
            "the same with its check digit, six digits",
        ),
        column("municipality", Utf8, "市区町村名", "name in Japanese"),
        column("municipality_kana", Utf8, "読み(片仮名)", "reading in katakana"),
        column("municipality_romaji", Utf8, "読み(ローマ字)", "reading in Latin letters"),
        column("county", Utf8, "郡。市と区では空の文字列", "county (郡); an empty text for cities and wards"),
        column(
            "prefecture_code",
            Utf8,
            "都道府県コード(2桁、JIS X 0401)",
            "code of the prefecture, JIS X 0401",
        ),
        column("prefecture", Utf8, "都道府県名", "name of the prefecture in Japanese"),
        column("prefecture_romaji", Utf8, "都道府県名(ローマ字)", "the same in Latin letters"),
        column(
            "region",
            Utf8,
            "地方ブロック(広域地方計画区域)",
            "block of the regional plans (広域地方計画区域)",
        ),
        column("region_english", Utf8, "地方ブロック(英語)", "the same in English"),
        column(
            "latitude",
            Float64,
            "区域の内側の点の緯度(WGS 84、度)",
            "latitude of a point well inside, degrees WGS 84",
        ),
        column("longitude", Float64, "同じ点の経度", "longitude of the same point"),
        column("area_km2", Float64, "面積(km²)", "area, km²"),
        column("population_2020", Int64, "人口(2020年国勢調査)", "residents by the census of 2020"),
    ],
    key: &["municipality_code"],
};

pub(super) fn rows() -> Result<RecordBatch> {
    let all = Register::japan().all();
    let text = |of: &dyn Fn(&Municipality) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(all.iter().map(of)))
    };
    let number = |of: &dyn Fn(&Municipality) -> f64| -> ArrayRef {
        Arc::new(Float64Array::from_iter_values(all.iter().map(of)))
    };
    let prefecture = |town: &Municipality| Register::prefecture_name(town.code.prefecture());
    let region = |town: &Municipality| Region::of(town.code.prefecture());
    let columns: Vec<ArrayRef> = vec![
        text(&|town| town.code.to_string()),
        text(&|town| town.code.with_check_digit()),
        text(&|town| town.name.clone()),
        text(&|town| town.kana.clone()),
        text(&|town| town.romaji.clone()),
        text(&|town| town.county.clone()),
        text(&|town| town.code.prefecture().to_string()),
        text(&|town| prefecture(town).0.to_owned()),
        text(&|town| prefecture(town).1.to_owned()),
        text(&|town| region(town).japanese().to_owned()),
        text(&|town| region(town).english().to_owned()),
        number(&|town| town.latitude),
        number(&|town| town.longitude),
        number(&|town| town.area_km2),
        Arc::new(Int64Array::from_iter_values(all.iter().map(|town| i64::from(town.population_2020)))),
    ];
    Ok(RecordBatch::try_new(TABLE.arrow_schema(), columns)?)
}
