//! What stays in the queue of updates when the table has gone on.

use foca::{Config, Member, Message, State, Timer};

use super::stage::{
    alive, datagram, gossip, id, peer, tell_members, tell_sent, timer_names, us, Log, Peer,
};

/// What its answer to a Ping carries.
fn ack(peer: &mut Peer) -> Vec<String> {
    peer.sent();
    peer.receive(&datagram(id(2, 10), us(), Message::Ping(1), &[]))
        .expect("good");
    tell_sent(&peer.sent())
}

fn apply_in_silence(peer: &mut Peer, member: Member<crate::identities::Renewable>) {
    peer.foca
        .apply_many([member].into_iter(), false, &mut peer.runtime)
        .expect("good");
}

pub fn unspread_update_keeps_the_older(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2)]);
    peer.receive(&gossip(&[(id(6, 1), 3, State::Alive)]))
        .expect("good");
    apply_in_silence(&mut peer, Member::new(id(6, 1), 3, State::Down));
    let (members, timers) = (tell_members(&peer), timer_names(&peer.timers()));
    let sent = ack(&mut peer);
    log.say(format!(
        "heard Alive, then applied Down with do_broadcast false: members {members:?}, timers {timers:?}; sent {sent:?}"
    ));
    assert_eq!(
        sent,
        ["Ack -> 10.0.0.2 bump 10 (Alive 10.0.0.6 bump 1 at 3)"]
    );
    peer.fire(Timer::RemoveDown(id(6, 1)))
        .expect("a good timer");
    let (members, sent) = (tell_members(&peer), ack(&mut peer));
    log.say(format!("forgotten: members {members:?}; sent {sent:?}"));
    assert_eq!(
        sent,
        ["Ack -> 10.0.0.2 bump 10 (Alive 10.0.0.6 bump 1 at 3)"]
    );
    let (mut peer, _) = super::stage::peer(Config::simple(), &[alive(2)]);
    peer.receive(&gossip(&[(id(6, 1), 0, State::Alive)]))
        .expect("good");
    apply_in_silence(&mut peer, Member::alive(id(6, 2)));
    let (members, sent) = (tell_members(&peer), ack(&mut peer));
    log.say(format!(
        "heard bump 1, then applied bump 2 so: members {members:?}; sent {sent:?}"
    ));
    assert_eq!(
        sent,
        ["Ack -> 10.0.0.2 bump 10 (Alive 10.0.0.6 bump 1 at 0)"]
    );
}

pub fn forgetting_keeps_the_update(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2), alive(3)]);
    peer.receive(&gossip(&[(id(3, 10), 0, State::Down)]))
        .expect("good");
    peer.fire(Timer::RemoveDown(id(3, 10)))
        .expect("a good timer");
    let (members, sent) = (tell_members(&peer), ack(&mut peer));
    log.say(format!(
        "heard Down, forgotten: members {members:?}; sent {sent:?}"
    ));
    assert_eq!(
        sent,
        ["Ack -> 10.0.0.2 bump 10 (Down 10.0.0.3 bump 10 at 0)"]
    );
}
