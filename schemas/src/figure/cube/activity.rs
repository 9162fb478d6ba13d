//! The cubes of what people do in a month: stays, presence by hour, flows, cells and trips.
//!
//! In: nothing. Out: their declarations.

use super::super::dimension::Dimension;
use super::{Additive, Areas, Declaration, NO_SUMS, Period, Unit};
use crate::tables::ReleaseTable;

/// A device that is split over the cells of a figure: a person who came twice and slept once is half of each. A city
/// of four million people fits 32 bits in these parts.
const PARTS: u32 = 500;

/// Nights of one device in one municipality and month that count. A guest who stays a whole month weighs no
/// more than four working weeks: the cap bounds what one device changes, which is what noise must cover.
/// There is no precedent: the number is Kayoi's.
const MOST_NIGHTS: u32 = 20;

const SUMS: Additive = Additive { over_areas: true, over_periods: true };
const OVER_AREAS: Additive = Additive { over_areas: true, over_periods: false };

pub(super) const STAYS_MONTHLY: Declaration = Declaration {
    name: "stays_monthly",
    title_ja: "来訪者の宿泊の型(月)",
    title_en: "Visitors of municipalities in a month by where they slept",
    unit: Unit::Shares,
    per_one: PARTS,
    most_of_a_device: PARTS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::Pattern, Dimension::Group],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::StaysMonthly),
};

pub(super) const STAY_NIGHTS_MONTHLY: Declaration = Declaration {
    name: "stay_nights_monthly",
    title_ja: "宿泊した来訪者の泊数(月)",
    title_en: "Visitors with a night there in a month by the nights of a visit",
    unit: Unit::Shares,
    per_one: PARTS,
    most_of_a_device: PARTS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::StayNights],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::StaysMonthly),
};

pub(super) const STAY_HOURS_MONTHLY: Declaration = Declaration {
    name: "stay_hours_monthly",
    title_ja: "日帰り来訪者の滞在時間(月)",
    title_en: "Day visitors of municipalities in a month by hours there",
    unit: Unit::Shares,
    per_one: PARTS,
    most_of_a_device: PARTS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::StayHours],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::StaysMonthly),
};

pub(super) const PERSON_NIGHTS_MONTHLY: Declaration = Declaration {
    name: "person_nights_monthly",
    title_ja: "来訪者の延べ宿泊数(月)",
    title_en: "Nights of visitors in municipalities, by month",
    unit: Unit::Nights,
    per_one: 1,
    most_of_a_device: MOST_NIGHTS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[],
    additive: SUMS,
    released_in: Some(ReleaseTable::StaysMonthly),
};

pub(super) const PRESENCE_MONTHLY: Declaration = Declaration {
    name: "presence_monthly",
    title_ja: "時間帯別の滞在人口(月)",
    title_en: "People in municipalities by hour of weekdays and days off, mean of a month",
    unit: Unit::Shares,
    per_one: PARTS,
    most_of_a_device: PARTS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::DayType, Dimension::Hour, Dimension::Group],
    additive: OVER_AREAS,
    released_in: Some(ReleaseTable::PresenceHourly),
};

pub(super) const LONG_PRESENCE_MONTHLY: Declaration = Declaration {
    name: "long_presence_monthly",
    title_ja: "2時間以上の滞在人口(月)",
    title_en: "The same of those who stay for two hours or more",
    unit: Unit::Shares,
    per_one: PARTS,
    most_of_a_device: PARTS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::DayType, Dimension::ResasHour, Dimension::Group],
    additive: OVER_AREAS,
    released_in: Some(ReleaseTable::PresenceHourly),
};

pub(super) const FLOWS_MONTHLY: Declaration = Declaration {
    name: "flows_monthly",
    title_ja: "来訪の前後と宿泊地(月)",
    title_en: "Visitors of municipalities in a month by where they were before and after, where they slept, and where they came in",
    unit: Unit::Shares,
    per_one: PARTS,
    most_of_a_device: PARTS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::Direction],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::FlowsMonthly),
};

pub(super) const CELLS_MONTHLY: Declaration = Declaration {
    name: "cells_monthly",
    title_ja: "H3セルの滞在人口(月)",
    title_en: "People in H3 cells of municipalities, mean of a month",
    unit: Unit::Shares,
    per_one: PARTS,
    most_of_a_device: PARTS,
    period: Period::Month,
    areas: Areas::Cells,
    dimensions: &[Dimension::DayType, Dimension::Band],
    additive: OVER_AREAS,
    released_in: Some(ReleaseTable::CellsMonthly),
};

pub(super) const MESHES_MONTHLY: Declaration = Declaration {
    name: "meshes_monthly",
    title_ja: "地域メッシュの滞在人口(月)",
    title_en: "People in JIS meshes of municipalities, mean of a month",
    unit: Unit::Shares,
    per_one: PARTS,
    most_of_a_device: PARTS,
    period: Period::Month,
    areas: Areas::Cells,
    dimensions: &[Dimension::DayType, Dimension::Band],
    additive: OVER_AREAS,
    released_in: Some(ReleaseTable::CellsMonthly),
};

pub(super) const TRIP_SIZES_MONTHLY: Declaration = Declaration {
    name: "trip_sizes_monthly",
    title_ja: "周遊した市区町村の数(月)",
    title_en: "Visitors of municipalities in a month by how many their trip visited",
    unit: Unit::Shares,
    per_one: PARTS,
    most_of_a_device: PARTS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::TripSize],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::TripsMonthly),
};

pub(super) const TRIP_PAIRS_MONTHLY: Declaration = Declaration {
    name: "trip_pairs_monthly",
    title_ja: "同じ旅行で訪れた市区町村(月)",
    title_en: "Visitors of municipalities in a month by others of the same trip",
    unit: Unit::Shares,
    per_one: PARTS,
    most_of_a_device: PARTS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::TripsMonthly),
};
