//! Our own identity: refuting, renewing, leaving.

use std::{net::SocketAddr, num::NonZeroUsize, time::Duration};

use foca::{Config, Header, Member, Message, NoCustomBroadcast, PeriodicParams, State, Timer};

use super::stage::{
    alive, datagram, gossip, id, names, peer, tell, tell_members, tell_sent, timer_names, us, Log,
};
use crate::{
    dialect::BINCODE,
    handler::Versioned,
    identities::Undecided,
    json,
    node::{encode_header, encode_updates, Node},
};

pub fn old_self_is_a_member(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2), alive(3)]);
    peer.receive(&gossip(&[(us(), 0, State::Down)]))
        .expect("good");
    log.say(format!(
        "declared Down: we are {}, members {:?}",
        tell(peer.foca.identity()),
        tell_members(&peer)
    ));
    assert_eq!(peer.membership().len(), 2);
    peer.timers();
    peer.notifications();
    let backlog = peer.foca.updates_backlog();
    peer.receive(&datagram(
        id(2, 10),
        id(1, 6),
        Message::Gossip,
        &[(us(), 7, State::Suspect)],
    ))
    .expect("good");
    let (members, timers) = (tell_members(&peer), timer_names(&peer.timers()));
    log.say(format!(
        "an echo about the old identity: members {members:?}, timers {timers:?}, notified {:?}",
        peer.notifications()
    ));
    assert_eq!(members[2], "Down 10.0.0.1 bump 5 at 0");
    assert_eq!(timers, ["RemoveDown"]);
    assert_eq!(backlog, peer.foca.updates_backlog());
}

pub fn announces_to_old_self(log: &mut Log) {
    let every = PeriodicParams {
        frequency: Duration::from_secs(65),
        num_members: NonZeroUsize::new(2).expect("two"),
    };
    let config = Config {
        periodic_announce_to_down_members: Some(every),
        ..Config::simple()
    };
    let (mut peer, timers) = peer(config, &[alive(2)]);
    peer.receive(&gossip(&[(id(1, 4), 0, State::Alive)]))
        .expect("good");
    peer.sent();
    let announce = timers
        .into_iter()
        .find(|t| matches!(t, Timer::PeriodicAnnounceDown(_)));
    peer.fire(announce.expect("the periodic task"))
        .expect("connected");
    let sent = peer.sent();
    log.say(format!(
        "members {:?}; periodic announce: {:?}",
        tell_members(&peer),
        tell_sent(&sent)
    ));
    assert_eq!(tell_sent(&sent), ["Announce -> 10.0.0.1 bump 4"]);
    let result = peer.receive(&sent[0].1);
    log.say(format!("delivered to that address: {result:?}"));
    assert!(matches!(result, Err(foca::Error::DataFromOurselves)));
}

pub fn turn_undead_leaves_unconnected(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2)]);
    peer.receive(&datagram(id(2, 10), us(), Message::TurnUndead, &[]))
        .expect("good");
    let (heard, timers) = (names(&peer.notifications()), timer_names(&peer.timers()));
    log.say(format!(
        "TurnUndead: notified {heard:?}, timers {timers:?} (no probe will run)"
    ));
    assert_eq!(heard, ["Rejoin"]);
    assert!(timers.is_empty());
    peer.sent();
    peer.receive(&datagram(id(2, 10), id(1, 6), Message::Gossip, &[]))
        .expect("good");
    let (heard, timers) = (names(&peer.notifications()), timer_names(&peer.timers()));
    log.say(format!(
        "the next datagram for us: notified {heard:?}, timers {timers:?}"
    ));
    assert_eq!(heard, ["Active"]);
    assert_eq!(timers, ["ProbeRandomMember"]);
    let (mut peer, _) = super::stage::peer(Config::simple(), &[alive(2)]);
    peer.receive(&gossip(&[(us(), 0, State::Down)]))
        .expect("good");
    let (heard, timers) = (names(&peer.notifications()), timer_names(&peer.timers()));
    log.say(format!(
        "a Down about us among the updates instead: notified {heard:?}, timers {timers:?}"
    ));
    assert_eq!(heard, ["Rejoin", "Active"]);
}

pub fn change_leaves_unconnected(log: &mut Log) {
    let (mut peer, timers) = peer(Config::simple(), &[alive(2)]);
    peer.foca
        .change_identity(id(1, 9), &mut peer.runtime)
        .expect("a new identity");
    let (heard, asked) = (names(&peer.notifications()), timer_names(&peer.timers()));
    log.say(format!(
        "notified {heard:?}, timers {asked:?}, sent {:?}",
        tell_sent(&peer.sent())
    ));
    assert!(heard.is_empty() && asked.is_empty());
    for timer in timers {
        peer.fire(timer).expect("stale");
    }
    assert_eq!(peer.runtime.backlog(), 0);
    log.say("the old probe timer does nothing");
    peer.foca
        .apply_many(std::iter::empty(), true, &mut peer.runtime)
        .expect("nothing to do");
    let heard = names(&peer.notifications());
    log.say(format!(
        "apply_many of nothing connects it: notified {heard:?}"
    ));
    assert_eq!(heard, ["Active"]);
}

pub fn renews_twice(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2)]);
    let bytes = datagram(
        id(2, 10),
        us(),
        Message::TurnUndead,
        &[(us(), 0, State::Down)],
    );
    peer.receive(&bytes).expect("good");
    log.say(format!(
        "we are now {}; notified {:?}",
        tell(peer.foca.identity()),
        names(&peer.notifications())
    ));
    assert_eq!(*peer.foca.identity(), id(1, 7));
}

pub fn leaver_comes_back(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2)]);
    peer.foca.leave_cluster(&mut peer.runtime).expect("room");
    log.say(format!(
        "leave: sent {:?}, notified {:?}",
        tell_sent(&peer.sent()),
        names(&peer.notifications())
    ));
    peer.receive(&gossip(&[(us(), 0, State::Down)]))
        .expect("good");
    let (sent, heard) = (tell_sent(&peer.sent()), names(&peer.notifications()));
    log.say(format!(
        "our own Down comes back: we are {}, sent {sent:?}, notified {heard:?}",
        tell(peer.foca.identity())
    ));
    assert_eq!(*peer.foca.identity(), id(1, 6));
    assert_eq!(heard, ["Rejoin", "Active"]);
    let (mut peer, _) = super::stage::peer(Config::simple(), &[alive(2)]);
    peer.foca.leave_cluster(&mut peer.runtime).expect("room");
    peer.notifications();
    peer.receive(&datagram(id(2, 10), us(), Message::TurnUndead, &[]))
        .expect("good");
    let heard = names(&peer.notifications());
    log.say(format!(
        "a TurnUndead instead: we are {}, notified {heard:?}",
        tell(peer.foca.identity())
    ));
    assert!(heard.is_empty());
}

fn socket(last: u8) -> SocketAddr {
    SocketAddr::from(([10, 0, 0, last], 7000))
}

fn plain_node() -> Node<SocketAddr, crate::dialect::Bincode, NoCustomBroadcast> {
    let mut node = Node::new(socket(1), Config::simple(), BINCODE, NoCustomBroadcast);
    node.know(&[Member::alive(socket(2))]);
    node
}

fn plain_gossip(updates: &[Member<SocketAddr>]) -> Vec<u8> {
    let header = Header {
        src: socket(2),
        src_incarnation: 0,
        dst: socket(1),
        message: Message::Gossip,
    };
    [
        encode_header(BINCODE, &header),
        encode_updates(BINCODE, updates),
    ]
    .concat()
}

pub fn defunct_again(log: &mut Log) {
    let mut node = plain_node();
    node.foca.leave_cluster(&mut node.runtime).expect("room");
    for _ in 0..2 {
        node.receive(&plain_gossip(&[Member::new(socket(1), 0, State::Down)]))
            .expect("good");
    }
    let heard = node.notifications();
    log.say(format!("notified {heard:?}"));
    assert_eq!(heard.len(), 3);
}

pub fn defunct_refutes(log: &mut Log) {
    let mut node = plain_node();
    node.foca.leave_cluster(&mut node.runtime).expect("room");
    node.sent();
    node.receive(&plain_gossip(&[Member::new(socket(1), 4, State::Suspect)]))
        .expect("good");
    let sent: Vec<_> = node
        .sent()
        .iter()
        .map(|(to, bytes)| {
            (
                *to,
                json::header(&crate::node::parse::<SocketAddr, _>(BINCODE, bytes).header)
                    ["srcIncarnation"]
                    .clone(),
            )
        })
        .collect();
    log.say(format!(
        "suspected at 4: gossips to and at incarnation {sent:?}"
    ));
    assert_eq!(sent, [(socket(2), serde_json::json!(5))]);
}

pub fn reuse_spreads_own_down(log: &mut Log) {
    let mut node = plain_node();
    node.foca.leave_cluster(&mut node.runtime).expect("room");
    node.sent();
    node.foca.reuse_down_identity().expect("defunct");
    node.foca.gossip(&mut node.runtime).expect("room");
    let (_, bytes) = node.sent().pop().expect("a Gossip");
    let updates = crate::node::parse::<SocketAddr, _>(BINCODE, &bytes).updates;
    log.say(format!("the next gossip says {updates:?}"));
    assert_eq!(updates, [Member::new(socket(1), 0, State::Down)]);
}

pub fn undecided_conflict(log: &mut Log) {
    for wins in [false, true] {
        let of = |addr, tag| Undecided { addr, tag, wins };
        let config = Config::simple();
        let mut node = Node::new(of(1, 0), config, BINCODE, Versioned::default());
        node.know(&[Member::new(of(2, 7), 9, State::Down)]);
        let update = Member::alive(of(2, 8));
        node.foca
            .apply_many([update].into_iter(), true, &mut node.runtime)
            .expect("good");
        let (members, heard) = (node.membership(), node.notifications());
        log.say(format!(
            "each says `wins: {wins}`: known tag is {}, notified {heard:?}",
            members[0].id().tag
        ));
        assert_eq!(members[0].id().tag, if wins { 7 } else { 8 });
    }
    log.say("only the known one is asked, and only whether it wins");
}

pub fn refutes_twice(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2)]);
    let twice = [(us(), 0, State::Suspect), (us(), 0, State::Suspect)];
    peer.receive(&gossip(&twice)).expect("good");
    let sent = peer.sent();
    let incarnations: Vec<u16> = sent
        .iter()
        .map(|(_, bytes)| {
            crate::node::parse::<crate::identities::Renewable, _>(BINCODE, bytes)
                .header
                .src_incarnation
        })
        .collect();
    log.say(format!("gossips at incarnations {incarnations:?}"));
    assert_eq!(incarnations, [1, 1]);
}

pub fn old_suspicion_at_the_last_incarnation(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2)]);
    peer.receive(&gossip(&[(us(), 65534, State::Suspect)]))
        .expect("good");
    assert_eq!(*peer.foca.identity(), us());
    peer.receive(&gossip(&[(us(), 3, State::Suspect)]))
        .expect("good");
    log.say(format!(
        "at incarnation 65535, suspected at 3: we are {}",
        tell(peer.foca.identity())
    ));
    assert_eq!(*peer.foca.identity(), id(1, 6));
}
