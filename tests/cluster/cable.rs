//! The cable of an executor, which can be cut.
//!
//! In: addresses to listen on and those behind them. Out: bytes both ways until it is cut; then they wait, no connection ends
//! and nobody is told, as when a network falls in two. Mended, it goes on where it was. It needs no rights, as a namespace
//! would; the lake is behind another cable, as a store is.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

const CHUNK_BYTES: usize = 64 << 10;

/// Whether it is cut, and who waits for it.
#[derive(Clone, Default)]
pub struct Cable(Arc<(Mutex<bool>, Condvar)>);

impl Cable {
    /// Carries whatever connects to `near` on to `far`, as long as the test runs.
    pub fn lay(&self, near: TcpListener, far: SocketAddr) {
        let cable = self.clone();
        thread::spawn(move || {
            for client in near.incoming() {
                cable.await_mended();
                // Nobody listens there just now: the client sees that its connection ends.
                if let (Ok(client), Ok(server)) = (client, TcpStream::connect(far)) {
                    cable.carry(&client, &server);
                    cable.carry(&server, &client);
                }
            }
        });
    }

    /// Nothing goes through any more.
    pub fn cut(&self) {
        *self.0.0.lock().unwrap() = true;
    }

    /// What waits goes on.
    pub fn mend(&self) {
        *self.0.0.lock().unwrap() = false;
        self.0.1.notify_all();
    }

    fn await_mended(&self) {
        let is_cut = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(is_cut, |is_cut| *is_cut).unwrap());
    }

    fn carry(&self, from: &TcpStream, to: &TcpStream) {
        let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
        let cable = self.clone();
        // It may be reset already, which the next byte tells.
        let _ = to.set_nodelay(true);
        thread::spawn(move || {
            let mut chunk = vec![0; CHUNK_BYTES];
            loop {
                let read = from.read(&mut chunk);
                cable.await_mended();
                let has_passed = match read {
                    Ok(0) | Err(_) => false,
                    Ok(count) => to.write_all(&chunk[..count]).is_ok(),
                };
                if !has_passed {
                    // Either side may be gone already.
                    let _ = to.shutdown(Shutdown::Write);
                    let _ = from.shutdown(Shutdown::Read);
                    return;
                }
            }
        });
    }
}
