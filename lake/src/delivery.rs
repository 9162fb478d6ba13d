//! The key to what partners delivered, for who is shown that and nothing else.
//!
//! In: a lake's place, from [`Lake::delivery_reader`]. Out: [`DeliveryReader`]. It takes a [`DeliveryTable`] and no other
//! table; neither of them holds a ping or a device. The store that it hands out sees the folder of that table only and
//! refuses to write.

use std::sync::Arc;

use kayoi_schemas::tables::{InternalTable, Table};
use object_store::{ObjectMeta, ObjectStore};

use crate::error::LakeError;
use crate::lake::Lake;
use crate::location::Location;
use crate::table::DeltaTable;

/// A table about deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryTable {
    /// Figures about what a partner delivered, by day.
    Quality,
    /// Records that were not accepted, with the reason and without the record.
    Rejects,
}

impl DeliveryTable {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Quality, Self::Rejects];

    /// Its name, columns and place.
    pub fn table(self) -> &'static Table {
        match self {
            Self::Quality => InternalTable::Quality.table(),
            Self::Rejects => InternalTable::Rejects.table(),
        }
    }
}

/// Reads what is known of deliveries, and nothing else of a lake.
#[derive(Debug, Clone)]
pub struct DeliveryReader {
    location: Location,
}

impl Lake {
    /// The key for who may read what is known of deliveries.
    pub fn delivery_reader(&self) -> DeliveryReader {
        DeliveryReader { location: self.location().clone() }
    }
}

impl DeliveryReader {
    /// The files of a table as it is now, as [`DeliveryReader::store`] knows them; none before its first row.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer, or the table has other columns than this Kayoi's.
    pub async fn files(&self, table: DeliveryTable) -> Result<Vec<ObjectMeta>, LakeError> {
        let Some(found) = DeltaTable::open(table.table(), &self.location).await? else {
            return Ok(Vec::new());
        };
        let files = found.files().await?.into_iter();
        Ok(files
            .map(|file| self.location.file_below(table.table().path, &file.path, file.size_bytes))
            .collect())
    }

    /// The store in which the files of a table lie, with its folder as the root.
    pub fn store(&self, table: DeliveryTable) -> Arc<dyn ObjectStore> {
        self.location.read_only(table.table().path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_table_about_deliveries_names_a_device_or_a_place() {
        for table in DeliveryTable::ALL {
            let names: Vec<_> = table.table().columns.iter().map(|column| column.name).collect();
            let is_of_people =
                |name: &&str| ["device_id", "cell", "latitude", "municipality_code"].contains(name);
            assert!(!names.iter().any(is_of_people), "{names:?}");
        }
    }

    #[test]
    fn a_lake_without_deliveries_has_no_files_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        let reader = lake.delivery_reader();
        assert!(lake.desk().block_on(reader.files(DeliveryTable::Rejects)).unwrap().is_empty());
    }
}
