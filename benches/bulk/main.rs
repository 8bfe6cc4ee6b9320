//! `cargo bench --bench bulk`: rate at which `support fixtures generate` fills a store, compared with SQLite alone
//! writing the same rows into the same tables and indexes.
//!
//! Options after `--`: `--rounds N` (3), `--tickets T` (100000).

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]
#![expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]

mod bare;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use bare::BareStore;

/// Cost of writing a store once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// Wall-clock time.
    time: Duration,
    /// CPU time as measured by the kernel (resolution 10 ms).
    cpu: Duration,
}

fn main() {
    let (rounds, tickets) = (parse_option("--rounds").unwrap_or(3), parse_option("--tickets").unwrap_or(100_000));
    let folder = tempfile::tempdir().expect("a folder to measure in");
    println!("| {tickets} tickets | CPU µs/ticket | tickets/s |");
    println!("|---|---|---|");
    let mut ratios = (Vec::new(), Vec::new());
    for _ in 0..rounds.max(1) {
        let (generated_file, target) = (folder.path().join("world.db"), folder.path().join("again.db"));
        let generated = generate(&generated_file, tickets);
        let bare = BareStore::open(&generated_file, &target).write();
        for (name, cost) in [("`fixtures generate`", generated), ("SQLite alone", bare)] {
            let each = cost.cpu.as_secs_f64() * 1e6 / tickets as f64;
            println!("| {name} | {each:.1} | {:.0} |", tickets as f64 / cost.time.as_secs_f64());
        }
        ratios.0.push(bare.cpu.as_secs_f64() / generated.cpu.as_secs_f64());
        ratios.1.push(bare.time.as_secs_f64() / generated.time.as_secs_f64());
        for file in ["world.db", "again.db", "again.db-wal", "again.db-shm"] {
            let _ = std::fs::remove_file(folder.path().join(file));
        }
    }
    println!();
    println!(
        "`fixtures generate` reaches {:.2} × the rate of SQLite alone by CPU time, {:.2} × by wall-clock time.",
        median(ratios.0),
        median(ratios.1)
    );
}

/// Fills a new store with the command.
fn generate(store: &Path, tickets: u64) -> Cost {
    let (before, began) = (children_cpu(), Instant::now());
    let mut command = Command::new(env!("CARGO_BIN_EXE_support"));
    command.arg("--db").arg(store).args(["fixtures", "generate", "--seed", "7", "--tickets", &tickets.to_string()]);
    assert!(command.output().expect("the command runs").status.success(), "`fixtures generate` failed");
    Cost { time: began.elapsed(), cpu: children_cpu().saturating_sub(before) }
}

fn parse_option(name: &str) -> Option<u64> {
    let arguments: Vec<String> = std::env::args().collect();
    let place = arguments.iter().position(|argument| argument == name)?;
    arguments.get(place + 1)?.parse().ok()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Returns the CPU time of this process.
pub(crate) fn own_cpu() -> Duration {
    ticks(11)
}

/// Returns the CPU time of terminated child processes.
fn children_cpu() -> Duration {
    ticks(13)
}

/// Returns the sum of two consecutive fields of `/proc/self/stat`, user and system time, in ticks of 10 ms.
fn ticks(place: usize) -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis((ticks(place) + ticks(place + 1)) * 10)
}
