//! The questions, the figure that each answer rests on, and how its truth is found.
//!
//! In: a row of an answer. Out: what is true of everybody, in the row's own unit; `None` where the nation has no truth of it.

use super::known::{distance_band, flow, is_other, metro_to_local, origin, presence, rank};
use super::world::{Row, World, area, census, code};

/// The town that is asked about.
pub const TOWN: &str = "20202";
/// A larger one for ties that few people have.
pub const CITY: &str = "14100";

/// A question that is answered.
pub struct Asked {
    /// Its number among the 25.
    pub number: u8,
    /// Name of the question.
    pub question: &'static str,
    /// Municipality, or its prefecture where the question is of prefectures.
    pub place: &'static str,
    /// What the place is called.
    pub place_words: [&'static str; 2],
    /// What the figure is, in Japanese and English.
    pub words: [&'static str; 2],
    /// Columns of the value and the ends of its interval.
    pub figure: [&'static str; 3],
    /// Whether the figure is a percentage.
    pub is_percent: bool,
    /// Whether a row has the figure: the first one counts.
    pub is_headline: fn(&Row) -> bool,
    /// What is true.
    pub truth: fn(&World, &Row) -> Option<f64>,
    /// Whether a town is asked about, so that a hidden one can be.
    pub is_of_a_town: bool,
    /// Whether a row is about a town, where rows about others stand beside it.
    pub is_about: fn(&Row, &str) -> bool,
}

const PERSONS: [&str; 3] = ["persons", "persons_low", "persons_high"];
const SHARE: [&str; 3] = ["share_percent", "share_low_percent", "share_high_percent"];
const MATSUMOTO: [&str; 2] = ["松本市", "Matsumoto"];

const PLAIN: Asked = Asked {
    number: 0,
    question: "",
    place: TOWN,
    place_words: MATSUMOTO,
    words: ["", ""],
    figure: PERSONS,
    is_percent: false,
    is_headline: |_| true,
    truth: |_, _| None,
    is_of_a_town: true,
    is_about: |_, _| true,
};

/// The questions in their order; 12 and 18 have no answer.
pub const ASKED: [Asked; 23] = [
    Asked {
        number: 1,
        question: "origins-by-day-type",
        words: [
            "平日の来訪者が最も多い県外の都道府県(愛知県)",
            "weekday visitors from the other prefecture with most of them (Aichi)",
        ],
        is_headline: |row| row.has(&[("day_type", "weekday"), ("origin_level", "prefecture")]),
        truth: |world, row| {
            Some(world.people("visitors_monthly", TOWN, &row.text("day_type")?, &origin(row)?))
        },
        ..PLAIN
    },
    Asked {
        number: 2,
        question: "stay-rate",
        words: [
            "平日14時台の滞在人口率(2時間以上)",
            "people there on weekdays at 14:30 (2 h or more), per 100 residents",
        ],
        figure: ["per_100_residents", "per_100_low", "per_100_high"],
        is_percent: true,
        is_headline: |row| row.has(&[("municipality", "松本市"), ("day_type", "weekday"), ("hour", "14")]),
        truth: |world, row| {
            let town = code(&row.text("municipality")?, None)?;
            Some(100.0 * presence(world, row, &town, 120, "all")? / census(&town)?)
        },
        ..PLAIN
    },
    Asked {
        number: 3,
        question: "peak-hours",
        words: [
            "県内のほかの市区町村から来ている人が平日に最も多い時間帯の人数",
            "people from other municipalities of the prefecture at their fullest hour of weekdays",
        ],
        is_headline: |row| row.has(&[("day_type", "weekday"), ("extreme", "most")]),
        truth: |world, row| presence(world, row, TOWN, 30, &row.text("origin_level")?),
        ..PLAIN
    },
    Asked {
        number: 4,
        question: "stay-patterns",
        words: ["来訪者のうち日帰り", "day trips among visitors"],
        figure: SHARE,
        is_percent: true,
        is_headline: |row| row.has(&[("origin_level", "all"), ("class", "day_trip")]),
        truth: |world, row| {
            let level = row.text("origin_level")?;
            let people =
                |class: &str| world.people("stays_monthly", TOWN, &format!("pattern/{class}"), &level);
            Some(100.0 * people(&row.text("class")?) / (people("all") - people("not_known")))
        },
        ..PLAIN
    },
    Asked {
        number: 5,
        question: "stay-lengths",
        words: ["宿泊客のうち2泊以上", "two nights or more among guests"],
        figure: SHARE,
        is_percent: true,
        is_headline: |row| row.has(&[("measure", "nights"), ("class", "2_or_more")]),
        truth: |world, row| {
            let (measure, class) = (row.text("measure")?, row.text("class")?);
            let all = format!("{measure}/all");
            let percent = |class: &str| {
                let part = format!("{measure}/{class}");
                world.percent("stays_monthly", TOWN, [(&part, "all"), (&all, "all")])
            };
            Some(if class == "2_or_more" { 100.0 - percent("1") } else { percent(&class) })
        },
        ..PLAIN
    },
    Asked {
        number: 6,
        question: "before-after",
        words: [
            "直前にいた割合が最も高い市区町村(高山市)",
            "the municipality where most were just before (Takayama)",
        ],
        figure: SHARE,
        is_percent: true,
        is_headline: |row| row.has(&[("direction", "before")]) && is_other(row),
        truth: |world, row| flow(world, row, &row.text("direction")?),
        ..PLAIN
    },
    Asked {
        number: 7,
        question: "lodging-places",
        words: ["宿泊客のうち松本市に泊まった人", "guests who slept in the town itself"],
        figure: SHARE,
        is_percent: true,
        is_headline: |row| row.has(&[("is_here", "true")]),
        truth: |world, row| flow(world, row, "lodging"),
        ..PLAIN
    },
    Asked {
        number: 8,
        question: "trip-sizes",
        words: ["2市区町村を訪れた旅行", "trips to two municipalities"],
        figure: SHARE,
        is_percent: true,
        is_headline: |row| row.has(&[("measure", "municipalities"), ("class", "2")]),
        truth: |world, row| {
            let other = if is_other(row) {
                code(&row.text("other")?, row.text("other_prefecture").as_deref())?
            } else {
                "all".to_owned()
            };
            let part = format!("{}/{}", row.text("measure")?, row.text("class")?);
            Some(world.percent("trips_monthly", TOWN, [(&part, &other), ("municipalities/all", "all")]))
        },
        ..PLAIN
    },
    Asked {
        number: 9,
        question: "entry-towns",
        words: [
            "流入の割合が最も高い市区町村(高山市)",
            "the municipality that most came in through (Takayama)",
        ],
        figure: SHARE,
        is_percent: true,
        is_headline: is_other,
        truth: |world, row| flow(world, row, "entry"),
        ..PLAIN
    },
    Asked {
        number: 10,
        question: "busiest-days",
        words: ["最も来訪者の多い日(12月30日)の人数", "visitors on the busiest day (30 December)"],
        truth: |world, row| Some(world.people("visitors_daily", TOWN, &row.text("date")?, "all")),
        ..PLAIN
    },
    Asked {
        number: 11,
        question: "distance-bands",
        words: [
            "40-100kmの、示されている市区町村からの来訪者",
            "visitors from the municipalities that are shown at 40 to 100 km",
        ],
        is_headline: |row| row.has(&[("distance", "2: 40 to 100 km")]),
        truth: distance_band,
        ..PLAIN
    },
    Asked {
        number: 13,
        question: "season-index",
        words: ["12月の来訪者(月の指数のもとになる人数)", "visitors of December, of which the index is made"],
        truth: |world, _| Some(world.people("stays_monthly", TOWN, "pattern/all", "all")),
        ..PLAIN
    },
    Asked {
        number: 14,
        question: "peak-months",
        words: ["最盛月の来訪者", "visitors of the peak month"],
        is_headline: |row| row.has(&[("municipality_code", TOWN)]),
        truth: |world, row| {
            Some(world.people("stays_monthly", &row.text("municipality_code")?, "pattern/all", "all"))
        },
        is_about: |row, town| row.has(&[("municipality_code", town)]),
        ..PLAIN
    },
    Asked {
        number: 15,
        question: "rank-and-change",
        words: ["県内の来訪者の順位", "rank by visitors in the prefecture"],
        figure: ["rank_in_prefecture", "rank_in_prefecture_low", "rank_in_prefecture_high"],
        is_headline: |row| row.has(&[("peer_rank", "0")]),
        truth: |world, row| {
            Some(rank(world, &code(&row.text("municipality")?, row.text("prefecture").as_deref())?))
        },
        is_about: |row, _| row.has(&[("peer_rank", "0")]),
        ..PLAIN
    },
    Asked {
        number: 16,
        question: "cells-map",
        words: [
            "平日昼に最も人の多い1kmメッシュの人数",
            "people in the fullest 1 km mesh of weekdays by day",
        ],
        is_headline: |row| row.has(&[("day_type", "weekday"), ("time_band", "day")]),
        truth: |world, row| {
            let kind = format!("{}/{}", row.text("day_type")?, row.text("time_band")?);
            Some(world.people("cells_monthly", &row.text("mesh")?, &kind, TOWN))
        },
        ..PLAIN
    },
    Asked {
        number: 17,
        question: "lunch-hours",
        words: ["平日12時台の人数", "people there on weekdays at 12:30"],
        is_headline: |row| row.has(&[("day_type", "weekday"), ("origin_level", "all"), ("hour", "12")]),
        truth: |world, row| presence(world, row, TOWN, 30, &row.text("origin_level")?),
        ..PLAIN
    },
    Asked {
        number: 19,
        question: "repeat-rate",
        words: ["12か月間に再訪した人の割合", "visitors of 12 months who came again"],
        figure: ["percent", "percent_low", "percent_high"],
        is_percent: true,
        is_headline: |row| row.has(&[("kind", "repeat")]),
        truth: |world, row| {
            Some(world.percent("connected_monthly", TOWN, [(&row.text("kind")?, "all"), ("visitor", "all")]))
        },
        ..PLAIN
    },
    Asked {
        number: 20,
        question: "visit-day-bins",
        words: ["年8日以上訪れる人", "people who come on 8 or more days a year"],
        is_headline: |row| row.has(&[("what", "days 8+")]),
        truth: |world, row| {
            let people = |kind: &str| world.people("connected_monthly", TOWN, kind, "all");
            Some(match row.text("what")?.as_str() {
                "days 1" => people("days_1"),
                "days 2-7" => people("days_2") + people("days_3_7"),
                "days 8+" => people("days_8_23") + people("days_24_plus"),
                kind => people(kind),
            })
        },
        ..PLAIN
    },
    Asked {
        number: 21,
        question: "metro-to-local",
        place_words: ["全国", "Japan"],
        words: [
            "三大都市圏から地方への、示されている組の延べ人数",
            "from metropolitan areas to the rest, over the pairs that are shown",
        ],
        figure: ["person_municipalities", "persons_low", "persons_high"],
        is_headline: |row| row.has(&[("lives_in", "metropolitan"), ("connected_to", "local")]),
        truth: metro_to_local,
        is_of_a_town: false,
        ..PLAIN
    },
    Asked {
        number: 22,
        question: "dual-rhythms",
        place: CITY,
        place_words: ["横浜市", "Yokohama"],
        words: ["二地域居住者の人数", "dual residents"],
        is_headline: |row| row.has(&[("period_kind", "month"), ("origin_level", "all")]),
        truth: |world, row| {
            let origin = origin(row)?;
            Some(match origin.as_str() {
                "all" if !row.has(&[("period_kind", "month")]) => {
                    world.people("dual_regimes_yearly", CITY, &row.text("regime")?, "all")
                }
                origin => world.people("connected_monthly", CITY, "dual_resident", origin),
            })
        },
        ..PLAIN
    },
    Asked {
        number: 23,
        question: "telework",
        words: ["松本市に住む通勤者のテレワーク率", "teleworkers among commuters who live there"],
        figure: ["telework_rate_percent", "telework_rate_percent_low", "telework_rate_percent_high"],
        is_percent: true,
        is_headline: |row| row.has(&[("side", "residence")]),
        truth: |world, row| {
            row.has(&[("side", "residence")]).then(|| {
                let part = ("residence/true_teleworkers", "all");
                world.percent("work_monthly", TOWN, [part, ("residence/commuters", "all")])
            })
        },
        ..PLAIN
    },
    Asked {
        number: 24,
        question: "municipalities-per-person",
        place_words: ["長野県", "Nagano Prefecture"],
        words: ["4市区町村以上と関係する人の割合", "connected people tied to four municipalities or more"],
        figure: SHARE,
        is_percent: true,
        is_headline: |row| row.has(&[("area", "長野県"), ("municipalities_class", "4_plus")]),
        truth: |world, row| {
            let (area, class) = (area(&row.text("area")?)?, row.text("municipalities_class")?);
            Some(world.percent("municipalities_per_person_yearly", &area, [(&class, "all"), ("all", "all")]))
        },
        is_of_a_town: false,
        ..PLAIN
    },
    Asked {
        number: 25,
        question: "national-goal",
        place_words: ["全国", "Japan"],
        words: [
            "実人数の目標(1,000万人)に対する割合",
            "distinct people as percent of the goal of 10 million",
        ],
        figure: ["percent_of_goal", "percent_low", "percent_high"],
        is_percent: true,
        truth: |world, _| {
            Some(world.people("connected_totals_monthly", "JP", "connected", "all") / 100_000.0)
        },
        is_of_a_town: false,
        ..PLAIN
    },
];
