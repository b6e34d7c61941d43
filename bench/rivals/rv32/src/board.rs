//! QEMU's "virt" board: its start, its serial line, its switch, and its counter of instructions.

use alloc::vec::Vec;
use core::{
    arch::{asm, global_asm},
    fmt,
    ptr::addr_of_mut,
};

global_asm!(
    ".section .text.start, \"ax\"",
    ".global start",
    "start:",
    "la sp, stack_start",
    "la t0, bss_start",
    "la t1, bss_end",
    "1: bgeu t0, t1, 2f",
    "sw zero, 0(t0)",
    "addi t0, t0, 4",
    "j 1b",
    "2: call main",
);

extern "C" {
    static mut stack_end: u32;
}

const UART: *mut u8 = 0x1000_0000 as *mut u8;
const LINE_STATUS: usize = 5;
const DATA_READY: u8 = 0x01;
const TRANSMITTER_EMPTY: u8 = 0x20;

const SWITCH: *mut u32 = 0x10_0000 as *mut u32;
const OFF: u32 = 0x5555;
const FAILED: u32 = 0x1_3333;

/// Turns the board off.
pub fn exit(is_well: bool) -> ! {
    unsafe { SWITCH.write_volatile(if is_well { OFF } else { FAILED }) };
    loop {}
}

/// Whether a byte waits on the serial line.
pub fn is_readable() -> bool {
    unsafe { UART.add(LINE_STATUS).read_volatile() & DATA_READY != 0 }
}

fn read() -> u8 {
    while !is_readable() {}
    unsafe { UART.read_volatile() }
}

/// Waits for a datagram, which comes behind its length.
pub fn read_datagram(data: &mut Vec<u8>) {
    data.clear();
    let length = u16::from_be_bytes([read(), read()]);
    data.reserve_exact(length.into());
    for _ in 0..length {
        data.push(read());
    }
}

pub fn write(bytes: &[u8]) {
    for byte in bytes {
        while unsafe { UART.add(LINE_STATUS).read_volatile() } & TRANSMITTER_EMPTY == 0 {}
        unsafe { UART.write_volatile(*byte) };
    }
}

/// The serial line, for `write!`.
pub struct Line;

impl fmt::Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        write(text.as_bytes());
        Ok(())
    }
}

/// Instructions since the start.
pub fn instructions() -> u64 {
    loop {
        let (high, low, again): (u32, u32, u32);
        unsafe {
            asm!("csrr {0}, minstreth", "csrr {1}, minstret", "csrr {2}, minstreth",
                out(reg) high, out(reg) low, out(reg) again);
        }
        if high == again {
            return u64::from(high) << 32 | u64::from(low);
        }
    }
}

const TIME: *const u32 = 0x0200_bff8 as *const u32;
const TICKS_A_MS: u64 = 10_000;

/// Milliseconds since the start.
pub fn now_ms() -> u64 {
    loop {
        let (high, low, again) = unsafe {
            let high = TIME.add(1).read_volatile();
            (high, TIME.read_volatile(), TIME.add(1).read_volatile())
        };
        if high == again {
            return (u64::from(high) << 32 | u64::from(low)) / TICKS_A_MS;
        }
    }
}

const PAINT: u32 = 0xa5a5_a5a5;
/// What lies so close below the caller may be in use by `paint` itself.
const MARGIN: usize = 256;

fn stack_pointer() -> usize {
    let pointer: usize;
    unsafe { asm!("mv {0}, sp", out(reg) pointer) };
    pointer
}

/// Bytes of stack that `run` takes.
#[inline(never)]
pub fn stack_of(run: impl FnOnce()) -> usize {
    let bottom = addr_of_mut!(stack_end);
    let top = stack_pointer();
    let words = (top - MARGIN - bottom as usize) / 4;
    for word in 0..words {
        unsafe { bottom.add(word).write_volatile(PAINT) };
    }
    run();
    let mut untouched = 0;
    while untouched < words && unsafe { bottom.add(untouched).read_volatile() } == PAINT {
        untouched += 1;
    }
    top - (bottom as usize + untouched * 4)
}
