use std::{env, fs, io, process};

use aes::cipher::KeyInit;
use ccm::aead::AeadInOut;
use serde_json::Value;

use super::{key::Cipher, *};
use crate::json::unhex;

const SECRET: [u8; 16] = *b"0123456789abcdef";
const PLAIN: &[u8] = b"the quick brown fox";

/// Lives of one device, with boots from a number on.
struct Counted(Life);

impl Lives for Counted {
    fn next(&mut self) -> io::Result<Life> {
        self.0.boot += 1;
        Ok(self.0)
    }
}

struct Broken;

impl Lives for Broken {
    fn next(&mut self) -> io::Result<Life> {
        Err(io::Error::other("no disk"))
    }
}

fn key(id: u8) -> Key {
    Key::new(id, &SECRET).unwrap()
}

/// A member whose device is `name` six times.
fn member(name: u8, sealing: Sealing) -> Seal {
    let life = Life {
        device: [name; 6],
        boot: 6,
    };
    Seal::new(vec![key(3)], sealing, Box::new(Counted(life))).unwrap()
}

fn pair() -> (Seal, Seal) {
    (member(1, Sealing::Require), member(2, Sealing::Require))
}

/// Opens a copy.
fn open(seal: &mut Seal, frame: &[u8]) -> Result<Vec<u8>, Refusal> {
    seal.open(&mut frame.to_vec()).map(<[u8]>::to_vec)
}

fn temporary(name: &str) -> std::path::PathBuf {
    let file = env::temp_dir().join(format!("seal-{}-{name}", process::id()));
    let _ = fs::remove_file(&file);
    file
}

#[test]
fn encrypts_as_packet_vector_1_of_rfc_3610() {
    let cipher = Cipher::new_from_slice(&unhex("c0c1c2c3c4c5c6c7c8c9cacbcccdcecf")).unwrap();
    let nonce = unhex("00000003020100a0a1a2a3a4a5");
    let nonce: &[u8; 13] = nonce.as_slice().try_into().unwrap();
    let mut text = unhex("08090a0b0c0d0e0f101112131415161718191a1b1c1d1e");
    let tag = cipher
        .encrypt_inout_detached(
            nonce.into(),
            &unhex("0001020304050607"),
            text.as_mut_slice().into(),
        )
        .unwrap();
    assert_eq!(
        text,
        unhex("588c979a61c663d2f066d0c2c0f989806d5f6b61dac384")
    );
    assert_eq!(tag.as_slice(), unhex("17e8d12cfdf926e0"));
}

#[test]
fn makes_and_opens_the_frames_of_the_vectors() {
    let file = include_str!("../../../vectors/sealed.json");
    let file: Value = serde_json::from_str(file).unwrap();
    let records = file["sealed"].as_array().unwrap();
    assert_eq!(records.len(), 9);
    for record in records {
        let text = |name: &str| record[name].as_str().unwrap();
        let number = |name: &str| u32::from_str_radix(text(name), 16).unwrap();
        let id = record["keyId"].as_u64().unwrap() as u8;
        let life = Life {
            device: unhex(text("device")).try_into().unwrap(),
            boot: number("boot"),
        };
        let (plain, frame) = (unhex(text("plaintext")), unhex(text("frame")));
        let key = || Key::from_hex(id, text("key")).unwrap();
        assert_eq!(
            frame_of(&key(), life, number("sequence"), &plain).unwrap(),
            frame
        );
        let mut receiver = member(0, Sealing::Require);
        receiver.set_keys(vec![key()], None).unwrap();
        assert_eq!(open(&mut receiver, &frame), Ok(plain));
    }
}

#[test]
fn opens_what_another_member_sealed() {
    let (mut one, mut other) = pair();
    for length in 0..200 {
        let plain = vec![0x5a; length];
        let frame = one.seal(&plain).unwrap();
        assert_eq!(frame.len(), length + OVERHEAD);
        assert_eq!(open(&mut other, &frame), Ok(plain));
    }
    assert_eq!(other.refused().total(), 0);
}

#[test]
fn writes_key_device_boot_and_sequence_in_front() {
    let (mut one, _) = pair();
    one.seal(PLAIN).unwrap();
    let frame = one.seal(PLAIN).unwrap();
    assert_eq!(frame[..13], unhex("e3010101010101000007000001"));
}

#[test]
fn refuses_a_frame_with_any_one_bit_changed() {
    let (mut one, mut other) = pair();
    let frame = one.seal(PLAIN).unwrap();
    for bit in 0..frame.len() * 8 {
        let mut changed = frame.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let expected = match bit {
            0..=3 => Refusal::UnknownKey,
            4..=7 => Refusal::Plain,
            _ => Refusal::Forged,
        };
        assert_eq!(open(&mut other, &changed), Err(expected), "bit {bit}");
    }
    assert_eq!(open(&mut other, &frame), Ok(PLAIN.to_vec()));
}

#[test]
fn refuses_a_frame_cut_anywhere() {
    let (mut one, mut other) = pair();
    let frame = one.seal(PLAIN).unwrap();
    for length in 0..frame.len() {
        let expected = match length {
            0..OVERHEAD => Refusal::Plain,
            _ => Refusal::Forged,
        };
        assert_eq!(
            open(&mut other, &frame[..length]),
            Err(expected),
            "{length} bytes"
        );
    }
    let longer = [&frame[..], &[0]].concat();
    assert_eq!(open(&mut other, &longer), Err(Refusal::Forged));
}

#[test]
fn refuses_any_two_frames_spliced() {
    let (mut one, mut other) = pair();
    let [first, second] = [PLAIN, b"jumps over the dog!"].map(|plain| one.seal(plain).unwrap());
    // The frames begin with the same 12 bytes.
    for at in HEADER..first.len() {
        for (front, back) in [(&first, &second), (&second, &first)] {
            let spliced = [&front[..at], &back[at..]].concat();
            assert_eq!(open(&mut other, &spliced), Err(Refusal::Forged), "at {at}");
        }
    }
}

#[test]
fn refuses_what_is_not_sealed_for_it() {
    let (mut one, mut other) = pair();
    assert_eq!(open(&mut other, PLAIN), Err(Refusal::Plain));

    let frame = one.seal(PLAIN).unwrap();
    other.set_keys(vec![key(4)], None).unwrap();
    assert_eq!(open(&mut other, &frame), Err(Refusal::UnknownKey));
    let wrong = Key::new(3, b"another secret!!").unwrap();
    other.set_keys(vec![wrong], None).unwrap();
    assert_eq!(open(&mut other, &frame), Err(Refusal::Forged));
    assert_eq!(open(&mut one, &frame), Err(Refusal::Reflected));

    let counts = Refusal::ALL.map(|reason| other.refused().of(reason));
    assert_eq!(counts, [1, 1, 0, 0, 1]);
}

#[test]
fn opens_nothing_twice() {
    let (mut one, mut other) = pair();
    let frames: Vec<_> = (0..3).map(|_| one.seal(PLAIN).unwrap()).collect();
    for at in [1, 0, 2] {
        assert!(open(&mut other, &frames[at]).is_ok());
    }
    for frame in &frames {
        assert_eq!(open(&mut other, frame), Err(Refusal::Replayed));
    }
    assert_eq!(other.refused().of(Refusal::Replayed), 3);
}

#[test]
fn opens_what_comes_31_late_and_nothing_later() {
    let (mut one, mut other) = pair();
    let frames: Vec<_> = (0..33).map(|_| one.seal(PLAIN).unwrap()).collect();
    assert!(open(&mut other, &frames[32]).is_ok());
    assert_eq!(open(&mut other, &frames[0]), Err(Refusal::Replayed));
    assert!(open(&mut other, &frames[1]).is_ok());
    assert_eq!(open(&mut other, &frames[1]), Err(Refusal::Replayed));
}

#[test]
fn opens_nothing_of_a_former_life_of_the_sender() {
    let (mut one, mut other) = pair();
    let kept = one.seal(PLAIN).unwrap();
    let life = one.life;
    one = Seal::new(vec![key(3)], Sealing::Require, Box::new(Counted(life))).unwrap();
    assert!(open(&mut other, &one.seal(PLAIN).unwrap()).is_ok());
    assert_eq!(open(&mut other, &kept), Err(Refusal::Replayed));
}

#[test]
fn forgets_the_sender_that_was_silent_for_longest() {
    let mut receiver = member(0, Sealing::Require);
    receiver.set_max_senders(2);
    let mut senders = [1, 2, 3].map(|name| member(name, Sealing::Require));
    let frames = [0, 1, 0, 2].map(|at| senders[at].seal(PLAIN).unwrap());
    for frame in &frames {
        assert!(open(&mut receiver, frame).is_ok());
    }
    for at in [0, 2, 3] {
        assert_eq!(open(&mut receiver, &frames[at]), Err(Refusal::Replayed));
    }
    assert!(open(&mut receiver, &frames[1]).is_ok());
}

#[test]
fn understands_in_each_step_of_a_migration_those_one_step_away() {
    const STEPS: [Sealing; 4] = [
        Sealing::Off,
        Sealing::Accept,
        Sealing::Send,
        Sealing::Require,
    ];
    let understood_by = |receiver: Sealing| {
        STEPS.map(|sender| {
            let datagram = member(1, sender).seal(PLAIN).unwrap();
            open(&mut member(2, receiver), &datagram).as_deref() == Ok(PLAIN)
        })
    };
    assert_eq!(understood_by(Sealing::Off), [true, true, false, false]);
    assert_eq!(understood_by(Sealing::Accept), [true; 4]);
    assert_eq!(understood_by(Sealing::Send), [true; 4]);
    assert_eq!(understood_by(Sealing::Require), [false, false, true, true]);
}

#[test]
fn takes_what_only_looks_sealed_as_plain_while_plain_is_taken() {
    let frame = member(1, Sealing::Send).seal(PLAIN).unwrap();
    let mut changed = frame.clone();
    changed[20] ^= 1;
    let unknown = [&[0xe9], &frame[1..]].concat();
    for sealing in [Sealing::Accept, Sealing::Send] {
        let mut receiver = member(2, sealing);
        for plain in [&changed, &unknown] {
            assert_eq!(open(&mut receiver, plain).as_ref(), Ok(plain));
        }
        assert_eq!(open(&mut receiver, &frame), Ok(PLAIN.to_vec()));
        assert_eq!(open(&mut receiver, &frame), Err(Refusal::Replayed));
        let counts = Refusal::ALL.map(|reason| receiver.refused().of(reason));
        assert_eq!(counts, [0, 1, 0, 1, 1]);
    }
}

#[test]
fn rotates_keys_without_losing_a_datagram() {
    let (mut one, mut other) = pair();
    let keys = || vec![key(3), Key::new(5, b"the next secret!").unwrap()];
    other.set_keys(keys(), None).unwrap();
    assert!(open(&mut other, &one.seal(PLAIN).unwrap()).is_ok());
    one.set_keys(keys(), Some(5)).unwrap();
    let frame = one.seal(PLAIN).unwrap();
    assert_eq!(frame[0], 0xe5);
    assert!(open(&mut other, &frame).is_ok());
}

#[test]
fn begins_another_life_when_its_sequences_are_spent() {
    let (mut one, mut other) = pair();
    one.sequence = SEQUENCES - 1;
    let last = one.seal(PLAIN).unwrap();
    let first = one.seal(PLAIN).unwrap();
    assert_eq!(last[7..13], unhex("000007ffffff"));
    assert_eq!(first[7..13], unhex("000008000000"));
    assert!(open(&mut other, &first).is_ok());
    assert!(open(&mut other, &last).is_ok());

    one.sequence = SEQUENCES;
    one.lives = Box::new(Broken);
    assert!(one.seal(PLAIN).is_err());
    assert!(one.seal(PLAIN).is_err());
}

#[test]
fn seals_nothing_that_is_too_long_for_the_mode() {
    let (mut one, _) = pair();
    assert!(one.seal(&vec![0; 65_535]).is_ok());
    assert!(one.seal(&vec![0; 65_536]).is_err());
}

#[test]
fn refuses_keys_that_are_not_keys() {
    let refused = |digits: &str| Key::from_hex(1, digits).err();
    assert_eq!(
        refused("correct horse battery staple"),
        Some(KeyError::Secret)
    );
    assert_eq!(
        refused("+0112233445566778899aabbccddeeff"),
        Some(KeyError::Secret)
    );
    assert_eq!(refused("00112233445566778899aabbccddeeff"), None);
    assert_eq!(Key::new(16, &SECRET).err(), Some(KeyError::Id(16)));

    let (mut one, _) = pair();
    let mut set = |ids: &[u8], send_with| {
        let keys = ids.iter().map(|id| key(*id)).collect();
        one.set_keys(keys, send_with)
    };
    assert_eq!(set(&[], None), Err(KeyError::Count(0)));
    assert_eq!(set(&[1, 2, 3, 4, 5], None), Err(KeyError::Count(5)));
    assert_eq!(set(&[1, 2, 1], None), Err(KeyError::Twice(1)));
    assert_eq!(set(&[1, 2], Some(3)), Err(KeyError::Missing(3)));
}

#[test]
fn prints_no_secret() {
    let (mut one, _) = pair();
    let secret = "30313233343536373839616263646566";
    one.set_keys(vec![Key::from_hex(7, secret).unwrap()], None)
        .unwrap();
    let printed = format!("{one:?}");
    assert!(printed.contains("Key 7"), "{printed}");
    assert!(!printed.contains("30") && !printed.contains("48, 49"));
}

#[test]
fn keeps_the_device_and_takes_the_next_boot_at_each_start() {
    let file = temporary("lives");
    let first = StoredLives::new(&file).next().unwrap();
    let second = StoredLives::new(&file).next().unwrap();
    assert_eq!(second.device, first.device);
    assert_eq!(second.boot, first.boot + 1);

    fs::write(&file, "00ff00ff00ff 16777215\n").unwrap();
    let after_the_last = StoredLives::new(&file).next().unwrap();
    assert_ne!(after_the_last.device, [0, 255, 0, 255, 0, 255]);

    for damaged in ["", "00ff00ff00ff 12", "00ff00ff00ff 16777216\n", "0 1\n"] {
        fs::write(&file, damaged).unwrap();
        let error = StoredLives::new(&file).next().unwrap_err();
        assert!(error.to_string().contains("delete it"), "{damaged}");
    }
    fs::remove_file(&file).unwrap();
    let fresh = StoredLives::new(&file).next().unwrap();
    assert_ne!(fresh.device, first.device);
    fs::remove_file(&file).unwrap();
    assert!(
        StoredLives::new(env::temp_dir().join("no/such/folder/seal"))
            .next()
            .is_err()
    );
}

#[test]
fn has_another_device_at_each_start_where_nothing_is_kept() {
    let mut lives = RandomLives::default();
    let (first, second) = (lives.next().unwrap(), lives.next().unwrap());
    assert_eq!(first.device, second.device);
    assert_eq!(first.boot + 1, second.boot);
    assert_ne!(RandomLives::default().next().unwrap().device, first.device);
}
