//! foca on a device without an operating system.
#![no_std]

extern crate alloc;

pub mod bincode_codec;
pub mod board;
pub mod device;
pub mod heap;
pub mod identity;
pub mod memory;
pub mod node;
pub mod operations;
pub mod random;
