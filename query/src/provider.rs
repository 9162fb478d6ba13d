//! Release tables for DataFusion: plain Parquet scans of the newest release.
//!
//! In: the lake's key to its releases, and a release table. Out: rows of it, as DataFusion takes them. Each question resolves the
//! newest release first, so a server shows a new one without a restart, and one question sees one release, whatever
//! tables it names. The key opens no internal table, so that a mistake here could not read one.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::Session;
use datafusion::common::stats::Precision;
use datafusion::common::{ColumnStatistics, ScalarValue, Statistics};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use futures::FutureExt;
use futures::future::BoxFuture;
use kayoi_lake::{Manifest, ManifestFile, ReleaseReader};
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::Month;
use object_store::ObjectMeta;

use crate::comparison::with_forms;
use crate::notice::NamedRelease;
use crate::provided::Provide;
use crate::scan::{Files, scan};

/// The name under which DataFusion finds the store of the releases. An engine serves one lake, so that one
/// name does.
const STORE: &str = "kayoi://release";

/// A release table as DataFusion sees it.
#[derive(Debug)]
pub(crate) struct ReleaseProvider {
    releases: Releases,
    table: ReleaseTable,
}

/// The release that the questions of a context read, instead of the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pinned(pub(crate) u64);

/// When a question began, and the release that it reads.
type Read = (DateTime<Utc>, Option<Arc<Manifest>>);

/// The releases of a lake, for all tables alike: what one question reads is of one release.
#[derive(Debug, Clone)]
pub(crate) struct Releases {
    reader: ReleaseReader,
    /// The release that the last question read, and when that question began.
    last: Arc<Mutex<Option<Read>>>,
    /// The release that was last asked for by its number. A release never changes.
    pinned: Arc<Mutex<Option<Arc<Manifest>>>>,
}

impl Releases {
    pub(crate) fn new(reader: &ReleaseReader) -> Self {
        Self { reader: reader.clone(), last: Arc::default(), pinned: Arc::default() }
    }

    /// The release of a number. Whoever asks for it has seen that it is there.
    async fn of_number(&self, Pinned(revision): Pinned) -> Result<Option<Arc<Manifest>>> {
        let known = self.pinned.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(manifest) = known
            && manifest.revision == revision
        {
            return Ok(Some(manifest));
        }
        let found =
            self.reader.of(revision).await.map_err(|error| DataFusionError::External(Box::new(error)))?;
        let found = found
            .map(Arc::new)
            .ok_or_else(|| DataFusionError::Execution(format!("there is no release `{revision}`")))?;
        *self.pinned.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&found));
        Ok(Some(found))
    }

    /// What a release says of itself; `None` where it cannot be read.
    pub(crate) async fn named(&self, revision: u64) -> Option<NamedRelease> {
        let release = self.of_number(Pinned(revision)).await.ok().flatten()?;
        Some(NamedRelease {
            revision,
            series: release.series.clone(),
            definition: release.definition.clone(),
            definition_hash: release.definition_hash.clone(),
        })
    }

    /// The months of a table's files in a release, the newest first; `None` where they are not cut by months, or the release
    /// cannot be read.
    pub(crate) async fn months(&self, revision: u64, table: ReleaseTable) -> Option<Vec<Month>> {
        let release = self.of_number(Pinned(revision)).await.ok().flatten()?;
        let files = &release.tables.get(table.table().name)?.files;
        let months: Option<BTreeSet<Month>> =
            files.iter().map(|file| Month::parse(file.month.as_deref()?)).collect();
        Some(months?.into_iter().rev().collect())
    }

    /// The release that a question reads: the newest when it asks for its first table, the same after that.
    async fn of_question(&self, began: Option<DateTime<Utc>>) -> Result<Option<Arc<Manifest>>> {
        let known = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let (Some(began), Some((of, manifest))) = (began, known)
            && began == of
        {
            return Ok(manifest);
        }
        let newest =
            self.reader.newest().await.map_err(|error| DataFusionError::External(Box::new(error)))?;
        let newest = newest.map(Arc::new);
        if let Some(began) = began {
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((began, newest.clone()));
        }
        Ok(newest)
    }
}

/// The column by which the files of a table are cut, where it has one.
const MONTH: &str = "month";

impl ReleaseProvider {
    pub(crate) fn new(releases: &Releases, table: ReleaseTable) -> Self {
        Self { releases: releases.clone(), table }
    }

    /// The files of a release, each with the month of its rows, so that a question of one month opens one.
    fn files(&self, release: &Manifest) -> Result<Vec<PartitionedFile>> {
        let files = self.releases.reader.files(release, self.table);
        let files = files.map_err(|error| DataFusionError::External(Box::new(error)))?;
        let named = release.tables.get(self.table.table().name).map_or(&[][..], |table| &table.files);
        let schema = self.schema();
        let place = schema.index_of(MONTH).ok();
        let with_month = |(meta, named): (ObjectMeta, &ManifestFile)| {
            let file = PartitionedFile::new_from_meta(meta);
            let month = named.month.as_deref().and_then(Month::parse).map(first_day);
            match (place, month) {
                (Some(place), Some(day)) => {
                    let mut statistics = Statistics::new_unknown(&schema);
                    statistics.column_statistics[place] = ColumnStatistics {
                        min_value: Precision::Exact(day.clone()),
                        max_value: Precision::Exact(day),
                        null_count: Precision::Exact(0),
                        ..ColumnStatistics::new_unknown()
                    };
                    file.with_statistics(Arc::new(statistics))
                }
                _ => file,
            }
        };
        Ok(files.into_iter().zip(named).map(with_month).collect())
    }
}

/// The first day of a month, which is what stands in its rows.
fn first_day(month: Month) -> ScalarValue {
    ScalarValue::Date32(Some(month.first_day().0))
}

impl Provide for ReleaseProvider {
    fn schema(&self) -> SchemaRef {
        with_forms(&self.table.table().arrow_schema())
    }

    fn scan<'a>(
        &'a self,
        state: &'a dyn Session,
        projection: Option<&'a Vec<usize>>,
        _filters: &'a [Expr],
        limit: Option<usize>,
    ) -> BoxFuture<'a, Result<Arc<dyn ExecutionPlan>>> {
        async move {
            let release = match state.config().get_extension::<Pinned>() {
                Some(pinned) => self.releases.of_number(*pinned).await?,
                None => self.releases.of_question(state.execution_props().query_execution_start_time).await?,
            };
            let files = match &release {
                Some(release) => self.files(release)?,
                None => Vec::new(),
            };
            let read = Files { store: (STORE, self.releases.reader.store()), schema: self.schema(), files };
            scan(state, read, projection, limit)
        }
        .boxed()
    }
}
