//! An agent on the published foca that leaves its cluster when its standard
//! input ends, which foca's example agent has no way to do.
//!
//! It binds `bind`, announces itself to `seed`, and prints `up ADDR` and `down ADDR` as it learns of
//! members, and `left` at the end.

use std::{
    io::{self, Read},
    net::{SocketAddr, UdpSocket},
    sync::atomic::{AtomicBool, Ordering},
    sync::Arc,
    thread,
    time::{Duration, Instant, SystemTime},
};

use foca::{BroadcastHandler, Config, Invalidates, OwnedNotification, Timer};
use foca_peer::{
    dialect::{Bincode, BINCODE},
    identities::Renewable,
    node::Node,
};

/// How long to wait for a datagram before the timers are looked at again.
const PATIENCE: Duration = Duration::from_millis(10);

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

struct Agent {
    node: Node<Renewable, Bincode, Listener>,
    socket: UdpSocket,
    timers: Vec<(Instant, Timer<Renewable>)>,
}

impl Agent {
    /// Does what foca asked for: datagrams, timers, news.
    fn drain(&mut self) {
        for (to, bytes) in self.node.sent() {
            if let Err(error) = self.socket.send_to(&bytes, to.addr) {
                eprintln!("send to {}: {error}", to.addr);
            }
        }
        let now = Instant::now();
        for (after, timer) in self.node.timers() {
            self.timers.push((now + after, timer));
        }
        for notification in self.node.notifications() {
            match notification {
                OwnedNotification::MemberUp(id) => println!("up {}", id.addr),
                OwnedNotification::MemberDown(id) => println!("down {}", id.addr),
                _ => {}
            }
        }
    }

    /// Fires what is due, in foca's own order when equal.
    fn fire_due(&mut self) {
        self.timers.sort();
        let now = Instant::now();
        while self.timers.first().is_some_and(|(due, _)| *due <= now) {
            let (_, timer) = self.timers.remove(0);
            if let Err(error) = self.node.fire(timer) {
                eprintln!("timer: {error}");
            }
        }
        self.drain();
    }

    fn receive(&mut self, buffer: &mut [u8]) {
        // A timeout, or a complaint about an earlier datagram of ours.
        let Ok(length) = self.socket.recv(buffer) else {
            return;
        };
        if let Err(error) = self.node.receive(&buffer[..length]) {
            eprintln!("datagram: {error}");
        }
        self.drain();
    }
}

fn renewable(addr: SocketAddr, bump: u64) -> Renewable {
    Renewable { addr, bump }
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
    let config = Config::new_lan(10.try_into().expect("not zero"));
    let mut buffer = vec![0; config.max_packet_size.get()];
    let socket = UdpSocket::bind(bind).expect("a free port");
    socket
        .set_read_timeout(Some(PATIENCE))
        .expect("a timeout that is not zero");
    let mut agent = Agent {
        node: Node::new(renewable(bind, bump), config, BINCODE, Listener),
        socket,
        timers: Vec::new(),
    };

    let ended = end_of_input();
    agent
        .node
        .foca
        .announce(renewable(seed, 0), &mut agent.node.runtime)
        .expect("an identity that encodes");
    agent.drain();
    while !ended.load(Ordering::Relaxed) {
        agent.receive(&mut buffer);
        agent.fire_due();
    }
    agent
        .node
        .foca
        .leave_cluster(&mut agent.node.runtime)
        .expect("an identity that encodes");
    agent.drain();
    println!("left");
}
