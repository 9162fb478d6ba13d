//! What one connection of the Postgres wire remembers.
//!
//! In: what the client said when it connected, and its commands. Out: its [`SessionSettings`], for the next
//! statement to be planned with, and what the client must be told about a command beside its tag.

use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};

use futures::{Sink, SinkExt};
use pgwire::api::ClientInfo;
use pgwire::api::results::{Response, Tag};
use pgwire::error::{ErrorInfo, PgWireError, PgWireResult};
use pgwire::messages::PgWireBackendMessage;
use pgwire::messages::response::TransactionStatus;
use pgwire::messages::startup::ParameterStatus;

use crate::gate::Command;
use crate::session::SessionSettings;

/// The settings of a connection; they are made when its first statement comes.
#[derive(Debug, Default)]
pub(super) struct Remembered(Mutex<Option<SessionSettings>>);

impl Remembered {
    /// The settings as they are now.
    pub(super) fn settings<C: ClientInfo>(&self, client: &C) -> SessionSettings {
        let said_at_start = client.metadata();
        let has_failed = client.transaction_status() == TransactionStatus::Error;
        let mut settings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at_start = || {
            SessionSettings::at_start(
                said_at_start.iter().map(|(name, value)| (name.as_str(), value.as_str())),
            )
        };
        settings.get_or_insert_with(at_start).clone().with_failed(has_failed)
    }

    /// Carries a command out, and tells the client what it must know.
    pub(super) async fn carry_out<C>(
        &self,
        command: &Command,
        status: TransactionStatus,
        client: &mut C,
    ) -> PgWireResult<Response>
    where
        C: Sink<PgWireBackendMessage> + Unpin + Send,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let command = match command {
            // What has failed cannot be kept, whatever the client says.
            Command::End(_) if status == TransactionStatus::Error => &Command::End("ROLLBACK".into()),
            command => command,
        };
        for warning in command.changes().iter().filter_map(SessionSettings::warning) {
            let notice = ErrorInfo::new("WARNING".to_owned(), "01000".to_owned(), warning);
            client.feed(PgWireBackendMessage::NoticeResponse(notice.into())).await?;
        }
        for (name, value) in self.change(command) {
            let status = ParameterStatus::new(name.to_owned(), value);
            client.feed(PgWireBackendMessage::ParameterStatus(status)).await?;
        }
        Ok(match command {
            Command::Begin(_) => Response::TransactionStart(Tag::new("BEGIN")),
            Command::End(tag) => Response::TransactionEnd(Tag::new(tag)),
            Command::Set(_, tag) | Command::Other(tag) => Response::Execution(Tag::new(tag)),
            Command::Prepare(..) => Response::Execution(Tag::new("PREPARE")),
            Command::Deallocate(None) => Response::Execution(Tag::new("DEALLOCATE ALL")),
            Command::Deallocate(Some(_)) => Response::Execution(Tag::new("DEALLOCATE")),
            Command::Fetch(_) | Command::Close(_) => Response::Execution(Tag::new("CLOSE CURSOR")),
        })
    }

    /// Changes the settings, and gives those that a client is told of when they change.
    fn change(&self, command: &Command) -> Vec<(&'static str, String)> {
        let mut settings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let settings = settings.get_or_insert_default();
        let told = |settings: &SessionSettings| {
            REPORTED.map(|name| (name, settings.value(name).unwrap_or_default().to_owned()))
        };
        let before = told(settings);
        command.carry_out(settings);
        told(settings)
            .into_iter()
            .zip(before)
            .filter(|(now, before)| now != before)
            .map(|(now, _)| now)
            .collect()
    }
}

/// Settings that PostgreSQL tells clients of when they change.
const REPORTED: [&str; 3] = ["TimeZone", "application_name", "DateStyle"];
