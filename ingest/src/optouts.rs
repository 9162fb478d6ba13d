//! A topic of people who asked to be forgotten → pseudonyms, in batches.
//!
//! In: a topic whose records are an identifier each, as the partner writes it: the text itself, a JSON text,
//! or an object with a `device_id` (or the name that is mapped to it). Out: [`OptOuts`] gives batches; when
//! the rows of one are gone, [`OptOuts::done`] puts its positions into the lake. To forget somebody twice
//! does no harm, so a batch whose positions were not written is simply given again. A record from which no
//! identifier can be read is counted: somebody waits to be forgotten, and is not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kayoi_lake::{DeltaTable, Lake, Position};
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::tables::InternalTable;

use crate::chunk::{Chunk, Payload, Stream};
use crate::decode::Decoder;
use crate::error::IngestError;
use crate::pseudonymize::PseudonymKey;
use crate::source::kafka::{KafkaOptions, KafkaSource};
use crate::source::{Polled, Positions, Source};

/// Longest identifier, bytes: more is no identifier.
const LONGEST: usize = 1024;

/// People of a topic who asked to be forgotten.
#[derive(Debug)]
pub struct OptOuts {
    source: KafkaSource,
    table: DeltaTable,
    reached: BTreeMap<String, Reached>,
    /// Streams whose topic id the lake has.
    marked: BTreeSet<String>,
    is_over: bool,
}

#[derive(Debug)]
struct Reached {
    stream: Arc<Stream>,
    /// Where the lake stands.
    from: Option<i64>,
    next: i64,
}

/// Some of them.
#[derive(Debug, Default)]
pub struct OptOutBatch {
    /// Whom to forget.
    pub devices: BTreeSet<DeviceId>,
    /// Records that were read.
    pub records: u64,
    /// Of them, without an identifier that can be read.
    pub unreadable: u64,
}

impl OptOuts {
    /// Connects, and reads from where the lake stands.
    ///
    /// # Errors
    /// [`IngestError`] when the broker does not answer or the topic does not exist.
    pub fn open(options: KafkaOptions, lake: &Lake) -> Result<Self, IngestError> {
        let table = lake.table(InternalTable::Pings)?;
        let source = KafkaSource::open(options, lake)?;
        Ok(Self { source, table, reached: BTreeMap::new(), marked: BTreeSet::new(), is_over: false })
    }

    /// The next records, about `most`; `None` at the end of the topic.
    ///
    /// # Errors
    /// [`IngestError`] when the topic cannot be read on.
    pub fn next(
        &mut self,
        lake: &Lake,
        key: &PseudonymKey,
        most: u64,
    ) -> Result<Option<OptOutBatch>, IngestError> {
        let mut batch = OptOutBatch::default();
        while !self.is_over && batch.records < most {
            match self.source.poll(&Positions { lake, table: &self.table })? {
                Polled::Chunk(chunk) => self.take(&chunk, key, &mut batch)?,
                Polled::Handover { streams, done } => {
                    // Whoever goes on with them begins where the lake stands.
                    for stream in &streams {
                        stream.lose();
                        self.reached.remove(&stream.source_id);
                    }
                    let _ = done.send(());
                }
                Polled::End => self.is_over = true,
                Polled::Idle | Polled::Skipped | Polled::Unreadable { .. } => {}
            }
        }
        Ok((batch.records > 0).then_some(batch))
    }

    fn take(
        &mut self,
        chunk: &Chunk,
        key: &PseudonymKey,
        batch: &mut OptOutBatch,
    ) -> Result<(), IngestError> {
        let stream = &chunk.stream;
        if stream.is_lost() {
            return Ok(());
        }
        let decoder = Decoder::new(chunk)?;
        for index in 0..decoder.len() {
            let decoded = || decoder.decode(index).ok()?.device_id.map(std::borrow::Cow::into_owned);
            let found = text_of(&chunk.payload, index).or_else(decoded);
            match found.filter(|text| !text.trim().is_empty()) {
                Some(text) => {
                    batch.devices.insert(key.device(text.trim()));
                }
                None => batch.unreadable += 1,
            }
            batch.records += 1;
        }
        let from = self.reached.get(&stream.source_id).filter(|known| Arc::ptr_eq(&known.stream, stream));
        let from = from.map_or(stream.began_at, |known| known.from);
        let reached = Reached { stream: Arc::clone(stream), from, next: chunk.next_offset };
        self.reached.insert(stream.source_id.clone(), reached);
        Ok(())
    }

    /// Writes down that all batches so far are done.
    ///
    /// # Errors
    /// [`IngestError`] when the lake refuses; then they are given again.
    pub fn done(&mut self, lake: &Lake) -> Result<(), IngestError> {
        let moved = self.reached.iter().filter(|(_, reached)| reached.from != Some(reached.next));
        let mut positions: Vec<Position> = moved
            .map(|(id, reached)| Position { source_id: id.clone(), from: reached.from, next: reached.next })
            .collect();
        // A topic that is made anew is noticed by its id, as that of pings.
        let unmarked = self.reached.iter().filter(|(id, _)| !self.marked.contains(*id));
        positions.extend(unmarked.filter_map(|(_, reached)| reached.stream.topic_position()));
        lake.block_on(self.table.append(Vec::new(), &positions, None))?;
        let mut told = Vec::new();
        for (id, reached) in &mut self.reached {
            self.marked.insert(id.clone());
            reached.from = Some(reached.next);
            told.push((Arc::clone(&reached.stream), reached.next));
        }
        self.source.committed(&told);
        Ok(())
    }
}

/// The identifier in a record that is a text, bare or in JSON; `None` for one that has to be decoded.
fn text_of(payload: &Payload, index: usize) -> Option<String> {
    let Payload::Records(records) = payload else { return None };
    identifier(records.bytes_of(index))
}

/// The identifier that is a whole text, bare or as a text of JSON; `None` for anything else.
pub fn identifier(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').trim();
    if text.starts_with('"') {
        return serde_json::from_str(text).ok();
    }
    let is_bare = |text: &str| !text.starts_with(['{', '[']) && !text.chars().any(char::is_control);
    (text.len() <= LONGEST && is_bare(text)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::identifier;

    #[test]
    fn an_identifier_is_a_bare_text_or_one_of_json() {
        for bytes in ["AAAA-1", " AAAA-1\r\n", "\"AAAA-1\"", "\u{feff}AAAA-1"] {
            assert_eq!(identifier(bytes.as_bytes()).as_deref().map(str::trim), Some("AAAA-1"), "{bytes:?}");
        }
        for bytes in [&b"{\"device_id\":1}"[..], b"[1]", b"\xff\xfe", b"\0\0\0\0\x01id", b"\"open"] {
            assert_eq!(identifier(bytes), None, "{bytes:?}");
        }
    }
}
