use arrow_flight::utils::batches_to_flight_data;
use datafusion::arrow::array::{ArrayRef, Int64Array, StringArray};
use datafusion::arrow::record_batch::RecordBatch;
use futures::stream;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

use super::*;

fn batch(rows: usize) -> RecordBatch {
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["20361"; rows]));
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![7; rows]));
    RecordBatch::try_from_iter([("0", texts), ("1", numbers)]).unwrap()
}

fn messages(batch: RecordBatch) -> Vec<FlightData> {
    batches_to_flight_data(&batch.schema(), vec![batch]).unwrap()
}

async fn bound(messages: Vec<FlightData>, types: &[Option<DataType>]) -> Result<ParamValues, Status> {
    read(stream::iter(messages.into_iter().map(Ok)), types).await.map(|(values, _)| values)
}

const TYPES: [Option<DataType>; 2] = [Some(DataType::Utf8), Some(DataType::Float64)];

#[tokio::test]
async fn values_become_what_the_parameters_take() {
    let ParamValues::List(values) = bound(messages(batch(1)), &TYPES).await.unwrap() else { panic!() };
    let values: Vec<_> = values.into_iter().map(|value| value.value).collect();
    assert_eq!(values, [ScalarValue::from("20361"), ScalarValue::from(7.0)]);
    let unknown = bound(messages(batch(1)), &[None, None]).await.unwrap();
    let ParamValues::List(values) = unknown else { panic!() };
    assert_eq!(values[1].value, ScalarValue::from(7_i64));
}

#[tokio::test]
async fn what_does_not_fit_is_said() {
    for (messages, types, words) in [
        (messages(batch(2)), &TYPES[..], "several rows"),
        (messages(batch(1)), &TYPES[..1], "`2` values for a question that takes `1`"),
        (Vec::new(), &TYPES[..], "`0` values for a question that takes `2`"),
        (messages(batch(1)), &[Some(DataType::Utf8), Some(DataType::Date32)][..], "is no date"),
    ] {
        let error = bound(messages, types).await.unwrap_err();
        assert!(error.message().contains(words) && error.message().contains("\nhint: "), "{error:?}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_values_are_refused_and_nothing_breaks() {
    let mut random = SmallRng::seed_from_u64(16);
    let good = messages(batch(1));
    let mut refused = 0;
    for _ in 0..20_000 {
        let mut bad = good.clone();
        let message = &mut bad[random.random_range(0..good.len())];
        let part = if random.random() { &mut message.data_header } else { &mut message.data_body };
        let mut bytes = part.to_vec();
        for _ in 0..random.random_range(1..4) {
            if bytes.is_empty() {
                break;
            }
            let place = random.random_range(0..bytes.len());
            bytes[place] = random.random();
        }
        bytes.truncate(random.random_range(0..=bytes.len()).max(bytes.len().saturating_sub(8)));
        *part = bytes.into();
        refused += usize::from(bound(bad, &TYPES).await.is_err());
    }
    assert!(refused > 1_000, "{refused}");
}
