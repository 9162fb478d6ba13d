//! Which tables a question can reach.
//!
//! In: release tables and what reads them. Out: a DataFusion catalog `kayoi`. An
//! [`InternalTable`](kayoi_schemas::tables::InternalTable) cannot be put in, since the constructor does not
//! take its type; `tests/walls` shows it.
//!
//! The tables stand in the schema `public`, where Postgres clients look, and answer in `release` as well, the
//! name in the documents. `release` lists nothing, or clients would show every table twice. Questions of all towns stand as views in
//! a schema of their own, where their tables do.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{CatalogProvider, MemoryCatalogProvider, SchemaProvider, TableProvider};
use datafusion::error::Result as DataFusionResult;
use kayoi_lake::{DeliveryReader, DeliveryTable, Desk, ReleaseReader};
use kayoi_schemas::tables::ReleaseTable;

use crate::audit_table::{AUDIT, AuditTable};
use crate::beside::Described;
use crate::deliveries::{self, Deliveries};
use crate::desk::{Role, Scope};
use crate::error::QueryError;
use crate::provided::provided;
use crate::provider::{ReleaseProvider, Releases};
use crate::questions::{QuestionView, VIEWS};
use crate::reference;
use crate::scoped::{of_partner, within};
use crate::targets::{TARGET_WORDS, TARGETS, TargetTable};
use crate::views;

/// Name of the catalog, which Postgres clients see as the database.
pub(crate) const CATALOG: &str = "kayoi";
/// The schema that lists the tables.
pub(crate) const SCHEMA: &str = "public";
/// The schema that answers to the same names without listing them.
const ALIAS_SCHEMA: &str = "release";

/// A table that is no release table, as clients see it.
#[derive(Debug, Clone)]
pub(crate) struct Beside {
    pub(crate) name: &'static str,
    pub(crate) columns: SchemaRef,
    /// What it says of itself.
    pub(crate) words: Option<&'static Described>,
}

/// What tables beside the release say of themselves, in the order in which they are listed.
pub(crate) fn described() -> impl Iterator<Item = &'static Described> {
    [&TARGET_WORDS].into_iter().chain(reference::TABLES).chain(deliveries::WORDS)
}

/// Those of them that a scope shows: targets to who sees the figures that decide about them, facts to who sees figures, what
/// was delivered to its partner.
pub(crate) fn described_within(scope: &Scope) -> impl Iterator<Item = &'static Described> {
    described().filter(|table| match table.name {
        TARGETS => scope.has(ReleaseTable::ConnectedByPeriod),
        name if deliveries::is_called(name) => scope.partner.is_some(),
        _ => scope.sees_figures(),
    })
}

/// The questions that are views of tables that a scope shows.
pub(crate) fn views_within(scope: &Scope) -> impl Iterator<Item = &'static QuestionView> {
    let beside: Vec<&str> = described_within(scope).map(|table| table.name).collect();
    let is_seen = move |name: &str| {
        ReleaseTable::parse(name).is_some_and(|table| scope.has(table)) || beside.contains(&name)
    };
    QuestionView::all().iter().filter(move |view| view.is_seen_with(&is_seen))
}

/// The tables that can be asked.
#[derive(Debug, Clone)]
pub struct Catalog {
    tables: Vec<(ReleaseTable, Arc<dyn TableProvider>)>,
    /// What a server writes itself.
    desk: Option<Desk>,
    /// What towns aim at.
    targets: Option<Arc<dyn TableProvider>>,
    /// What auditors read, and nobody else.
    audit: Option<Arc<dyn TableProvider>>,
    /// What partners delivered, of which a partner reads its own, and nobody else any.
    deliveries: Option<DeliveryReader>,
    /// The part of it that a partner reads.
    delivered: Vec<(&'static str, Arc<dyn TableProvider>)>,
    /// Whether facts that belong to nobody stand beside.
    has_reference: bool,
    /// The releases of the lake, where its tables are read from them.
    releases: Option<Releases>,
}

impl Catalog {
    /// A catalog of release tables, each with what reads it.
    pub fn new(tables: Vec<(ReleaseTable, Arc<dyn TableProvider>)>) -> Self {
        let targets = provided(TargetTable::new(None));
        Self {
            tables,
            desk: None,
            targets: Some(targets),
            audit: None,
            deliveries: None,
            delivered: Vec::new(),
            has_reference: true,
            releases: None,
        }
    }

    /// Every release table that a reader opens. Each question reads the newest release.
    pub fn from_releases(reader: &ReleaseReader) -> Self {
        let releases = Releases::new(reader);
        let provider = |table| provided(ReleaseProvider::new(&releases, table));
        let tables = ReleaseTable::ALL.map(|table| (table, provider(table))).to_vec();
        Self { releases: Some(releases), ..Self::new(tables) }
    }

    /// The same with who asked what, for auditors, and with what towns aim at.
    pub fn with_desk(self, desk: Desk) -> Self {
        let targets = provided(TargetTable::new(Some(&desk)));
        Self { desk: Some(desk), targets: Some(targets), ..self }
    }

    /// The same with what partners delivered, for each of them its own.
    pub fn with_deliveries(self, deliveries: DeliveryReader) -> Self {
        Self { deliveries: Some(deliveries), ..self }
    }

    /// What of it a scope shows.
    pub(crate) fn within(&self, scope: &Scope) -> Self {
        let seen = self.tables.iter().filter(|(table, _)| scope.has(*table));
        let tables = seen.map(|(table, all)| (*table, within(all, &scope.areas))).collect();
        let of_auditor = |desk: &Desk| provided(AuditTable::new(desk));
        let audit = self.desk.as_ref().filter(|_| scope.role == Role::Auditor).map(of_auditor);
        // Who sees the figures that decide about targets sees the targets.
        let seen = self.targets.as_ref().filter(|_| scope.has(ReleaseTable::ConnectedByPeriod));
        let targets = seen.map(|all| within(all, &scope.areas));
        // Who reads who asked what reads nothing else, and neither does a partner.
        let delivered = self.delivered_by(scope);
        let has_reference = scope.sees_figures();
        let releases = self.releases.clone();
        Self { tables, desk: None, targets, audit, deliveries: None, delivered, has_reference, releases }
    }

    /// The releases that its tables are read from.
    pub(crate) fn releases(&self) -> Option<&Releases> {
        self.releases.as_ref()
    }

    /// What a partner reads of its own deliveries.
    fn delivered_by(&self, scope: &Scope) -> Vec<(&'static str, Arc<dyn TableProvider>)> {
        let (Some(reader), Some(partner)) = (&self.deliveries, &scope.partner) else { return Vec::new() };
        let own = |table: DeliveryTable| {
            let all = provided(Deliveries::new(reader, table));
            (deliveries::words(table).name, of_partner(all, partner))
        };
        DeliveryTable::ALL.into_iter().map(own).collect()
    }

    /// The tables that are no release tables, with their columns.
    pub(crate) fn others(&self) -> Vec<Beside> {
        let words = |name: &str| described().find(|table| table.name == name);
        let beside = |(name, provider): (&'static str, Arc<dyn TableProvider>)| Beside {
            name,
            columns: provider.schema(),
            words: words(name),
        };
        self.extra().map(beside).collect()
    }

    fn extra(&self) -> impl Iterator<Item = (&'static str, Arc<dyn TableProvider>)> {
        let targets = self.targets.iter().map(|targets| (TARGETS, Arc::clone(targets)));
        let audit = self.audit.iter().map(|audit| (AUDIT, Arc::clone(audit)));
        let reference = if self.has_reference { reference::tables() } else { Vec::new() };
        let delivered = self.delivered.iter().map(|(name, part)| (*name, Arc::clone(part)));
        targets.chain(audit).chain(reference).chain(delivered)
    }

    /// The tables, in order.
    pub fn tables(&self) -> impl Iterator<Item = ReleaseTable> {
        self.tables.iter().map(|(table, _)| *table)
    }

    /// The names of the tables, in the same order.
    pub fn names(&self) -> Vec<String> {
        let others = self.extra().map(|(name, _)| name.to_owned());
        self.tables().map(|table| table.table().name.to_owned()).chain(others).collect()
    }

    /// The questions that are views of these tables.
    pub(crate) fn views(&self) -> Vec<&'static QuestionView> {
        let names = self.names();
        let is_seen = |name: &str| names.iter().any(|one| one == name);
        QuestionView::all().iter().filter(|view| view.is_seen_with(is_seen)).collect()
    }

    /// A fresh catalog for DataFusion, so that what one door adds to it does not show at another.
    pub(crate) fn provider(&self) -> Result<Arc<dyn CatalogProvider>, QueryError> {
        let providers: BTreeMap<_, _> = self
            .tables
            .iter()
            .map(|(table, provider)| (table.table().name.to_owned(), Arc::clone(provider)))
            .chain(self.extra().map(|(name, provider)| (name.to_owned(), provider)))
            .collect();
        let of_questions =
            self.views().into_iter().map(|view| (view.name.clone(), views::listed(view))).collect();
        let catalog = MemoryCatalogProvider::new();
        let schemas = [
            (SCHEMA, providers.clone(), true),
            (ALIAS_SCHEMA, providers, false),
            (VIEWS, of_questions, true),
        ];
        for (schema, providers, listed) in schemas {
            // Who sees no figures sees no schema of questions about them.
            if schema == VIEWS && providers.is_empty() {
                continue;
            }
            let provider = Arc::new(ReleaseSchema { providers, listed });
            catalog
                .register_schema(schema, provider)
                .map_err(|error| QueryError::Internal(Box::new(error)))?;
        }
        Ok(Arc::new(catalog))
    }
}

/// A schema that nothing can be added to: it keeps DataFusion's refusing defaults.
#[derive(Debug)]
struct ReleaseSchema {
    providers: BTreeMap<String, Arc<dyn TableProvider>>,
    listed: bool,
}

#[async_trait]
impl SchemaProvider for ReleaseSchema {
    fn table_names(&self) -> Vec<String> {
        if self.listed { self.providers.keys().cloned().collect() } else { Vec::new() }
    }

    async fn table(&self, name: &str) -> DataFusionResult<Option<Arc<dyn TableProvider>>> {
        Ok(self.providers.get(name).cloned())
    }

    fn table_exist(&self, name: &str) -> bool {
        self.providers.contains_key(name)
    }
}

#[cfg(test)]
mod tests {
    use kayoi_geography::Geography;
    use kayoi_lake::manifest::columns_hash;
    use kayoi_lake::{Lake, Manifest, ManifestFile, ManifestTable, NewFile};

    use super::*;
    use crate::fixture::{answer, asked, batch};
    use crate::{Door, Engine, Limits};

    #[test]
    fn a_lake_answers_with_nothing_before_its_first_release_and_with_each_release_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        let geography = Arc::new(Geography::simplified().unwrap());
        let catalog = Catalog::from_releases(&lake.release_reader());
        let engine = Arc::new(Engine::new(catalog, geography, Limits::default()).unwrap());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let sql = "SELECT persons FROM connected_monthly WHERE origin_code = '13' OR persons IS NULL";
        let rows = || runtime.block_on(answer(&engine, asked(Door::CommandLine, sql))).unwrap().row_count();
        assert_eq!(rows(), 0);
        for revision in 1..=2 {
            publish(&lake, revision);
            assert_eq!(rows(), 3);
        }
    }

    /// A release of one table.
    fn publish(lake: &Lake, revision: u64) {
        let table = ReleaseTable::ConnectedMonthly.table();
        let mut release = lake.replace_release(ReleaseTable::ConnectedMonthly).unwrap();
        release.write(&batch(ReleaseTable::ConnectedMonthly)).unwrap();
        release.end_file().unwrap();
        let file = |file: NewFile| ManifestFile {
            path: file.path,
            bytes: file.size_bytes,
            sha256: String::new(),
            month: None,
        };
        let files = release.files().into_iter().map(file).collect();
        let version = release.commit(None).unwrap();
        let found = ManifestTable { version, columns: columns_hash(table), files };
        let tables = [(table.name.to_owned(), found)].into();
        let manifest = Manifest { format: 1, revision, tables, ..Manifest::default() };
        let bytes = serde_json::to_vec(&manifest).unwrap();
        lake.release_writer().publish(revision, bytes.into(), None).unwrap();
    }
}
