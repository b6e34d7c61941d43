//! A target or a helper of a probe that is renamed or gone before the probe's end.

use foca::{Config, Message, State, Timer};

use super::{
    probing::{middle, next, start, Timers},
    stage::{
        alive, datagram, gossip, id, names, notifying, peer, tell, tell_members, tell_sent,
        timer_names, us, Log, Peer,
    },
};
use crate::identities::Renewable;

/// A node among members 2 and 3 that has just pinged one of them; the other
/// one, the probe's number and timers.
fn probing(config: Config) -> (Peer, Renewable, Renewable, u8, Timers) {
    let (mut peer, timers) = peer(config, &[alive(2), alive(3)]);
    let (target, number, asked) = start(&mut peer, super::stage::probe_timer(&timers));
    let other = if target == id(2, 10) { 3 } else { 2 };
    (peer, target, id(other, 10), number, asked)
}

fn renewed(identity: Renewable) -> Renewable {
    Renewable {
        bump: identity.bump + 1,
        ..identity
    }
}

/// Fires the middle; what was sent.
fn reach_middle(peer: &mut Peer, asked: &Timers) -> Vec<String> {
    peer.sent();
    peer.fire(middle(asked)).expect("probing");
    tell_sent(&peer.sent())
}

/// Ends the probe; the members then, and the timers of the next.
fn end(peer: &mut Peer, asked: &Timers) -> (Vec<String>, Timers) {
    peer.timers();
    peer.fire(next(asked)).expect("connected");
    let timers = peer.timers();
    (tell_members(peer), timers)
}

fn deadline(timers: &Timers) -> Option<Timer<Renewable>> {
    let mut timers = timers.iter().map(|(_, timer)| timer.clone());
    timers.find(|timer| matches!(timer, Timer::ChangeSuspectToDown { .. }))
}

pub fn target_replaced(log: &mut Log) {
    let (mut peer, target, _, number, asked) = probing(notifying());
    let bytes = datagram(renewed(target), us(), Message::Gossip, &[]);
    peer.receive(&bytes).expect("good");
    let bytes = datagram(renewed(target), us(), Message::Ack(number), &[]);
    peer.receive(&bytes).expect("good");
    log.say(format!(
        "pinged {}, then heard bump 11, which acknowledges: notified {:?}",
        tell(&target),
        names(&peer.notifications())
    ));
    let sent = reach_middle(&mut peer, &asked);
    let (members, timers) = end(&mut peer, &asked);
    log.say(format!(
        "middle: sent {sent:?}; end: members {members:?}, timers {:?}",
        timer_names(&timers)
    ));
    assert!(sent.is_empty());
    assert!(members.iter().all(|member| member.starts_with("Alive")));
    peer.sent();
    peer.fire(deadline(&timers).expect("a deadline"))
        .expect("a good timer");
    let sent = tell_sent(&peer.sent());
    log.say(format!(
        "that deadline: members {:?}, sent {sent:?}",
        tell_members(&peer)
    ));
    assert_eq!(sent, [format!("TurnUndead -> {}", tell(&target))]);
}

pub fn target_replaced_after_the_middle(log: &mut Log) {
    let (mut peer, target, helper, number, asked) = probing(Config::simple());
    let sent = reach_middle(&mut peer, &asked);
    let bytes = datagram(renewed(target), us(), Message::Gossip, &[]);
    peer.receive(&bytes).expect("good");
    let message = Message::ForwardedAck {
        origin: target,
        probe_number: number,
    };
    let bytes = datagram(helper, us(), message, &[]);
    peer.receive(&bytes).expect("good");
    let (members, timers) = end(&mut peer, &asked);
    log.say(format!(
        "middle: sent {sent:?}; the target renewed; the helper's ForwardedAck of the old one; end: members {members:?}, timers {:?}",
        timer_names(&timers)
    ));
    assert!(deadline(&timers).is_none());
}

pub fn target_down_or_forgotten(log: &mut Log) {
    for forget in [false, true] {
        let (mut peer, target, helper, _, asked) = probing(notifying());
        let bytes = datagram(helper, us(), Message::Gossip, &[(target, 0, State::Down)]);
        peer.receive(&bytes).expect("good");
        if forget {
            peer.fire(Timer::RemoveDown(target)).expect("a good timer");
        }
        let sent = reach_middle(&mut peer, &asked);
        let (members, timers) = end(&mut peer, &asked);
        log.say(format!(
            "{}: middle sent {sent:?}; end: members {members:?}, timers {:?}",
            if forget { "Down and forgotten" } else { "Down" },
            timer_names(&timers)
        ));
        assert!(sent.is_empty());
        assert!(deadline(&timers).is_none());
    }
}

pub fn target_forgotten_and_back(log: &mut Log) {
    let (mut peer, target, helper, number, asked) = probing(Config::simple());
    let bytes = datagram(helper, us(), Message::Gossip, &[(target, 0, State::Down)]);
    peer.receive(&bytes).expect("good");
    peer.fire(Timer::RemoveDown(target)).expect("a good timer");
    let bytes = datagram(target, us(), Message::Ack(number), &[]);
    peer.receive(&bytes).expect("good");
    reach_middle(&mut peer, &asked);
    let (members, timers) = end(&mut peer, &asked);
    log.say(format!(
        "Down, forgotten, then its Ack: members {members:?}, timers {:?}",
        timer_names(&timers)
    ));
    assert!(deadline(&timers).is_none());
}

pub fn helper_replaced(log: &mut Log) {
    let (mut peer, target, helper, number, asked) = probing(Config::simple());
    let sent = reach_middle(&mut peer, &asked);
    let message = Message::ForwardedAck {
        origin: target,
        probe_number: number,
    };
    let bytes = datagram(renewed(helper), us(), message, &[]);
    peer.receive(&bytes).expect("good");
    let (_, timers) = end(&mut peer, &asked);
    log.say(format!(
        "middle: sent {}; its ForwardedAck comes from bump 11: timers of the next probe {:?}",
        sent.len(),
        timer_names(&timers)
    ));
    assert!(deadline(&timers).is_some());
}

pub fn helper_down(log: &mut Log) {
    for forget in [false, true] {
        let (mut peer, target, helper, number, asked) = probing(Config::simple());
        reach_middle(&mut peer, &asked);
        let bytes = datagram(target, us(), Message::Gossip, &[(helper, 0, State::Down)]);
        peer.receive(&bytes).expect("good");
        if forget {
            peer.fire(Timer::RemoveDown(helper)).expect("a good timer");
        }
        let message = Message::ForwardedAck {
            origin: target,
            probe_number: number,
        };
        let bytes = datagram(helper, us(), message, &[]);
        peer.receive(&bytes).expect("good");
        let (_, timers) = end(&mut peer, &asked);
        log.say(format!(
            "{}: timers of the next probe {:?}",
            if forget { "Down and forgotten" } else { "Down" },
            timer_names(&timers)
        ));
        assert_eq!(deadline(&timers).is_some(), !forget);
    }
}

/// The probe finds what others said already.
pub fn target_suspected_meanwhile(log: &mut Log) {
    let (mut peer, timers) = peer(Config::simple(), &[alive(2)]);
    let (target, _, asked) = start(&mut peer, super::stage::probe_timer(&timers));
    peer.receive(&gossip(&[(target, 0, State::Suspect)]))
        .expect("good");
    reach_middle(&mut peer, &asked);
    let (members, timers) = end(&mut peer, &asked);
    log.say(format!(
        "end: members {members:?}, timers {:?}",
        timer_names(&timers)
    ));
    assert!(deadline(&timers).is_some());
}
