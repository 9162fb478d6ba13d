use super::*;
use crate::CodeHistory;

fn written(texts: &[&str]) -> BTreeSet<WrittenCode> {
    texts.iter().filter_map(|text| WrittenCode::parse(text).ok()).collect()
}

fn digits(texts: &[&str]) -> Result<Digits, CodesUnclear> {
    let history = CodeHistory::japan();
    digits_of(&written(texts), None, |code| history.is_known(code))
}

#[test]
fn the_register_in_five_digits_with_and_without_zeros_is_five() {
    let codes: Vec<String> = crate::Register::japan().all().iter().map(|one| one.code.to_string()).collect();
    let numbers: Vec<&str> = codes.iter().map(|code| code.trim_start_matches('0')).collect();
    let texts: Vec<&str> = codes.iter().map(String::as_str).collect();
    assert_eq!((digits(&texts), digits(&numbers)), (Ok(Digits::Five), Ok(Digits::Five)));
}

#[test]
fn the_register_in_six_digits_with_and_without_zeros_is_six() {
    let codes: Vec<String> =
        crate::Register::japan().all().iter().map(|one| one.code.with_check_digit()).collect();
    let numbers: Vec<&str> = codes.iter().map(|code| code.trim_start_matches('0')).collect();
    let texts: Vec<&str> = codes.iter().map(String::as_str).collect();
    assert_eq!((digits(&texts), digits(&numbers)), (Ok(Digits::Six), Ok(Digits::Six)));
}

/// Each prefecture alone, as numbers: those up to 09 lose their zero and are five digits long.
#[test]
fn every_prefecture_alone_is_told_or_refused_and_never_misread() {
    let mut refused = 0;
    for prefecture in 1..=47 {
        let members = crate::Register::japan().all().iter().map(|one| one.code);
        let members: Vec<MunicipalityCode> =
            members.filter(|code| code.prefecture().number() == prefecture).collect();
        for (expected, numbers) in [
            (Digits::Five, members.iter().map(|code| code.number().to_string()).collect::<Vec<_>>()),
            (
                Digits::Six,
                members
                    .iter()
                    .map(|code| code.with_check_digit().trim_start_matches('0').to_owned())
                    .collect(),
            ),
        ] {
            let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
            match digits(&numbers) {
                Ok(found) => assert_eq!(found, expected, "{prefecture}"),
                Err(_) => refused += 1,
            }
        }
    }
    assert_eq!(refused, 0);
}

#[test]
fn five_and_six_in_one_file_are_refused_with_their_counts() {
    assert_eq!(
        digits(&["01101", "13102", "131016"]),
        Err(CodesUnclear::Mixed {
            five: 2,
            five_example: "01101".to_owned(),
            six: 1,
            six_example: "131016".to_owned()
        })
    );
    // Where zeros are kept, 23213 has lost none.
    assert!(matches!(digits(&["23213", "011011"]), Err(CodesUnclear::Mixed { .. })));
}

#[test]
fn a_single_code_that_may_be_either_is_refused_with_both() {
    let code = |text| MunicipalityCode::parse(text).unwrap();
    let unclear = CodesUnclear::Ambiguous {
        codes: 1,
        example: "23213".to_owned(),
        as_five: code("23213"),
        as_six: code("02321"),
    };
    assert_eq!(digits(&["23213"]), Err(unclear));
    let history = CodeHistory::japan();
    let told = digits_of(&written(&["23213"]), Some(Digits::Five), |code| history.is_known(code));
    assert_eq!(told, Ok(Digits::Five));
    // A description does not outweigh the register: 11011 is no code, 01101 is.
    let told = digits_of(&written(&["11011"]), Some(Digits::Five), |code| history.is_known(code));
    assert_eq!(told, Ok(Digits::Six));
    // The register knows 01101 and no 11011; 20206 is no six digits.
    assert_eq!((digits(&["11011"]), digits(&["20206"])), (Ok(Digits::Six), Ok(Digits::Five)));
    assert_eq!(digits(&[]), Ok(Digits::Five));
}

#[test]
fn digits_come_in_any_width_and_as_numbers() {
    for text in ["１１０１", "1101.0", "1101.", "1101.00", "01101.0", "０１１０１．０"] {
        let code = WrittenCode::parse(text).unwrap().read(Digits::Five).unwrap();
        assert_eq!(code.number(), 1101, "{text}");
    }
    assert_eq!(WrittenCode::parse("011011").unwrap().read(Digits::Six).unwrap().number(), 1101);
}

#[test]
fn what_is_no_code_says_why() {
    for (text, skip) in [
        ("13", Skip::Prefecture),
        ("01", Skip::Prefecture),
        ("1", Skip::Prefecture),
        ("48", Skip::InvalidCode),
        ("0471", Skip::InvalidCode),
        ("1101.5", Skip::InvalidCode),
        ("-1101", Skip::InvalidCode),
        ("+1101", Skip::InvalidCode),
        ("0110100", Skip::InvalidCode),
        ("", Skip::InvalidCode),
        (".0", Skip::InvalidCode),
        ("2A004", Skip::InvalidCode),
        ("1101é", Skip::InvalidCode),
    ] {
        assert_eq!(WrittenCode::parse(text), Err(skip), "{text}");
    }
    for (text, digits, skip) in [
        ("48201", Digits::Five, Skip::NoPrefecture),
        ("011003", Digits::Five, Skip::WrongCheckDigit),
        ("011011", Digits::Five, Skip::OtherDigits),
        ("011003", Digits::Six, Skip::WrongCheckDigit),
        ("1101", Digits::Six, Skip::OtherDigits),
        ("480001", Digits::Six, Skip::NoPrefecture),
    ] {
        assert_eq!(WrittenCode::parse(text).unwrap().read(digits), Err(skip), "{text}");
    }
}
