use std::net::SocketAddr;

use arrow_flight::decode::FlightRecordBatchStream;
use arrow_flight::flight_service_client::FlightServiceClient;
use arrow_flight::sql::client::FlightSqlServiceClient;
use arrow_flight::sql::{
    ActionCancelQueryRequest, ActionCreatePreparedStatementRequest, Any, Command, CommandGetCatalogs,
    CommandGetCrossReference, CommandGetDbSchemas, CommandGetExportedKeys, CommandGetImportedKeys,
    CommandGetPrimaryKeys, CommandGetSqlInfo, CommandGetTableTypes, CommandGetTables, CommandGetXdbcTypeInfo,
    CommandStatementIngest, CommandStatementQuery, CommandStatementSubstraitPlan, CommandStatementUpdate,
    ProstMessageExt, TicketStatementQuery,
};
use arrow_flight::{Action, FlightData, FlightDescriptor, FlightInfo, Ticket};
use datafusion::arrow::array::{ArrayRef, AsArray, Float64Array, StringArray};
use datafusion::arrow::datatypes::{Int64Type, Schema};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::ParamValues;
use futures::{StreamExt, TryStreamExt, stream};
use kayoi_schemas::tables::ReleaseTable;
use prost::Message;
use tokio::sync::oneshot;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};

use super::*;
use crate::engine::Limits;
use crate::fixture::{UNREACHABLE, WRITES, engine, service};

/// A server that ends with the test, and a client without a session.
struct Served {
    address: SocketAddr,
    client: FlightServiceClient<Channel>,
    _stop: oneshot::Sender<()>,
}

async fn serve(limits: Limits) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = async move { drop(stopped.await) };
    tokio::spawn(serve_flight(
        service(&engine(limits)),
        crate::desk::Directory::empty(),
        listener,
        None,
        ended,
    ));
    let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
    Served { address, client: FlightServiceClient::new(channel), _stop: stop }
}

impl Served {
    /// A driver that has signed in.
    async fn driver(&self) -> FlightSqlServiceClient<Channel> {
        let channel =
            Endpoint::from_shared(format!("http://{}", self.address)).unwrap().connect().await.unwrap();
        let mut driver = FlightSqlServiceClient::new(channel);
        driver.handshake("analyst", "anything").await.unwrap();
        driver
    }

    async fn info(&self, command: &impl ProstMessageExt) -> Result<FlightInfo, Status> {
        let descriptor = FlightDescriptor::new_cmd(command.as_any().encode_to_vec());
        self.client.clone().get_flight_info(descriptor).await.map(tonic::Response::into_inner)
    }

    async fn get(
        &self,
        ticket: impl Into<prost::bytes::Bytes>,
    ) -> Result<(Schema, Vec<RecordBatch>), Status> {
        let messages = self.client.clone().do_get(Ticket::new(ticket)).await?.into_inner();
        let mut rows = FlightRecordBatchStream::new_from_flight_data(messages.map_err(Into::into));
        let batches: Vec<_> = rows.by_ref().try_collect().await.map_err(Status::from)?;
        Ok((rows.schema().unwrap().as_ref().clone(), batches))
    }

    /// The rows of a command, in the columns that were told.
    async fn rows(&self, command: &impl ProstMessageExt) -> Result<Vec<RecordBatch>, Status> {
        let info = self.info(command).await?;
        let ticket = info.endpoint[0].ticket.clone().unwrap().ticket;
        let told = info.try_decode_schema().unwrap();
        let (columns, batches) = self.get(ticket).await?;
        assert_eq!(told, columns, "{}", command.as_any().type_url);
        Ok(batches)
    }

    async fn ask(&self, sql: &str) -> Result<Vec<RecordBatch>, Status> {
        self.rows(&query(sql)).await
    }

    async fn put(&self, command: &impl ProstMessageExt) -> Result<(), Status> {
        let descriptor = FlightDescriptor::new_cmd(command.as_any().encode_to_vec());
        let message = FlightData::new().with_descriptor(descriptor);
        self.client.clone().do_put(stream::iter([message])).await.map(drop)
    }
}

fn query(sql: &str) -> CommandStatementQuery {
    CommandStatementQuery { query: sql.to_owned(), transaction_id: None }
}

fn number(batches: &[RecordBatch]) -> i64 {
    batches[0].column(0).as_primitive::<Int64Type>().value(0)
}

/// Words that only a programmer of ours would understand.
const RUST: [&str; 7] = ["Err(", "Some(", "panicked", "DecodeError", "ArrowError", "DataFusion", "src/"];

fn is_for_people(status: &Status) {
    let message = status.message();
    assert!(message.contains("\nhint: "), "{status:?}");
    assert!(RUST.iter().all(|word| !message.contains(word)), "{status:?}");
}

#[tokio::test]
async fn rows_come_in_exactly_the_columns_that_were_told() {
    let served = serve(Limits::default()).await;
    for sql in [
        "SELECT * FROM connected_monthly",
        "SELECT count(*) AS n, sum(persons) AS s, avg(persons) AS a FROM connected_monthly",
        "SELECT 1 AS a, 2.5 AS b, 'x' AS c, NULL AS d, true AS e, DATE '2026-03-01' AS f, now() AS g",
        "SELECT CASE WHEN persons > 1 THEN 1 ELSE 2.5 END AS c FROM connected_monthly",
        "SELECT persons FROM connected_monthly WHERE persons < 0",
        "SELECT municipality_name('20361') AS n, current_date AS d",
        "SHOW timezone",
        "EXPLAIN SELECT * FROM visitors_daily",
        "SELECT table_name FROM information_schema.tables",
        "VALUES (1, 'a'), (2, 'b')",
    ] {
        served.ask(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }
    for table in ReleaseTable::ALL {
        served.ask(&format!("SELECT * FROM {}", table.table().name)).await.unwrap();
    }
    assert_eq!(number(&served.ask("SELECT count(*) FROM connected_monthly").await.unwrap()), 4);
}

#[tokio::test]
async fn nothing_is_written_and_nothing_else_is_reached() {
    let served = serve(Limits::default()).await;
    for sql in WRITES {
        let status = served.ask(sql).await.unwrap_err();
        is_for_people(&status);
        assert!(matches!(status.code(), Code::PermissionDenied | Code::InvalidArgument), "{sql}: {status:?}");
        let update = CommandStatementUpdate { query: sql.to_owned(), transaction_id: None };
        is_for_people(&served.put(&update).await.unwrap_err());
    }
    for name in UNREACHABLE {
        let status = served.ask(&format!("SELECT * FROM {name}")).await.unwrap_err();
        assert!(matches!(status.code(), Code::NotFound | Code::InvalidArgument), "{name}: {status:?}");
        is_for_people(&status);
    }
    let update = CommandStatementUpdate { query: "SELECT 1".to_owned(), transaction_id: None };
    for refused in [
        served.put(&update).await,
        served
            .put(&CommandStatementIngest { table: "t".to_owned(), ..CommandStatementIngest::default() })
            .await,
        served.info(&CommandStatementSubstraitPlan::default()).await.map(drop),
    ] {
        is_for_people(&refused.unwrap_err());
    }
}

#[tokio::test]
async fn everything_about_the_tables_comes_in_the_columns_of_the_protocol() {
    let served = serve(Limits::default()).await;
    let rows = async |command: &dyn Fn() -> Any| {
        let mut client = served.client.clone();
        let info = client.get_flight_info(FlightDescriptor::new_cmd(command().encode_to_vec()));
        let info = info.await.unwrap().into_inner();
        let ticket = info.endpoint[0].ticket.clone().unwrap().ticket;
        let told = info.try_decode_schema().unwrap();
        let (columns, batches) = served.get(ticket).await.unwrap();
        assert_eq!(told, columns);
        batches.iter().map(RecordBatch::num_rows).sum::<usize>()
    };
    let tables = |pattern: Option<&str>, types: &[&str], include_schema| CommandGetTables {
        catalog: Some("kayoi".to_owned()),
        db_schema_filter_pattern: Some("pub%".to_owned()),
        table_name_filter_pattern: pattern.map(str::to_owned),
        table_types: types.iter().map(|kind| (*kind).to_owned()).collect(),
        include_schema,
    };
    let all = ReleaseTable::ALL.len() + crate::catalog::described_within(&crate::Scope::default()).count();
    assert_eq!(rows(&|| CommandGetCatalogs {}.as_any()).await, 1);
    assert_eq!(rows(&|| CommandGetDbSchemas::default().as_any()).await, 2);
    let other =
        || CommandGetDbSchemas { catalog: Some("other".to_owned()), ..CommandGetDbSchemas::default() };
    assert_eq!(rows(&|| other().as_any()).await, 0);
    assert_eq!(rows(&|| tables(None, &[], false).as_any()).await, all);
    assert_eq!(rows(&|| tables(None, &["TABLE", "VIEW"], true).as_any()).await, all);
    assert_eq!(rows(&|| tables(Some("connected\\_monthly"), &[], true).as_any()).await, 1);
    assert_eq!(rows(&|| tables(None, &["VIEW"], true).as_any()).await, 0);
    let questions = |include_schema| CommandGetTables {
        db_schema_filter_pattern: Some("questions".to_owned()),
        ..tables(None, &["VIEW"], include_schema)
    };
    let views = crate::questions::QuestionView::all().len();
    assert!(views > 20, "{views}");
    for include_schema in [false, true] {
        assert_eq!(rows(&|| questions(include_schema).as_any()).await, views);
    }
    assert_eq!(rows(&|| CommandGetTableTypes {}.as_any()).await, 2);
    assert_eq!(rows(&|| CommandGetPrimaryKeys::default().as_any()).await, 0);
    assert_eq!(rows(&|| CommandGetExportedKeys::default().as_any()).await, 0);
    assert_eq!(rows(&|| CommandGetImportedKeys::default().as_any()).await, 0);
    assert_eq!(rows(&|| CommandGetCrossReference::default().as_any()).await, 0);
    assert_eq!(rows(&|| CommandGetXdbcTypeInfo { data_type: None }.as_any()).await, 9);
    assert_eq!(rows(&|| CommandGetXdbcTypeInfo { data_type: Some(12) }.as_any()).await, 1);
    assert!(rows(&|| CommandGetSqlInfo { info: Vec::new() }.as_any()).await > 80);
    assert_eq!(rows(&|| CommandGetSqlInfo { info: vec![0, 3, 3, 99_999] }.as_any()).await, 2);
    assert_eq!(rows(&|| CommandGetSqlInfo { info: vec![99_999] }.as_any()).await, 0);
    let long = tables(Some(&"%".repeat(2_000)), &[], false);
    is_for_people(&served.info(&long).await.unwrap_err());
}

#[tokio::test]
async fn a_column_says_what_it_is() {
    let served = serve(Limits::default()).await;
    let name = Some("connected_monthly".to_owned());
    let asked = CommandGetTables {
        table_name_filter_pattern: name,
        include_schema: true,
        ..CommandGetTables::default()
    };
    let batches = served.rows(&asked).await.unwrap();
    let schema = batches[0].column_by_name("table_schema").unwrap().as_binary::<i32>().value(0);
    let schema = Schema::try_from(arrow_flight::IpcMessage(schema.to_vec().into())).unwrap();
    let persons = schema.field_with_name("persons").unwrap();
    assert_eq!(persons.metadata()["ARROW:FLIGHT:SQL:TYPE_NAME"], "bigint");
    assert!(persons.metadata()["ARROW:FLIGHT:SQL:REMARKS"].len() > 10);
}

#[tokio::test]
async fn parameters_are_bound_by_marks_and_by_numbers_and_a_closed_statement_is_gone() {
    let served = serve(Limits::default()).await;
    let mut driver = served.driver().await;
    for sql in [
        "SELECT origin FROM connected_monthly WHERE persons > ? AND kind = ?",
        "SELECT origin FROM connected_monthly WHERE persons > $1 AND kind = $2",
    ] {
        let mut prepared = driver.prepare(sql.to_owned(), None).await.unwrap();
        let names: Vec<_> =
            prepared.dataset_schema().unwrap().fields().iter().map(|f| f.name().clone()).collect();
        assert_eq!(names, ["origin"]);
        // A driver may send a number of another type.
        let numbers: ArrayRef = Arc::new(Float64Array::from(vec![500.0]));
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["connected"]));
        prepared.set_parameters(RecordBatch::try_from_iter([("a", numbers), ("b", texts)]).unwrap()).unwrap();
        let info = prepared.execute().await.unwrap();
        let ticket = info.endpoint[0].ticket.clone().unwrap();
        let rows = async |ticket: Ticket| served.get(ticket.ticket).await;
        assert_eq!(rows(ticket.clone()).await.unwrap().1[0].num_rows(), 1);
        assert_eq!(rows(ticket.clone()).await.unwrap().1[0].num_rows(), 1, "a ticket may be used again");
        prepared.execute().await.unwrap();
        let status = rows(ticket).await.unwrap_err();
        assert_eq!(status.code(), Code::FailedPrecondition, "{status:?}");
        prepared.close().await.unwrap();
    }
    let mut prepared = driver.prepare("SELECT 1".to_owned(), None).await.unwrap();
    let ticket = prepared.execute().await.unwrap().endpoint[0].ticket.clone().unwrap();
    prepared.close().await.unwrap();
    let status = served.get(ticket.ticket).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound, "{status:?}");
    is_for_people(&status);
    // Without values, and directly.
    is_for_people(&served.ask("SELECT ?").await.unwrap_err());
    let mut open =
        driver.prepare("SELECT persons + ? FROM connected_monthly".to_owned(), None).await.unwrap();
    let info = open.execute().await.unwrap();
    is_for_people(&served.get(info.endpoint[0].ticket.clone().unwrap().ticket).await.unwrap_err());
}

#[tokio::test]
async fn a_ticket_that_the_server_has_not_given_is_refused() {
    let served = serve(Limits::default()).await;
    let info = served.info(&query("SELECT 1")).await.unwrap();
    let ticket = info.endpoint[0].ticket.clone().unwrap().ticket;
    let Ok(Command::TicketStatementQuery(inner)) = Command::try_from(Any::decode(ticket.clone()).unwrap())
    else {
        panic!("another ticket")
    };
    let mut forged = inner.statement_handle.to_vec();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    let forged = TicketStatementQuery { statement_handle: forged.into() }.as_any().encode_to_vec();
    for bytes in [
        forged,
        b"SELECT 1".to_vec(),
        Vec::new(),
        query("SELECT 1").as_any().encode_to_vec(),
        ticket[1..].to_vec(),
    ] {
        is_for_people(&served.get(bytes).await.unwrap_err());
    }
    for bytes in [Vec::new(), vec![0xFF; 100], b"\x0a\x05hi".to_vec()] {
        let status = served
            .client
            .clone()
            .get_flight_info(FlightDescriptor::new_cmd(bytes.clone()))
            .await
            .unwrap_err();
        is_for_people(&status);
        for action in ["CreatePreparedStatement", "CancelFlightInfo", "CancelQuery", "DropTable", ""] {
            let action = Action::new(action, bytes.clone());
            match served.client.clone().do_action(action).await {
                Err(status) => is_for_people(&status),
                Ok(_) => panic!("{bytes:?}"),
            }
        }
    }
    assert_eq!(number(&[served.get(ticket).await.unwrap().1].concat()), 1);
}

#[tokio::test]
async fn a_text_that_is_too_large_is_refused_in_words() {
    let served = serve(Limits::default()).await;
    for bytes in [1_200_000, 3_000_000, 8_000_000] {
        let status = served.ask(&format!("SELECT '{}'", "x".repeat(bytes))).await.unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted, "{bytes}: {status:?}");
        is_for_people(&status);
    }
    assert_eq!(number(&served.ask("SELECT 1").await.unwrap()), 1);
}

#[tokio::test]
async fn a_running_question_is_cancelled_by_its_info() {
    let served = serve(Limits::default()).await;
    let long = "SELECT count(*) FROM generate_series(1, 100000) AS a(n), generate_series(1, 100000) AS b(m) \
                WHERE a.n % 7 = b.m % 11";
    let info = served.info(&query(long)).await.unwrap();
    let ticket = info.endpoint[0].ticket.clone().unwrap().ticket;
    let cancelled = async {
        loop {
            let asked = ActionCancelQueryRequest { info: info.encode_to_vec().into() };
            let action = Action::new("CancelQuery", asked.as_any().encode_to_vec());
            let result =
                served.client.clone().do_action(action).await.unwrap().into_inner().next().await.unwrap();
            // NotCancellable until it has begun.
            if result.unwrap().body.ends_with(&[8, 1]) {
                return;
            }
        }
    };
    let (rows, ()) = tokio::join!(served.get(ticket), cancelled);
    let status = rows.unwrap_err();
    assert_eq!(status.code(), Code::Cancelled, "{status:?}");
}

#[tokio::test]
async fn what_is_set_holds_for_the_session_and_for_no_other() {
    let served = serve(Limits::default()).await;
    let mut driver = served.driver().await;
    let info = driver.execute("SET timezone = 'UTC'".to_owned(), None).await.unwrap();
    assert!(info.endpoint.is_empty(), "there are no rows to come for");
    assert_eq!(driver.execute_update("SET timezone = 'UTC'".to_owned(), None).await.unwrap(), 0);
    let info = driver.execute("SHOW timezone".to_owned(), None).await.unwrap();
    let rows = driver.do_get(info.endpoint[0].ticket.clone().unwrap()).await.unwrap();
    let rows: Vec<_> = rows.try_collect().await.unwrap();
    assert_eq!(rows[0].column(0).as_string::<i32>().value(0), "UTC");
    let other = served.ask("SHOW timezone").await.unwrap();
    assert_eq!(other[0].column(0).as_string::<i32>().value(0), "Asia/Tokyo");
    let status = served.ask("SET timezone = 'UTC'").await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition);
    is_for_people(&status);
    let transaction = driver.begin_transaction().await.unwrap();
    driver.end_transaction(transaction, arrow_flight::sql::EndTransaction::Commit).await.unwrap();
}

#[tokio::test]
async fn who_prepares_without_end_is_stopped_and_everybody_else_goes_on() {
    let service = service(&engine(Limits::default()));
    let door = door::FlightDoor::new(service, crate::desk::Directory::empty()).unwrap();
    let nobody = tonic::metadata::MetadataMap::new();
    let caller = async |address: &str| door.tokens.caller(&nobody, address.parse().unwrap()).await.unwrap();
    let (one, other) = (caller("192.0.2.1").await, caller("192.0.2.2").await);
    let asked = ActionCreatePreparedStatementRequest { query: "SELECT 1".to_owned(), transaction_id: None };
    let first = door.prepare(&one, asked.clone()).await.unwrap().prepared_statement_handle;
    let prepared = door.statements.get(&one, &first).unwrap().prepared;
    let keep = |bytes| door.statements.keep(&door.seal, &one, prepared.clone(), bytes);
    let kept: Vec<_> = (0..10_000).map_while(|_| keep(8).ok()).collect();
    assert!((900..1_100).contains(&kept.len()), "{}", kept.len());
    assert_eq!(keep(8).unwrap_err().code(), Code::ResourceExhausted);
    door.prepare(&other, asked).await.unwrap();
    kept.iter().for_each(|handle| door.statements.close(&one, handle).unwrap());
    let large = (0..100).map_while(|_| keep(1 << 20).ok()).count();
    assert!((10..16).contains(&large), "{large} of a mebibyte each");
    assert!(door.statements.close(&one, &kept[0]).is_err(), "closed twice");
}

#[tokio::test]
async fn a_statement_is_bound_as_often_as_it_lives_and_takes_what_its_last_values_take() {
    let service = service(&engine(Limits::default()));
    let door = door::FlightDoor::new(service, crate::desk::Directory::empty()).unwrap();
    let nobody = tonic::metadata::MetadataMap::new();
    let one = door.tokens.caller(&nobody, "192.0.2.1".parse().unwrap()).await.unwrap();
    let asked = ActionCreatePreparedStatementRequest { query: "SELECT 1".to_owned(), transaction_id: None };
    let handle = door.prepare(&one, asked).await.unwrap().prepared_statement_handle;
    let bind = |bytes| door.statements.bind(&one, &handle, ParamValues::List(Vec::new()), bytes);
    for _ in 0..100 {
        bind(1 << 20).unwrap();
    }
    assert_eq!(bind(64 << 20).unwrap_err().code(), Code::ResourceExhausted);
    bind(12 << 20).unwrap();
    let prepared = door.statements.get(&one, &handle).unwrap().prepared;
    let keep = |bytes| door.statements.keep(&door.seal, &one, prepared.clone(), bytes);
    assert_eq!(keep(8 << 20).unwrap_err().code(), Code::ResourceExhausted, "beside the last values");
    bind(8).unwrap();
    keep(8 << 20).unwrap();
}
