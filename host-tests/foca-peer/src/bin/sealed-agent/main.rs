//! A member on the published foca in a sealed cluster.
//!
//! It publishes each line of its standard input, and leaves when that ends. What happens is printed as one JSON object a
//! line: `ready`, `memberUp`, `memberDown`, `broadcast`, `refused` (the first datagram of each reason) and `left`.

mod options;

use std::{
    error::Error,
    io,
    net::SocketAddr,
    process::exit,
    sync::mpsc::{channel, Receiver, TryRecvError},
    thread,
    time::{Duration, Instant, SystemTime},
};

use foca::OwnedNotification;
use foca_peer::{
    agent::Agent,
    identities::Renewable,
    publication::{Heard, Publication, Publications},
    seal::{Refusal, Refused},
};
use options::{Options, USAGE};
use serde_json::{json, Map, Value};

/// How often a member that knows nobody announces itself.
const ANNOUNCE_PERIOD: Duration = Duration::from_secs(1);

fn main() {
    if let Err(error) = run() {
        eprintln!("{error}");
        exit(2)
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let options = Options::parse(std::env::args().skip(1))?;
    let addr = options.bind.ok_or(USAGE)?;
    let bump = SystemTime::UNIX_EPOCH.elapsed()?.as_secs();
    let publications = Publications::default();
    let heard = publications.heard.clone();
    let agent = Agent::bind(Renewable { addr, bump }, options.seal()?, publications)?;
    let mut member = Member {
        agent,
        heard,
        refused: Refused::default(),
        published: 0,
    };
    print(json!({ "event": "ready", "identity": identity(member.agent.node.foca.identity()) }));
    member.live(options.announce, &lines_of_input())?;
    member.agent.leave();
    print(json!({ "event": "left", "refused": counts(&member.refused()) }));
    Ok(())
}

struct Member {
    agent: Agent<Publications>,
    heard: Heard,
    /// What was refused when it was last looked at.
    refused: Refused,
    published: u64,
}

impl Member {
    /// Until the input ends.
    fn live(
        &mut self,
        seed: Option<SocketAddr>,
        input: &Receiver<String>,
    ) -> Result<(), foca::Error> {
        let mut announced: Option<Instant> = None;
        loop {
            let is_due = announced.is_none_or(|at| at.elapsed() >= ANNOUNCE_PERIOD);
            if let Some(seed) = seed.filter(|_| is_due && !self.agent.has_members()) {
                self.agent.announce(seed);
                announced = Some(Instant::now());
            }
            for news in self.agent.turn() {
                tell(&news);
            }
            self.tell_heard();
            self.tell_refused();
            match input.try_recv() {
                Ok(line) => self.publish(line)?,
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => return Ok(()),
            }
        }
    }

    fn publish(&mut self, line: String) -> Result<(), foca::Error> {
        let identity = self.agent.node.foca.identity();
        let publication = Publication::of(identity, self.published, line.into_bytes());
        self.published += 1;
        self.agent.publish(&publication.encoded())
    }

    fn tell_heard(&self) {
        for Publication { from, bytes, .. } in self.heard.borrow_mut().drain(..) {
            let text = String::from_utf8_lossy(&bytes);
            print(json!({ "event": "broadcast", "from": from, "text": text }));
        }
    }

    /// The first of each reason. Somebody who floods us does not flood the output.
    fn tell_refused(&mut self) {
        let refused = self.refused();
        for reason in Refusal::ALL {
            if self.refused.of(reason) == 0 && refused.of(reason) > 0 {
                print(json!({ "event": "refused", "reason": reason.name() }));
            }
        }
        self.refused = refused;
    }

    fn refused(&self) -> Refused {
        self.agent
            .seal()
            .map(|seal| *seal.refused())
            .unwrap_or_default()
    }
}

/// The lines as they come. The sender goes away when the input ends.
fn lines_of_input() -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in io::stdin().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

fn tell(news: &OwnedNotification<Renewable>) {
    let (event, member) = match news {
        OwnedNotification::MemberUp(member) => ("memberUp", member),
        OwnedNotification::MemberDown(member) => ("memberDown", member),
        OwnedNotification::Rejoin(member) => ("rejoin", member),
        _ => return,
    };
    print(json!({ "event": event, "identity": identity(member) }));
}

fn identity(member: &Renewable) -> Value {
    json!({ "addr": member.addr, "bump": member.bump })
}

fn counts(refused: &Refused) -> Value {
    let counts: Map<String, Value> = Refusal::ALL
        .iter()
        .map(|reason| (reason.name().to_owned(), json!(refused.of(*reason))))
        .collect();
    Value::Object(counts)
}

fn print(event: Value) {
    println!("{event}");
}
