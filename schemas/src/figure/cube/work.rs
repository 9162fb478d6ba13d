//! The cubes of work and of what ties bring in a month.
//!
//! In: nothing. Out: their declarations.

use super::super::dimension::Dimension;
use super::{Additive, Areas, Declaration, NO_SUMS, Period, Unit};
use crate::rebound::{MOST_WAYS, PARTS as WAY_PARTS};
use crate::tables::ReleaseTable;

/// A device that is split.
const PARTS: u32 = 500;
/// Working days of one device and month that count, in tenths: nobody works more.
const MOST_WORK_DAYS: u32 = 230;
/// Days of telework of one device and month that count, in tenths: four days of five.
const MOST_TELEWORK_DAYS: u32 = 160;
/// Kilometres that one device saves in a month that count: ten days of 60 km each way. There is no precedent.
const MOST_SAVED_KM: u32 = 1_500;
/// Days, and nights, in a month of one device at a municipality that count by kind of tie.
const MOST_TIE_DAYS: u32 = 10;
/// Days of one device in offices in a month that count.
const MOST_OFFICE_DAYS: u32 = 15;

const SUMS: Additive = Additive { over_areas: true, over_periods: true };

pub(super) const COMMUTERS_MONTHLY: Declaration = Declaration {
    name: "commuters_monthly",
    title_ja: "通勤・通学者(月)",
    title_en: "Commuters in a month, where they live and where they work",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::Side],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::WorkMonthly),
};

pub(super) const TELEWORKERS_MONTHLY: Declaration = Declaration {
    name: "teleworkers_monthly",
    title_ja: "テレワーカー(月)",
    title_en: "Commuters who also work at home, in a month",
    unit: Unit::Shares,
    per_one: PARTS,
    most_of_a_device: PARTS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::Side],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::WorkMonthly),
};

pub(super) const WORK_DAYS_MONTHLY: Declaration = Declaration {
    name: "work_days_monthly",
    title_ja: "出勤日数(月)",
    title_en: "Days of commuters at their workplace in a month",
    unit: Unit::Days,
    per_one: 10,
    most_of_a_device: MOST_WORK_DAYS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::Side],
    additive: SUMS,
    released_in: Some(ReleaseTable::WorkMonthly),
};

pub(super) const TELEWORK_DAYS_MONTHLY: Declaration = Declaration {
    name: "telework_days_monthly",
    title_ja: "テレワーク日数(月)",
    title_en: "Days of telework in a month",
    unit: Unit::Days,
    per_one: 10,
    most_of_a_device: MOST_TELEWORK_DAYS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::Side],
    additive: SUMS,
    released_in: Some(ReleaseTable::WorkMonthly),
};

pub(super) const SAVED_KM_MONTHLY: Declaration = Declaration {
    name: "saved_km_monthly",
    title_ja: "テレワークで減った通勤距離(月)",
    title_en: "Kilometres of commuting that telework saved in a month",
    unit: Unit::Kilometres,
    per_one: 1,
    most_of_a_device: MOST_SAVED_KM,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::Side],
    additive: SUMS,
    released_in: Some(ReleaseTable::GxMonthly),
};

pub(super) const HOME_DAYS_MONTHLY: Declaration = Declaration {
    name: "home_days_monthly",
    title_ja: "在宅した平日の割合別の通勤・通学者(月)",
    title_en: "Commuters by how many of their working days in three months they were at home, where they live",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::PrefecturesAndCountry,
    dimensions: &[Dimension::DaysSeen, Dimension::HomeShare],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::WorkMonthly),
};

/// The cell of a 地方ブロック is that of its first prefecture.
pub(super) const WAYS_YEARLY: Declaration = Declaration {
    name: "ways_yearly",
    title_ja: "テレワークの日も出勤日もよく観測された人の通勤距離(年度)",
    title_en: "Ways to work, in parts of the farthest of their band, of those whose days of both kinds are well seen, in a fiscal year",
    unit: Unit::Shares,
    per_one: WAY_PARTS,
    most_of_a_device: WAY_PARTS,
    period: Period::Month,
    areas: Areas::PrefecturesAndCountry,
    dimensions: &[Dimension::DistanceBand],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::ReboundYearly),
};

/// In the same parts. The same cells.
pub(super) const REBOUND_WAYS_YEARLY: Declaration = Declaration {
    name: "rebound_ways_yearly",
    title_ja: "同じ人の、テレワークの日にも残る移動距離と通勤距離の和(年度)",
    title_en: "What the same people go on days of telework all the same, and their way to work once more, in a fiscal year",
    unit: Unit::Kilometres,
    per_one: WAY_PARTS,
    most_of_a_device: MOST_WAYS * WAY_PARTS,
    period: Period::Month,
    areas: Areas::PrefecturesAndCountry,
    dimensions: &[Dimension::DistanceBand],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::ReboundYearly),
};

pub(super) const TIE_DAYS_MONTHLY: Declaration = Declaration {
    name: "tie_days_monthly",
    title_ja: "関係の種類別の延べ滞在日数(月)",
    title_en: "Days of visitors in a month by kind of tie",
    unit: Unit::Days,
    per_one: 1,
    most_of_a_device: MOST_TIE_DAYS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::Kind],
    additive: SUMS,
    released_in: Some(ReleaseTable::ConnectedMonthly),
};

pub(super) const TIE_NIGHTS_MONTHLY: Declaration = Declaration {
    name: "tie_nights_monthly",
    title_ja: "関係の種類別の延べ宿泊数(月)",
    title_en: "Nights of visitors in a month by kind of tie",
    unit: Unit::Nights,
    per_one: 1,
    most_of_a_device: MOST_TIE_DAYS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::Kind],
    additive: SUMS,
    released_in: Some(ReleaseTable::ConnectedMonthly),
};

pub(super) const WORKATION_GUESTS_MONTHLY: Declaration = Declaration {
    name: "workation_guests_monthly",
    title_ja: "ワーケーションの滞在者(月)",
    title_en: "Guests of workation stays in a month",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::Comes],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::WorkationStaysMonthly),
};

pub(super) const WORKATION_NIGHTS_MONTHLY: Declaration = Declaration {
    name: "workation_nights_monthly",
    title_ja: "ワーケーションの延べ宿泊数(月)",
    title_en: "Nights of workation stays in a month",
    unit: Unit::Nights,
    per_one: 1,
    most_of_a_device: MOST_TIE_DAYS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::Comes],
    additive: SUMS,
    released_in: Some(ReleaseTable::WorkationStaysMonthly),
};

pub(super) const OFFICE_USERS_MONTHLY: Declaration = Declaration {
    name: "office_users_monthly",
    title_ja: "サテライトオフィス等の利用者(月)",
    title_en: "Users of named offices in a month",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::OfficeUser],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::OfficesMonthly),
};

pub(super) const OFFICE_DAYS_MONTHLY: Declaration = Declaration {
    name: "office_days_monthly",
    title_ja: "サテライトオフィス等の延べ利用日数(月)",
    title_en: "Days of users in named offices in a month",
    unit: Unit::Days,
    per_one: 1,
    most_of_a_device: MOST_OFFICE_DAYS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::OfficeUser],
    additive: SUMS,
    released_in: Some(ReleaseTable::OfficesMonthly),
};
