//! No memory is asked for iteration by iteration.

#[allow(dead_code, reason = "this file needs one of its functions")]
mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use golive::program::{Program, State};
use golive::random::{PointSet, Sampler};
use golive::simulate::by_importance;

/// The system's allocator, which counts how often it is asked.
struct Counting;

static ASKED: AtomicU64 = AtomicU64::new(0);

// SAFETY: everything is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.fetch_add(1, Relaxed);
        // SAFETY: the caller keeps what this method asks for.
        unsafe { System.alloc(layout) }
    }
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ASKED.fetch_add(1, Relaxed);
        // SAFETY: likewise.
        unsafe { System.realloc(memory, layout, size) }
    }
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: likewise.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Iterations that are counted.
const ITERATIONS: u64 = 16_384;

/// How often memory is asked for in them, in blocks of `lanes`.
fn asked(program: &Program, lanes: usize) -> u64 {
    let mut state = State::new(program, lanes);
    let blocks = |state: &mut State, from: u64| {
        for block in 0..ITERATIONS / lanes as u64 {
            program.run(state, from + block * lanes as u64, lanes);
        }
    };
    // Lists grow to their size in the first blocks.
    blocks(&mut state, 0);
    let before = ASKED.load(Relaxed);
    blocks(&mut state, ITERATIONS);
    ASKED.load(Relaxed) - before
}

/// One test, so that nothing else counts beside it.
#[test]
fn memory_is_not_asked_for_iteration_by_iteration() {
    let network = Program::lower(support::register("scenarios/verification/network-50.toml", "base"), 7);
    assert_eq!(asked(&network, 512), 0);
    let points = PointSet::new(Sampler::Sobol, 16 * 2048, 16).expect("even");
    let spread = network.clone().spread(&points, &by_importance(&network));
    assert_eq!(asked(&spread, 512), 0);

    // By the windows of a block, not by its iterations: eight times as many ask for less than twice as much.
    let plan = Program::lower(support::register("scenarios/november-2021.toml", "P1"), 7);
    let (narrow, wide) = (asked(&plan, 64) * 64, asked(&plan, 512) * 512);
    assert!(wide < 2 * narrow, "{wide} {narrow}");
    assert!(wide < ITERATIONS * 512, "{wide}");
}
