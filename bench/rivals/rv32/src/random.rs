//! A small generator of random numbers (Marsaglia's xorshift, 32 bits).

use rand::RngCore;

pub struct Small(u32);

impl Small {
    pub fn new(seed: u32) -> Self {
        Self(seed | 1)
    }
}

impl RngCore for Small {
    fn next_u32(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    fn next_u64(&mut self) -> u64 {
        u64::from(self.next_u32()) << 32 | u64::from(self.next_u32())
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.next_u32() as u8;
        }
    }
}
