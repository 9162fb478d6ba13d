use super::*;

fn code(text: &str) -> MunicipalityCode {
    MunicipalityCode::parse(text).unwrap()
}

#[test]
fn the_register_holds_the_whole_country() {
    let register = Register::japan();
    assert_eq!(register.all().len(), 1_741);
    assert_eq!(register.designated.len(), 20);
    let population: u64 = register.all().iter().map(|one| u64::from(one.population_2020)).sum();
    assert_eq!(population, 126_226_568);
    assert_eq!(register.get(code("07546")).unwrap().population_2020, 0);
    assert!(register.all().windows(2).all(|pair| pair[0].code < pair[1].code));
}

#[test]
fn every_row_carries_its_code_twice_with_the_right_check_digit() {
    let mut table = csv::Reader::from_reader(include_str!("../data/municipalities.csv").as_bytes());
    let mut rows = 0;
    for record in table.records() {
        let record = record.unwrap();
        assert_eq!(code(&record[0]).with_check_digit(), record[1]);
        rows += 1;
    }
    assert_eq!(rows, 1_741);
}

#[test]
fn each_prefecture_has_municipalities_that_name_it() {
    for number in 1..=47 {
        let prefecture = PrefectureCode::new(number).unwrap();
        let (japanese, _) = Register::prefecture_name(prefecture);
        let mut members = Register::japan().all().iter().filter(|one| one.code.prefecture() == prefecture);
        assert!(members.clone().count() >= 15, "{japanese}");
        assert!(members.all(|one| one.prefecture == japanese), "{japanese}");
        assert_eq!(Register::prefecture_of_name(japanese), Some(prefecture));
    }
    assert_eq!(Register::prefecture_of_name("江戸"), None);
}

#[test]
fn wards_roll_up_to_their_city_and_special_wards_stay() {
    let wards = [
        ("28110", "28100"),
        ("01101", "01100"),
        ("14131", "14130"),
        ("14152", "14150"),
        ("14118", "14100"),
        ("40109", "40100"),
        ("40137", "40130"),
        ("27127", "27100"),
        ("27141", "27140"),
        ("22131", "22130"),
        ("22103", "22100"),
        ("22140", "22130"),
    ];
    for (ward, city) in wards {
        assert_eq!(Register::japan().basic(code(ward)), code(city), "{ward}");
    }
    for own in ["13101", "13123", "28100", "20361", "01695", "12000", "47201", "30401", "09201"] {
        assert_eq!(Register::japan().basic(code(own)), code(own), "{own}");
    }
    for municipality in Register::japan().all() {
        assert_eq!(Register::japan().basic(municipality.code), municipality.code);
    }
}

#[test]
fn lookups_find_a_municipality_and_nothing_for_a_ward() {
    let matsumoto = Register::japan().get(code("20202")).unwrap();
    assert_eq!((matsumoto.name.as_str(), matsumoto.romaji.as_str()), ("松本市", "Matsumoto-shi"));
    assert!(Register::japan().get(code("28110")).is_none());
}

#[test]
fn a_broken_table_gives_no_half_register() {
    assert!(Register::parse("code,code6\n01100,011003\n").is_none());
}

/// Characters that are read with a vowel first, in katakana and in Latin letters.
const BEGUN_BY_A_VOWEL: [(char, &str, &str); 10] = [
    ('浦', "ウラ", "ura"),
    ('内', "ウチ", "uchi"),
    ('上', "ウエ", "ue"),
    ('海', "ウミ", "umi"),
    ('岡', "オカ", "oka"),
    ('丘', "オカ", "oka"),
    ('尾', "オ", "o"),
    ('面', "オ", "o"),
    ('於', "オ", "o"),
    ('表', "オモテ", "omote"),
];

#[test]
fn a_vowel_that_begins_a_character_makes_none_before_it_long() {
    // 河内 is read as one word, and 真岡 calls itself Moka.
    let as_one = ["佐那河内村", "真岡市"];
    let mut found = 0;
    for town in Register::japan().all() {
        for (character, reading, romaji) in BEGUN_BY_A_VOWEL {
            let after_o = |kana: char| town.kana.contains(&format!("{kana}{reading}"));
            if as_one.contains(&town.name.as_str())
                || !town.name.contains(character)
                || !"オコソトノホモヨロゴゾドボポ".chars().any(after_o)
            {
                continue;
            }
            found += 1;
            let written = town.romaji.to_lowercase();
            assert!(written.contains(&format!("o{romaji}")), "{} {}: {written}", town.name, town.kana);
        }
    }
    assert!(found >= 14, "only {found} names were looked at");
    let kotoura = Register::japan().get(code("31371")).map(|town| town.romaji.as_str());
    assert_eq!(kotoura, Some("Kotoura-cho"));
}

#[test]
fn a_long_u_is_unmarked_and_two_stand_only_where_one_begins_a_character() {
    for town in Register::japan().all() {
        let is_two = town.romaji.contains("uu");
        assert!(!is_two || town.name.contains("浦"), "{} {}", town.name, town.romaji);
    }
}
