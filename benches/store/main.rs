//! `cargo bench --bench store`: latency of frequent use cases on stores from 10,000 to 10 million tickets, through the
//! library and as processes. Prints the latency on each store and its ratio to the smallest store's.
//!
//! Options after `--`: `--folder DIR` (folder of the stores, generated if absent; `target/bench-stores`), `--large`
//! (adds ten million tickets: 16 GB, half an hour to generate), `--seconds S` (0.5) per measurement, `--only WORD`
//! (measurements whose name contains it), `--every` (all combinations of filters and orders, not only the slowest).

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]
#![expect(clippy::cast_precision_loss, reason = "counts of a few seconds are far below 2^52")]

mod commands;
mod files;
mod filters;
mod reads;
mod times;
mod writes;

use std::path::PathBuf;
use std::time::Duration;

use files::World;

/// Default sizes in tickets.
const SIZES: [u64; 2] = [10_000, 1_000_000];
/// Size that `--large` adds.
const LARGE: u64 = 10_000_000;

/// Command-line options.
pub(crate) struct Options {
    folder: PathBuf,
    sizes: Vec<u64>,
    time: Duration,
    only: String,
    every: bool,
}

impl Options {
    fn read() -> Self {
        let arguments: Vec<String> = std::env::args().collect();
        let has = |name: &str| arguments.iter().any(|argument| argument == name);
        let after = |name: &str| {
            let place = arguments.iter().position(|argument| argument == name)?;
            arguments.get(place + 1).cloned()
        };
        let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../bench-stores");
        let large = has("--large").then_some(LARGE);
        let seconds = after("--seconds").and_then(|seconds| seconds.parse().ok()).unwrap_or(0.5);
        Self {
            folder: after("--folder").map_or(target, PathBuf::from),
            sizes: SIZES.into_iter().chain(large).collect(),
            time: Duration::from_secs_f64(seconds),
            only: after("--only").unwrap_or_default(),
            every: has("--every"),
        }
    }

    /// Returns true if the measurement of this name is selected.
    pub(crate) fn selects(&self, name: &str) -> bool {
        name.contains(&self.only)
    }
}

fn main() {
    let options = Options::read();
    let worlds: Vec<_> =
        options.sizes.iter().map(|tickets| World::open_or_generate(&options.folder, *tickets)).collect();
    times::print_head("through the library", &worlds);
    reads::measure(&options, &worlds);
    filters::measure(&options, &worlds);
    writes::measure(&options, &worlds);
    times::print_head("as a process", &worlds);
    commands::measure(&options, &worlds);
}
