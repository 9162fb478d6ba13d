use std::collections::BTreeSet;

use super::*;

fn code(text: &str) -> MunicipalityCode {
    MunicipalityCode::parse(text).unwrap()
}

/// The page of the ministry, prefecture by prefecture.
const OFFICIAL: [(&str, &[&str]); 8] = [
    ("首都圏", &["埼玉県", "東京都", "神奈川県", "茨城県", "栃木県", "群馬県", "千葉県", "山梨県"]),
    ("近畿圏", &["京都府", "大阪府", "兵庫県", "滋賀県", "奈良県", "和歌山県"]),
    ("中部圏", &["愛知県", "三重県", "長野県", "岐阜県", "静岡県"]),
    ("東北圏", &["青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "新潟県"]),
    ("北陸圏", &["富山県", "石川県", "福井県"]),
    ("中国圏", &["鳥取県", "島根県", "岡山県", "広島県", "山口県"]),
    ("四国圏", &["徳島県", "香川県", "愛媛県", "高知県"]),
    ("九州圏", &["福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県"]),
];

#[test]
fn the_blocks_are_those_of_the_regional_plans() {
    for (name, prefectures) in OFFICIAL {
        let region = Region::ALL.into_iter().find(|region| region.japanese() == name).unwrap();
        let ours: BTreeSet<_> =
            region.prefectures().map(|prefecture| Register::prefecture_name(prefecture).0).collect();
        assert_eq!(ours, prefectures.iter().copied().collect(), "{name}");
    }
    let alone = [(Region::Hokkaido, 1), (Region::Okinawa, 47)];
    for (region, number) in alone {
        assert_eq!(region.prefectures().map(PrefectureCode::number).collect::<Vec<_>>(), [number]);
    }
}

#[test]
fn every_prefecture_lies_in_one_block_and_names_differ() {
    let members: Vec<_> = Region::ALL.into_iter().flat_map(Region::prefectures).collect();
    assert_eq!(members.len(), 47);
    assert_eq!(members.iter().collect::<BTreeSet<_>>().len(), 47);
    for names in [Region::japanese, Region::english] {
        assert_eq!(Region::ALL.into_iter().map(names).collect::<BTreeSet<_>>().len(), 10);
    }
}

#[test]
fn a_ward_of_a_designated_city_rolls_up_to_its_city_and_a_special_ward_to_none() {
    let (kinki, capital) = (Tier::Region(Region::Kinki), Tier::Region(Region::Capital));
    let (hyogo, tokyo) = (PrefectureCode::new(28).unwrap(), PrefectureCode::new(13).unwrap());
    assert_eq!(
        Tier::chain(code("28110"), SpecialWards::AsOne, Register::japan()),
        [
            Tier::Ward(code("28110")),
            Tier::Municipality(code("28100")),
            Tier::Prefecture(hyogo),
            kinki,
            Tier::Nation
        ]
    );
    let chiyoda = Tier::Municipality(code("13101"));
    assert_eq!(
        Tier::chain(code("13101"), SpecialWards::Apart, Register::japan()),
        [chiyoda, Tier::Prefecture(tokyo), capital, Tier::Nation]
    );
    assert_eq!(
        Tier::chain(code("13101"), SpecialWards::AsOne, Register::japan()),
        [chiyoda, Tier::TokyoWards, Tier::Prefecture(tokyo), capital, Tier::Nation]
    );
}

#[test]
fn tokyo_wards_are_the_23_and_no_other_municipality() {
    let inside: Vec<_> = Register::japan()
        .all()
        .iter()
        .filter(|one| Tier::TokyoWards.contains(one.code, Register::japan()))
        .collect();
    assert_eq!(inside.len(), 23);
    assert!(inside.iter().all(|one| one.prefecture == "東京都" && one.name.ends_with('区')));
    assert!(!Tier::TokyoWards.contains(code("13201"), Register::japan()));
}

#[test]
fn wards_of_every_code_date_roll_up_to_hamamatsu() {
    let hamamatsu = Tier::Municipality(code("22130"));
    for number in 22_131..=22_140 {
        assert!(
            hamamatsu.contains(MunicipalityCode::from_number(number).unwrap(), Register::japan()),
            "{number}"
        );
    }
    assert!(!hamamatsu.contains(code("22101"), Register::japan()));
}

#[test]
fn populations_add_up_at_every_level() {
    let sum = |tier: Tier| -> u64 {
        let members = Register::japan().all().iter().filter(|one| tier.contains(one.code, Register::japan()));
        members.map(|one| u64::from(one.population_2020)).sum()
    };
    assert_eq!(Region::ALL.into_iter().map(|region| sum(Tier::Region(region))).sum::<u64>(), 126_226_568);
    assert_eq!(sum(Tier::Nation), 126_226_568);
    let shikoku =
        Region::Shikoku.prefectures().map(|prefecture| sum(Tier::Prefecture(prefecture))).sum::<u64>();
    assert_eq!(shikoku, sum(Tier::Region(Region::Shikoku)));
}

#[test]
fn land_of_no_municipality_stays_in_its_prefecture() {
    let chain = Tier::chain(code("12000"), SpecialWards::AsOne, Register::japan());
    assert_eq!(chain[0], Tier::Municipality(code("12000")));
    assert_eq!(chain[0].name(CodeDate::COMPLETE_UNTIL, CodeHistory::japan()).as_deref(), Some("所属未定地"));
    assert_eq!(chain[1], Tier::Prefecture(PrefectureCode::new(12).unwrap()));
}
