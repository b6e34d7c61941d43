//! Settings that are lowered while timers run and a probe is under way.

use std::{
    num::{NonZeroU8, NonZeroUsize},
    time::Duration,
};

use foca::{Config, Error, Message, PeriodicParams, State, Timer};

use super::{
    probing::{middle, next, start},
    stage::{
        alive, datagram, failed_probe, gossip, id, notifying, peer, probe_timer, tell_members,
        tell_sent, us, Log,
    },
};
use crate::{dialect::variant_name, identities::Renewable};

fn helpers(number: usize) -> Config {
    Config {
        num_indirect_probes: NonZeroUsize::new(number).expect("some"),
        ..Config::simple()
    }
}

pub fn fewer_helpers(log: &mut Log) {
    let members = [alive(2), alive(3), alive(4), alive(5)];
    let (mut peer, timers) = peer(helpers(3), &members);
    let (_, _, asked) = start(&mut peer, probe_timer(&timers));
    peer.foca.set_config(helpers(1)).expect("allowed");
    peer.fire(middle(&asked)).expect("probing");
    let sent = peer.sent().len();
    log.say(format!("3 lowered to 1 before the middle: {sent} PingReq"));
    assert_eq!(sent, 1);
    for answering in 0..3 {
        let (mut peer, timers) = super::stage::peer(helpers(3), &members);
        let (target, number, asked) = start(&mut peer, probe_timer(&timers));
        peer.fire(middle(&asked)).expect("probing");
        let asked_for_help = peer.sent();
        peer.foca.set_config(helpers(1)).expect("allowed");
        let message = Message::ForwardedAck {
            origin: target,
            probe_number: number,
        };
        let (helper, _) = asked_for_help[answering];
        peer.receive(&datagram(helper, us(), message, &[]))
            .expect("good");
        peer.timers();
        peer.fire(next(&asked)).expect("connected");
        let is_suspected = peer
            .timers()
            .iter()
            .any(|(_, timer)| matches!(timer, Timer::ChangeSuspectToDown { .. }));
        log.say(format!(
            "lowered after the middle, the answer of helper {} of 3: the target is suspected: {is_suspected}",
            answering + 1
        ));
        assert!(!is_suspected);
    }
}

pub fn shorter_deadlines(log: &mut Log) {
    let (mut peer, timers) = peer(notifying(), &[alive(2), alive(3)]);
    let asked = failed_probe(&mut peer, probe_timer(&timers));
    let config = Config {
        suspect_to_down_after: Duration::from_millis(1),
        remove_down_after: Duration::from_millis(2),
        ..notifying()
    };
    let running = asked
        .iter()
        .find(|(_, timer)| matches!(timer, Timer::ChangeSuspectToDown { .. }))
        .expect("a deadline");
    peer.foca.set_config(config).expect("allowed");
    log.say(format!(
        "suspectToDownAfter lowered to 1ms: the deadline that runs stays at {:?}, nothing is asked for: {:?}",
        running.0,
        peer.timers().len()
    ));
    peer.fire(running.1.clone()).expect("a good timer");
    let asked = peer.timers();
    let after = asked
        .iter()
        .find_map(|(after, timer)| matches!(timer, Timer::RemoveDown(_)).then_some(*after));
    log.say(format!(
        "when it ends: {:?}; it is forgotten after {after:?}, as set meanwhile",
        tell_members(&peer)
    ));
    assert_eq!(after, Some(Duration::from_millis(2)));
}

fn periodic(seconds: u64, members: usize) -> Config {
    let every = PeriodicParams {
        frequency: Duration::from_secs(seconds),
        num_members: NonZeroUsize::new(members).expect("some"),
    };
    Config {
        periodic_announce: Some(every.clone()),
        periodic_gossip: Some(every),
        ..Config::simple()
    }
}

fn periodic_timers(timers: &[(Duration, Timer<Renewable>)]) -> Vec<String> {
    timers
        .iter()
        .map(|(after, timer)| format!("{} in {after:?}", variant_name(timer)))
        .filter(|name| name.starts_with("Periodic"))
        .collect()
}

pub fn periodic_tasks(log: &mut Log) {
    let (mut peer, timers) = peer(periodic(30, 2), &[alive(2), alive(3)]);
    let task = |timers: &[Timer<Renewable>]| {
        let mut found = timers.iter();
        let found = found.find(|timer| matches!(timer, Timer::PeriodicAnnounce(_)));
        found.expect("the task").clone()
    };
    peer.foca.set_config(periodic(5, 1)).expect("allowed");
    log.say(format!(
        "every 30s to 2 members, lowered to 5s and 1: timers {:?}",
        periodic_timers(&peer.timers())
    ));
    peer.fire(task(&timers)).expect("connected");
    log.say(format!(
        "the one that ran: sent {}, timers {:?}",
        peer.sent().len(),
        periodic_timers(&peer.timers())
    ));
    peer.foca.set_config(Config::simple()).expect("allowed");
    peer.fire(task(&timers)).expect("connected");
    let (sent, asked) = (peer.sent().len(), periodic_timers(&peer.timers()));
    log.say(format!(
        "turned off, and the next is due: sent {sent}, timers {asked:?}"
    ));
    assert!(sent == 0 && asked.is_empty());
    let again = peer.foca.set_config(periodic(5, 1));
    log.say(format!("turned on again: {again:?}"));
    assert!(matches!(again, Err(Error::InvalidConfig)));
    let (mut peer, timers) = super::stage::peer(periodic(30, 2), &[alive(2), alive(3)]);
    peer.foca.set_config(Config::simple()).expect("allowed");
    let refused = peer.foca.set_config(periodic(30, 2));
    peer.fire(task(&timers)).expect("connected");
    log.say(format!(
        "turned off and on before it is due: {refused:?}, sent {}",
        peer.sent().len()
    ));
}

pub fn fewer_transmissions(log: &mut Log) {
    let config = Config {
        max_transmissions: NonZeroU8::new(2).expect("two"),
        ..Config::simple()
    };
    let (mut peer, _) = peer(Config::simple(), &[alive(2)]);
    peer.receive(&gossip(&[(id(6, 1), 0, State::Alive)]))
        .expect("good");
    peer.foca.set_config(config).expect("allowed");
    peer.receive(&gossip(&[(id(7, 1), 0, State::Alive)]))
        .expect("good");
    for count in 1..=10 {
        peer.receive(&datagram(id(2, 10), us(), Message::Ping(1), &[]))
            .expect("good");
        let sent = tell_sent(&peer.sent());
        if count == 1 || count == 3 || count == 10 {
            log.say(format!("answer {count}: {sent:?}"));
        }
    }
    assert_eq!(peer.foca.updates_backlog(), 0);
}

pub fn smaller_datagrams(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2)]);
    peer.receive(&gossip(&[(id(6, 1), 0, State::Alive)]))
        .expect("good");
    let config = Config {
        max_packet_size: NonZeroUsize::new(30).expect("some"),
        ..Config::simple()
    };
    peer.foca.set_config(config).expect("allowed");
    for _ in 0..20 {
        peer.receive(&datagram(id(2, 10), us(), Message::Ping(1), &[]))
            .expect("good");
    }
    let sent = peer.sent();
    let longest = sent.iter().map(|(_, bytes)| bytes.len()).max();
    log.say(format!(
        "max_packet_size lowered to 30: {} answers of at most {longest:?} bytes, still queued: {}",
        sent.len(),
        peer.foca.updates_backlog()
    ));
    assert_eq!(peer.foca.updates_backlog(), 1);
}

pub fn probe_times_are_fixed(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2)]);
    for (name, config) in [
        (
            "probe_period",
            Config {
                probe_period: Duration::from_millis(1400),
                ..Config::simple()
            },
        ),
        (
            "probe_rtt",
            Config {
                probe_rtt: Duration::from_millis(100),
                ..Config::simple()
            },
        ),
    ] {
        let result = peer.foca.set_config(config);
        log.say(format!("{name} lowered: {result:?}"));
        assert!(matches!(result, Err(Error::InvalidConfig)));
    }
}
