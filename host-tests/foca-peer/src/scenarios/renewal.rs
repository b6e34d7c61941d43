//! Coming back under another identity: what goes on, what begins anew, and how
//! far one renewal goes.

use std::{net::SocketAddr, num::NonZeroUsize, time::Duration};

use foca::{Config, Member, Message, NoCustomBroadcast, PeriodicParams, State, Timer};

use super::stage::{
    alive, datagram, gossip, id, names, notifying, peer, tell_members, tell_sent, us, Log, Peer,
};
use crate::{
    dialect::{variant_name, Bincode, BINCODE},
    handler::Versioned,
    identities::Renewable,
    node::{parse, Node},
};

/// `PeriodicAnnounce in 30s`.
fn tell_timers(timers: &[(Duration, Timer<Renewable>)]) -> Vec<String> {
    timers
        .iter()
        .map(|(after, timer)| format!("{} in {after:?}", variant_name(timer)))
        .collect()
}

pub fn periodic_announce_begins_anew(log: &mut Log) {
    let config = Config {
        periodic_announce: Some(PeriodicParams {
            frequency: Duration::from_secs(30),
            num_members: NonZeroUsize::MIN,
        }),
        ..Config::simple()
    };
    let (mut peer, timers) = peer(config.clone(), &[alive(2)]);
    peer.foca
        .change_identity(id(1, 6), &mut peer.runtime)
        .expect("a new identity");
    log.say(format!(
        "changed: sent {:?}, timers {:?}",
        tell_sent(&peer.sent()),
        tell_timers(&peer.timers())
    ));
    let old = timers
        .into_iter()
        .find(|timer| matches!(timer, Timer::PeriodicAnnounce(_)));
    peer.fire(old.expect("the periodic task")).expect("stale");
    let (sent, asked) = (tell_sent(&peer.sent()), tell_timers(&peer.timers()));
    log.say(format!(
        "the Announce that was due before: sent {sent:?}, timers {asked:?}"
    ));
    assert!(sent.is_empty() && asked.is_empty());
    peer.receive(&datagram(id(2, 10), id(1, 6), Message::Gossip, &[]))
        .expect("good");
    let asked = tell_timers(&peer.timers());
    log.say(format!("the next datagram for us: timers {asked:?}"));
    assert!(asked.contains(&"PeriodicAnnounce in 30s".to_owned()));
    let (mut peer, _) = super::stage::peer(config, &[alive(2)]);
    peer.receive(&gossip(&[(us(), 0, State::Down)]))
        .expect("good");
    log.say(format!(
        "renewed by a Down about us instead: timers {:?}",
        tell_timers(&peer.timers())
    ));
}

/// Hands each datagram to the other node until neither sends any more; how
/// many there were of `us` and of the other.
fn converse(ours: &mut Peer, other: &mut Peer) -> (usize, usize) {
    let (mut from_us, mut from_other) = (0, 0);
    loop {
        let (sent, answered) = (ours.sent(), other.sent());
        if sent.is_empty() && answered.is_empty() {
            return (from_us, from_other);
        }
        from_us += sent.len();
        from_other += answered.len();
        for (_, bytes) in sent {
            other.receive(&bytes).expect("good");
        }
        for (_, bytes) in answered {
            ours.receive(&bytes).expect("good");
        }
    }
}

/// The node 2, which holds us Down under this bump.
fn holding_us_down(bump: u64) -> Peer {
    let mut other = Node::new(id(2, 10), notifying(), BINCODE, Versioned::default());
    other.know(&[alive(3), Member::new(id(1, bump), 0, State::Down)]);
    other
}

pub fn renews_into_a_bump_held_down(log: &mut Log) {
    for held in [5, 7, 105] {
        let (mut peer, _) = peer(notifying(), &[alive(2)]);
        let mut other = holding_us_down(held);
        peer.foca.gossip(&mut peer.runtime).expect("room");
        let (from_us, from_other) = converse(&mut peer, &mut other);
        let rejoins = names(&peer.notifications());
        let rejoins = rejoins.iter().filter(|name| *name == "Rejoin").count();
        log.say(format!(
            "we are bump 5, held Down under {held}: {from_us} datagrams, {from_other} TurnUndead, {rejoins} rejoins; we are bump {}, held: {:?}",
            peer.foca.identity().bump,
            tell_members(&other)[0]
        ));
        assert_eq!(*peer.foca.identity(), id(1, held + 1));
        assert_eq!(rejoins as u64, held - 4);
        if held == 7 {
            peer.foca.gossip(&mut peer.runtime).expect("room");
            log.say(format!(
                "what we spread then: {:?}",
                tell_sent(&peer.sent())
            ));
        }
    }
}

/// What a TurnUndead with updates did.
fn tell_undead(peer: &mut Peer) -> String {
    let (heard, sent) = (names(&peer.notifications()), tell_sent(&peer.sent()));
    let (bump, members) = (peer.foca.identity().bump, tell_members(peer));
    format!("we are bump {bump}, members {members:?}, notified {heard:?}, sent {sent:?}")
}

pub fn turn_undead_with_updates(log: &mut Log) {
    for state in [State::Down, State::Alive] {
        let (mut peer, _) = peer(notifying(), &[alive(2)]);
        let updates = [(id(1, 20), 0, state), (id(6, 1), 0, State::Alive)];
        let bytes = datagram(id(2, 10), us(), Message::TurnUndead, &updates);
        peer.receive(&bytes).expect("good");
        let told = tell_undead(&mut peer);
        log.say(format!(
            "from an active member, our address {state:?} under bump 20, and another member: {told}"
        ));
        assert_eq!(*peer.foca.identity(), id(1, 6));
        assert!(tell_members(&peer).contains(&"Down 10.0.0.1 bump 20 at 0".to_owned()));
        assert!(tell_members(&peer).contains(&"Alive 10.0.0.6 bump 1 at 0".to_owned()));
        let bytes = datagram(id(2, 10), id(1, 6), Message::TurnUndead, &updates);
        peer.receive(&bytes).expect("good");
        log.say(format!("again: we are bump {}", peer.foca.identity().bump));
        assert_eq!(*peer.foca.identity(), id(1, 7));
    }
}

pub fn turn_undead_of_inactive_sender(log: &mut Log) {
    let down = Member::new(id(4, 10), 0, State::Down);
    let (mut peer, _) = peer(notifying(), &[alive(2), down]);
    let updates = [(id(1, 20), 0, State::Down), (id(6, 1), 0, State::Alive)];
    let bytes = datagram(id(4, 10), us(), Message::TurnUndead, &updates);
    peer.receive(&bytes).expect("good");
    let told = tell_undead(&mut peer);
    log.say(told);
    assert_eq!(*peer.foca.identity(), id(1, 6));
    assert_eq!(peer.membership().len(), 2);
}

pub fn newer_self_in_gossip(log: &mut Log) {
    for state in [State::Down, State::Alive] {
        let (mut peer, _) = peer(notifying(), &[alive(2)]);
        peer.receive(&gossip(&[(id(1, 20), 0, state)]))
            .expect("good");
        let told = tell_undead(&mut peer);
        peer.foca.gossip(&mut peer.runtime).expect("room");
        let sent = tell_sent(&peer.sent());
        log.say(format!("{state:?} under bump 20: {told}; spread: {sent:?}"));
        assert_eq!(*peer.foca.identity(), us());
        assert_eq!(
            sent,
            ["Gossip -> 10.0.0.2 bump 10 (Down 10.0.0.1 bump 20 at 0)"]
        );
    }
}

pub fn renews_into_its_own_tombstone(log: &mut Log) {
    let (mut peer, _) = peer(notifying(), &[alive(2)]);
    let updates = [(id(1, 6), 0, State::Down)];
    let bytes = datagram(id(2, 10), us(), Message::TurnUndead, &updates);
    peer.receive(&bytes).expect("good");
    let told = tell_undead(&mut peer);
    log.say(format!(
        "we are bump 5, a TurnUndead says Down under bump 6: {told}"
    ));
    assert_eq!(*peer.foca.identity(), id(1, 6));
    assert!(tell_members(&peer).contains(&"Down 10.0.0.1 bump 6 at 0".to_owned()));
    let bytes = datagram(id(2, 10), id(1, 6), Message::TurnUndead, &updates);
    peer.receive(&bytes).expect("good");
    log.say(format!(
        "the same to bump 6, whom it names now: we are bump {}",
        peer.foca.identity().bump
    ));
    assert_eq!(*peer.foca.identity(), id(1, 8));
}

type Plain = Node<SocketAddr, Bincode, NoCustomBroadcast>;

fn plain(last: u8, other: u8) -> Plain {
    let socket = |last| SocketAddr::from(([10, 0, 0, last], 7000));
    let mut node = Node::new(socket(last), notifying(), BINCODE, NoCustomBroadcast);
    node.know(&[Member::alive(socket(other))]);
    node
}

/// Hands all that `from` has sent to `to`; what it was.
fn deliver(from: &mut Plain, to: &mut Plain) -> Vec<String> {
    from.sent()
        .iter()
        .map(|(_, bytes)| {
            let parsed = parse::<SocketAddr, _>(BINCODE, bytes);
            to.receive(bytes).expect("good");
            let updates: Vec<String> = parsed
                .updates
                .iter()
                .map(|member| format!(" ({:?} {})", member.state(), member.id()))
                .collect();
            variant_name(&parsed.header.message) + &updates.concat()
        })
        .collect()
}

fn tell_plain(node: &mut Plain) -> String {
    let held: Vec<String> = node
        .membership()
        .iter()
        .map(|member| format!("{:?} {}", member.state(), member.id()))
        .collect();
    format!("{held:?}, notified {:?}", node.notifications())
}

/// A node leaves, is forgotten, comes back as it was, and is probed.
pub fn reuse_after_leaving(log: &mut Log) {
    let (mut leaver, mut other) = (plain(1, 2), plain(2, 1));
    leaver
        .foca
        .leave_cluster(&mut leaver.runtime)
        .expect("room");
    let sent = deliver(&mut leaver, &mut other);
    log.say(format!(
        "leaves: {sent:?}; the other holds {}",
        tell_plain(&mut other)
    ));
    for (_, timer) in other.timers() {
        if matches!(timer, Timer::RemoveDown(_)) {
            other.fire(timer).expect("a good timer");
        }
    }
    assert!(other.membership().is_empty());
    leaver.foca.reuse_down_identity().expect("defunct");
    leaver
        .foca
        .announce(*other.foca.identity(), &mut leaver.runtime)
        .expect("room");
    let asked = deliver(&mut leaver, &mut other);
    let answered = deliver(&mut other, &mut leaver);
    log.say(format!(
        "forgotten, reused: {asked:?}, answered {answered:?}; the other holds {}",
        tell_plain(&mut other)
    ));
    let probe = other
        .timers()
        .into_iter()
        .find(|(_, timer)| matches!(timer, Timer::ProbeRandomMember(_)));
    other
        .fire(probe.expect("a probe is due").1)
        .expect("connected");
    let asked = deliver(&mut other, &mut leaver);
    let answered = deliver(&mut leaver, &mut other);
    log.say(format!(
        "probed: {asked:?}, answered {answered:?}; the other holds {}",
        tell_plain(&mut other)
    ));
    assert_eq!(other.membership()[0].state(), State::Down);
    leaver.notifications();
    leaver.foca.gossip(&mut leaver.runtime).expect("room");
    let sent = deliver(&mut leaver, &mut other);
    let answered = deliver(&mut other, &mut leaver);
    log.say(format!(
        "the next datagram: {sent:?}, answered {answered:?}; notified {:?}",
        leaver.notifications()
    ));
    assert_eq!(answered, ["TurnUndead"]);
}
