//! Rows of `work_monthly` and `gx_monthly`.
//!
//! In: noised commuters, teleworkers, their days and the kilometres saved, where people live and where they work, and
//! noised histograms of days at home. Out: rates and sums of each side of each municipality. What was counted with the
//! prior of the definition is multiplied with what the histogram of the prefecture makes of it (`telework`), and the
//! intervals hold what is uncertain of that. CO2 is kilometres times factors that are printed on the row: of
//! cars alone for the figure to report, since trains run with or without one commuter. Net of rebound is gross times what
//! the newest fiscal year left of a kilometre in the block, or in the country.

use kayoi_lake::LakeError;
use kayoi_schemas::figure::{Cube, Dimension, Status};
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::telework::Prior;

use super::{Activity, Grid, Value};
use crate::draw::Drawn;
use crate::estimate::{Total, ratio};
use crate::rows::figures::Cell;
use crate::rows::month::{Place, Sink};
use crate::rows::sheet::Sheet;
use crate::rows::yearly::whose;
use crate::telework::{Factor, Fitted, Telework};
use crate::weights::Weight;

/// Grams of CO2 of a person and kilometre by private car, and by rail: MLIT 運輸部門における二酸化炭素排出量, FY2024.
const CAR_G_PER_KM: f64 = 125.0;
const RAIL_G_PER_KM: f64 = 17.0;
const FACTOR: &str = "FY2024: car 125, rail 17 g-CO2 a person-km (国土交通省)";

/// The value of the side where people live.
const RESIDENCE: usize = 0;

/// The numbers of one side.
struct Side<'a> {
    weight: Weight,
    commuters: Value,
    cell: Cell,
    place: &'a Place<'a>,
    class: usize,
}

impl Factor {
    /// A counted number as it is with the fitted prior.
    fn of(self, value: Value) -> Value {
        value.times(self.value)
    }

    /// The same with what is uncertain of the prior in its noise.
    fn noisy(self, value: Value) -> (f64, f64) {
        let Value { value, sigma, .. } = self.of(value);
        (value, (sigma * sigma + value * value * self.relative_variance).sqrt())
    }

    fn weight(self, weight: &Weight) -> Weight {
        Weight { relative_variance: weight.relative_variance + self.relative_variance, ..*weight }
    }
}

impl Activity<'_> {
    /// What the histograms of the month say of telework; `None` where it has none.
    pub(super) fn telework(&self) -> Option<Telework> {
        let drawn = Drawn::Classed(Cube::HomeDaysMonthly);
        let sigma = f64::from(drawn.strength().noise(self.rows.parameters).sigma);
        let prior = Prior::of(&self.rows.options.definition.thresholds);
        Telework::fit(self.rows.noised(drawn)?, sigma, &prior)
    }

    fn side<'p>(&self, commuters: &Grid<'_>, index: usize, place: &'p Place<'p>, class: usize) -> Side<'p> {
        // Who works there lives near by: in the prefecture, whose weight they have.
        let weight = match class {
            RESIDENCE => self.of_residents(place.code),
            _ => self.rows.weights.of(usize::from(place.code.prefecture().number())),
        };
        let value = commuters.at(index, class);
        let mut cell = self.cell(value, &weight, commuters.spread);
        cell.ask("work_monthly: the other side; presence_hourly");
        Side { weight, commuters: value, cell, place, class }
    }

    pub(super) fn work(&self, telework: Option<&Telework>, sink: Sink<'_>) -> Result<(), LakeError> {
        let cubes = [
            Cube::CommutersMonthly,
            Cube::TeleworkersMonthly,
            Cube::WorkDaysMonthly,
            Cube::TeleworkDaysMonthly,
        ];
        let [Some(commuters), Some(teleworkers), Some(work), Some(home)] = cubes.map(|cube| self.grid(cube))
        else {
            return Ok(());
        };
        let rows = |sheet: &mut Sheet, index: usize, place: Place<'_>| {
            for (class, word) in Dimension::Side.words().iter().enumerate() {
                let side = self.side(&commuters, index, &place, class);
                let fitted = telework.map(|telework| telework.of(side.place.code.prefecture()));
                let (of_people, of_days) = factors(fitted.as_ref());
                let counted = teleworkers.at(index, side.class);
                let people = of_people.of(counted);
                let of = self.cell(people, &of_people.weight(&side.weight), teleworkers.spread);
                let shown = of.estimate.filter(|_| side.cell.estimate.is_some());
                let rate = shown.and_then(|_| {
                    let whole = side.commuters;
                    ratio(of_people.noisy(counted), (whole.value, whole.sigma), 0.0, &side.weight)
                });
                let (days, at_work) = (home.at(index, class), work.at(index, class));
                let weight = of_days.weight(&side.weight);
                let total = self.total(of_days.of(days), people, home.cap, &weight, &side.cell);
                let share = total.and_then(|_| {
                    let (days, sigma) = of_days.noisy(days);
                    let noise = sigma * sigma;
                    let all_days = (days + at_work.value, (noise + at_work.sigma * at_work.sigma).sqrt());
                    ratio((days, sigma), all_days, noise, &side.weight)
                });
                let whole = side.cell.estimate;
                sheet.month(&self.words).place(side.place).text(Some(word));
                sheet.long(whole.map(|of| of.persons)).long(whole.map(|of| of.low));
                sheet.long(whole.map(|of| of.high)).text(whole.map(|of| of.quality.as_str()));
                sheet.text(Some(side.cell.status.as_str()));
                sheet.long(shown.map(|of| of.persons)).long(shown.map(|of| of.low));
                sheet.long(shown.map(|of| of.high)).shares(rate).sums(total).shares(share);
                sheet.shares(fitted.map(|fitted| fitted.share));
                sheet.text(side.cell.ask_instead).stamps(&self.stamps);
                sheet.count("municipality", side.cell.status.as_str());
            }
        };
        self.rows.each_place(ReleaseTable::WorkMonthly, commuters.noised, sink, &rows)
    }

    pub(super) fn gx(&self, telework: Option<&Telework>, sink: Sink<'_>) -> Result<(), LakeError> {
        let cubes = [Cube::CommutersMonthly, Cube::TeleworkersMonthly, Cube::SavedKmMonthly];
        let [Some(commuters), Some(teleworkers), Some(saved)] = cubes.map(|cube| self.grid(cube)) else {
            return Ok(());
        };
        let rebounds = self.rows.rebounds();
        let rows = |sheet: &mut Sheet, index: usize, place: Place<'_>| {
            let prefecture = place.code.prefecture();
            let rebound = rebounds.as_ref().and_then(|of_year| of_year.in_prefecture(prefecture));
            for (class, word) in Dimension::Side.words().iter().enumerate() {
                let side = self.side(&commuters, index, &place, class);
                let fitted = telework.map(|telework| telework.of(side.place.code.prefecture()));
                let (of_people, of_days) = factors(fitted.as_ref());
                let people = of_people.of(teleworkers.at(index, side.class));
                let weight = of_days.weight(&side.weight);
                let km = of_days.of(saved.at(index, class));
                let km = self.total(km, people, saved.cap, &weight, &side.cell);
                // How somebody goes to work is known of where they live; who works here lives near by.
                let shares = &self.rows.options.car_shares;
                let share = match class {
                    RESIDENCE => shares.of_municipality(place.code),
                    _ => shares.of_prefecture(place.code.prefecture()),
                };
                let car = share.percent / 100.0;
                let of_all = car * CAR_G_PER_KM + (1.0 - car) * RAIL_G_PER_KM;
                let kg = |grams: f64| km.map(|km| km.times(grams / 1000.0, self.setting.base));
                let status = if km.is_some() { self.setting.value } else { Status::Hidden };
                sheet.month(&self.words).place(&place).text(Some(word)).sums(km).text(Some(status.as_str()));
                sheet.double(share.percent).text(Some(&share.source));
                let (of_cars, of_modes): (Option<Total>, Option<Total>) =
                    (kg(car * CAR_G_PER_KM), kg(of_all));
                sheet.sums(of_cars).sums(of_modes).text(Some(FACTOR));
                let net = |gross: Option<Total>| {
                    let (gross, (_, rebound)) = gross.zip(rebound)?;
                    Some(gross.without((rebound.part, rebound.error), self.setting.base))
                };
                let of_year = rebounds.as_ref().zip(rebound).filter(|_| km.is_some());
                let whose = of_year.map(|(of_year, (region, _))| whose(of_year, region));
                sheet.sums(net(km)).sums(net(of_cars)).text(whose.as_deref());
                sheet.text(km.is_none().then_some("work_monthly; gx_monthly of a larger area, added up"));
                sheet.stamps(&self.stamps);
                sheet.count("municipality", status.as_str());
            }
        };
        self.rows.each_place(ReleaseTable::GxMonthly, commuters.noised, sink, &rows)
    }
}

/// The factors of people and of days; one where nothing was fitted.
fn factors(fitted: Option<&Fitted>) -> (Factor, Factor) {
    let none = Factor { value: 1.0, relative_variance: 0.0 };
    fitted.map_or((none, none), |fitted| (fitted.people, fitted.days))
}
