//! Rows of `ranks_monthly`.
//!
//! In: the totals of a month. Out: the rank of each that is shown, in its prefecture and in the country, with the ranks
//! that its interval leaves open: who is certainly ahead stands before, who is certainly behind comes after.

use kayoi_lake::LakeError;
use kayoi_schemas::figure::Status;
use kayoi_schemas::tables::ReleaseTable;

use crate::estimate::Estimate;
use crate::rows::month::{MonthRows, MonthWords, Place, Sink, Stamps};
use crate::rows::published::Published;
use crate::rows::sheet::Sheet;

/// Totals that are ranked among each other, each end of the intervals sorted.
#[derive(Default)]
struct Field {
    persons: Vec<i64>,
    lows: Vec<i64>,
    highs: Vec<i64>,
}

impl Field {
    fn of(totals: impl Iterator<Item = Estimate>) -> Self {
        let mut field = Self::default();
        for total in totals {
            field.persons.push(total.persons);
            field.lows.push(total.low);
            field.highs.push(total.high);
        }
        [&mut field.persons, &mut field.lows, &mut field.highs].into_iter().for_each(|of| of.sort_unstable());
        field
    }

    /// The rank, the best and the worst one.
    fn rank(&self, own: Estimate) -> (i32, i32, i32) {
        let above =
            |sorted: &[i64], value: i64| sorted.len() - sorted.partition_point(|other| *other <= value);
        let below = |sorted: &[i64], value: i64| sorted.partition_point(|other| *other < value);
        let rank = above(&self.persons, own.persons);
        let best = above(&self.lows, own.high);
        let worst = self.persons.len().saturating_sub(1 + below(&self.highs, own.low));
        (1 + rank as i32, 1 + best.min(rank) as i32, 1 + worst.max(rank) as i32)
    }
}

impl MonthRows<'_> {
    pub(super) fn ranks(&self, now: &Published, sink: Sink<'_>) -> Result<(), LakeError> {
        let (words, stamps) = (MonthWords::of(self.month()), Stamps::of(self.options, self.revision));
        let all = |class: usize| now.towns.iter().filter_map(move |town| town.totals[class]);
        let country: Vec<Field> = (0..now.kinds.len()).map(|class| Field::of(all(class))).collect();
        let mut sheet = Sheet::new(ReleaseTable::RanksMonthly);
        for towns in now.towns.chunk_by(|a, b| a.code.prefecture() == b.code.prefecture()) {
            let of_class = |class: usize| Field::of(towns.iter().filter_map(move |town| town.totals[class]));
            let prefecture: Vec<Field> = (0..now.kinds.len()).map(of_class).collect();
            for town in towns {
                let Some(place) = Place::of(town.code, self.register()) else { continue };
                let residents = self.options.people.town(town.code);
                for class in super::super::connected::by_name(&now.kinds) {
                    let own = town.totals[class];
                    let status = if own.is_some() { self.setting().value } else { Status::Hidden };
                    let ranks = own.map(|own| (prefecture[class].rank(own), country[class].rank(own)));
                    sheet.month(&words).place(&place).text(Some(&now.kinds[class]));
                    sheet.rank(ranks.map(|ranks| ranks.0)).int(prefecture[class].persons.len() as i32);
                    sheet.rank(ranks.map(|ranks| ranks.1)).int(country[class].persons.len() as i32);
                    sheet.per_100(own, residents);
                    sheet.text(Some(status.as_str())).stamps(&stamps);
                    sheet.count("all", status.as_str());
                }
            }
        }
        sink(sheet.finish()?)
    }
}

impl Sheet {
    fn rank(&mut self, rank: Option<(i32, i32, i32)>) -> &mut Self {
        self.optional_int(rank.map(|rank| rank.0));
        self.optional_int(rank.map(|rank| rank.1)).optional_int(rank.map(|rank| rank.2))
    }
}

#[cfg(test)]
mod tests {
    use kayoi_schemas::figure::Quality;

    use super::*;

    #[test]
    fn intervals_that_overlap_leave_ranks_open() {
        let of = |persons: i64, half: i64| Estimate {
            persons,
            low: persons - half,
            high: persons + half,
            quality: Quality::A,
        };
        let totals = [of(1_000, 50), of(900, 60), of(890, 60), of(100, 20)];
        let field = Field::of(totals.into_iter());
        assert_eq!(field.rank(totals[0]), (1, 1, 3), "who comes second may be first");
        assert_eq!(field.rank(totals[1]), (2, 1, 3));
        assert_eq!(field.rank(totals[3]), (4, 4, 4));
        let far = [of(1_000, 5), of(500, 5), of(100, 5)];
        assert_eq!(Field::of(far.into_iter()).rank(far[1]), (2, 2, 2));
    }
}
