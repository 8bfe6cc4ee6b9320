//! `cargo bench --bench store`: whether a store is as quick with ten million tickets as with ten thousand. Every use case
//! that is asked often, through the product's own store and desk, and the command line as whole processes, in turn over
//! stores of each size: the waiting times, and their ratio to the smallest store's.
//!
//! Options after `--`: `--folder DIR` (where the stores are, or are made; `target/bench-stores`), `--large` (ten million
//! tickets too: 16 GB and half an hour, once), `--seconds S` (0.5) for each measurement, `--only WORD` (measurements whose
//! name holds it), `--every` (each combination of filter and order, not only the slowest).

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

/// The sizes that are always measured.
const SIZES: [u64; 2] = [10_000, 1_000_000];
/// The one that is asked for.
const LARGE: u64 = 10_000_000;

/// What was asked for.
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

    /// Whether a measurement of this name was asked for.
    pub(crate) fn wants(&self, name: &str) -> bool {
        name.contains(&self.only)
    }
}

fn main() {
    let options = Options::read();
    let worlds: Vec<_> = options.sizes.iter().map(|tickets| World::of(&options.folder, *tickets)).collect();
    times::print_head("through the library", &worlds);
    reads::measure(&options, &worlds);
    filters::measure(&options, &worlds);
    writes::measure(&options, &worlds);
    times::print_head("as a whole process", &worlds);
    commands::measure(&options, &worlds);
}
