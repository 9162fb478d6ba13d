//! What can be laid over a map: one figure a municipality, of the newest month that is published.
//!
//! In: nothing. Out: a list. Each has SQL whose first column is the code of a municipality, at most once each,
//! and whose other columns become the properties of its feature.

/// A layer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Collection {
    /// Its name in addresses.
    pub(super) id: &'static str,
    /// Its name in a list of layers.
    pub(super) title: &'static str,
    /// What its figures are.
    pub(super) description: &'static str,
    /// What is joined to the outlines; none for the outlines alone.
    pub(super) sql: Option<&'static str>,
}

/// Every layer there is.
pub(super) const COLLECTIONS: [Collection; 4] = [
    Collection {
        id: "municipalities",
        title: "市区町村 Municipalities",
        description: "境界と名称。 Outlines and names.",
        sql: None,
    },
    Collection {
        id: "connected",
        title: "関係人口 Connected population",
        description: "年3回以上、2四半期以上訪れる人の推計。最新月。空欄は秘匿であり0ではない。 People with 3+ visits a year in 2+ quarters, newest month; an empty figure is withheld and not 0.",
        sql: Some(
            "SELECT municipality_code, month_text AS month, persons, persons_low, persons_high, status, fewer_than, \
             quality, series FROM connected_monthly WHERE kind = 'connected' AND origin_code = 'all' \
             AND month = (SELECT max(month) FROM connected_monthly WHERE status = 'published')",
        ),
    },
    Collection {
        id: "visitors-weekday",
        title: "来訪者(平日) Visitors on weekdays",
        description: "平日に訪れた人の推計。最新月。空欄は秘匿であり0ではない。 People who came on a weekday, newest month; an empty figure is withheld and not 0.",
        sql: Some(
            "SELECT municipality_code, month_text AS month, persons, persons_low, persons_high, persons_per_day, status, \
             fewer_than, quality, series FROM visitors_monthly WHERE day_type = 'weekday' AND origin_code = 'all' \
             AND month = (SELECT max(month) FROM visitors_monthly WHERE status = 'published')",
        ),
    },
    Collection {
        id: "visitors-holiday",
        title: "来訪者(休日) Visitors on holidays",
        description: "土日祝日に訪れた人の推計。最新月。空欄は秘匿であり0ではない。 People who came on a weekend or holiday, newest month; an empty figure is withheld and not 0.",
        sql: Some(
            "SELECT municipality_code, month_text AS month, persons, persons_low, persons_high, persons_per_day, status, \
             fewer_than, quality, series FROM visitors_monthly WHERE day_type = 'holiday' AND origin_code = 'all' \
             AND month = (SELECT max(month) FROM visitors_monthly WHERE status = 'published')",
        ),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::Door;
    use crate::engine::Limits;
    use crate::fixture::{answer, asked, engine};

    #[tokio::test]
    async fn each_layer_asks_for_a_code_first_and_runs_on_the_small_release() {
        let engine = engine(Limits::default());
        let mut rows = 0;
        for collection in COLLECTIONS {
            let Some(sql) = collection.sql else { continue };
            let answer = answer(&engine, asked(Door::Http, sql)).await.unwrap();
            assert_eq!(answer.schema().field(0).name(), "municipality_code");
            rows += answer.row_count();
        }
        assert!(rows >= 2);
    }
}
