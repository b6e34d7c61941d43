//! What goes into a datagram, and what does not fit.

use std::num::{NonZeroU8, NonZeroUsize};

use foca::{Codec, Config, Error, Header, Member, Message, State};

use super::stage::{alive, datagram, gossip, id, peer, tell_sent, us, Log};
use crate::{
    dialect::{BINCODE, POSTCARD},
    handler::Versioned,
    identities::Named,
    node::{encode_header, encode_member, parse, Node},
    vectors::handled::result_name,
};

fn limited(max_packet_size: usize) -> Config {
    Config {
        max_packet_size: NonZeroUsize::new(max_packet_size).expect("some room"),
        ..Config::simple()
    }
}

fn named(name: &str) -> Named {
    Named {
        name: name.to_owned(),
        bump: 0,
    }
}

pub fn huge_string(log: &mut Log) {
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let length = [&[0xfd][..], &[0xff; 8]].concat();
    let bincode = std::panic::catch_unwind(|| {
        let mut codec = BINCODE;
        Codec::<Named>::decode_header(&mut codec, &length[..])
            .map(|_| ())
            .map_err(|e| e.to_string())
    });
    std::panic::set_hook(quiet);
    log.say(format!(
        "bincode, a length of 2^64-1: {}",
        match &bincode {
            Ok(result) => format!("{result:?}"),
            Err(_) => "panic".to_owned(),
        }
    ));
    let length = [&[0xff; 9][..], &[1]].concat();
    let mut codec = POSTCARD;
    let postcard = Codec::<Named>::decode_header(&mut codec, &length[..]).map(|_| ());
    log.say(format!("postcard, the same: {postcard:?}"));
    assert!(bincode.is_err());
    assert!(postcard.is_err());
}

/// How many members a Feed holds, its size, and how many might have fitted.
pub fn feed_capacity(log: &mut Log) {
    for limit in [32, 64, 128, 512, 1400] {
        let members: Vec<_> = (2..200).map(alive).collect();
        let (mut peer, _) = peer(limited(limit), &members);
        let header = Header {
            src: id(2, 10),
            src_incarnation: 0,
            dst: us(),
            message: Message::Announce,
        };
        peer.receive(&encode_header(BINCODE, &header))
            .expect("good");
        let (_, bytes) = peer.sent().pop().expect("a Feed");
        let updates = parse::<crate::identities::Renewable, _>(BINCODE, &bytes).updates;
        let size = encode_member(BINCODE, &alive(3)).len();
        log.say(format!(
            "limit {limit}: {} members of {size} bytes, {} bytes left",
            updates.len(),
            limit - bytes.len()
        ));
        assert!(limit - bytes.len() < size || updates.len() > 5);
    }
}

pub fn feed_stops(log: &mut Log) {
    let mut fewest = usize::MAX;
    for long in 0..2 {
        let mut node = Node::new(named("us"), limited(128), BINCODE, Versioned::default());
        let mut members: Vec<_> = (0..4)
            .map(|n| Member::alive(named(&format!("n{n}"))))
            .collect();
        for n in 0..long * 4 {
            members.push(Member::alive(named(&format!("{n}{}", "x".repeat(120)))));
        }
        node.know(&members);
        let header = Header {
            src: named("n0"),
            src_incarnation: 0,
            dst: named("us"),
            message: Message::Announce,
        };
        node.receive(&encode_header(BINCODE, &header))
            .expect("good");
        let (_, bytes) = node.sent().pop().expect("a Feed");
        let count = parse::<Named, _>(BINCODE, &bytes).updates.len();
        log.say(format!(
            "3 short names to tell and {} that never fit: the Feed has {count}, {} of 128 bytes",
            long * 4,
            bytes.len()
        ));
        fewest = fewest.min(count);
    }
    assert!(fewest < 3);
}

pub fn order_of_updates(log: &mut Log) {
    let mut node = Node::new(named("us"), limited(40), BINCODE, Versioned::default());
    node.know(&[Member::alive(named("to"))]);
    for name in ["b", "seventeen letters", "eight888", "sixteen letters_"] {
        let update = Member::alive(named(name));
        node.foca
            .apply_many([update].into_iter(), true, &mut node.runtime)
            .expect("good");
    }
    let header = Header {
        src: named("to"),
        src_incarnation: 0,
        dst: named("us"),
        message: Message::Ping(1),
    };
    let mut told = Vec::new();
    for _ in 0..3 {
        node.receive(&encode_header(BINCODE, &header))
            .expect("good");
        let (_, bytes) = node.sent().pop().expect("an Ack");
        let names: Vec<String> = parse::<Named, _>(BINCODE, &bytes)
            .updates
            .iter()
            .map(|m| m.id().name.clone())
            .collect();
        log.say(format!("{} of 40 bytes: {names:?}", bytes.len()));
        told.push(names);
    }
    assert_eq!(told[0], ["seventeen letters", "b"]);
}

pub fn answer_does_not_fit(log: &mut Log) {
    let (ours, theirs) = (named("a name of its own"), named("m"));
    let header = Header {
        src: theirs.clone(),
        src_incarnation: 0,
        dst: ours.clone(),
        message: Message::PingReq {
            target: named("a name so long!"),
            probe_number: 1,
        },
    };
    let request = encode_header(BINCODE, &header);
    let limit = request.len();
    let mut node = Node::new(ours.clone(), limited(limit), BINCODE, Versioned::default());
    node.know(&[
        Member::alive(theirs),
        Member::new(ours, 299, State::Suspect),
    ]);
    let result = node.receive(&request);
    log.say(format!(
        "at incarnation 300, a PingReq of {limit} bytes, which is the limit: {}",
        result_name(&result)
    ));
    assert!(matches!(result, Err(Error::Encode(_))));
    assert!(node.sent().is_empty());
    let ping = Header {
        message: Message::Ping(1),
        ..header
    };
    node.receive(&encode_header(BINCODE, &ping))
        .expect("works again");
    assert_eq!(node.sent().len(), 1);
    log.say("the next Ping is answered as ever");
}

pub fn empty_gossip(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2)]);
    assert_eq!(peer.foca.updates_backlog(), 0);
    peer.foca.gossip(&mut peer.runtime).expect("room");
    let sent = peer.sent();
    log.say(format!(
        "gossip(): {:?}, {} bytes, the last two a count of 0",
        tell_sent(&sent),
        sent[0].1.len()
    ));
    assert_eq!(sent.len(), 1);
    peer.foca.broadcast(&mut peer.runtime).expect("room");
    log.say(format!(
        "broadcast() with an empty backlog: {:?}",
        tell_sent(&peer.sent())
    ));
}

pub fn set_config(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2)]);
    peer.receive(&gossip(&[(id(6, 1), 0, State::Alive)]))
        .expect("good");
    let config = Config {
        max_transmissions: NonZeroU8::MIN,
        ..Config::simple()
    };
    peer.foca.set_config(config).expect("allowed");
    let mut times = 0;
    while peer.foca.updates_backlog() > 0 {
        peer.receive(&datagram(id(2, 10), us(), Message::Ping(1), &[]))
            .expect("good");
        times += 1;
    }
    log.say(format!(
        "queued with maxTransmissions 10, then set to 1: sent {times} times"
    ));
    assert_eq!(times, 10);
}
