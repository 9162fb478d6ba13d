use super::*;

/// A shape of this number whose content is one letter, four times.
fn shape(number: u8, letter: u8) -> Vec<u8> {
    [&[0, 0, 0, number, 0, 0, 0, 2], [letter; 4].as_slice()].concat()
}

fn file(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0; HEADER_BYTES];
    bytes.extend(parts.concat());
    let words = i32::try_from(bytes.len() / 2).unwrap();
    bytes[LENGTH_AT..LENGTH_AT + 4].copy_from_slice(&words.to_be_bytes());
    bytes
}

fn index(starts: &[u8]) -> Vec<u8> {
    file(
        &starts
            .iter()
            .map(|start| vec![0, 0, 0, *start, 0, 0, 0, if *start == 0 { 0 } else { 2 }])
            .collect::<Vec<_>>(),
    )
}

/// The letters of the shapes, in order; 0 for a shape of nothing.
fn letters(shapes: &Shapes<'_>) -> Vec<u8> {
    shapes.bytes[HEADER_BYTES..].chunks(12).map(|shape| shape[11]).collect()
}

#[test]
fn shapes_that_lie_in_order_are_not_copied() {
    let shp = file(&[shape(1, b'a'), shape(2, b'b')]);
    for shx in [None, Some(index(&[50, 56]))] {
        let shapes = in_order(&shp, shx.as_deref()).unwrap();
        assert!(matches!(shapes.bytes, Cow::Borrowed(_)));
        assert_eq!((letters(&shapes).as_slice(), shapes.count), (b"ab".as_slice(), 2));
    }
}

#[test]
fn the_index_says_the_order_and_leaves_gaps_out() {
    let shp = file(&[shape(3, b'c'), vec![7; 4], shape(1, b'a'), shape(9, b'x'), shape(2, b'b')]);
    let shapes = in_order(&shp, Some(&index(&[58, 70, 0, 50]))).unwrap();
    assert_eq!((letters(&shapes).as_slice(), shapes.count), (b"ab\0c".as_slice(), 4));
    assert_eq!(shapes.bytes[LENGTH_AT..LENGTH_AT + 4], 74_i32.to_be_bytes());
}

#[test]
fn without_an_index_numbers_say_the_order_if_they_are_a_list() {
    let list = file(&[shape(2, b'b'), shape(1, b'a')]);
    assert_eq!(letters(&in_order(&list, None).unwrap()), b"ab");
    for numbers in [[0, 0], [5, 1], [1, 1]] {
        let no_list = file(&[shape(numbers[0], b'c'), shape(numbers[1], b'a')]);
        assert_eq!(letters(&in_order(&no_list, None).unwrap()), b"ca");
    }
}

#[test]
fn an_index_that_names_no_shape_is_refused() {
    let shp = file(&[shape(1, b'a')]);
    for start in [51, 49, 200] {
        let error = in_order(&shp, Some(&index(&[start]))).err().unwrap().to_string();
        assert!(error.contains("shape 1"), "{error}");
    }
}

#[test]
fn a_header_that_says_less_than_is_there_is_corrected() {
    let mut shp = file(&[shape(1, b'a'), shape(2, b'b')]);
    shp[LENGTH_AT + 3] = 56;
    let shapes = in_order(&shp, None).unwrap();
    assert_eq!((letters(&shapes).as_slice(), shapes.bytes[LENGTH_AT + 3]), (b"ab".as_slice(), 62));
}
