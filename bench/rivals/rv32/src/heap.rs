//! A heap as embedded programs have it (TLSF), which counts.

use core::{
    alloc::{GlobalAlloc, Layout},
    cell::UnsafeCell,
    mem::MaybeUninit,
    ptr::{addr_of_mut, null_mut, NonNull},
};

use rlsf::{Tlsf, GRANULARITY};

extern "C" {
    static mut heap_start: u8;
    static mut heap_end: u8;
}

/// So many sizes as `embedded-alloc` has.
type Blocks = Tlsf<'static, usize, usize, { usize::BITS as usize }, { usize::BITS as usize }>;

#[derive(Clone, Copy, Default)]
pub struct Counts {
    /// As they were asked for.
    pub live_bytes: usize,
    /// With what the heap adds to each block.
    pub taken_bytes: usize,
    pub live_blocks: usize,
    /// The most that `live_bytes` has been since `Heap::forget_peak`.
    pub peak_bytes: usize,
    /// Since the start, given back or not; a block that grows counts again.
    pub allocations: usize,
    pub allocated_bytes: usize,
}

struct State {
    blocks: Blocks,
    counts: Counts,
}

/// For one thread, without interrupts.
pub struct Heap(UnsafeCell<State>);

unsafe impl Sync for Heap {}

const NO_COUNTS: Counts = Counts {
    live_bytes: 0,
    taken_bytes: 0,
    live_blocks: 0,
    peak_bytes: 0,
    allocations: 0,
    allocated_bytes: 0,
};

impl Heap {
    pub const fn new() -> Self {
        let blocks = Blocks::new();
        Self(UnsafeCell::new(State {
            blocks,
            counts: NO_COUNTS,
        }))
    }

    /// Takes the board's memory; once, before anything is allocated.
    pub fn open(&self) {
        let start = addr_of_mut!(heap_start);
        let length = addr_of_mut!(heap_end) as usize - start as usize;
        let memory =
            unsafe { core::slice::from_raw_parts_mut(start.cast::<MaybeUninit<u8>>(), length) };
        self.state().blocks.insert_free_block(memory);
    }

    pub fn counts(&self) -> Counts {
        self.state().counts
    }

    pub fn forget_peak(&self) {
        let counts = &mut self.state().counts;
        counts.peak_bytes = counts.live_bytes;
    }

    #[allow(clippy::mut_from_ref)]
    fn state(&self) -> &mut State {
        unsafe { &mut *self.0.get() }
    }
}

/// What a block of `size` bytes takes: a head of half a grain, and then whole grains.
fn taken(size: usize) -> usize {
    (size + GRANULARITY / 2).next_multiple_of(GRANULARITY)
}

impl Counts {
    fn gave_back(&mut self, size: usize) {
        self.live_bytes -= size;
        self.taken_bytes -= taken(size);
        self.live_blocks -= 1;
    }

    fn took(&mut self, asked: usize) {
        self.live_bytes += asked;
        self.taken_bytes += taken(asked);
        self.live_blocks += 1;
        self.peak_bytes = self.peak_bytes.max(self.live_bytes);
        self.allocations += 1;
        self.allocated_bytes += asked;
    }
}

fn pointer_of(block: Option<NonNull<u8>>) -> *mut u8 {
    block.map_or(null_mut(), NonNull::as_ptr)
}

unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let state = self.state();
        state.counts.took(layout.size());
        pointer_of(state.blocks.allocate(layout))
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        let state = self.state();
        state.counts.gave_back(layout.size());
        state
            .blocks
            .deallocate(NonNull::new_unchecked(pointer), layout.align());
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let state = self.state();
        state.counts.gave_back(layout.size());
        state.counts.took(size);
        let grown = Layout::from_size_align_unchecked(size, layout.align());
        pointer_of(
            state
                .blocks
                .reallocate(NonNull::new_unchecked(pointer), grown),
        )
    }
}
