//! The calls of gRPC that Flight is made of. In: requests. Out: what [`FlightDoor`] makes of them.

use arrow_flight::flight_service_server::FlightService;
use arrow_flight::sql::Command;
use arrow_flight::{
    Action, ActionType, Criteria, Empty, FlightData, FlightDescriptor, FlightInfo, HandshakeRequest,
    HandshakeResponse, PollInfo, PutResult, Result as ActionResult, SchemaResult, Ticket,
};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use prost::bytes::Bytes;
use tonic::{Request, Response, Status, Streaming};

use super::answers::{self, Messages};
use super::door::{FlightDoor, address, command, not_understood};
use super::sign_in::AUTHORIZATION;
use super::status::{malformed, with_state};
use super::{actions, columns, metadata};

type Answers<T> = BoxStream<'static, Result<T, Status>>;

fn one<T: Send + 'static>(item: T) -> Response<Answers<T>> {
    Response::new(stream::iter([Ok(item)]).boxed())
}

#[tonic::async_trait]
impl FlightService for FlightDoor {
    type HandshakeStream = Answers<HandshakeResponse>;
    type ListFlightsStream = Answers<FlightInfo>;
    type DoGetStream = Messages;
    type DoPutStream = Answers<PutResult>;
    type DoActionStream = Answers<ActionResult>;
    type ListActionsStream = Answers<ActionType>;
    type DoExchangeStream = Answers<FlightData>;

    async fn handshake(
        &self,
        request: Request<Streaming<HandshakeRequest>>,
    ) -> Result<Response<Self::HandshakeStream>, Status> {
        let token = self.tokens.give(&self.seal, request.metadata(), address(&request)?).await?;
        let mut response = one(HandshakeResponse { protocol_version: 0, payload: token.clone().into() });
        if let Ok(header) = format!("Bearer {token}").parse() {
            response.metadata_mut().insert(AUTHORIZATION, header);
        }
        Ok(response)
    }

    async fn list_flights(
        &self,
        request: Request<Criteria>,
    ) -> Result<Response<Self::ListFlightsStream>, Status> {
        self.caller(&request).await?;
        Ok(Response::new(stream::empty().boxed()))
    }

    async fn get_flight_info(
        &self,
        request: Request<FlightDescriptor>,
    ) -> Result<Response<FlightInfo>, Status> {
        Ok(Response::new(self.info(request).await?))
    }

    async fn poll_flight_info(
        &self,
        request: Request<FlightDescriptor>,
    ) -> Result<Response<PollInfo>, Status> {
        Ok(Response::new(PollInfo::new().with_info(self.info(request).await?)))
    }

    async fn get_schema(&self, request: Request<FlightDescriptor>) -> Result<Response<SchemaResult>, Status> {
        let caller = self.caller(&request).await?;
        let looked = self.look(&caller, request.get_ref()).await?;
        let schema = looked.columns.as_deref().map_or_else(|| Ok(Bytes::new()), columns::bytes)?;
        Ok(Response::new(SchemaResult { schema }))
    }

    async fn do_get(&self, request: Request<Ticket>) -> Result<Response<Self::DoGetStream>, Status> {
        let caller = self.caller(&request).await?;
        let messages = match command(&request.get_ref().ticket)? {
            Command::TicketStatementQuery(ticket) => {
                self.answered(&caller, self.seal.open(&ticket.statement_handle)?).await?
            }
            command => {
                let rows = metadata::rows(&command, &self.service, &caller.asker)
                    .unwrap_or_else(|| Err(not_understood(&command)));
                answers::few(rows?)
            }
        };
        Ok(Response::new(messages))
    }

    async fn do_put(
        &self,
        request: Request<Streaming<FlightData>>,
    ) -> Result<Response<Self::DoPutStream>, Status> {
        let caller = self.caller(&request).await?;
        let mut messages = request.into_inner();
        let first = messages.message().await?.ok_or_else(|| malformed("command"))?;
        let asked = first.flight_descriptor.as_ref().ok_or_else(|| malformed("command"))?;
        let command = command(&asked.cmd)?;
        let values = stream::iter([Ok(first)]).chain(messages);
        Ok(one(self.put(&caller, command, values).await?))
    }

    async fn do_exchange(
        &self,
        request: Request<Streaming<FlightData>>,
    ) -> Result<Response<Self::DoExchangeStream>, Status> {
        self.caller(&request).await?;
        Err(with_state("0A000", "not supported: an exchange of rows\nhint: ask with SQL"))
    }

    async fn do_action(&self, request: Request<Action>) -> Result<Response<Self::DoActionStream>, Status> {
        let caller = self.caller(&request).await?;
        let results = actions::act(self, &caller, &request).await?;
        let results = results.into_iter().map(|body| Ok(ActionResult { body }));
        Ok(Response::new(stream::iter(results.collect::<Vec<_>>()).boxed()))
    }

    async fn list_actions(
        &self,
        request: Request<Empty>,
    ) -> Result<Response<Self::ListActionsStream>, Status> {
        self.caller(&request).await?;
        Ok(Response::new(stream::iter(actions::list().map(Ok).collect::<Vec<_>>()).boxed()))
    }
}
