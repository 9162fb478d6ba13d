//! Tables of people with made-up figures, laid out as publishers lay out theirs.
//!
//! In: a path. Out: a workbook or a text there. It is zipped by Python, as other archives of these tests are, so that no
//! library that reads workbooks also writes them.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use kayoi_geography::Register;
use tempfile::TempDir;

use crate::kayoi::text;

/// A list that no layout is known of.
pub const TOWNS: &str = "自治体番号,推計,区分\n31201,186000,全\n31202,145000,全\n31202,1900,外国人\n";

/// People of a municipality in [`register`], men and women.
pub fn people(code: u32) -> [u64; 2] {
    [u64::from(code) % 1_000 + 90, u64::from(code) % 900 + 100]
}

/// After 総務省「住民基本台帳に基づく人口、人口動態及び世帯数」, 総計, 市区町村別: a title, groups in merged cells, codes with check
/// digits, rows of prefectures.
pub fn register(out: &Path) {
    let mut rows = vec![
        vec!["令和7年1月1日住民基本台帳人口・世帯数、令和6年人口動態（市区町村別）（総計）".to_owned()],
        ["", "", "", "人口", "", "", "世帯数"].map(str::to_owned).to_vec(),
        ["団体コード", "都道府県名", "市区町村名", "男", "女", "計", ""].map(str::to_owned).to_vec(),
    ];
    let mut of_prefecture = [0_u64; 2];
    let towns = Register::japan().all();
    for (at, town) in towns.iter().enumerate() {
        let [men, women] = people(town.code.number());
        of_prefecture = [of_prefecture[0] + men, of_prefecture[1] + women];
        let names = [town.code.with_check_digit(), town.prefecture.clone(), town.name.clone()];
        rows.push(row(names, [men, women]));
        let is_last = towns.get(at + 1).is_none_or(|next| next.code.prefecture() != town.code.prefecture());
        if is_last {
            let code = town.code.prefecture().to_string();
            rows.push(row([code, town.prefecture.clone(), "-".to_owned()], of_prefecture));
            of_prefecture = [0; 2];
        }
    }
    workbook(out, &rows, &["A1:G1", "D2:F2", "G2:G3"]);
}

fn row(names: [String; 3], [men, women]: [u64; 2]) -> Vec<String> {
    names.into_iter().chain([men, women, men + women, 7].map(|people| people.to_string())).collect()
}

/// A workbook of one sheet.
pub fn workbook(out: &Path, rows: &[Vec<String>], merged: &[&str]) {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    };
    let mut cells = String::new();
    for (at, row) in rows.iter().enumerate() {
        write!(cells, "<row r=\"{}\">", at + 1).unwrap();
        for (column, value) in row.iter().enumerate().filter(|(_, value)| !value.is_empty()) {
            let name = format!("{}{}", char::from(b'A' + column as u8), at + 1);
            write!(cells, "<c r=\"{name}\" t=\"inlineStr\"><is><t>{value}</t></is></c>").unwrap();
        }
        cells += "</row>";
    }
    let merged: String = merged.iter().map(|region| format!("<mergeCell ref=\"{region}\"/>")).collect();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let relation = |id: &str, kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"{id}\" Type=\"{links}/{kind}\" \
             Target=\"{target}\"/></Relationships>"
        )
    };
    write(
        "[Content_Types].xml",
        &format!(
            "<Types xmlns=\"{package}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
        ),
    );
    write("_rels/.rels", &relation("a", "officeDocument", "xl/workbook.xml"));
    write(
        "xl/workbook.xml",
        &format!(
            "<workbook xmlns=\"{main}\" xmlns:r=\"{links}\"><sheets><sheet name=\"R7\" sheetId=\"1\" r:id=\"b\"/></sheets></workbook>"
        ),
    );
    write("xl/_rels/workbook.xml.rels", &relation("b", "worksheet", "worksheets/sheet1.xml"));
    write(
        "xl/worksheets/sheet1.xml",
        &format!(
            "<worksheet xmlns=\"{main}\"><sheetData>{cells}</sheetData><mergeCells>{merged}</mergeCells></worksheet>"
        ),
    );
    let mut zip = Command::new("python3");
    zip.args(["-m", "zipfile", "-c", text(out), "[Content_Types].xml", "_rels", "xl"]);
    assert!(zip.current_dir(folder.path()).status().unwrap().success());
}
