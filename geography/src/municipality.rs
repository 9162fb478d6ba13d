//! The register: which municipalities there are, and what they are called.
//!
//! In: the embedded table of the 1,741 basic municipalities (`data/municipalities.csv`). Out: names, areas,
//! populations, and the roll-up of wards: N03 splits the 20 designated cities (政令指定都市) into wards, while
//! figures are published per city. The special wards of Tokyo are municipalities of their own and stay.

use std::sync::OnceLock;

use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};

/// One basic municipality (市町村・特別区).
#[derive(Debug, Clone, PartialEq)]
pub struct Municipality {
    /// JIS X 0402 code; the city's own for a designated city.
    pub code: MunicipalityCode,
    /// Prefecture in Japanese, `長野県`.
    pub prefecture: String,
    /// County (郡) in Japanese, empty for cities and wards.
    pub county: String,
    /// Name in Japanese, `松本市`.
    pub name: String,
    /// Reading in katakana.
    pub kana: String,
    /// Reading in Hepburn romanization, long vowels unmarked, `Matsumoto-shi`.
    pub romaji: String,
    /// Degrees WGS 84 of a point well inside the largest part.
    pub latitude: f64,
    /// Degrees WGS 84 of a point well inside the largest part.
    pub longitude: f64,
    /// Area, km².
    pub area_km2: f64,
    /// Residents in the census of 2020 (preliminary).
    pub population_2020: u32,
}

/// The basic municipalities of Japan, sorted by code.
#[derive(Debug)]
pub struct Register {
    municipalities: Vec<Municipality>,
    designated: Vec<u32>,
}

impl Register {
    /// The embedded register, parsed once. It is empty should the embedded table be broken, which a test
    /// rules out.
    pub fn japan() -> &'static Register {
        static JAPAN: OnceLock<Register> = OnceLock::new();
        JAPAN.get_or_init(|| Register::parse(include_str!("../data/municipalities.csv")).unwrap_or_default())
    }

    /// The municipality of a code; `None` for wards of designated cities and unknown codes.
    pub fn get(&self, code: MunicipalityCode) -> Option<&Municipality> {
        let position =
            self.municipalities.binary_search_by_key(&code, |municipality| municipality.code).ok()?;
        self.municipalities.get(position)
    }

    /// All municipalities, sorted by code.
    pub fn all(&self) -> &[Municipality] {
        &self.municipalities
    }

    /// The basic municipality of a code: the city of a ward of a designated city, else the code itself.
    ///
    /// The wards' codes have 1 as their third digit and follow their city's code (100, 130, 140 or 150 within
    /// the prefecture). Tokyo's special wards look the same and are not wards of a city.
    ///
    /// ```
    /// use kayoi_geography::Register;
    /// use kayoi_schemas::ids::MunicipalityCode;
    /// let nada_ward_in_kobe = MunicipalityCode::parse("28102")?;
    /// assert_eq!(Register::japan().basic(nada_ward_in_kobe), MunicipalityCode::parse("28100")?);
    /// # Ok::<(), kayoi_schemas::ids::CodeError>(())
    /// ```
    pub fn basic(&self, code: MunicipalityCode) -> MunicipalityCode {
        const TOKYO: u8 = 13;
        let number = code.number();
        if code.prefecture().number() == TOKYO || number / 100 % 10 != 1 {
            return code;
        }
        let up_to = self.designated.partition_point(|&city| city <= number);
        match up_to.checked_sub(1).and_then(|last| self.designated.get(last)) {
            Some(&city) if city / 1000 == number / 1000 => {
                MunicipalityCode::from_number(city).unwrap_or(code)
            }
            _ => code,
        }
    }

    /// The name of a prefecture, Japanese and romanized.
    ///
    /// ```
    /// use kayoi_schemas::ids::PrefectureCode;
    /// let nagano = PrefectureCode::new(20)?;
    /// assert_eq!(kayoi_geography::Register::prefecture_name(nagano), ("長野県", "Nagano"));
    /// # Ok::<(), kayoi_schemas::ids::CodeError>(())
    /// ```
    pub fn prefecture_name(prefecture: PrefectureCode) -> (&'static str, &'static str) {
        PREFECTURES[usize::from(prefecture.number()) - 1]
    }

    /// The prefecture of a Japanese name such as `千葉県`.
    pub fn prefecture_of_name(name: &str) -> Option<PrefectureCode> {
        let position = PREFECTURES.iter().position(|(japanese, _)| *japanese == name)?;
        PrefectureCode::new(position as u8 + 1).ok()
    }

    fn parse(table: &str) -> Option<Self> {
        let mut municipalities = csv::Reader::from_reader(table.as_bytes())
            .records()
            .map(|record| record.ok().and_then(|record| municipality(&record)))
            .collect::<Option<Vec<_>>>()?;
        municipalities.sort_by_key(|municipality| municipality.code);
        let designated = municipalities
            .iter()
            .map(|municipality| municipality.code.number())
            .filter(|number| matches!(number % 1000, 100 | 130 | 140 | 150))
            .collect();
        Some(Self { municipalities, designated })
    }
}

impl Default for Register {
    /// A register without municipalities.
    fn default() -> Self {
        Self { municipalities: Vec::new(), designated: Vec::new() }
    }
}

/// Column 1 holds the code with its check digit, which [`MunicipalityCode::parse`] verifies.
fn municipality(record: &csv::StringRecord) -> Option<Municipality> {
    let text = |column: usize| record.get(column).map(str::to_owned);
    let number = |column: usize| record.get(column)?.parse::<f64>().ok();
    Some(Municipality {
        code: MunicipalityCode::parse(record.get(1)?).ok()?,
        prefecture: text(2)?,
        county: text(3)?,
        name: text(4)?,
        kana: text(5)?,
        romaji: text(6)?,
        latitude: number(7)?,
        longitude: number(8)?,
        area_km2: number(9)?,
        population_2020: population(record.get(10)?)?,
    })
}

/// Blank for 双葉町, whose people had not yet been allowed back on the day of the census.
fn population(text: &str) -> Option<u32> {
    if text.is_empty() { Some(0) } else { text.parse().ok() }
}

const PREFECTURES: [(&str, &str); 47] = [
    ("北海道", "Hokkaido"),
    ("青森県", "Aomori"),
    ("岩手県", "Iwate"),
    ("宮城県", "Miyagi"),
    ("秋田県", "Akita"),
    ("山形県", "Yamagata"),
    ("福島県", "Fukushima"),
    ("茨城県", "Ibaraki"),
    ("栃木県", "Tochigi"),
    ("群馬県", "Gunma"),
    ("埼玉県", "Saitama"),
    ("千葉県", "Chiba"),
    ("東京都", "Tokyo"),
    ("神奈川県", "Kanagawa"),
    ("新潟県", "Niigata"),
    ("富山県", "Toyama"),
    ("石川県", "Ishikawa"),
    ("福井県", "Fukui"),
    ("山梨県", "Yamanashi"),
    ("長野県", "Nagano"),
    ("岐阜県", "Gifu"),
    ("静岡県", "Shizuoka"),
    ("愛知県", "Aichi"),
    ("三重県", "Mie"),
    ("滋賀県", "Shiga"),
    ("京都府", "Kyoto"),
    ("大阪府", "Osaka"),
    ("兵庫県", "Hyogo"),
    ("奈良県", "Nara"),
    ("和歌山県", "Wakayama"),
    ("鳥取県", "Tottori"),
    ("島根県", "Shimane"),
    ("岡山県", "Okayama"),
    ("広島県", "Hiroshima"),
    ("山口県", "Yamaguchi"),
    ("徳島県", "Tokushima"),
    ("香川県", "Kagawa"),
    ("愛媛県", "Ehime"),
    ("高知県", "Kochi"),
    ("福岡県", "Fukuoka"),
    ("佐賀県", "Saga"),
    ("長崎県", "Nagasaki"),
    ("熊本県", "Kumamoto"),
    ("大分県", "Oita"),
    ("宮崎県", "Miyazaki"),
    ("鹿児島県", "Kagoshima"),
    ("沖縄県", "Okinawa"),
];

#[cfg(test)]
#[path = "municipality_tests.rs"]
mod tests;
