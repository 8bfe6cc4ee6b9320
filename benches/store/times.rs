//! Latencies, and tables of them.

use std::time::{Duration, Instant};

use crate::files::World;

/// Latencies of one measurement on one store.
#[derive(Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Returns a quantile in milliseconds.
    fn quantile(&mut self, share: f64) -> f64 {
        self.0.sort_unstable();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index of the list")]
        let place = (self.0.len() as f64 * share) as usize;
        self.0.get(place.min(self.0.len().saturating_sub(1))).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    }

    /// Returns the median in milliseconds.
    pub(crate) fn p50(&mut self) -> f64 {
        self.quantile(0.5)
    }

    /// Measures some work.
    pub(crate) fn measure(&mut self, work: impl FnOnce()) {
        let started = Instant::now();
        work();
        self.0.push(started.elapsed());
    }
}

/// Number of rounds over the stores, so that other load of the machine affects all of them.
const ROUNDS: u32 = 10;

/// Measures some work on each store in rounds, for `time` per store in total.
pub(crate) fn in_rounds<W>(worlds: &[W], time: Duration, mut work: impl FnMut(usize, &W, &mut Times)) -> Vec<Times> {
    let mut times: Vec<_> = worlds.iter().map(|_| Times::default()).collect();
    for round in 0..=ROUNDS {
        for (number, (world, times)) in worlds.iter().zip(&mut times).enumerate() {
            let started = Instant::now();
            loop {
                work(number, world, times);
                if started.elapsed() >= time / ROUNDS {
                    break;
                }
            }
            // The first turn warms up.
            if round == 0 {
                times.0.clear();
            }
        }
    }
    times
}

/// Prints the head of a table.
pub(crate) fn print_head(title: &str, worlds: &[World]) {
    print!("\n| {title} |");
    for world in worlds {
        print!(" {} p50 ms | p99 |", world.size);
        if world.size != worlds[0].size {
            print!(" × |");
        }
    }
    println!(" steps |");
    println!("|---|{}", "---|".repeat(3 * worlds.len()));
}

/// Prints the latencies of a measurement and, if counted, the steps of SQLite's virtual machine on each store.
pub(crate) fn print_row(name: &str, times: &mut [Times], steps: &[u64]) {
    print!("| {name} |");
    let mut first = None;
    for times in times {
        let (p50, p99) = (times.p50(), times.quantile(0.99));
        print!(" {p50:.3} | {p99:.3} |");
        match first {
            None => first = Some(p50),
            Some(first) => print!(" {:.2} |", p50 / first),
        }
    }
    let steps: Vec<_> = steps.iter().map(ToString::to_string).collect();
    println!(" {} |", steps.join(" → "));
}
