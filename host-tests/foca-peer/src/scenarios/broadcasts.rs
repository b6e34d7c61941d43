//! Custom broadcasts.

use foca::{Config, Message, State};

use super::stage::{alive, datagram, id, peer, tell_members, tell_sent, us, Log};
use crate::node::encode_broadcast;

pub fn malformed_tail(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2)]);
    let head = datagram(
        id(2, 10),
        us(),
        Message::Ping(1),
        &[(id(6, 1), 0, State::Alive)],
    );
    let good = encode_broadcast(&[1, 1]);
    let bytes = [&head[..], &good, &[0, 9, 1]].concat();
    let result = peer.receive(&bytes);
    let sent = tell_sent(&peer.sent());
    log.say(format!(
        "an update, a good broadcast, an overlong one: {result:?}"
    ));
    log.say(format!(
        "members {:?}, broadcasts queued {}, sent {sent:?}",
        tell_members(&peer),
        peer.foca.custom_broadcast_backlog()
    ));
    assert!(matches!(result, Err(foca::Error::MalformedPacket)));
    assert_eq!(peer.foca.custom_broadcast_backlog(), 1);
    assert!(sent[0].starts_with("Ack"));
}

pub fn indirect_hides_tail(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2)]);
    let message = Message::PingReq {
        target: us(),
        probe_number: 1,
    };
    let bytes = [&datagram(id(2, 10), us(), message, &[])[..], &[0, 0, 0]].concat();
    let result = peer.receive(&bytes);
    log.say(format!("{result:?}"));
    assert!(matches!(result, Err(foca::Error::IndirectForOurselves)));
}

pub fn too_long_stays(log: &mut Log) {
    let (mut peer, _) = peer(Config::simple(), &[alive(2)]);
    let longest = vec![1; 1400];
    let accepted = peer.foca.add_broadcast(&longest);
    log.say(format!(
        "add_broadcast of 1400 bytes, the whole datagram: {accepted:?}"
    ));
    assert!(matches!(accepted, Ok(true)));
    for _ in 0..100 {
        peer.foca.gossip(&mut peer.runtime).expect("room");
        peer.foca.broadcast(&mut peer.runtime).expect("room");
    }
    let sent = peer.sent();
    let longest_sent = sent.iter().map(|(_, bytes)| bytes.len()).max();
    log.say(format!(
        "after {} datagrams of at most {longest_sent:?} bytes it is still queued: {}",
        sent.len(),
        peer.foca.custom_broadcast_backlog()
    ));
    assert_eq!(peer.foca.custom_broadcast_backlog(), 1);
    let (empty, over) = (
        peer.foca.add_broadcast(&[]),
        peer.foca.add_broadcast(&[1; 1401]),
    );
    log.say(format!(
        "add_broadcast of 0 bytes: {empty:?}; of 1401: {over:?}"
    ));
    assert!(matches!(empty, Err(foca::Error::MalformedPacket)));
    assert!(matches!(over, Err(foca::Error::DataTooBig)));
}
