//! One connection of the Postgres wire, from its first byte to its last.
//!
//! In: a socket and the handlers that answer. Out: an ended connection. pgwire decodes messages and calls the
//! handlers; the loop around it is ours, because its own lets a decoder see bytes that nobody has checked,
//! waits a minute for a client to start, and for ever for one that takes nothing. A request for TLS is taken where
//! there is a certificate and refused with `N` elsewhere. A cancel request is dealt with before anything else: it has
//! a connection of its own and must get in while the server is full.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use futures::{SinkExt, StreamExt};
use pgwire::api::cancel::{CancelHandler, DefaultCancelHandler};
use pgwire::api::query::{ExtendedQueryHandler, SimpleQueryHandler};
use pgwire::api::{ClientInfo, DefaultClient, NoopHandler, PgWireConnectionState};
use pgwire::error::{ErrorInfo, PgWireError};
use pgwire::messages::cancel::CancelRequest;
use pgwire::messages::startup::SecretKey;
use pgwire::messages::{PgWireBackendMessage, PgWireFrontendMessage};
use pgwire::tokio::server::{PgWireMessageServerCodec, process_error, process_message};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::codec::Framed;

use super::check::{self, LARGEST_START, Malformed, Opening};
use super::guard::{Guarded, Room};
use super::startup::Startup;
use crate::door::admit::Waiting;
use crate::door::patience::{Patient, WRITE_TIME};
use crate::door::socket::Socket;

/// How long a client may take to start.
const START_TIME: Duration = Duration::from_secs(10);
/// How long a client may ask nothing.
const IDLE_TIME: Duration = Duration::from_secs(30 * 60);
/// No answer has more rows.
const MOST_ROWS: i32 = 1_000_000;
/// Requests for encryption that are refused before the client is: one for TLS and one for GSSAPI.
const ENCRYPTION_REQUESTS: usize = 2;
/// How long a client may take to read why it is refused. A socket that is closed over unread bytes takes its
/// last words back.
const LAST_WORDS_TIME: Duration = Duration::from_secs(1);
/// Bytes that are read meanwhile, and thrown away.
const LAST_WORDS_BYTES: u64 = 1 << 20;

type Wire<S> = Framed<Guarded<Patient<Socket>>, PgWireMessageServerCodec<S>>;

/// Why a connection ends early.
#[derive(Debug, thiserror::Error)]
pub(super) enum Ended {
    /// The client sent something that is no message.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The socket broke, or the client took nothing for too long.
    #[error("the connection broke")]
    Broken(#[from] io::Error),
}

/// What answers the messages of one connection.
pub(super) struct Handlers<Q> {
    pub(super) queries: Arc<Q>,
    pub(super) startup: Arc<Startup>,
    pub(super) cancel: Arc<DefaultCancelHandler>,
    /// The memory for large messages of all connections.
    pub(super) room: Room,
    /// What begins TLS, where there is a certificate.
    pub(super) acceptor: Option<TlsAcceptor>,
}

/// Serves one connection until it ends.
pub(super) async fn converse<Q>(
    stream: TcpStream,
    handlers: Handlers<Q>,
    waiting: Waiting,
) -> Result<(), Ended>
where
    Q: SimpleQueryHandler + ExtendedQueryHandler,
    Q::Statement: 'static,
{
    let address = stream.peer_addr()?;
    stream.set_nodelay(true)?;
    let must_go = waiting.turn_to_go();
    let opened = tokio::select! {
        () = must_go.notified() => return Ok(()),
        opened = timeout(START_TIME, open(stream, handlers.acceptor.as_ref(), &handlers.cancel)) => opened,
    };
    let (stream, read, length) = match opened {
        Err(_) | Ok(Ok(None)) => return Ok(()),
        Ok(Ok(Some(startup))) => startup,
        Ok(Err((Some(stream), Ended::Malformed(malformed)))) => {
            let mut stream = Patient::new(stream, WRITE_TIME);
            stream.write_all(&encoded(fatal(malformed.sqlstate, malformed.message))?).await?;
            part(stream).await;
            return Err(malformed.into());
        }
        Ok(Err((_, ended))) => return Err(ended),
    };
    let is_secure = matches!(stream, Socket::Secure(_));
    let guarded = Guarded::new(Patient::new(stream, WRITE_TIME), read, length, handlers.room.clone());
    let client = DefaultClient::new(address, is_secure);
    let mut wire = Framed::new(guarded, PgWireMessageServerCodec::new(client));
    wire.set_state(PgWireConnectionState::AwaitingStartup);
    let ended = match waiting.start(address.ip()) {
        Ok(_started) => speak(&mut wire, &handlers).await,
        Err(_full) => {
            let mut info = fatal("53300", "too many clients: the server, or your address, has no place left");
            info.hint = Some("close connections that you do not use, or try again later".to_owned());
            say(&mut wire, info).await.map_err(Ended::from)
        }
    };
    part(wire.into_inner().into_inner()).await;
    ended
}

/// A connection that has started: its socket, what was read, and how much of it is the start-up packet.
type Opened = (Socket, BytesMut, usize);

/// Reads up to the start-up packet; `None` when the client wanted something else, or left. An error comes with the
/// socket, where the client can still be told.
async fn open(
    stream: TcpStream,
    acceptor: Option<&TlsAcceptor>,
    cancel: &DefaultCancelHandler,
) -> Result<Option<Opened>, (Option<Socket>, Ended)> {
    let mut read = BytesMut::with_capacity(1024);
    let mut encryption_requests = 0;
    let mut stream = Socket::Clear(stream);
    loop {
        let opening = match check::opening(&read) {
            Ok(opening) => opening,
            Err(malformed) => return Err((Some(stream), malformed.into())),
        };
        match opening {
            Some(Opening::Startup(length)) => return Ok(Some((stream, read, length))),
            Some(Opening::Cancel { pid, length }) => {
                let key = Bytes::copy_from_slice(&read[12..length]);
                cancel.on_cancel_request(CancelRequest::new(pid, SecretKey::Bytes(key))).await;
                return Ok(None);
            }
            Some(Opening::Encryption { is_tls, length }) => {
                encryption_requests += 1;
                if encryption_requests > ENCRYPTION_REQUESTS {
                    return Err((Some(stream), check::TOO_MANY_REQUESTS.into()));
                }
                read.advance(length);
                stream = match (stream, acceptor) {
                    (Socket::Clear(mut clear), Some(acceptor)) if is_tls => {
                        if !read.is_empty() {
                            // Sent ahead in clear, where anybody could have put it.
                            return Err((Some(Socket::Clear(clear)), check::UNREADABLE.into()));
                        }
                        clear.write_all(b"S").await.map_err(broken)?;
                        Socket::Secure(Box::new(acceptor.accept(clear).await.map_err(broken)?))
                    }
                    (mut stream, _) => {
                        stream.write_all(b"N").await.map_err(broken)?;
                        stream
                    }
                };
            }
            None if read.len() > LARGEST_START => return Ok(None),
            None => {
                if stream.read_buf(&mut read).await.map_err(broken)? == 0 {
                    return Ok(None);
                }
            }
        }
    }
}

fn broken(error: io::Error) -> (Option<Socket>, Ended) {
    (None, error.into())
}

/// Takes messages and has them answered, one after the other.
async fn speak<Q>(wire: &mut Wire<Q::Statement>, handlers: &Handlers<Q>) -> Result<(), Ended>
where
    Q: SimpleQueryHandler + ExtendedQueryHandler,
    Q::Statement: 'static,
{
    loop {
        let is_signing_in = matches!(
            wire.state(),
            PgWireConnectionState::AwaitingStartup | PgWireConnectionState::AuthenticationInProgress
        );
        let patience = if is_signing_in { START_TIME } else { IDLE_TIME };
        let Ok(next) = timeout(patience, wire.next()).await else {
            let info = fatal("57P05", "the connection was idle for too long");
            return Ok(say(wire, info).await?);
        };
        let message = match next {
            None | Some(Ok(PgWireFrontendMessage::Terminate(_))) => return Ok(()),
            Some(Ok(message)) => bounded(message),
            Some(Err(error)) => return Err(refuse(wire, error).await?),
        };
        let waits_for_sync = match wire.state() {
            PgWireConnectionState::CopyInProgress(is_extended) => is_extended,
            _ => message.is_extended_query(),
        };
        let answered = process_message(
            message,
            wire,
            Arc::clone(&handlers.startup),
            Arc::clone(&handlers.queries),
            Arc::clone(&handlers.queries),
            Arc::new(NoopHandler),
            Arc::clone(&handlers.cancel),
        );
        if let Err(error) = answered.await {
            if let PgWireError::IoError(broken) = error {
                return Err(broken.into());
            }
            let info = ErrorInfo::from(error);
            let is_fatal = info.is_fatal();
            process_error(wire, PgWireError::UserError(Box::new(info)), waits_for_sync).await?;
            if is_fatal {
                return Ok(());
            }
        }
    }
}

/// A message whose count of rows is one that pgwire can set memory aside for, as it does before the first row
/// is there. To ask for more rows than an answer has is to ask for all.
fn bounded(mut message: PgWireFrontendMessage) -> PgWireFrontendMessage {
    if let PgWireFrontendMessage::Execute(execute) = &mut message
        && !(0..MOST_ROWS).contains(&execute.max_rows)
    {
        execute.max_rows = 0;
    }
    message
}

/// Tells a client what was wrong with its bytes.
async fn refuse<S: 'static>(wire: &mut Wire<S>, error: PgWireError) -> Result<Ended, Ended> {
    match (wire.get_ref().refused(), error) {
        (Some(malformed), _) => {
            say(wire, fatal(malformed.sqlstate, malformed.message)).await?;
            Ok(malformed.into())
        }
        (None, PgWireError::IoError(broken)) => Ok(broken.into()),
        (None, error) => {
            say(wire, ErrorInfo::from(error)).await?;
            Ok(check::UNREADABLE.into())
        }
    }
}

async fn say<S: 'static>(wire: &mut Wire<S>, info: ErrorInfo) -> io::Result<()> {
    wire.send(PgWireBackendMessage::ErrorResponse(info.into())).await
}

fn fatal(sqlstate: &str, message: &str) -> ErrorInfo {
    ErrorInfo::new("FATAL".to_owned(), sqlstate.to_owned(), message.to_owned())
}

fn encoded(info: ErrorInfo) -> io::Result<BytesMut> {
    let mut bytes = BytesMut::new();
    PgWireBackendMessage::ErrorResponse(info.into()).encode(&mut bytes).map_err(io::Error::from)?;
    Ok(bytes)
}

/// Closes a connection so that the client can read the last words.
async fn part(mut stream: Patient<Socket>) {
    if stream.shutdown().await.is_ok() {
        let mut unread = stream.take(LAST_WORDS_BYTES);
        let _ = timeout(LAST_WORDS_TIME, tokio::io::copy(&mut unread, &mut tokio::io::sink())).await;
    }
}
