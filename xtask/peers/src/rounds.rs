//! The same work over and over, in this program.

use anyhow::Result;
use rustix::time::{ClockId, clock_gettime};

/// One side: does the work so many times and gives the microseconds of processor time that one of them took.
pub type Side = Box<dyn FnMut(u32) -> Result<f64>>;

/// Something that is done over and over, in this program.
pub fn here<T>(mut work: impl FnMut() -> T + 'static) -> Side {
    Box::new(move |count| {
        let started = processor_seconds();
        for _ in 0..count {
            drop(std::hint::black_box(work()));
        }
        Ok((processor_seconds() - started) * 1e6 / f64::from(count))
    })
}

/// Processor time of this thread, to the nanosecond.
fn processor_seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
