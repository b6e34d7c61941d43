//! What the command line asks for.

use std::{error::Error, net::SocketAddr, path::PathBuf};

use foca_peer::seal::{Key, Lives, RandomLives, Seal, Sealing, StoredLives};

pub const USAGE: &str = "usage: sealed-agent --bind ADDR [--announce ADDR] \
[--key HEX [--key-id N] [--sealing off|accept|send|require] [--lives FILE]]";

#[derive(Default)]
pub struct Options {
    pub bind: Option<SocketAddr>,
    pub announce: Option<SocketAddr>,
    key: Option<String>,
    key_id: u8,
    sealing: Option<Sealing>,
    lives: Option<PathBuf>,
}

impl Options {
    /// # Errors
    /// What is wrong with which option. A key is not repeated in it.
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut options = Self::default();
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or(format!("{name} needs a value"))?;
            options
                .set(&name, value)
                .map_err(|error| format!("{name}: {error}"))?;
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), Box<dyn Error>> {
        match name {
            "--bind" => self.bind = Some(value.parse()?),
            "--announce" => self.announce = Some(value.parse()?),
            "--key" => self.key = Some(value),
            "--key-id" => self.key_id = value.parse()?,
            "--sealing" => self.sealing = Some(sealing(&value)?),
            "--lives" => self.lives = Some(value.into()),
            _ => return Err("no such option".into()),
        }
        Ok(())
    }

    /// None without a key: a plain member.
    pub fn seal(&self) -> Result<Option<Seal>, Box<dyn Error>> {
        let Some(digits) = &self.key else {
            return match self.sealing {
                None => Ok(None),
                Some(_) => Err("--sealing: needs a --key".into()),
            };
        };
        let key = Key::from_hex(self.key_id, digits).map_err(|error| format!("--key: {error}"))?;
        let lives: Box<dyn Lives> = match &self.lives {
            None => Box::<RandomLives>::default(),
            Some(file) => Box::new(StoredLives::new(file)),
        };
        let sealing = self.sealing.unwrap_or(Sealing::Require);
        Ok(Some(Seal::new(vec![key], sealing, lives)?))
    }
}

fn sealing(name: &str) -> Result<Sealing, Box<dyn Error>> {
    match name {
        "off" => Ok(Sealing::Off),
        "accept" => Ok(Sealing::Accept),
        "send" => Ok(Sealing::Send),
        "require" => Ok(Sealing::Require),
        _ => Err("off, accept, send or require".into()),
    }
}
