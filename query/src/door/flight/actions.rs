//! What can be done over Flight besides asking.
//!
//! In: an action by its name. Out: its result. Statements are prepared and closed, questions are cancelled, and a
//! session ends. Transactions begin and end without doing anything: nothing can be written that one could take back.

use arrow_flight::sql::{
    ActionBeginTransactionRequest, ActionBeginTransactionResult, ActionCancelQueryRequest,
    ActionCancelQueryResult, ActionClosePreparedStatementRequest, ActionCreatePreparedStatementRequest,
    ActionEndTransactionRequest, Any, Command, ProstMessageExt,
};
use arrow_flight::{
    Action, ActionType, CancelFlightInfoRequest, CancelFlightInfoResult, CancelStatus, FlightInfo,
};
use prost::Message;
use prost::bytes::Bytes;
use tonic::{Request, Status};

use super::door::FlightDoor;
use super::sign_in::Caller;
use super::status::{malformed, with_state};

const ACTIONS: [(&str, &str); 7] = [
    ("CreatePreparedStatement", "prepares a statement"),
    ("ClosePreparedStatement", "closes a prepared statement"),
    ("CancelFlightInfo", "ends a question that runs, by what was told about it"),
    ("CancelQuery", "ends a question that runs, as older drivers ask for it"),
    ("BeginTransaction", "does nothing: nothing can be written"),
    ("EndTransaction", "does nothing: nothing can be written"),
    ("CloseSession", "ends a session and its token"),
];

/// Every transaction: none of them holds anything.
const TRANSACTION: &[u8] = b"read only";

/// The answer to CloseSession: it is closed.
#[derive(Clone, PartialEq, Message)]
struct SessionClosed {
    #[prost(int32, tag = "1")]
    status: i32,
}

/// The actions that there are.
pub(super) fn list() -> impl Iterator<Item = ActionType> {
    ACTIONS
        .into_iter()
        .map(|(name, does)| ActionType { r#type: name.to_owned(), description: does.to_owned() })
}

/// Does one.
///
/// # Errors
/// When there is no such action, or it fails.
pub(super) async fn act(
    door: &FlightDoor,
    caller: &Caller,
    request: &Request<Action>,
) -> Result<Vec<Bytes>, Status> {
    let Action { r#type: name, body } = request.get_ref();
    match name.as_str() {
        "CreatePreparedStatement" => {
            let asked: ActionCreatePreparedStatementRequest = unpacked(body)?;
            let prepared = door.prepare(caller, asked).await?;
            Ok(vec![packed(&prepared)])
        }
        "ClosePreparedStatement" => {
            let asked: ActionClosePreparedStatementRequest = unpacked(body)?;
            door.close(caller, &asked).map(|()| Vec::new())
        }
        "CancelFlightInfo" => {
            let asked = CancelFlightInfoRequest::decode(body.clone()).map_err(|_| malformed("action"))?;
            let status = cancel(door, asked.info.ok_or_else(|| malformed("action"))?)?;
            Ok(vec![CancelFlightInfoResult { status: status as i32 }.encode_to_vec().into()])
        }
        "CancelQuery" => {
            let asked: ActionCancelQueryRequest = unpacked(body)?;
            let info = FlightInfo::decode(asked.info).map_err(|_| malformed("action"))?;
            // Both enumerations have the same numbers.
            let result = ActionCancelQueryResult { result: cancel(door, info)? as i32 };
            Ok(vec![packed(&result)])
        }
        "BeginTransaction" => {
            let _: ActionBeginTransactionRequest = unpacked(body)?;
            Ok(vec![packed(&ActionBeginTransactionResult {
                transaction_id: Bytes::from_static(TRANSACTION),
            })])
        }
        "EndTransaction" => {
            let _: ActionEndTransactionRequest = unpacked(body)?;
            Ok(Vec::new())
        }
        "CloseSession" => {
            door.tokens.take_back(request.metadata())?;
            Ok(vec![SessionClosed { status: 1 }.encode_to_vec().into()])
        }
        _ => {
            let known = ACTIONS.map(|(name, _)| name).join(", ");
            Err(with_state("0A000", &format!("not supported: this action\nhint: there are {known}")))
        }
    }
}

/// Ends what runs for a ticket. Whoever has the ticket has asked the question.
fn cancel(door: &FlightDoor, info: FlightInfo) -> Result<CancelStatus, Status> {
    let mut status = CancelStatus::NotCancellable;
    for endpoint in info.endpoint {
        let ticket = endpoint.ticket.ok_or_else(|| malformed("ticket"))?.ticket;
        let any = Any::decode(ticket).map_err(|_| malformed("ticket"))?;
        let Ok(Command::TicketStatementQuery(ticket)) = Command::try_from(any) else { continue };
        if door.running.cancel(&door.seal.open(&ticket.statement_handle)?.number) {
            status = CancelStatus::Cancelled;
        }
    }
    Ok(status)
}

fn packed(message: &impl ProstMessageExt) -> Bytes {
    message.as_any().encode_to_vec().into()
}

fn unpacked<M: ProstMessageExt>(body: &Bytes) -> Result<M, Status> {
    let any = Any::decode(body.clone()).map_err(|_| malformed("action"))?;
    any.unpack().ok().flatten().ok_or_else(|| malformed("action"))
}
