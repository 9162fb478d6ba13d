//! The hierarchy above a code: ward, municipality, prefecture, 地方ブロック, nation.
//!
//! In: a municipality or prefecture code. Out: the [`Region`] it lies in, and the chain of [`Tier`]s from the
//! code up to the nation, so that figures roll up along one path and "same prefecture" or "same block" has
//! one meaning.
//!
//! Japan has several divisions into blocks. This one is of the ministry whose indicators we compute: the
//! areas of the regional plans (広域地方計画区域) of 国土形成計画法施行令, for which the ministry itself says 地方ブロック, with
//! Hokkaido and Okinawa, which have plans of their own, as one block each. Source: 国土交通省国土計画局, 2006-07-03,
//! <https://www.mlit.go.jp/kisha/kisha06/02/020703_.html>. It differs from schoolbooks: 新潟 lies in 東北圏, 山梨 in
//! 首都圏, 長野 in 中部圏, and 三重 in 中部圏.

use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};

use crate::Register;
use crate::history::{CodeDate, CodeHistory};

/// A 地方ブロック.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// 北海道.
    Hokkaido,
    /// 東北圏, with 新潟.
    Tohoku,
    /// 首都圏, with 山梨.
    Capital,
    /// 北陸圏: 富山, 石川, 福井.
    Hokuriku,
    /// 中部圏, with 長野 and 三重.
    Chubu,
    /// 近畿圏.
    Kinki,
    /// 中国圏.
    Chugoku,
    /// 四国圏.
    Shikoku,
    /// 九州圏.
    Kyushu,
    /// 沖縄.
    Okinawa,
}

impl Region {
    /// All of them, from north to south.
    pub const ALL: [Self; 10] = [
        Self::Hokkaido,
        Self::Tohoku,
        Self::Capital,
        Self::Hokuriku,
        Self::Chubu,
        Self::Kinki,
        Self::Chugoku,
        Self::Shikoku,
        Self::Kyushu,
        Self::Okinawa,
    ];

    /// The block of a prefecture.
    ///
    /// ```
    /// use kayoi_geography::region::Region;
    /// use kayoi_schemas::ids::PrefectureCode;
    /// assert_eq!(Region::of(PrefectureCode::new(15)?).japanese(), "東北圏");
    /// # Ok::<(), kayoi_schemas::ids::CodeError>(())
    /// ```
    pub fn of(prefecture: PrefectureCode) -> Self {
        match prefecture.number() {
            1 => Self::Hokkaido,
            2..=7 | 15 => Self::Tohoku,
            8..=14 | 19 => Self::Capital,
            16..=18 => Self::Hokuriku,
            20..=24 => Self::Chubu,
            25..=30 => Self::Kinki,
            31..=35 => Self::Chugoku,
            36..=39 => Self::Shikoku,
            40..=46 => Self::Kyushu,
            _ => Self::Okinawa,
        }
    }

    /// The name in Japanese, as in the regional plans.
    pub fn japanese(self) -> &'static str {
        match self {
            Self::Hokkaido => "北海道",
            Self::Tohoku => "東北圏",
            Self::Capital => "首都圏",
            Self::Hokuriku => "北陸圏",
            Self::Chubu => "中部圏",
            Self::Kinki => "近畿圏",
            Self::Chugoku => "中国圏",
            Self::Shikoku => "四国圏",
            Self::Kyushu => "九州圏",
            Self::Okinawa => "沖縄",
        }
    }

    /// The name in English.
    pub fn english(self) -> &'static str {
        match self {
            Self::Hokkaido => "Hokkaido",
            Self::Tohoku => "Tohoku",
            Self::Capital => "National Capital Region",
            Self::Hokuriku => "Hokuriku",
            Self::Chubu => "Chubu",
            Self::Kinki => "Kinki",
            Self::Chugoku => "Chugoku",
            Self::Shikoku => "Shikoku",
            Self::Kyushu => "Kyushu",
            Self::Okinawa => "Okinawa",
        }
    }

    /// Its prefectures, by code.
    pub fn prefectures(self) -> impl Iterator<Item = PrefectureCode> {
        let all = (1..=47).filter_map(|number| PrefectureCode::new(number).ok());
        all.filter(move |&prefecture| Self::of(prefecture) == self)
    }

    /// The prefecture with its lowest code. Counts have no area of their own for a block: a cube that is counted by blocks has
    /// its cells there.
    ///
    /// ```
    /// use kayoi_geography::region::Region;
    /// assert_eq!(Region::Capital.first_prefecture().map(|prefecture| prefecture.number()), Some(8));
    /// ```
    pub fn first_prefecture(self) -> Option<PrefectureCode> {
        self.prefectures().next()
    }
}

/// How the 23 special wards of Tokyo stand in a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpecialWards {
    /// Each a municipality directly under the prefecture, as the law has it.
    Apart,
    /// With 東京都区部 (13100) in between, as many tables have it.
    AsOne,
}

/// A place in the hierarchy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// A ward (行政区) of a designated city, which is a part of a municipality.
    Ward(MunicipalityCode),
    /// A city, town, village or special ward; a designated city as a whole; 所属未定地 of a prefecture.
    Municipality(MunicipalityCode),
    /// 東京都区部, the 23 special wards as one (13100): a habit of statistics, with no government of its own.
    TokyoWards,
    /// A prefecture.
    Prefecture(PrefectureCode),
    /// A 地方ブロック.
    Region(Region),
    /// Japan.
    Nation,
}

impl Tier {
    /// The chain from a code to the nation, smallest first. It reads the code's digits, so it serves codes of
    /// every date, retired ones too; whether a code was in use is for [`CodeHistory::exists`].
    ///
    /// ```
    /// use kayoi_geography::history::{CodeDate, CodeHistory};
    /// use kayoi_geography::Register;
    /// use kayoi_geography::region::{SpecialWards, Tier};
    /// use kayoi_schemas::ids::MunicipalityCode;
    /// let nada_ward_in_kobe = MunicipalityCode::parse("28102")?;
    /// let (register, history) = (Register::japan(), CodeHistory::japan());
    /// let names: Vec<_> = Tier::chain(nada_ward_in_kobe, SpecialWards::Apart, register)
    ///     .into_iter()
    ///     .filter_map(|tier| tier.name(CodeDate::COMPLETE_UNTIL, history))
    ///     .collect();
    /// assert_eq!(names, ["神戸市灘区", "神戸市", "兵庫県", "近畿圏", "全国"]);
    /// # Ok::<(), kayoi_schemas::ids::CodeError>(())
    /// ```
    pub fn chain(code: MunicipalityCode, special_wards: SpecialWards, register: &Register) -> Vec<Self> {
        let (municipality, prefecture) = (register.basic(code), code.prefecture());
        let mut chain = Vec::with_capacity(5);
        if municipality != code {
            chain.push(Self::Ward(code));
        }
        chain.push(Self::Municipality(municipality));
        if special_wards == SpecialWards::AsOne && is_special_ward(code) {
            chain.push(Self::TokyoWards);
        }
        chain.extend([Self::Prefecture(prefecture), Self::Region(Region::of(prefecture)), Self::Nation]);
        chain
    }

    /// Whether a code lies in this place, or is it.
    pub fn contains(self, code: MunicipalityCode, register: &Register) -> bool {
        Self::chain(code, SpecialWards::AsOne, register).contains(&self)
    }

    /// The Japanese name on a date, a ward's with its city; `None` for a code that was not in use.
    pub fn name(self, on: CodeDate, history: &CodeHistory) -> Option<String> {
        Some(match self {
            Self::Ward(code) | Self::Municipality(code) => history.name(code, on)?.to_owned(),
            Self::TokyoWards => "東京都区部".to_owned(),
            Self::Prefecture(prefecture) => Register::prefecture_name(prefecture).0.to_owned(),
            Self::Region(region) => region.japanese().to_owned(),
            Self::Nation => "全国".to_owned(),
        })
    }
}

/// 千代田区 (13101) to 江戸川区 (13123).
fn is_special_ward(code: MunicipalityCode) -> bool {
    (13_101..=13_123).contains(&code.number())
}

#[cfg(test)]
#[path = "region_tests.rs"]
mod tests;
