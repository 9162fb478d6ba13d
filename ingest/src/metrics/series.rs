//! One metric with a series for each combination of its labels' values, on crate prometheus-client.
//!
//! In: values of labels. Out: the counter, gauge or histogram of them. A metric without labels has its one
//! series from the start, so that its first step shows.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::{EncodeMetric, MetricEncoder};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::{MetricType, TypedMetric, counter, gauge};

pub(super) use prometheus_client::metrics::histogram::Histogram;

/// A whole number that only grows, from 0 at the start of the process.
pub(super) type Counter = counter::Counter;
/// A whole number that goes up and down.
pub(super) type Gauge = gauge::Gauge;
/// Seconds that go up and down.
pub(super) type Seconds = gauge::Gauge<f64, AtomicU64>;

/// Upper bounds of the time a commit takes, seconds: a folder answers in tenths, a bucket that is away in
/// minutes.
const BOUNDS_S: [f64; 11] = [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0];

/// What a series can be.
pub(super) trait Instrument: Clone + EncodeMetric + TypedMetric {
    /// One that has seen nothing.
    fn start() -> Self;
}

impl Instrument for Counter {
    fn start() -> Self {
        Self::default()
    }
}

impl Instrument for Gauge {
    fn start() -> Self {
        Self::default()
    }
}

impl Instrument for Seconds {
    fn start() -> Self {
        Self::default()
    }
}

impl Instrument for Histogram {
    fn start() -> Self {
        Self::new(BOUNDS_S)
    }
}

/// A name and a value for each label.
type Labels<const N: usize> = [(&'static str, String); N];

/// The series of one metric with `N` labels. Clones share them.
#[derive(Debug, Clone)]
pub(super) struct Series<M, const N: usize> {
    names: [&'static str; N],
    family: Family<Labels<N>, M, fn() -> M>,
}

impl<M: Instrument, const N: usize> Series<M, N> {
    /// A metric with these labels.
    pub(super) fn new(names: [&'static str; N]) -> Self {
        let series = Self { names, family: Family::new_with_constructor(M::start) };
        if N == 0 {
            series.of([""; N]);
        }
        series
    }

    /// The series of these values, in the order of the names.
    pub(super) fn of(&self, values: [&str; N]) -> M {
        let labels = std::array::from_fn(|label| (self.names[label], values[label].to_owned()));
        self.family.get_or_create_owned(&labels)
    }

    /// Forgets every series.
    pub(super) fn clear(&self) {
        self.family.clear();
    }
}

impl<M: Instrument, const N: usize> EncodeMetric for Series<M, N> {
    fn encode(&self, encoder: MetricEncoder<'_>) -> std::fmt::Result {
        self.family.encode(encoder)
    }

    fn metric_type(&self) -> MetricType {
        M::TYPE
    }
}
