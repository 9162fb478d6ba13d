//! A text in any encoding → the same text in UTF-8, without a byte order mark.
//!
//! In: bytes of a CSV or JSON file, unpacked, and the encoding that the operator names. Out: UTF-8. What a
//! file says of itself is believed: a mark of UTF-8 is left out, and a file in UTF-16 that nobody named is an
//! error with its name, because read as UTF-8 it would be rubbish record by record. A byte that is none in
//! the encoding becomes one that is none in UTF-8 either, so that its record is rejected and not changed.

use std::io::{BufRead, BufReader, Read, Result};
use std::ops::Range;

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes that are decoded at once.
const BUFFER_BYTES: usize = 1 << 16;
/// Stands for what cannot be decoded. No text in UTF-8 has this byte.
const NOT_UTF8: u8 = 0xff;

/// The text of a file, unpacked.
pub(super) type Text = Box<dyn BufRead + Send>;

/// How the text of files is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextEncoding(&'static Encoding);

impl Default for TextEncoding {
    fn default() -> Self {
        Self(UTF_8)
    }
}

impl TextEncoding {
    /// An encoding by one of the names that web pages use, as `shift_jis`, `cp932` or `euc-jp`; `None` for an
    /// unknown one.
    pub fn parse(name: &str) -> Option<Self> {
        let name = if name.eq_ignore_ascii_case("cp932") { "shift_jis" } else { name };
        Encoding::for_label(name.as_bytes()).map(Self)
    }
}

/// How the text of CSV and JSON files is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// What stands between the columns of a CSV file.
    pub delimiter: u8,
    /// How letters are written.
    pub encoding: TextEncoding,
}

impl Default for TextOptions {
    /// Commas, and UTF-8.
    fn default() -> Self {
        Self { delimiter: b',', encoding: TextEncoding::default() }
    }
}

/// A file in an encoding that nobody named; which one.
pub(super) struct Foreign(pub(super) &'static str);

/// The text in UTF-8.
///
/// # Errors
/// Those of reading; [`Foreign`] for a text that is seen to be in another encoding.
pub(super) fn decoded(mut text: Text, encoding: TextEncoding) -> Result<std::result::Result<Text, Foreign>> {
    let start = text.fill_buf()?;
    let (marked, mark_bytes) = match start {
        [0xef, 0xbb, 0xbf, ..] => (Some(UTF_8), 3),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Ok(Err(Foreign("UTF-32"))),
        [0xff, 0xfe, ..] => (Some(UTF_16LE), 2),
        [0xfe, 0xff, ..] => (Some(UTF_16BE), 2),
        // No text begins with a character 0: it is one half of a letter.
        [_, 0, 0, 0, ..] | [0, 0, 0, _, ..] => return Ok(Err(Foreign("UTF-32"))),
        [_, 0, ..] => (Some(UTF_16LE), 0),
        [0, _, ..] => (Some(UTF_16BE), 0),
        _ => (None, 0),
    };
    let is_utf16 = |encoding| encoding == UTF_16LE || encoding == UTF_16BE;
    let encoding = match marked {
        Some(found) if is_utf16(found) && !is_utf16(encoding.0) => return Ok(Err(Foreign(found.name()))),
        Some(found) => found,
        None => encoding.0,
    };
    text.consume(mark_bytes);
    if encoding == UTF_8 {
        return Ok(Ok(text));
    }
    let decoder = encoding.new_decoder_without_bom_handling();
    let decoded = Box::new([0; BUFFER_BYTES]);
    let decoding = Decoding { text, decoder, is_over: false, decoded, left: 0..0 };
    Ok(Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, decoding))))
}

/// A text that is decoded while it is read.
struct Decoding {
    text: Text,
    decoder: Decoder,
    is_over: bool,
    /// What is decoded; a reader may ask for less than a letter takes.
    decoded: Box<[u8; BUFFER_BYTES]>,
    /// What of it the reader has not had yet.
    left: Range<usize>,
}

impl Decoding {
    /// Decodes until there is something, or the text is over.
    fn go_on(&mut self) -> Result<()> {
        while self.left.is_empty() && !self.is_over {
            let start = self.text.fill_buf()?;
            let is_last = start.is_empty();
            // The last byte is kept free for one that cannot be decoded.
            let room = &mut self.decoded[..BUFFER_BYTES - 1];
            let (result, read, mut written) =
                self.decoder.decode_to_utf8_without_replacement(start, room, is_last);
            self.text.consume(read);
            if let DecoderResult::Malformed(..) = result {
                self.decoded[written] = NOT_UTF8;
                written += 1;
            }
            self.is_over = is_last && result == DecoderResult::InputEmpty;
            self.left = 0..written;
        }
        Ok(())
    }
}

impl Read for Decoding {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize> {
        self.go_on()?;
        let count = bytes.len().min(self.left.len());
        bytes[..count].copy_from_slice(&self.decoded[self.left.start..self.left.start + count]);
        self.left.start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], name: &str) -> std::result::Result<Vec<u8>, &'static str> {
        let text: Text = Box::new(std::io::Cursor::new(bytes.to_vec()));
        let encoding = TextEncoding::parse(name).unwrap();
        let mut text = decoded(text, encoding).unwrap().map_err(|foreign| foreign.0)?;
        let mut read = Vec::new();
        text.read_to_end(&mut read).unwrap();
        Ok(read)
    }

    #[test]
    fn a_named_encoding_is_read() {
        let words = "端末,時刻\nａ,髙﨑\n".repeat(9_000);
        for name in ["shift_jis", "cp932", "euc-jp"] {
            let (bytes, ..) = TextEncoding::parse(name).unwrap().0.encode(&words);
            assert!(read(&bytes, name) == Ok(words.clone().into_bytes()), "{name}");
        }
        assert!(TextEncoding::parse("latin-99").is_none());
    }

    #[test]
    fn a_mark_of_utf_8_is_left_out_whatever_was_named() {
        assert_eq!(read(b"\xef\xbb\xbfa,b\n", "utf-8"), Ok(b"a,b\n".to_vec()));
        assert_eq!(read(b"\xef\xbb\xbfa,b\n", "shift_jis"), Ok(b"a,b\n".to_vec()));
        assert_eq!(read(b"", "utf-8"), Ok(Vec::new()));
    }

    #[test]
    fn utf_16_is_named_unless_the_operator_named_it() {
        let words = "device_id,端末\n";
        let little: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (mark, bytes, name) in [
            (&b"\xff\xfe"[..], &little, "UTF-16LE"),
            (b"\xfe\xff", &big, "UTF-16BE"),
            (b"", &little, "UTF-16LE"),
            (b"", &big, "UTF-16BE"),
        ] {
            let file = [mark, bytes.as_slice()].concat();
            assert_eq!(read(&file, "utf-8"), Err(name));
            assert_eq!(read(&file, "utf-16"), Ok(words.as_bytes().to_vec()));
        }
    }

    #[test]
    fn a_byte_that_is_no_letter_stays_none() {
        assert_eq!(
            read(b"a\x81\x00b\xfd", "shift_jis").unwrap().iter().filter(|byte| **byte == 0xff).count(),
            2
        );
    }
}
