//! `cargo bench --bench bulk`: how fast `support fixtures generate` fills a store, beside how fast the engine alone takes
//! the same rows into the same tables and indexes.
//!
//! Options after `--`: `--rounds N` (3), `--tickets T` (100000).

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]
#![expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]

mod bare;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use bare::Bare;

/// What it took to write a world once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    /// On the clock.
    time: Duration,
    /// Of processors, by the system's own account (to 10 ms).
    cpu: Duration,
}

fn main() {
    let (rounds, tickets) = (option("--rounds").unwrap_or(3), option("--tickets").unwrap_or(100_000));
    let folder = tempfile::tempdir().expect("a folder to measure in");
    println!("| {tickets} tickets | CPU µs/ticket | tickets/s |");
    println!("|---|---|---|");
    let mut ratios = (Vec::new(), Vec::new());
    for _ in 0..rounds.max(1) {
        let (world, again) = (folder.path().join("world.db"), folder.path().join("again.db"));
        let generated = generate(&world, tickets);
        let bare = Bare::of(&world, &again).write();
        for (name, taken) in [("`fixtures generate`", generated), ("the engine alone", bare)] {
            let each = taken.cpu.as_secs_f64() * 1e6 / tickets as f64;
            println!("| {name} | {each:.1} | {:.0} |", tickets as f64 / taken.time.as_secs_f64());
        }
        ratios.0.push(bare.cpu.as_secs_f64() / generated.cpu.as_secs_f64());
        ratios.1.push(bare.time.as_secs_f64() / generated.time.as_secs_f64());
        for file in ["world.db", "again.db", "again.db-wal", "again.db-shm"] {
            let _ = std::fs::remove_file(folder.path().join(file));
        }
    }
    println!();
    println!(
        "`fixtures generate` has {:.2} × its rate by CPU, {:.2} × by the clock.",
        middle(ratios.0),
        middle(ratios.1)
    );
}

/// Fills a new store as a person would.
fn generate(store: &Path, tickets: u64) -> Taken {
    let (before, began) = (ended_children(), Instant::now());
    let mut command = Command::new(env!("CARGO_BIN_EXE_support"));
    command.arg("--db").arg(store).args(["fixtures", "generate", "--seed", "7", "--tickets", &tickets.to_string()]);
    assert!(command.output().expect("the command runs").status.success(), "the world is not there");
    Taken { time: began.elapsed(), cpu: ended_children().saturating_sub(before) }
}

fn option(name: &str) -> Option<u64> {
    let arguments: Vec<String> = std::env::args().collect();
    let place = arguments.iter().position(|argument| argument == name)?;
    arguments.get(place + 1)?.parse().ok()
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Processor time of this process.
pub(crate) fn own() -> Duration {
    ticks(11)
}

/// Processor time of the children that have ended.
fn ended_children() -> Duration {
    ticks(13)
}

/// Two fields of `/proc/self/stat` from this place on: ticks of 10 ms in the program and in the system.
fn ticks(place: usize) -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis((ticks(place) + ticks(place + 1)) * 10)
}
