//! Who a sender is, and in which of its lives. The two together are never used
//! again, so that no nonce is.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

const LAST_BOOT: u32 = (1 << 24) - 1;

/// In one life a sender seals 2^24 datagrams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    pub device: [u8; 6],
    /// Grows from one life of a device to the next; at most 2^24 - 1.
    pub boot: u32,
}

impl Life {
    /// A device that nobody is, by chance: two of 10,000 such are the same once
    /// in 5 million times.
    fn random() -> io::Result<Self> {
        let mut bytes = [0; 9];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        let [device @ .., a, b, c] = bytes;
        let boot = u32::from_be_bytes([0, a, b, c]);
        Ok(Self { device, boot })
    }

    /// The same device, as long as it has lives left.
    fn after(self) -> io::Result<Self> {
        if self.boot >= LAST_BOOT {
            return Self::random();
        }
        let boot = self.boot + 1;
        Ok(Self { boot, ..self })
    }
}

/// Gives a sender its lives.
pub trait Lives: Send {
    /// Another life, which was never given before and never will be again, also
    /// after a crash.
    ///
    /// # Errors
    /// When it cannot be kept. The sender then sends nothing.
    fn next(&mut self) -> io::Result<Life>;
}

/// For a service that can keep nothing: a device and a boot by chance at each
/// start. Others remember one more sender after each start, and cannot tell an
/// old datagram of a former life from a new one once they have forgotten it.
#[derive(Default)]
pub struct RandomLives {
    last: Option<Life>,
}

impl Lives for RandomLives {
    fn next(&mut self) -> io::Result<Life> {
        let life = match self.last {
            None => Life::random()?,
            Some(last) => last.after()?,
        };
        self.last = Some(life);
        Ok(life)
    }
}

/// Keeps the last life in a file: one line of 12 hex digits for the device, a
/// space, and the boot.
///
/// The file belongs to one process on one machine. Copied to another, or put
/// back from a backup, it makes nonces come up twice, which breaks the cipher.
/// Without the file a new device is taken, which is safe.
pub struct StoredLives {
    file: PathBuf,
}

impl StoredLives {
    pub fn new(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into() }
    }

    fn last(&self) -> io::Result<Option<Life>> {
        let text = match fs::read_to_string(&self.file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        parse(&text).map(Some).ok_or_else(|| {
            let what = format!(
                "{} is damaged: delete it, and a new device is taken",
                self.file.display()
            );
            io::Error::new(io::ErrorKind::InvalidData, what)
        })
    }

    /// Has the disk keep it before it returns. The old file stands until then.
    fn keep(&self, life: Life) -> io::Result<()> {
        let device: String = life
            .device
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let mut beside = self.file.clone().into_os_string();
        beside.push(".new");
        let mut file = File::create(&beside)?;
        writeln!(file, "{device} {}", life.boot)?;
        file.sync_all()?;
        fs::rename(&beside, &self.file)?;
        sync_folder(&self.file)
    }
}

impl Lives for StoredLives {
    fn next(&mut self) -> io::Result<Life> {
        let life = match self.last()? {
            None => Life::random()?,
            Some(last) => last.after()?,
        };
        self.keep(life)?;
        Ok(life)
    }
}

fn parse(text: &str) -> Option<Life> {
    let (device, boot) = text.strip_suffix('\n')?.split_once(' ')?;
    if device.len() != 12 {
        return None;
    }
    let number = u64::from_str_radix(device, 16).ok()?.to_be_bytes();
    let boot = boot.parse().ok().filter(|boot| *boot <= LAST_BOOT)?;
    let [_, _, device @ ..] = number;
    Some(Life { device, boot })
}

/// A name is on the disk once its folder is.
#[cfg(unix)]
fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_file: &Path) -> io::Result<()> {
    Ok(())
}
