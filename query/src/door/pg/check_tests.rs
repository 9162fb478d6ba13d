use bytes::BytesMut;
use pgwire::messages::{DecodeContext, PgWireFrontendMessage, ProtocolVersion};
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use super::*;

/// Messages that a run without a wish of its own tries.
const MESSAGES: usize = 50_000;
const SEED: u64 = 20_261_128;

fn framed(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &(body.len() as u32 + 4).to_be_bytes(), body].concat()
}

/// One good message of each type.
fn good() -> Vec<Vec<u8>> {
    vec![
        framed(b'Q', b"SELECT 1\0"),
        framed(b'P', b"name\0SELECT $1, $2\0\0\x02\0\0\0\x19\0\0\0\x17"),
        framed(b'P', b"\0SELECT 1\0\0\0"),
        framed(b'B', b"\0name\0\0\x01\0\x01\0\x02\0\0\0\x02ab\xff\xff\xff\xff\0\x01\0\0"),
        framed(b'B', b"portal\0\0\0\0\0\0\0\0"),
        framed(b'D', b"Sname\0"),
        framed(b'D', b"P\0"),
        framed(b'C', b"Pportal\0"),
        framed(b'E', b"\0\0\0\0\0"),
        framed(b'H', b""),
        framed(b'S', b""),
        framed(b'X', b""),
        framed(b'd', b"1\t2\n"),
        framed(b'c', b""),
        framed(b'f', b"no more\0"),
    ]
}

fn startup(settings: &[u8]) -> Vec<u8> {
    let length = settings.len() as u32 + 8;
    [&length.to_be_bytes()[..], &196_608_u32.to_be_bytes(), settings].concat()
}

fn request(code: u32, rest: &[u8]) -> Vec<u8> {
    [&(rest.len() as u32 + 8).to_be_bytes()[..], &code.to_be_bytes(), rest].concat()
}

fn openings() -> Vec<Vec<u8>> {
    vec![
        startup(b"user\0reader\0database\0kayoi\0\0"),
        startup(b"\0"),
        request(SSL_REQUEST, b""),
        request(GSS_REQUEST, b""),
        request(CANCEL_REQUEST, &[0; 8]),
        request(CANCEL_REQUEST, &[7; 36]),
    ]
}

/// Bytes like those, with a fault or several.
fn spoilt(like: &[Vec<u8>], random: &mut SmallRng) -> Vec<u8> {
    let mut bytes = like.choose(random).unwrap().clone();
    for _ in 0..random.random_range(0..4) {
        let at = random.random_range(0..bytes.len());
        match random.random_range(0..7) {
            0 => bytes[at] = random.random(),
            1 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][random.random_range(0..5)],
            2 => bytes.insert(at, random.random()),
            3 if bytes.len() > 1 => drop(bytes.remove(at)),
            4 => bytes.truncate(at.max(1)),
            5 => bytes.extend_from_slice(like.choose(random).unwrap()),
            _ => {
                // A length or count of its own, with a body of another.
                let count = [0, 3, 4, 5, 0xffff, 0x7fff_ffff, u32::MAX][random.random_range(0..7)];
                let field = count.to_be_bytes();
                let end = bytes.len().min(at + 4);
                bytes[at..end].copy_from_slice(&field[..end - at]);
            }
        }
    }
    bytes
}

fn messages_to_try() -> usize {
    std::env::var("KAYOI_FUZZ_MESSAGES").map_or(MESSAGES, |count| count.parse().unwrap())
}

#[test]
fn what_passes_is_decoded_to_its_last_byte_and_nothing_panics() {
    let mut random = SmallRng::seed_from_u64(SEED);
    let (like, first) = (good(), openings());
    let (mut passed, mut refused) = (0, 0);
    for _ in 0..messages_to_try() {
        let is_first = random.random_ratio(1, 4);
        let mut bytes = BytesMut::from(&spoilt(if is_first { &first } else { &like }, &mut random)[..]);
        let mut context = DecodeContext::new(ProtocolVersion::PROTOCOL3_0);
        context.awaiting_frontend_ssl = false;
        context.awaiting_frontend_startup = is_first;
        let length = if is_first {
            match opening(&bytes) {
                // A request for encryption or cancellation never reaches the decoder.
                Ok(Some(Opening::Startup(length))) => Ok(Some(length)),
                Ok(_) => continue,
                Err(malformed) => Err(malformed),
            }
        } else {
            message(&bytes)
        };
        match length {
            Ok(Some(length)) => {
                let before = bytes.len();
                let decoded = PgWireFrontendMessage::decode(&mut bytes, &context).unwrap();
                assert!(decoded.is_some(), "a whole message is decoded");
                assert_eq!(before - bytes.len(), length, "{decoded:?}");
                passed += 1;
            }
            Ok(None) => {}
            Err(_) => refused += 1,
        }
    }
    assert!(passed > messages_to_try() / 20 && refused > messages_to_try() / 20, "{passed} {refused}");
}

#[test]
fn good_messages_pass_and_wait_for_their_last_byte() {
    for bytes in good() {
        assert_eq!(message(&bytes), Ok(Some(bytes.len())), "{bytes:?}");
        for length in 0..bytes.len() {
            assert_eq!(message(&bytes[..length]), Ok(None), "{length} of {bytes:?}");
        }
    }
    for bytes in openings() {
        assert!(matches!(opening(&bytes), Ok(Some(_))), "{bytes:?}");
        for length in 0..bytes.len() {
            assert_eq!(opening(&bytes[..length]), Ok(None), "{length} of {bytes:?}");
        }
    }
}

#[test]
fn a_length_that_cannot_be_is_refused_before_its_bytes_are_there() {
    let head = |kind: u8, length: u32| [&[kind][..], &length.to_be_bytes()].concat();
    for (kind, length) in
        [(b'Q', 3), (b'Q', u32::MAX), (b'Q', 8 << 20 | 1), (b'S', 10_001), (b'B', 0x7fff_ffff)]
    {
        assert!(message(&head(kind, length)).is_err(), "{kind} {length}");
    }
    assert!(message(b"F").is_err() && message(b"\x16").is_err(), "types that are none");
    for length in [0, 7, 10_001, u32::MAX] {
        assert!(opening(&length.to_be_bytes()).is_err(), "{length}");
    }
    assert!(opening(b"GET / HTTP/1.1\r\n").is_err());
    assert_eq!(opening(&request(131_072, b"")).unwrap_err().sqlstate, "0A000", "protocol 2");
}

#[test]
fn counts_and_texts_must_fit_the_message() {
    for body in [
        &b"\0\0\0\x05\0\0"[..],
        b"\0\0\0\0\0\x01\0\0\0\x7f",
        b"\0\0\0\0\xff\xff\0\0",
        b"\0\0\0\0\0\x01\xff\xff\xff\xfe\0\0",
        b"\0\0\0\x01\0\x07\0\0\0\0",
        b"\0\0\0\0\0\0\0\0more",
        b"no end",
    ] {
        assert_eq!(message(&framed(b'B', body)).unwrap_err().sqlstate, "08P01", "{body:?}");
    }
    assert_eq!(message(&framed(b'Q', b"\x83\x65\x83\x58\x83\x67\0")).unwrap_err().sqlstate, "22021");
    assert!(message(&framed(b'P', b"\0SELECT 1\0\xff\xff")).is_err());
    assert!(opening(&startup(b"user\0reader\0")).is_err() && opening(&startup(b"user\0\0more")).is_err());
}
