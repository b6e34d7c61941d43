//! Many foca instances in one process, for a simulator in whose network they live: see `foca_peer::host`.
//!
//! Reads requests on the standard input, each behind its length (u32, little endian), and writes an answer for
//! each on the standard output.

use std::{
    fs::File,
    io::{self, ErrorKind, Read, Write},
    os::fd::AsFd,
};

use foca_peer::host::Host;

pub fn run() -> io::Result<()> {
    let mut host = Host::default();
    let mut input = io::stdin().lock();
    // Without the buffer by lines: an answer is one write.
    let mut output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let mut length = [0; 4];
    let mut request = Vec::new();
    loop {
        match input.read_exact(&mut length) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            result => result?,
        }
        request.resize(u32::from_le_bytes(length) as usize, 0);
        input.read_exact(&mut request)?;
        output.write_all(host.serve(&request))?;
    }
}
