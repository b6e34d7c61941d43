//! What `std` asks of the machine below it, which is none here.

use crate::board;

#[no_mangle]
extern "C" fn sys_write(_: u32, bytes: *const u8, length: usize) {
    board::write(unsafe { core::slice::from_raw_parts(bytes, length) });
}

#[no_mangle]
extern "C" fn sys_panic(text: *const u8, length: usize) -> ! {
    sys_write(0, text, length);
    board::exit(false)
}

#[no_mangle]
extern "C" fn sys_halt() -> ! {
    board::exit(false)
}

/// The seed of `std`'s hash tables.
#[no_mangle]
extern "C" fn sys_rand(words: *mut u32, length: usize) {
    for index in 0..length {
        unsafe { words.add(index).write(board::instructions() as u32) };
    }
}

/// No environment.
#[no_mangle]
extern "C" fn sys_getenv(_: *mut u32, _: usize, _: *const u8, _: usize) -> usize {
    usize::MAX
}
