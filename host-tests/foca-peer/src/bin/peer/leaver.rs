//! An agent on the published foca that leaves its cluster when its standard
//! input ends, which foca's example agent has no way to do.
//!
//! It binds `bind`, announces itself to `seed`, and prints `up ADDR` and `down ADDR` as it learns of
//! members, and `left` at the end.

use std::{
    io::{self, Read},
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    sync::Arc,
    thread,
    time::SystemTime,
};

use foca::{BroadcastHandler, Invalidates, OwnedNotification};
use foca_peer::{agent::Agent, identities::Renewable};

/// Takes whatever is broadcast and passes nothing on.
struct Listener;

#[derive(Debug)]
struct NoKey;

impl Invalidates for NoKey {
    fn invalidates(&self, _other: &Self) -> bool {
        true
    }
}

impl BroadcastHandler<Renewable> for Listener {
    type Key = NoKey;
    type Error = std::convert::Infallible;

    fn receive_item(
        &mut self,
        _data: &[u8],
        _sender: Option<&Renewable>,
    ) -> Result<Option<NoKey>, Self::Error> {
        Ok(None)
    }
}

/// Turns true when the standard input ends.
fn end_of_input() -> Arc<AtomicBool> {
    let ended = Arc::new(AtomicBool::new(false));
    let flag = ended.clone();
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin().by_ref(), &mut io::sink());
        flag.store(true, Ordering::Relaxed);
    });
    ended
}

pub fn run(bind: SocketAddr, seed: SocketAddr) {
    let bump = SystemTime::UNIX_EPOCH.elapsed().expect("a clock").as_secs();
    let identity = Renewable { addr: bind, bump };
    let mut agent = Agent::bind(identity, None, Listener).expect("a free port");
    let ended = end_of_input();
    agent.announce(seed);
    while !ended.load(Ordering::Relaxed) {
        for news in agent.turn() {
            match news {
                OwnedNotification::MemberUp(id) => println!("up {}", id.addr),
                OwnedNotification::MemberDown(id) => println!("down {}", id.addr),
                _ => {}
            }
        }
    }
    agent.leave();
    println!("left");
}
