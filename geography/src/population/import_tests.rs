use std::path::{Path, PathBuf};

use super::super::fixture::{
    Table, Told, census_ages, census_long, date, expected, nation, register_ages, register_totals, row,
    yearbook,
};
use super::*;

const TOTTORI: u8 = 31;

fn options(base: Base) -> ImportOptions {
    ImportOptions {
        base,
        date: date(),
        source: Some("made up".to_owned()),
        columns: None,
        conditions: Vec::new(),
        is_partial: false,
    }
}

fn partial(base: Base) -> ImportOptions {
    ImportOptions { is_partial: true, ..options(base) }
}

fn import(bytes: &[u8], options: &ImportOptions) -> Result<(Population, ImportReport), PopulationError> {
    import_bytes(&[(Path::new("table"), bytes)], options)
}

fn refused(text: &str, options: &ImportOptions) -> String {
    let error = import(text.as_bytes(), options).unwrap_err();
    let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    let text = format!("{error}\n{source}");
    assert!(text.contains("hint: "), "{text}");
    text
}

fn csv_of(text: &str, options: &ImportOptions) -> String {
    let (population, _) = import(text.as_bytes(), options).unwrap_or_else(|error| panic!("{error}"));
    String::from_utf8(population.to_csv()).unwrap()
}

/// One truth, and every layout, encoding and format must tell it.
#[test]
fn every_layout_of_a_whole_nation_gives_the_same_people() {
    let places = nation(None);
    let year = date().ymd().0;
    let register = options(Base::ResidentRegister);
    let check = |name: &str, bytes: Vec<u8>, told: Told, options: &ImportOptions| {
        let (population, report) = import(&bytes, options).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(population == expected(&places, told, options.base, "made up"), "{name}");
        assert_eq!(report.prefectures_checked, 47, "{name}");
        report
    };
    let (totals, ages) = (register_totals(&places), register_ages(&places));
    for (name, bytes) in [
        ("CSV", totals.csv()),
        ("Shift_JIS", totals.shift_jis()),
        ("xlsx", totals.xlsx("総計")),
        ("xls", totals.xls()),
    ] {
        let report = check(name, bytes, Told::Sexes, &register);
        assert!(report.nation_checked && report.notes.is_empty(), "{name}: {:?}", report.notes);
    }
    for (name, bytes) in [("CSV", ages.csv()), ("xlsx", ages.xlsx("R7")), ("xls", ages.xls())] {
        assert!(check(name, bytes, Told::AgesAndSexes, &register).nation_checked);
    }
    let census = options(Base::Census);
    let report = check("census", census_ages(&places, year).xlsx("b02_07"), Told::AgesAndSexes, &census);
    assert!(report.rows_left_out > 5_000, "Japanese alone, and municipalities of 2000");
    let report = check("long", census_long(&places, year).csv(), Told::AgesAndSexes, &census);
    assert!(report.nation_checked && report.notes.is_empty(), "{:?}", report.notes);
    let estimate = options(Base::Estimate);
    let report = check("names", yearbook(&places, [0, 1, 2]).shift_jis(), Told::AgesAndSexes, &estimate);
    assert_eq!((report.rows_of_other_areas, report.nation_checked), (1, false));
}

#[test]
fn totals_and_ages_of_two_files_count_together() {
    let places = nation(Some(TOTTORI));
    let mut totals = Table { rows: vec![row(&["市区町村コード", "人口"])], ..Table::default() };
    let mut ages = Table { rows: vec![row(&["code", "sex", "age", "people"])], ..Table::default() };
    for place in &places {
        totals.rows.push(vec![place.five(), place.people(None, None).to_string()]);
        for class in 0..super::super::fixture::CLASSES {
            let people = |sex: usize| place.people(Some(sex), Some(class));
            let age =
                if class == 20 { "100+".to_owned() } else { format!("{}-{}", class * 5, class * 5 + 4) };
            ages.rows.push(row(&[&place.five(), "male", &age, &people(0).to_string()]));
            ages.rows.push(row(&[&place.five(), "female", &age, &people(1).to_string()]));
        }
    }
    let options = partial(Base::Census);
    let files = [(Path::new("a.csv"), totals.csv()), (Path::new("b.csv"), ages.csv())];
    let (population, _) = import_bytes(&files, &options).unwrap();
    assert!(population == expected(&places, Told::AgesAndSexes, Base::Census, "made up"));
    let other_order = [(Path::new("b.csv"), ages.csv()), (Path::new("a.csv"), totals.csv())];
    assert!(import_bytes(&other_order, &options).unwrap().0 == population);
    let without_source = ImportOptions { source: None, ..options };
    assert_eq!(import_bytes(&other_order, &without_source).unwrap().0.source(), "a.csv, b.csv");
}

/// After 総務省「住民基本台帳に基づく人口、人口動態及び世帯数」, 総計: the figures are made up.
#[test]
fn the_register_by_sex_is_read() {
    let table = "\
令和7年1月1日住民基本台帳人口・世帯数、令和6年人口動態（市区町村別）（総計）,,,,,,\n\
,,,令和7年,,,\n\
,,,人口,,,世帯数\n\
,,,男,女,計,世帯数\n\
団体コード,都道府県名,市区町村名,人,人,人,世帯\n\
310000,鳥取県,-,\"1,010\",\"1,020\",\"2,030\",900\n\
312011,鳥取県,鳥取市,\"1,000\",\"1,000\",\"2,000\",880\n\
312029,鳥取県,米子市,10,20,30,20\n";
    let rows = csv_of(table, &partial(Base::ResidentRegister));
    assert_eq!(
        rows,
        "municipality_code,sex,age_from,age_to,people,base,date,source\n\
         31201,all,,,2000,resident_register,2025-01-01,made up\n\
         31201,male,,,1000,resident_register,2025-01-01,made up\n\
         31201,female,,,1000,resident_register,2025-01-01,made up\n\
         31202,all,,,30,resident_register,2025-01-01,made up\n\
         31202,male,,,10,resident_register,2025-01-01,made up\n\
         31202,female,,,20,resident_register,2025-01-01,made up\n"
    );
}

/// After the same publication, 年齢階級別人口: three classes instead of 21, with blanks under a code as a merged cell leaves them.
#[test]
fn the_register_by_age_is_read() {
    let table = "\
【総計】令和7年住民基本台帳年齢階級別人口（市区町村別）\n\
団体コード,都道府県名,市区町村名,性別,総数,0歳～4歳,5歳～9歳,10歳以上\n\
312011,鳥取県,鳥取市,計,31,3,8,20\n\
,,,男,14,1,3,10\n\
,,,女,17,2,5,10\n";
    let rows = csv_of(table, &partial(Base::ResidentRegister));
    let figures: Vec<&str> = rows.lines().skip(1).map(|row| row.split_once(",resident").unwrap().0).collect();
    assert_eq!(
        figures,
        [
            "31201,all,,,31",
            "31201,all,0,4,3",
            "31201,all,5,9,8",
            "31201,all,10,,20",
            "31201,male,,,14",
            "31201,male,0,4,1",
            "31201,male,5,9,3",
            "31201,male,10,,10",
            "31201,female,,,17",
            "31201,female,0,4,2",
            "31201,female,5,9,5",
            "31201,female,10,,10"
        ]
    );
}

/// After 令和7年国勢調査 人口速報集計, 第1表: 地域識別コード, codes before the names, 双葉町 without a figure.
#[test]
fn the_census_with_codes_before_names_is_read_and_an_empty_town_has_nobody() {
    let table = "\
令和２年国勢調査　人口速報集計,,,,,\n\
,,表章項目,人口,人口,2015年の人口\n\
,,,0_総数,1_男,\n\
地域識別コード,都道府県,地域名,,,\n\
a,07_福島県,07000_福島県,30,12,44\n\
3,07_福島県,07545_大熊町,30,12,40\n\
3,07_福島県,07546_双葉町,-,-,4\n";
    let date = Day::parse("2020-10-01").unwrap();
    let options = ImportOptions { date, ..partial(Base::Census) };
    let whole = table.to_owned();
    // All 59 municipalities, of which two are as above and the others have one person each.
    let others = Register::japan().all().iter().filter(|town| town.code.prefecture().number() == 7);
    let others: Vec<_> = others.filter(|town| !matches!(town.code.number(), 7545 | 7546)).collect();
    let rows: String =
        others.iter().map(|town| format!("2,07_福島県,{}_{},1,1,1\n", town.code, town.name)).collect();
    let sum = 30 + others.len();
    let men = 12 + others.len();
    let whole = whole.replace("07000_福島県,30,12", &format!("07000_福島県,{sum},{men}")) + &rows;
    let (population, report) = import(whole.as_bytes(), &options).unwrap();
    let code = |text| MunicipalityCode::parse(text).unwrap();
    assert_eq!(population.people(code("07545")), Some(30));
    assert_eq!(population.people(code("07546")), Some(0));
    assert_eq!(population.prefecture(kayoi_schemas::ids::PrefectureCode::new(7).unwrap()), Some(sum as u64));
    assert!(report.notes.iter().any(|note| note.contains("双葉町")), "{:?}", report.notes);
}

/// After e-Stat's database: a figure a row.
#[test]
fn a_long_table_of_e_stat_is_read() {
    let table = "\
\"統計名：\",\"国勢調査\"\n\
\"-\",\"該当数値がないもの\"\n\
\n\
\"tab_code\",\"表章項目\",\"cat01_code\",\"男女\",\"area_code\",\"地域（2025）\",\"time_code\",\"時間軸(調査年)\",\"unit\",\"value\"\n\
\"020\",\"人口\",\"0\",\"総数\",\"31201\",\"鳥取市\",\"2025\",\"2025年\",\"人\",\"31\"\n\
\"020\",\"人口\",\"1\",\"男\",\"31201\",\"鳥取市\",\"2025\",\"2025年\",\"人\",\"14\"\n\
\"020\",\"人口\",\"2\",\"女\",\"31201\",\"鳥取市\",\"2025\",\"2025年\",\"人\",\"17\"\n\
\"020\",\"人口\",\"0\",\"総数\",\"31201\",\"鳥取市\",\"2020\",\"2020年\",\"人\",\"99\"\n";
    let (population, report) = import(table.as_bytes(), &partial(Base::Census)).unwrap();
    let code = MunicipalityCode::parse("31201").unwrap();
    assert_eq!(population.people(code), Some(31));
    assert_eq!(population.by_sex(code).map(|both| (both.male, both.female)), Some((14, 17)));
    assert_eq!(report.rows_left_out, 1);
}

#[test]
fn any_other_layout_is_read_by_the_names_of_its_columns() {
    let table = "自治体番号,うち,推計,区分\n31201,男,14,全\n31201,女,17,全\n31201,女,5,外国人\n";
    let error = refused(table, &partial(Base::Estimate));
    assert!(
        error.contains("no row names a column of municipalities") && error.contains("`自治体番号`"),
        "{error}"
    );
    assert!(error.contains("hint: name the columns, as in --columns"), "{error}");
    let columns = Some(ColumnNames::parse("code=自治体番号,sex=うち,people=推計").unwrap());
    let options = ImportOptions { columns, ..partial(Base::Estimate) };
    let error = refused(table, &options);
    assert!(
        error.contains("two figures: 17 at `table`, row 3, column 3, and 5 at `table`, row 4"),
        "{error}"
    );
    assert!(error.contains("--where"), "{error}");
    let options = ImportOptions { conditions: vec![Condition::parse("区分=全").unwrap()], ..options };
    let (population, _) = import(table.as_bytes(), &options).unwrap();
    assert_eq!(population.all(), 31);
    let columns = Some(ColumnNames::parse("code=番号,people=推計").unwrap());
    let error = refused(table, &ImportOptions { columns, ..partial(Base::Estimate) });
    assert!(error.contains("no column `番号`") && error.contains("`推計`"), "{error}");
}

#[test]
fn codes_of_the_date_are_brought_to_those_in_use() {
    let table = "市町村コード,人口\n40305,7\n09203,5\n09367,3\n22131,1\n22132,1\n22133,1\n22134,1\n22135,1\n22136,1\n22137,1\n";
    let of = |date: &str, table: &str| {
        let date = Day::parse(date).unwrap();
        import(table.as_bytes(), &ImportOptions { date, ..partial(Base::Estimate) })
    };
    let (population, _) = of("2014-01-01", table).unwrap();
    let people = |code| population.people(MunicipalityCode::parse(code).unwrap());
    assert_eq!((people("40231"), people("40305")), (Some(7), None), "那珂川町 is a city now");
    assert_eq!(people("09203"), Some(8), "栃木市 with 岩舟町");
    assert_eq!((people("22130"), people("22131")), (Some(7), None), "浜松市 of its wards");
    let error = of("2025-01-01", table).unwrap_err();
    assert!(matches!(error, PopulationError::UnknownCode { .. }), "{error}");
    assert!(error.to_string().contains("`table`, row 2, column 1: the code `40305`"), "{error}");
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("given up on `2018-10-01`") && cause.contains("hint: "), "{cause}");
    let early = of("2010-10-01", table).unwrap_err().to_string();
    assert!(early.contains("2013-12-31"), "{early}");
    // One ward less, and the city is not known.
    let (population, _) = of("2014-01-01", &table.replace("22137,1\n", "")).unwrap();
    assert_eq!(population.people(MunicipalityCode::parse("22130").unwrap()), None);
}

#[test]
fn what_does_not_sum_up_is_refused() {
    let places = nation(None);
    let table = register_totals(&places);
    let options = options(Base::ResidentRegister);
    let at = |number: u32| places.iter().position(|place| place.number == number).unwrap() + 5;
    let change = |row: usize, column: usize, figure: &str| {
        let mut table = table.clone();
        table.rows[row][column] = figure.to_owned();
        String::from_utf8(table.csv()).unwrap()
    };
    let all = |number: u32| places[at(number) - 5].people(None, None);
    for (what, row, words) in [
        ("a town's total", at(31202), "men and women of municipality 31202 (all)"),
        ("a prefecture's total", at(31000), "men and women of 鳥取県 (all)"),
        ("the nation's total", at(0), "men and women of the nation (all)"),
    ] {
        let error = refused(&change(row, 5, "1"), &options);
        assert!(
            error.contains(words) && error.contains("the whole is 1 at `table`, row "),
            "{what}: {error}"
        );
    }
    // Only the total, so that nothing but the sum over municipalities can tell.
    let bare = |number: u32, people: u64| {
        let mut rows = vec![row(&["団体コード", "人口"])];
        for place in places.iter().filter(|place| place.number > 0) {
            let figure = if place.number == number { people } else { place.people(None, None) };
            rows.push(vec![place.six(), figure.to_string()]);
        }
        String::from_utf8(Table { rows, ..Table::default() }.csv()).unwrap()
    };
    let error = refused(&bare(31202, all(31202) + 1), &options);
    assert!(error.contains("municipalities of 鳥取県 (all): the parts sum to"), "{error}");
    let error = refused(&bare(1101, all(1101) + 1), &options);
    assert!(error.contains("wards of municipality 01100 (all)"), "{error}");
    assert!(import(bare(0, 0).as_bytes(), &options).is_ok());
}

#[test]
fn a_missing_municipality_is_named() {
    let places = nation(None);
    let mut table = register_totals(&places);
    table.rows.retain(|cells| {
        !matches!(cells[0].as_str(), "312029" | "010006" | "012025" | "000000" | "310000" | "-")
    });
    let text = String::from_utf8(table.csv()).unwrap();
    let error = refused(&text, &options(Base::ResidentRegister));
    assert!(
        error.contains("2 of 1741 municipalities have no figure: 01202 函館市, 31202 米子市\n"),
        "{error}"
    );
    assert!(error.contains("--partial"), "{error}");
    let (population, report) = import(text.as_bytes(), &partial(Base::ResidentRegister)).unwrap();
    assert_eq!(population.missing().len(), 2);
    assert!(report.notes.iter().any(|note| note.contains("31202 米子市")), "{:?}", report.notes);
    let nothing = refused("団体コード,人口\n312011,X\n", &partial(Base::ResidentRegister));
    assert!(nothing.contains("1741 of 1741"), "{nothing}");
}

#[test]
fn figures_that_are_not_told_leave_what_is_known() {
    let table = "\
市区町村コード,市区町村名,総数,0～4歳,5～9歳,10歳以上,年齢不詳\n\
31201,鳥取市,1000,100,200,690,10\n\
31202,米子市,1000,100,X,600,10\n\
31203,倉吉市,300,100,-,200,-\n\
31204,境港市,***,1,1,1,1\n";
    let (population, report) = import(table.as_bytes(), &partial(Base::Census)).unwrap();
    let code = |text| MunicipalityCode::parse(text).unwrap();
    let ages = |text| {
        population.by_age(code(text)).map(|ages| ages.iter().map(|(_, people)| *people).collect::<Vec<_>>())
    };
    assert_eq!(ages("31201"), Some(vec![100, 200, 690]));
    assert_eq!(population.unknown_age(), 11);
    assert_eq!((population.people(code("31202")), ages("31202")), (Some(1000), None), "X may be anything");
    assert_eq!(ages("31203"), Some(vec![100, 0, 200]), "nothing is left for -");
    assert_eq!(population.people(code("31204")), Some(4), "all of its ages are told");
    assert!(report.notes.iter().any(|note| note.contains("31202 米子市")), "{:?}", report.notes);
    assert!(
        report.notes.iter().any(|note| note.starts_with("11 people of unknown age")),
        "{:?}",
        report.notes
    );
    let wrong = table.replace("690,10", "691,10");
    assert!(refused(&wrong, &partial(Base::Census)).contains("ages of municipality 31201 (all)"));
    let few = "code,総数,0～4歳,5歳以上\n31201,1000,100,890\n";
    assert_eq!(import(few.as_bytes(), &partial(Base::Census)).unwrap().0.unknown_age(), 10);
    assert!(refused(&few.replace("890", "600"), &partial(Base::Census)).contains("sum to 700"));
}

#[test]
fn what_is_not_understood_is_refused_with_its_place() {
    let options = partial(Base::Census);
    for (table, words) in [
        ("団体コード,人口\n312012,5\n", "row 2, column 1: `312012` is no code of a municipality"),
        ("団体コード,人口\n312011,5\n312029,5.5\n", "row 3, column 2: `5.5` is no number of people"),
        ("団体コード,人口\n312011,5\n312029,\"1,23\"\n", "row 3, column 2: `1,23` is no number"),
        ("団体コード,性別,人口\n312011,男,5\n312011,他,5\n", "row 3, column 2: `他` is no sex"),
        ("団体コード,年齢,人口\n312011,0～4歳,5\n312011,若者,5\n", "row 3, column 2: `若者` is no age"),
        (
            "都道府県名,市区町村名,人口\n鳥取県,鳥取市,5\n鳥取県,松江市,5\n",
            "row 3, column 2: `鳥取県松江市` is no municipality",
        ),
        ("市区町村名,人口\n府中市,5\n鳥取市,5\n", "`府中市` is no municipality on that date"),
        (
            "団体コード,世帯数,人口密度\n312011,5,5\n",
            "no column counts people of the year of --date, and found",
        ),
        ("団体コード,2020年の人口\n312011,5\n", "no column counts people"),
        ("団体コード,人口\nなし,なし\n", "no row below it"),
        ("市区町村コード,人口\n23213,5\n", "may have five digits, or six without the leading zero"),
        ("", "no row names a column of municipalities, and found nothing"),
        (
            "団体コード,市区町村名,人口\n312011,松江市,5\n312029,出雲市,6\n",
            "do not belong together in 2 of 2 rows",
        ),
    ] {
        let error = refused(table, &options);
        assert!(error.contains(words), "{table}\n{error}");
    }
    let error = import(b"\x00\x01\x02\xff\xfe\xfd", &options).unwrap_err().to_string();
    assert!(error.contains("is neither a workbook"), "{error}");
    let error = import(b"PK\x03\x04 and no more", &options).unwrap_err().to_string();
    assert!(error.contains("as a workbook"), "{error}");
    let missing = import_files(&[PathBuf::from("no-such-file.csv")], &options).unwrap_err().to_string();
    assert!(missing.contains("cannot read `no-such-file.csv`"), "{missing}");
}

#[test]
fn what_titles_say_is_told() {
    let notes = |title: &str| {
        let table = format!("{title}\n\n団体コード,人口\n312011,5\n");
        import(table.as_bytes(), &partial(Base::Census)).unwrap().1.notes.join("\n")
    };
    assert!(notes("【日本人住民】令和7年住民基本台帳人口").contains("日本人住民"));
    assert!(notes("令和5年住民基本台帳人口").contains("titles name the year 2023 and not 2025"));
    assert!(notes("【不詳補完値】令和7年国勢調査").contains("不詳補完値"));
    let plain = notes("【総計】令和7年住民基本台帳人口、令和6年人口動態");
    assert!(!plain.contains("title"), "{plain}");
}
