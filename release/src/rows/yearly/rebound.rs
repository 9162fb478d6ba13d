//! Rows of `rebound_yearly`, and the rebound that kilometres of a month are lessened by.
//!
//! In: noised sums of ways in the last month of a fiscal year. Out: a row for each 地方ブロック and the country, by distance
//! band and for all bands; and for months what the newest fiscal year says.

use kayoi_geography::region::Region;
use kayoi_lake::LakeError;
use kayoi_schemas::figure::{Area, Cube, Dimension, Status};
use kayoi_schemas::tables::ReleaseTable;

use super::super::figures::BLOCK_CODES;
use super::super::month::{MonthRows, Sink, Stamps};
use super::super::sheet::Sheet;
use super::super::totals::names;
use super::Period;
use crate::draw::Drawn;
use crate::rebound::{OfArea, Rebound, Rebounds};

/// The code of the country.
const COUNTRY: &str = "JP";

/// The code of a block, or of the country, in `area_code`.
fn code(region: Option<Region>) -> &'static str {
    let blocks = || Region::ALL.iter().zip(BLOCK_CODES);
    let of = |region: Region| blocks().find(|(block, _)| **block == region).map(|(_, code)| code);
    region.and_then(of).unwrap_or(COUNTRY)
}

/// Whose rebound it is, and of which fiscal year.
pub(in crate::rows) fn whose(rebounds: &Rebounds, region: Option<Region>) -> String {
    let name = region.map_or(names(Area::Country).0, Region::japanese);
    format!("{name} {}年度", rebounds.month.fiscal_year())
}

impl MonthRows<'_> {
    /// The rebound of the newest fiscal year that ends with the month or before it; `None` where none was drawn in twelve
    /// months.
    pub(in crate::rows) fn rebounds(&self) -> Option<Rebounds> {
        let [ways, rebound] = [Cube::WaysYearly, Cube::ReboundWaysYearly].map(Drawn::Classed);
        let noise = ways.strength().noise(self.parameters);
        self.window
            .iter()
            .rev()
            .find_map(|month| Some(Rebounds::of(month.month(), month.get(ways)?, month.get(rebound)?, noise)))
    }

    pub(super) fn rebound(&self, period: &Period<'_>, sink: Sink<'_>) -> Result<(), LakeError> {
        let Some(rebounds) = self.rebounds().filter(|found| found.month == self.month()) else {
            return Ok(());
        };
        let mut sheet = Sheet::new(ReleaseTable::ReboundYearly);
        let blocks = Region::ALL.into_iter().map(Some).zip(&rebounds.blocks);
        let mut areas: Vec<(Option<Region>, &OfArea)> = blocks.chain([(None, &rebounds.country)]).collect();
        areas.sort_by_key(|(region, _)| code(*region));
        for area in areas {
            self.rebound_of(area, period, &mut sheet);
        }
        sink(sheet.finish()?)
    }

    fn rebound_of(
        &self,
        (region, of_area): (Option<Region>, &OfArea),
        period: &Period<'_>,
        sheet: &mut Sheet,
    ) {
        let stamps = Stamps::of(self.options, self.revision);
        let of_country = names(Area::Country);
        let (name, romaji) = region.map_or(of_country, |block| (block.japanese(), block.english()));
        let bands = Dimension::DistanceBand.words().iter().copied().zip(of_area.bands);
        // In the order of their words, as the table is sorted.
        let mut rows: Vec<(&str, Option<Rebound>)> = bands.chain([("all", of_area.all)]).collect();
        rows.sort_by_key(|(band, _)| *band);
        for (band, rebound) in rows {
            let status = if rebound.is_some() { self.setting().value } else { Status::Hidden };
            let ask = match (rebound, region, band) {
                (Some(_), ..) | (None, None, "all") => None,
                (None, None, _) => Some("rebound_yearly: distance_band all"),
                (None, Some(_), _) => Some("rebound_yearly: area_code JP"),
            };
            sheet.period(period).text(Some(code(region))).text(Some(name)).text(Some(romaji));
            sheet.text(Some(band)).shares(rebound.map(Rebound::percent)).text(Some(status.as_str()));
            sheet.text(ask).stamps(&stamps);
            sheet.count(if region.is_some() { "block" } else { "country" }, status.as_str());
        }
    }
}
