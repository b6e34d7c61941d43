//! A codec written by hand, fixed in width, to show foca without serde's cost.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use bytes::{Buf, BufMut};
use foca::{Codec, Header, Member, Message, State};

use crate::identity::Renewable;

#[derive(Clone, Copy)]
pub struct Hand;

#[derive(Debug)]
pub enum Error {
    Full,
    Short,
    Unknown,
    NotIpv4,
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self:?}")
    }
}

impl std::error::Error for Error {}

const IDENTITY_SIZE: usize = 14;
const MEMBER_SIZE: usize = IDENTITY_SIZE + 3;
const LARGEST_HEADER: usize = 3 * IDENTITY_SIZE + 4;

fn put_identity(identity: &Renewable, buf: &mut impl BufMut) -> Result<(), Error> {
    let IpAddr::V4(ip) = identity.addr.ip() else {
        return Err(Error::NotIpv4);
    };
    buf.put_slice(&ip.octets());
    buf.put_u16(identity.addr.port());
    buf.put_u64(identity.bump);
    Ok(())
}

fn get_identity(buf: &mut impl Buf) -> Result<Renewable, Error> {
    if buf.remaining() < IDENTITY_SIZE {
        return Err(Error::Short);
    }
    let ip = Ipv4Addr::from(buf.get_u32());
    let addr = SocketAddr::from((ip, buf.get_u16()));
    let bump = buf.get_u64();
    Ok(Renewable { addr, bump })
}

fn get_u8(buf: &mut impl Buf) -> Result<u8, Error> {
    buf.try_get_u8().map_err(|_| Error::Short)
}

impl Codec<Renewable> for Hand {
    type Error = Error;

    fn encode_header(
        &mut self,
        header: &Header<Renewable>,
        mut buf: impl BufMut,
    ) -> Result<(), Error> {
        if buf.remaining_mut() < LARGEST_HEADER {
            return Err(Error::Full);
        }
        put_identity(&header.src, &mut buf)?;
        buf.put_u16(header.src_incarnation);
        put_identity(&header.dst, &mut buf)?;
        let (variant, named, number) = match &header.message {
            Message::Ping(n) => (0, None, Some(n)),
            Message::Ack(n) => (1, None, Some(n)),
            Message::PingReq {
                target,
                probe_number,
            } => (2, Some(target), Some(probe_number)),
            Message::IndirectPing {
                origin,
                probe_number,
            } => (3, Some(origin), Some(probe_number)),
            Message::IndirectAck {
                target,
                probe_number,
            } => (4, Some(target), Some(probe_number)),
            Message::ForwardedAck {
                origin,
                probe_number,
            } => (5, Some(origin), Some(probe_number)),
            Message::Announce => (6, None, None),
            Message::Feed => (7, None, None),
            Message::Gossip => (8, None, None),
            Message::Broadcast => (9, None, None),
            Message::TurnUndead => (10, None, None),
        };
        buf.put_u8(variant);
        if let Some(identity) = named {
            put_identity(identity, &mut buf)?;
        }
        if let Some(number) = number {
            buf.put_u8(*number);
        }
        Ok(())
    }

    fn decode_header(&mut self, mut buf: impl Buf) -> Result<Header<Renewable>, Error> {
        let src = get_identity(&mut buf)?;
        let src_incarnation = buf.try_get_u16().map_err(|_| Error::Short)?;
        let dst = get_identity(&mut buf)?;
        let message = match get_u8(&mut buf)? {
            0 => Message::Ping(get_u8(&mut buf)?),
            1 => Message::Ack(get_u8(&mut buf)?),
            2 => Message::PingReq {
                target: get_identity(&mut buf)?,
                probe_number: get_u8(&mut buf)?,
            },
            3 => Message::IndirectPing {
                origin: get_identity(&mut buf)?,
                probe_number: get_u8(&mut buf)?,
            },
            4 => Message::IndirectAck {
                target: get_identity(&mut buf)?,
                probe_number: get_u8(&mut buf)?,
            },
            5 => Message::ForwardedAck {
                origin: get_identity(&mut buf)?,
                probe_number: get_u8(&mut buf)?,
            },
            6 => Message::Announce,
            7 => Message::Feed,
            8 => Message::Gossip,
            9 => Message::Broadcast,
            10 => Message::TurnUndead,
            _ => return Err(Error::Unknown),
        };
        Ok(Header {
            src,
            src_incarnation,
            dst,
            message,
        })
    }

    fn encode_member(
        &mut self,
        member: &Member<Renewable>,
        mut buf: impl BufMut,
    ) -> Result<(), Error> {
        if buf.remaining_mut() < MEMBER_SIZE {
            return Err(Error::Full);
        }
        put_identity(member.id(), &mut buf)?;
        buf.put_u16(member.incarnation());
        buf.put_u8(match member.state() {
            State::Alive => 0,
            State::Suspect => 1,
            State::Down => 2,
        });
        Ok(())
    }

    fn decode_member(&mut self, mut buf: impl Buf) -> Result<Member<Renewable>, Error> {
        let id = get_identity(&mut buf)?;
        let incarnation = buf.try_get_u16().map_err(|_| Error::Short)?;
        let state = match get_u8(&mut buf)? {
            0 => State::Alive,
            1 => State::Suspect,
            2 => State::Down,
            _ => return Err(Error::Unknown),
        };
        Ok(Member::new(id, incarnation, state))
    }
}
