//! Where reading a partition starts.
//!
//! In: what the lake holds of it and what the broker still has. Out: an offset, or the error that records are
//! lost. A position that fell out of the topic's retention is never passed over in silence.

use super::options::KafkaOptions;
use super::partition::{Ends, Partition};
use crate::chunk::TopicMark;
use crate::source::error::SourceError;

/// The first offset to read, `stored` being the next one by the lake.
///
/// # Errors
/// [`SourceError::OffsetGone`] when records between are gone; [`SourceError::OffsetAhead`] when the lake is
/// past the end of the topic, as after a topic was made anew.
pub(super) fn offset(
    options: &KafkaOptions,
    partition: &Partition,
    stored: Option<i64>,
    Ends { low, high }: Ends,
) -> Result<i64, SourceError> {
    let (topic, number) = (partition.topic.clone(), partition.number);
    match stored {
        None if options.starts_at_end => Ok(high),
        None => Ok(low),
        Some(stored) if stored < low && options.skips_lost_offsets => {
            let lost = low - stored;
            tracing::error!(
                topic,
                partition = number,
                stored,
                low,
                lost,
                "records are gone from the broker: skipped"
            );
            Ok(low)
        }
        Some(stored) if stored < low => {
            Err(SourceError::OffsetGone { topic, partition: number, stored, low })
        }
        Some(stored) if stored > high => {
            Err(SourceError::OffsetAhead { topic, partition: number, stored, high })
        }
        Some(stored) => Ok(stored),
    }
}

/// Which topic a position is of: refused when it is another one than the brokers have under that name now.
///
/// # Errors
/// [`SourceError::TopicMadeAnew`].
pub(super) fn topic(
    partition: &Partition,
    stored: Option<i64>,
    known: Option<i64>,
    found: Option<i64>,
) -> Result<Option<TopicMark>, SourceError> {
    match (stored, known, found) {
        (Some(stored), Some(known), Some(found)) if known != found => {
            let (topic, partition) = (partition.topic.clone(), partition.number);
            Err(SourceError::TopicMadeAnew { topic, partition, stored })
        }
        _ => Ok(found.map(|id| TopicMark { known, id })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::kafka::options::of_no_topic;

    fn at(stored: Option<i64>, change: impl FnOnce(&mut KafkaOptions)) -> Result<i64, String> {
        let mut options = of_no_topic();
        change(&mut options);
        let partition = Partition { topic: "t".into(), number: 3 };
        offset(&options, &partition, stored, Ends { low: 100, high: 200 }).map_err(|error| error.to_string())
    }

    #[test]
    fn a_topic_made_anew_is_refused_whatever_its_length_and_one_without_an_id_is_not() {
        let partition = Partition { topic: "t".into(), number: 3 };
        let error = topic(&partition, Some(100), Some(1), Some(2)).unwrap_err().to_string();
        assert!(error.contains("made anew") && error.contains("hint:"), "{error}");
        let mark = |known, id| Some(TopicMark { known, id });
        assert_eq!(topic(&partition, Some(100), Some(1), Some(1)).unwrap(), mark(Some(1), 1));
        // Lakes of before have a position and no id; brokers of before say none.
        assert_eq!(topic(&partition, Some(100), None, Some(1)).unwrap(), mark(None, 1));
        assert_eq!(topic(&partition, Some(100), Some(1), None).unwrap(), None);
    }

    #[test]
    fn the_lake_decides_and_lost_records_are_never_passed_over_in_silence() {
        assert_eq!(at(None, |_| {}), Ok(100));
        assert_eq!(at(None, |options| options.starts_at_end = true), Ok(200));
        assert_eq!(at(Some(150), |options| options.starts_at_end = true), Ok(150));
        assert_eq!(at(Some(100), |_| {}), Ok(100));
        let error = at(Some(60), |_| {}).unwrap_err();
        assert!(error.contains("40 records are lost") && error.contains("hint:"), "{error}");
        assert_eq!(at(Some(60), |options| options.skips_lost_offsets = true), Ok(100));
        let error = at(Some(201), |options| options.skips_lost_offsets = true).unwrap_err();
        assert!(error.contains("made anew") && error.contains("hint:"), "{error}");
    }
}
