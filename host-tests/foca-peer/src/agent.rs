//! An agent on the published foca: one UDP socket, foca's timers and, where
//! there are keys, a seal between foca and the socket.

use std::{
    io,
    net::{SocketAddr, UdpSocket},
    num::NonZeroUsize,
    time::{Duration, Instant},
};

use foca::{BroadcastHandler, Config, OwnedNotification, Timer};

use crate::{
    dialect::{Bincode, BINCODE},
    identities::Renewable,
    node::Node,
    seal::{Seal, OVERHEAD},
};

/// How long to wait for a datagram before the timers are looked at again.
const PATIENCE: Duration = Duration::from_millis(10);

pub struct Agent<B: BroadcastHandler<Renewable>> {
    pub node: Node<Renewable, Bincode, B>,
    seal: Option<Seal>,
    socket: UdpSocket,
    timers: Vec<(Instant, Timer<Renewable>)>,
    buffer: Vec<u8>,
}

impl<B: BroadcastHandler<Renewable>> Agent<B> {
    /// Binds the address of `identity`. A datagram takes 1400 bytes on the wire
    /// at most, of which foca has less where there is a seal.
    pub fn bind(identity: Renewable, seal: Option<Seal>, handler: B) -> io::Result<Self> {
        let mut config = Config::new_lan(10.try_into().expect("not zero"));
        let buffer = vec![0; config.max_packet_size.get()];
        if seal.is_some() {
            config.max_packet_size = NonZeroUsize::new(buffer.len() - OVERHEAD).expect("room");
        }
        let seed = getrandom::u64().map_err(io::Error::other)?;
        let socket = UdpSocket::bind(identity.addr)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            node: Node::seeded(identity, config, BINCODE, handler, seed),
            seal,
            socket,
            timers: Vec::new(),
            buffer,
        })
    }

    pub fn seal(&self) -> Option<&Seal> {
        self.seal.as_ref()
    }

    pub fn has_members(&self) -> bool {
        self.node.foca.num_members() > 0
    }

    /// Asks the member at that address to be taken in.
    pub fn announce(&mut self, addr: SocketAddr) {
        let to = Renewable { addr, bump: 0 };
        let announced = self.node.foca.announce(to, &mut self.node.runtime);
        announced.expect("an identity that encodes");
        self.send();
    }

    /// Tells members of a value of ours, which the handler can read.
    pub fn publish(&mut self, item: &[u8]) -> Result<(), foca::Error> {
        self.node.foca.add_broadcast(item)?;
        self.node.foca.broadcast(&mut self.node.runtime)?;
        self.send();
        Ok(())
    }

    /// Says farewell.
    pub fn leave(&mut self) {
        let left = self.node.foca.leave_cluster(&mut self.node.runtime);
        left.expect("an identity that encodes");
        self.send();
    }

    /// Waits a moment for one datagram, does what is due, and returns the news.
    pub fn turn(&mut self) -> Vec<OwnedNotification<Renewable>> {
        self.receive();
        self.fire_due();
        self.node.notifications()
    }

    fn receive(&mut self) {
        // A timeout, or a complaint about an earlier datagram of ours.
        let Ok(length) = self.socket.recv(&mut self.buffer) else {
            return;
        };
        let datagram = &mut self.buffer[..length];
        let plain = match &mut self.seal {
            None => &*datagram,
            Some(seal) => match seal.open(datagram) {
                Ok(plain) => plain,
                // The seal counts it, and foca never sees it.
                Err(_) => return,
            },
        };
        if let Err(error) = self.node.receive(plain) {
            eprintln!("datagram: {error}");
        }
        self.send();
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
        self.send();
    }

    /// Sends what foca wants sent, and notes its timers.
    fn send(&mut self) {
        for (to, plain) in self.node.sent() {
            if let Err(error) = self.send_to(to.addr, &plain) {
                eprintln!("send to {}: {error}", to.addr);
            }
        }
        let now = Instant::now();
        for (after, timer) in self.node.timers() {
            self.timers.push((now + after, timer));
        }
    }

    fn send_to(&mut self, addr: SocketAddr, plain: &[u8]) -> io::Result<()> {
        match &mut self.seal {
            None => self.socket.send_to(plain, addr),
            Some(seal) => self.socket.send_to(&seal.seal(plain)?, addr),
        }?;
        Ok(())
    }
}
