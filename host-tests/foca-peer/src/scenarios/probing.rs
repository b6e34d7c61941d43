//! The probe cycle.

use std::time::Duration;

use foca::{Config, Error, Member, Message, State, Timer};

use super::stage::{
    alive, datagram, failed_probe, id, notifying, peer, probe_timer, tell_members, tell_sent,
    timer_names, us, Log, Peer,
};
use crate::{dialect::BINCODE, identities::Renewable, node::parse};

pub(super) type Timers = Vec<(Duration, Timer<Renewable>)>;

pub(super) fn start(peer: &mut Peer, probe: Timer<Renewable>) -> (Renewable, u8, Timers) {
    peer.fire(probe).expect("connected");
    let (to, bytes) = peer.sent().pop().expect("a Ping");
    let Message::Ping(number) = parse::<Renewable, _>(BINCODE, &bytes).header.message else {
        panic!("a probe starts with a Ping")
    };
    (to, number, peer.timers())
}

pub(super) fn middle(timers: &Timers) -> Timer<Renewable> {
    let middle = timers
        .iter()
        .find(|(_, t)| matches!(t, Timer::SendIndirectProbe { .. }));
    middle.expect("a middle").1.clone()
}

pub(super) fn next(timers: &Timers) -> Timer<Renewable> {
    let timers: Vec<_> = timers.iter().map(|(_, timer)| timer.clone()).collect();
    probe_timer(&timers)
}

pub fn second_deadline(log: &mut Log) {
    let (mut peer, timers) = peer(Config::simple(), &[alive(2)]);
    let asked = failed_probe(&mut peer, probe_timer(&timers));
    log.say(format!(
        "first failed probe: {:?}, timers {:?}",
        tell_members(&peer),
        timer_names(&asked)
    ));
    peer.fire(middle(&asked)).expect("probing");
    peer.fire(next(&asked)).expect("connected");
    let asked_again = peer.timers();
    log.say(format!(
        "second: {:?}, timers {:?}",
        tell_members(&peer),
        timer_names(&asked_again)
    ));
    assert!(timer_names(&asked_again).contains(&"ChangeSuspectToDown".to_owned()));
    let first = asked
        .iter()
        .find(|(_, t)| matches!(t, Timer::ChangeSuspectToDown { .. }));
    peer.fire(first.expect("a deadline").1.clone())
        .expect("good");
    log.say(format!("the first deadline: {:?}", tell_members(&peer)));
    assert_eq!(tell_members(&peer), ["Down 10.0.0.2 bump 10 at 0"]);
}

pub fn ack_does_not_refute(log: &mut Log) {
    let (mut peer, timers) = peer(Config::simple(), &[alive(2)]);
    let asked = failed_probe(&mut peer, probe_timer(&timers));
    let (_, bytes) = peer.sent().pop().expect("the second Ping");
    let Message::Ping(number) = parse::<Renewable, _>(BINCODE, &bytes).header.message else {
        panic!("a Ping")
    };
    peer.receive(&datagram(id(2, 10), us(), Message::Ack(number), &[]))
        .expect("good");
    peer.fire(middle(&asked)).expect("probing");
    peer.fire(next(&asked)).expect("connected");
    let again = timer_names(&peer.timers());
    log.say(format!(
        "its next probe is answered at incarnation 0: {:?}, timers {again:?}",
        tell_members(&peer)
    ));
    let deadline = asked
        .iter()
        .find(|(_, t)| matches!(t, Timer::ChangeSuspectToDown { .. }));
    peer.fire(deadline.expect("a deadline").1.clone())
        .expect("good");
    log.say(format!("its deadline: {:?}", tell_members(&peer)));
    assert_eq!(tell_members(&peer), ["Down 10.0.0.2 bump 10 at 0"]);
}

pub fn late_ack(log: &mut Log) {
    let (mut peer, timers) = peer(Config::simple(), &[alive(2), alive(3)]);
    let (target, number, asked) = start(&mut peer, probe_timer(&timers));
    peer.fire(middle(&asked)).expect("probing");
    let sent = tell_sent(&peer.sent());
    peer.receive(&datagram(target, us(), Message::Ack(number), &[]))
        .expect("good");
    peer.fire(next(&asked)).expect("connected");
    let asked = timer_names(&peer.timers());
    log.say(format!(
        "middle: {sent:?}; Ack; next probe's timers {asked:?}"
    ));
    assert!(!asked.contains(&"ChangeSuspectToDown".to_owned()));
}

pub fn forwarded_ack_names_anybody(log: &mut Log) {
    let (mut peer, timers) = peer(Config::simple(), &[alive(2), alive(3)]);
    let (target, number, asked) = start(&mut peer, probe_timer(&timers));
    peer.fire(middle(&asked)).expect("probing");
    let (helper, _) = peer.sent().pop().expect("a PingReq");
    let message = Message::ForwardedAck {
        origin: id(77, 1),
        probe_number: number,
    };
    peer.receive(&datagram(helper, us(), message, &[]))
        .expect("good");
    peer.fire(next(&asked)).expect("connected");
    let asked = timer_names(&peer.timers());
    log.say(format!(
        "probing {}, a ForwardedAck of {}: timers of the next probe {asked:?}",
        target.addr.ip(),
        id(77, 1).addr.ip()
    ));
    assert!(!asked.contains(&"ChangeSuspectToDown".to_owned()));
}

pub fn nobody_to_ask(log: &mut Log) {
    let (mut peer, timers) = peer(Config::simple(), &[alive(2)]);
    let (_, _, asked) = start(&mut peer, probe_timer(&timers));
    peer.fire(middle(&asked)).expect("probing");
    let sent = tell_sent(&peer.sent());
    log.say(format!("sent {sent:?}"));
    assert!(sent.is_empty());
}

pub fn lost_middle(log: &mut Log) {
    let (mut peer, timers) = peer(Config::simple(), &[alive(2)]);
    let (_, _, asked) = start(&mut peer, probe_timer(&timers));
    let result = peer.fire(next(&asked));
    let (sent, timers) = (tell_sent(&peer.sent()), timer_names(&peer.timers()));
    log.say(format!(
        "{result:?}, sent {sent:?}, timers {timers:?}, {:?}",
        tell_members(&peer)
    ));
    assert!(matches!(result, Err(Error::IncompleteProbeCycle)));
    assert_eq!(sent, ["Ping -> 10.0.0.2 bump 10"]);
    assert_eq!(tell_members(&peer), ["Alive 10.0.0.2 bump 10 at 0"]);
    let (mut peer, timers) = super::stage::peer(Config::simple(), &[alive(2)]);
    let (_, number, asked) = start(&mut peer, probe_timer(&timers));
    peer.receive(&datagram(id(2, 10), us(), Message::Ack(number), &[]))
        .expect("good");
    let result = peer.fire(next(&asked));
    log.say(format!("the same although the Ack came: {result:?}"));
    assert!(matches!(result, Err(Error::IncompleteProbeCycle)));
}

pub fn round_robin(log: &mut Log) {
    let members: Vec<_> = (2..12).map(alive).collect();
    let (mut peer, timers) = peer(Config::simple(), &members);
    let mut probe = probe_timer(&timers);
    let mut probed = Vec::new();
    for _ in 0..30 {
        let (target, number, asked) = start(&mut peer, probe);
        peer.receive(&datagram(target, us(), Message::Ack(number), &[]))
            .expect("good");
        peer.fire(middle(&asked)).expect("probing");
        probed.push(target);
        probe = next(&asked);
    }
    for round in probed.chunks(10) {
        let mut seen: Vec<String> = round.iter().map(|id| id.addr.to_string()).collect();
        seen.sort();
        seen.dedup();
        log.say(format!(
            "a round of 10 probes reached {} members",
            seen.len()
        ));
        assert_eq!(seen.len(), 10);
    }
    assert_ne!(probed[..10], probed[10..20]);
}

/// The probed member raised its incarnation (it refuted somebody else's
/// suspicion) while its Ack was lost.
pub fn raised_during_probe(log: &mut Log) {
    let (mut peer, timers) = peer(notifying(), &[alive(2)]);
    let (_, _, asked) = start(&mut peer, probe_timer(&timers));
    peer.foca
        .apply_many(
            [Member::new(id(2, 10), 1, State::Alive)].into_iter(),
            true,
            &mut peer.runtime,
        )
        .expect("good");
    peer.fire(middle(&asked)).expect("probing");
    peer.fire(next(&asked)).expect("connected");
    let asked = peer.timers();
    log.say(format!(
        "{:?}, timers {:?}",
        tell_members(&peer),
        timer_names(&asked)
    ));
    let deadline = asked
        .iter()
        .find(|(_, t)| matches!(t, Timer::ChangeSuspectToDown { .. }));
    peer.sent();
    peer.fire(deadline.expect("a deadline").1.clone())
        .expect("good");
    let sent = tell_sent(&peer.sent());
    log.say(format!(
        "the deadline of a member that was never suspected: {:?}, sent {sent:?}",
        tell_members(&peer)
    ));
    assert_eq!(sent, ["TurnUndead -> 10.0.0.2 bump 10"]);
}
