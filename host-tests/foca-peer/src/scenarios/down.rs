//! Suspicion, Down and TurnUndead.

use foca::{Config, Member, Message, State, Timer};

use super::stage::{
    alive, datagram, failed_probe, gossip, id, names, notifying, peer, probe_timer, tell,
    tell_members, tell_sent, timer_names, us, Log, Peer,
};
use crate::{dialect::BINCODE, handler::Versioned, identities::Renewable, node::Node};

/// A node that suspects member 2, the only one it knows, by its own probe; and
/// the timer that will end the suspicion.
fn suspecting() -> (Peer, Timer<Renewable>) {
    let (mut peer, timers) = peer(notifying(), &[alive(2), alive(3)]);
    let mut probe = probe_timer(&timers);
    loop {
        let asked = failed_probe(&mut peer, probe);
        peer.sent();
        for (_, timer) in &asked {
            if let Timer::ChangeSuspectToDown { member_id, .. } = timer {
                if *member_id == id(2, 10) {
                    return (peer, timer.clone());
                }
            }
        }
        // The other member was probed: finish its probe and go on
        let middle = asked
            .iter()
            .find(|(_, t)| matches!(t, Timer::SendIndirectProbe { .. }));
        peer.fire(middle.expect("a middle").1.clone())
            .expect("probing");
        let timers: Vec<_> = asked.into_iter().map(|(_, timer)| timer).collect();
        probe = probe_timer(&timers);
    }
}

pub fn refuted_suspect_gets_turn_undead(log: &mut Log) {
    let (mut peer, deadline) = suspecting();
    peer.receive(&gossip(&[]))
        .expect("the suspect talks, still at incarnation 0");
    log.say(format!("suspected: {:?}", tell_members(&peer)));
    let refuted = datagram(
        id(3, 10),
        us(),
        Message::Gossip,
        &[(id(2, 10), 1, State::Alive)],
    );
    peer.receive(&refuted).expect("good");
    let before = tell_members(&peer);
    log.say(format!("refuted: {before:?}"));
    peer.sent();
    peer.fire(deadline).expect("a good timer");
    let datagrams = peer.sent();
    let sent = tell_sent(&datagrams);
    log.say(format!(
        "ChangeSuspectToDown at incarnation 0 fires: sent {sent:?}"
    ));
    assert_eq!(tell_members(&peer), before);
    assert_eq!(sent, ["TurnUndead -> 10.0.0.2 bump 10"]);
    let mut refuter = Node::new(id(2, 10), notifying(), BINCODE, Versioned::default());
    refuter.know(&[Member::alive(us())]);
    refuter.receive(&datagrams[0].1).expect("good");
    log.say(format!(
        "delivered, it renews itself: {}",
        tell(refuter.foca.identity())
    ));
    assert_eq!(*refuter.foca.identity(), id(2, 11));
}

pub fn replaced_suspect_gets_turn_undead(log: &mut Log) {
    let (mut peer, deadline) = suspecting();
    peer.receive(&datagram(id(2, 11), us(), Message::Gossip, &[]))
        .expect("good");
    peer.sent();
    let before = tell_members(&peer);
    peer.fire(deadline).expect("a good timer");
    let sent = tell_sent(&peer.sent());
    log.say(format!(
        "known: {before:?}; the old identity's deadline: sent {sent:?}"
    ));
    assert_eq!(tell_members(&peer), before);
    assert_eq!(sent, ["TurnUndead -> 10.0.0.2 bump 10"]);
}

pub fn forgotten_suspect_gets_nothing(log: &mut Log) {
    let (mut peer, deadline) = suspecting();
    let down = datagram(
        id(3, 10),
        us(),
        Message::Gossip,
        &[(id(2, 10), 0, State::Down)],
    );
    peer.receive(&down).expect("good");
    peer.fire(Timer::RemoveDown(id(2, 10)))
        .expect("a good timer");
    peer.sent();
    peer.fire(deadline).expect("a good timer");
    let sent = tell_sent(&peer.sent());
    log.say(format!("sent {sent:?}"));
    assert!(sent.is_empty());
}

pub fn gossiped_suspect_stays(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2), alive(3)]);
    peer.receive(&gossip(&[(id(3, 10), 0, State::Suspect)]))
        .expect("good");
    let (members, timers) = (tell_members(&peer), timer_names(&peer.timers()));
    log.say(format!("{members:?}, timers asked for: {timers:?}"));
    assert!(timers.is_empty());
    assert!(members.contains(&"Suspect 10.0.0.3 bump 10 at 0".to_owned()));
}

pub fn change_of_identity_voids_suspicions(log: &mut Log) {
    let (mut peer, deadline) = suspecting();
    peer.foca
        .change_identity(id(1, 6), &mut peer.runtime)
        .expect("a new identity");
    peer.fire(deadline).expect("a stale timer is no error");
    let after = tell_members(&peer);
    log.say(format!(
        "after a change of identity and the old deadline: {after:?}"
    ));
    assert!(after.contains(&"Suspect 10.0.0.2 bump 10 at 0".to_owned()));
}

pub fn defunct_sends_turn_undead(log: &mut Log) {
    let down = Member::new(id(4, 10), 0, State::Down);
    let (mut peer, _) = peer(notifying(), &[alive(2), down]);
    peer.foca.leave_cluster(&mut peer.runtime).expect("room");
    peer.sent();
    peer.notifications();
    peer.receive(&datagram(
        id(2, 10),
        us(),
        Message::Ping(1),
        &[(id(5, 10), 0, State::Alive)],
    ))
    .expect("good");
    let (sent, heard) = (tell_sent(&peer.sent()), names(&peer.notifications()));
    log.say(format!(
        "a Ping of an active member with news: sent {sent:?}, notified {heard:?}"
    ));
    assert!(sent.is_empty());
    assert_eq!(heard, ["MemberUp"]);
    peer.receive(&datagram(id(4, 10), us(), Message::Ping(1), &[]))
        .expect("good");
    let sent = tell_sent(&peer.sent());
    log.say(format!("a Ping of a member held Down: sent {sent:?}"));
    assert_eq!(sent, ["TurnUndead -> 10.0.0.4 bump 10"]);
}
