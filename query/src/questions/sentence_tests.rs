use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::ask::Door;
use crate::engine::Limits;
use crate::fixture::{asked, engine, service};

fn rows(rows: Value) -> Vec<AnswerRow> {
    serde_json::from_value(rows).unwrap()
}

fn town(code: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("town".to_owned(), code.to_owned())])
}

fn said(name: &str, given: &[AnswerRow]) -> [String; 2] {
    let question = Question::named(name).unwrap();
    let values = question.values(&town("20202")).unwrap();
    [Language::Japanese, Language::English].map(|language| question.fill(language, &values, given))
}

fn pattern(status: &str, share: Option<f64>) -> AnswerRow {
    let row = json!({
        "month": "2026-04", "origin_level": "all", "class": "day_trip", "status": status,
        "share_percent": share, "share_low_percent": share.map(|share| share - 2.0),
        "share_high_percent": share.map(|share| share + 2.0),
    });
    row.as_object().unwrap().clone()
}

#[test]
fn a_value_is_stated_with_its_interval_in_both_languages() {
    let [ja, en] = said("stay-patterns", &[pattern("published", Some(58.6))]);
    assert_eq!(ja, "2026年4月に松本市を訪れた人のうち、日帰りは58.6%(56.6〜60.6%)です。");
    assert_eq!(en, "Of the visitors of Matsumoto in April 2026, 58.6 % (56.6 to 60.6 %) come for the day.");
    let [ja, en] = said("stay-patterns", &[pattern("provisional", Some(58.6))]);
    assert!(
        ja.ends_with("です。速報値です。") && en.ends_with("day. The figure is provisional."),
        "{ja} {en}"
    );
}

#[test]
fn a_figure_of_fewer_months_than_twelve_says_how_many() {
    let visitors = |months: u8| {
        rows(json!([{
            "month": "2026-04", "item": "visitor", "value": 5_000.0, "value_low": 4_000.0, "value_high": 6_000.0,
            "status": "provisional", "window_months": months,
        }]))
    };
    let [ja, en] = said("town-summary", &visitors(3));
    assert!(ja.starts_with("2026年4月までの3か月に松本市を訪れた人は約5,000人"), "{ja}");
    assert!(en.starts_with("In the 3 months to April 2026 about 5,000 people"), "{en}");
    let [_, en] = said("town-summary", &visitors(1));
    assert!(en.starts_with("In the 1 month to April 2026"), "{en}");
}

#[test]
fn visitors_are_told_where_no_rank_is_computed_and_then_no_rank() {
    let row = |rank: Option<u8>| {
        rows(json!([{
            "peer_rank": 0, "month": "2026-10", "municipality": "松本市", "prefecture": "長野県", "persons": 5_000,
            "persons_low": 4_000, "persons_high": 6_000, "status": "provisional", "window_months": 12,
            "rank_in_prefecture": rank, "rank_in_prefecture_low": rank, "rank_in_prefecture_high": rank,
            "ranked_in_prefecture": rank.map(|_| 77),
        }]))
    };
    let [ja, en] = said("rank-and-change", &row(None));
    assert!(ja.contains("約5,000人(4,000〜6,000人)です。速報値です。") && !ja.contains('位'), "{ja}");
    assert!(!en.contains("rank"), "{en}");
    let [ja, en] = said("rank-and-change", &row(Some(8)));
    assert!(ja.contains("長野県の市区町村77のうち8位(8〜8位)です。"), "{ja}");
    assert!(en.contains("rank 8 (from 8 to 8) of the 77 towns of Nagano"), "{en}");
}

#[test]
fn of_a_month_that_is_not_computed_no_town_is_said_to_be_hidden() {
    let question = Question::named("towns-by-kind").unwrap();
    let values = question.values(&BTreeMap::from([("kind".to_owned(), "connected".to_owned())])).unwrap();
    let towns = |status: &str, shown: u8| {
        rows(
            json!([{ "month": "2026-11", "municipality_code": "01100", "status": status, "towns_shown": shown }]),
        )
    };
    let fill = |given: &[AnswerRow]| question.fill(Language::Japanese, &values, given);
    assert!(fill(&towns("not_computed", 0)).contains(Status::NotComputed.japanese()));
    assert!(fill(&towns("hidden", 0)).contains("1のうち0です"), "{}", fill(&towns("hidden", 0)));
}

#[test]
fn origins_of_a_month_that_is_not_final_are_not_told_yet() {
    let [ja, en] = said("origins-top5", &[]);
    assert!(
        ja.starts_with("松本市の") && ja.contains("示せる値がありません。0人という意味ではありません。"),
        "{ja}"
    );
    assert!(ja.contains("速報") && en.contains("provisional"), "{en}");
}

#[test]
fn a_prefecture_has_people_of_its_own() {
    let question = Question::named("prefecture-people").unwrap();
    let values = question.values(&BTreeMap::from([("prefecture".to_owned(), "長野県".to_owned())])).unwrap();
    let given = rows(json!([{
        "month": "2026-04", "item": "visitor", "value": 5_000.0, "value_low": 4_000.0, "value_high": 6_000.0,
        "status": "published", "window_months": 12,
    }]));
    let said = question.fill(Language::Japanese, &values, &given);
    assert_eq!(
        said,
        "2026年4月までの12か月に長野県のどこかの市区町村を訪れた人は、実人数で約5,000人(4,000〜6,000人)です。"
    );
}

#[test]
fn where_no_row_tells_something_that_is_said() {
    let none = ["松本市の目標は、まだ書かれていません。", "No target of Matsumoto has been written yet."];
    assert_eq!(said("targets", &[]), none);
}

#[test]
fn where_no_value_stands_the_words_of_the_status_stand_and_no_0() {
    for status in Status::ALL.into_iter().filter(|status| !status.has_value()) {
        let [ja, en] = said("stay-patterns", &[pattern(status.as_str(), None)]);
        assert_eq!(
            ja,
            format!("松本市を訪れた人のうち日帰りの割合:{}。{}", status.japanese(), status.note_ja())
        );
        let word = status.as_str().replace('_', " ");
        assert!(en.contains(&format!(": {word}. {}", status.note_en())), "{en}");
    }
    // A published row of a town of which this part is not shown, and no row at all.
    let other = rows(
        json!([{ "origin_level": "all", "class": "all", "status": "published", "share_percent": null }]),
    );
    for given in [other.as_slice(), &[]] {
        let [ja, en] = said("stay-patterns", given);
        assert!(ja.ends_with("示せる値がありません。0人という意味ではありません。"), "{ja}");
        assert!(en.ends_with(": Nothing can be shown. It does not mean zero."), "{en}");
    }
}

#[test]
fn a_value_with_a_status_of_its_own_is_spoken_of_by_that() {
    let given = rows(json!([{
        "month": "2026-04", "side": "residence", "commuters": 10_000, "status": "published",
        "telework_rate_percent": null, "telework_rate_percent_status": "hidden",
    }]));
    let [ja, en] = said("telework", &given);
    assert!(ja.contains(":秘匿。") && en.contains(": hidden. "), "{ja} {en}");
}

#[test]
fn a_difference_within_the_error_is_said_of_the_row_that_is_spoken_of() {
    let hour = |level: &str, hour: u8, extreme: &str, is_within_error: Option<bool>| {
        json!({
            "month": "2026-04", "day_type": "weekday", "origin_level": level, "hour": hour, "status": "published",
            "persons": 100, "persons_low": 90, "persons_high": 110, "extreme": extreme, "is_within_error": is_within_error,
        })
    };
    let other = [hour("outside", 13, "most", Some(true)), hour("outside", 14, "fewest", Some(true))];
    let [ja, en] = said(
        "peak-hours",
        &rows(json!([
            hour("inside", 15, "most", None),
            hour("inside", 21, "fewest", None),
            other[0],
            other[1],
        ])),
    );
    assert!(ja.contains("県内のほかの市区町村から松本市に") && ja.contains("最も少ないのは21時台"), "{ja}");
    assert!(!ja.contains("誤差の範囲") && !en.contains("within the error"), "{ja} {en}");
    let [ja, en] = said("peak-hours", &rows(json!(other)));
    assert!(ja.ends_with("誤差の範囲です。") && en.ends_with("within the error."), "{ja} {en}");
}

#[test]
fn a_sentence_is_never_half_filled() {
    let mut row = pattern("published", Some(58.6));
    row.insert("share_high_percent".to_owned(), Value::Null);
    let [ja, _] = said("stay-patterns", &[row]);
    assert!(ja.contains("示せる値がありません"), "{ja}");
}

#[test]
fn several_rows_are_named_in_their_order() {
    let lodging = |other: &str, prefecture: &str, share: Option<f64>| {
        json!({
            "month": "2026-04", "other": other, "other_prefecture": prefecture, "status": "published",
            "share_percent": share, "share_low_percent": share, "share_high_percent": share,
        })
    };
    let given = rows(json!([
        lodging("all", "", None),
        lodging("松本市", "長野県", Some(60.0)),
        lodging("高山市", "岐阜県", Some(12.0)),
    ]));
    let [ja, en] = said("lodging-places", &given);
    assert_eq!(
        ja,
        "2026年4月に松本市を訪れた宿泊客が泊まった市区町村は、松本市が60%(60〜60%)、高山市が12%(12〜12%)です。"
    );
    assert!(en.ends_with("slept in Matsumoto: 60 % (60 to 60 %), Takayama: 12 % (12 to 12 %)."), "{en}");
}

#[test]
fn the_newest_month_is_stated_where_months_go_upwards() {
    let month = |month: &str, status: &str, persons: Option<i64>| {
        json!({
            "month": month, "status": status, "persons": persons, "persons_low": persons, "persons_high": persons,
            "season": persons, "season_low": persons, "season_high": persons,
        })
    };
    let given =
        rows(json!([month("2026-03", "published", Some(50)), month("2026-04", "published", Some(1200))]));
    assert!(said("season-index", &given)[0].starts_with("2026年4月の松本市の来訪者は約1,200人"));
    let given = rows(json!([month("2026-03", "published", Some(50)), month("2026-04", "hidden", None)]));
    assert!(
        said("season-index", &given)[0].contains("秘匿"),
        "an older month is not passed off as the newest"
    );
}

#[test]
fn a_value_that_was_rolled_up_is_told_with_whose_it_is() {
    let row = json!({
        "period_kind": "month", "period": "2026-04", "regime": "all", "origin_level": "all", "origin": "all",
        "persons": null, "persons_low": null, "persons_high": null, "status": "rolled_up",
        "rolled_up_to": "rest_of_prefecture", "rolled_up_persons": 15060, "rolled_up_low": 10470, "rolled_up_high": 19650,
    });
    let [ja, en] = said("dual-rhythms", &rows(json!([row])));
    assert!(ja.ends_with("県内の値のない市区町村を合わせると、約15,060人(10,470〜19,650人)です。"), "{ja}");
    assert!(
        en.ends_with("without a figure of their own have together about 15,060 people (10,470 to 19,650)."),
        "{en}"
    );
}

#[test]
fn an_order_that_is_not_certain_is_told_and_one_that_is_is_not() {
    let origin = |origin: &str, persons: i64| {
        json!({
            "month": "2026-04", "origin": origin, "status": "published", "persons": persons,
            "persons_low": persons - 50, "persons_high": persons + 50,
        })
    };
    let told = |persons: [i64; 4]| {
        let names = ["東京都", "愛知県", "埼玉県", "大阪府"];
        let given: Vec<Value> =
            names.iter().zip(persons).map(|(name, persons)| origin(name, persons)).collect();
        said("origins-top5", &rows(json!(given)))
    };
    for near in [[900, 800, 600, 300], [900, 600, 310, 210]] {
        let [ja, en] = told(near);
        assert!(ja.ends_with("順位は、誤差の範囲で入れ替わるかもしれません。"), "{ja}");
        assert!(en.ends_with("Within the error their order may be another."), "{en}");
    }
    let [ja, en] = told([900, 700, 500, 300]);
    assert!(!ja.contains("誤差") && !en.contains("error"), "{ja} {en}");
}

#[test]
fn only_rows_of_one_month_are_compared() {
    let before = |month: &str, other: &str, share: f64| {
        json!({
            "direction": "before", "month": month, "other": other, "other_prefecture": "長野県", "status": "published",
            "share_percent": share, "share_low_percent": share - 1.0, "share_high_percent": share + 1.0,
        })
    };
    let months = [before("2026-04", "塩尻市", 40.0), before("2026-04", "岡谷市", 20.0)];
    let older = before("2026-03", "塩尻市", 40.0);
    let [ja, _] = said("before-after", &rows(json!([months[0], months[1], older])));
    assert!(!ja.contains("誤差"), "{ja}");
    let near = before("2026-04", "岡谷市", 39.0);
    let [ja, en] = said("before-after", &rows(json!([months[0], near, older])));
    assert!(
        ja.ends_with("次に多い市区町村との差は、誤差の範囲です。") && en.ends_with("within the error."),
        "{ja} {en}"
    );
}

#[tokio::test]
async fn each_place_is_a_parameter_or_a_column_of_the_answer() {
    let service = service(&engine(Limits::default()));
    for question in Question::all().unwrap() {
        let sql = question.example_sql().unwrap();
        let answer = service.rows(asked(Door::CommandLine, &sql)).await.unwrap();
        let columns: BTreeSet<String> = answer.columns().into_iter().collect();
        let parameters: BTreeSet<&str> = question.parameters.iter().map(|one| one.name.as_str()).collect();
        for template in question.templates() {
            for place in template.split('{').skip(1).map(|rest| rest.split(['}', '|']).next().unwrap()) {
                let is_known = columns.contains(place)
                    || parameters.contains(place)
                    || ["each", "rows"].contains(&place);
                assert!(is_known, "{}: {{{place}}} of `{template}`", question.name);
            }
        }
        for column in question.decisive() {
            assert!(columns.contains(&column), "{}: {column}", question.name);
        }
    }
}

#[tokio::test]
async fn each_question_is_filled_without_a_place_left_on_the_small_release() {
    let service = service(&engine(Limits::default()));
    for question in Question::all().unwrap() {
        let values = question.example_values();
        let answer =
            service.rows(asked(Door::CommandLine, &question.sql_for(&values).unwrap())).await.unwrap();
        for given in [answer.cells().unwrap(), Vec::new()] {
            for language in [Language::Japanese, Language::English] {
                let text = question.fill(language, &values, &given);
                assert!(text.len() > 20 && !text.contains(['{', '}']), "{}: {text}", question.name);
                assert!(text.ends_with(['。', '.']), "{}: {text}", question.name);
            }
        }
    }
}

#[tokio::test]
async fn the_rows_of_an_answer_are_the_same_in_every_form() {
    let service = service(&engine(Limits::default()));
    let sql = "SELECT origin, persons, status FROM connected_monthly WHERE kind = 'connected' ORDER BY origin_code DESC";
    let answer = service.rows(asked(Door::CommandLine, sql)).await.unwrap();
    assert_eq!(answer.count(), 3);
    let cells = answer.cells().unwrap();
    assert!(cells.iter().any(|row| row["persons"].is_null() && row["status"] == "hidden"));
    let json: Value =
        serde_json::from_slice(&answer.write(crate::Rendering::Json, Vec::new()).unwrap()).unwrap();
    assert_eq!(json["rows"], json!(cells));
}
