//! A host of many foca instances that is driven from outside: no clock, no socket, no thread, and no chance but
//! what follows from the seeds it is given. What it answers is a pure function of what it was asked.

pub mod answer;
mod cluster;
pub mod request;
mod settings;
mod timers;
mod values;
mod view;

use std::net::{SocketAddr, SocketAddrV4};

use foca::PostcardCodec;

use self::{
    answer::Answer,
    cluster::{Cluster, Name, Served},
    request::Request,
};
use crate::{
    dialect::{Bincode, Dialect, BINCODE, POSTCARD},
    identities::{Renewable, RenewableV4},
    node::PeerCodec,
};

#[derive(Default)]
pub struct Host {
    cluster: Option<Box<dyn Served>>,
    answer: Answer,
}

impl Host {
    /// Answers one request. The start of a new cluster names its identity type and its codec: `renewableV4 bincode`.
    pub fn serve(&mut self, bytes: &[u8]) -> &[u8] {
        self.answer.clear();
        match Request::parse(bytes) {
            Some(request) => {
                let cluster = self.cluster.as_mut().expect("a cluster");
                cluster.serve(&request, &mut self.answer);
            }
            None => {
                let words = std::str::from_utf8(&bytes[1..]).expect("an identity type and a codec");
                self.cluster = Some(cluster_of(words));
            }
        }
        self.answer.finish()
    }
}

fn cluster_of(words: &str) -> Box<dyn Served> {
    match words.split_once(' ') {
        Some((identity, Bincode::NAME)) => cluster_with(identity, BINCODE),
        Some((identity, PostcardCodec::NAME)) => cluster_with(identity, POSTCARD),
        _ => panic!("no such codec: {words}"),
    }
}

fn cluster_with<C>(identity: &str, codec: C) -> Box<dyn Served>
where
    C: Dialect
        + PeerCodec<RenewableV4>
        + PeerCodec<Renewable>
        + PeerCodec<SocketAddrV4>
        + PeerCodec<SocketAddr>
        + 'static,
{
    fn boxed<T: Name + 'static, C: Dialect + PeerCodec<T> + 'static>(codec: C) -> Box<dyn Served> {
        Box::new(Cluster::<T, C>::new(codec))
    }
    match identity {
        "renewableV4" => boxed::<RenewableV4, C>(codec),
        "renewableAddr" => boxed::<Renewable, C>(codec),
        "plainV4" => boxed::<SocketAddrV4, C>(codec),
        "plain" => boxed::<SocketAddr, C>(codec),
        _ => panic!("no such identity type: {identity}"),
    }
}
