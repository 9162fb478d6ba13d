//! What a partner delivered, as tables.
//!
//! In: the lake's key to what is known of deliveries. Out: `delivery_quality` and `delivery_rejects`, in the catalog of a
//! partner with its own rows, and in nobody else's. They are read as they are now: no release stands in between, since
//! they are about records and not about people.

use std::sync::Arc;

use datafusion::arrow::datatypes::DataType::{Date32, Float64, Int32, Int64, Utf8};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::Session;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use futures::FutureExt;
use futures::future::BoxFuture;
use kayoi_lake::{DeliveryReader, DeliveryTable};

use crate::beside::{Described, column};
use crate::provided::Provide;
use crate::scan::{Files, scan};

static QUALITY: Described = Described {
    name: "delivery_quality",
    ja: "配信の品質: 1行が、ある日について測った1つの値",
    en: "how deliveries fared: one figure about what was delivered of a day",
    columns: &[
        column("partner", Utf8, "配信した事業者", "who delivered it"),
        column(
            "day",
            Date32,
            "測位の日(04:00から)。rejectedで始まる値は、届いた日",
            "local day of the fixes, from 04:00; for rejects, of their arrival",
        ),
        column(
            "measure",
            Utf8,
            "何を測ったか(kayoi quality --help)",
            "what is measured: `kayoi quality --help`",
        ),
        column("value", Float64, "その値", "the figure, in the measure's unit"),
    ],
    key: &[],
};

static REJECTS: Described = Described {
    name: "delivery_rejects",
    ja: "受け入れなかったレコード: 1行が1件。レコードの内容は残さない",
    en: "one record that was not accepted; the record itself is not kept",
    columns: &[
        column("partner", Utf8, "配信した事業者", "who delivered it"),
        column("source", Utf8, "トピックまたはファイル", "topic or file it came from"),
        column("partition", Int32, "Kafkaのパーティション。ファイルでは0", "Kafka partition; 0 for a file"),
        column(
            "record_offset",
            Int64,
            "Kafkaのオフセット、またはファイルの中の番号(0から)",
            "Kafka offset, or number of the record in the file from 0",
        ),
        column("reason", Utf8, "理由(kayoi schema --rejects)", "why: `kayoi schema --rejects`"),
        column(
            "detail",
            Utf8,
            "何が違い、何なら受け入れるか。レコードの値は書かない",
            "what is wrong and what is allowed; never a value of the record",
        ),
    ],
    key: &[],
};

/// What both say of themselves.
pub(crate) static WORDS: [&Described; 2] = [&QUALITY, &REJECTS];

/// What a table says of itself.
pub(crate) fn words(table: DeliveryTable) -> &'static Described {
    match table {
        DeliveryTable::Quality => &QUALITY,
        DeliveryTable::Rejects => &REJECTS,
    }
}

/// Whether one of them is called so.
pub(crate) fn is_called(name: &str) -> bool {
    WORDS.iter().any(|table| table.name == name)
}

/// A table about the deliveries of all partners.
#[derive(Debug)]
pub(crate) struct Deliveries {
    reader: DeliveryReader,
    table: DeliveryTable,
}

impl Deliveries {
    pub(crate) fn new(reader: &DeliveryReader, table: DeliveryTable) -> Self {
        Self { reader: reader.clone(), table }
    }

    /// The name under which DataFusion finds the store of the table.
    fn store_name(&self) -> &'static str {
        match self.table {
            DeliveryTable::Quality => "kayoi://delivery-quality",
            DeliveryTable::Rejects => "kayoi://delivery-rejects",
        }
    }
}

impl Provide for Deliveries {
    fn schema(&self) -> SchemaRef {
        words(self.table).arrow_schema()
    }

    fn scan<'a>(
        &'a self,
        state: &'a dyn Session,
        projection: Option<&'a Vec<usize>>,
        _filters: &'a [Expr],
        limit: Option<usize>,
    ) -> BoxFuture<'a, Result<Arc<dyn ExecutionPlan>>> {
        async move {
            let files = self.reader.files(self.table).await;
            let files = files.map_err(|error| DataFusionError::External(Box::new(error)))?;
            let files = files.into_iter().map(PartitionedFile::new_from_meta).collect();
            let store = self.reader.store(self.table);
            let read = Files { store: (self.store_name(), &store), schema: self.schema(), files };
            scan(state, read, projection, limit)
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_of_the_lake() {
        for table in DeliveryTable::ALL {
            assert_eq!(words(table).arrow_schema(), table.table().arrow_schema(), "{table:?}");
        }
    }
}
