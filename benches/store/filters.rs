//! Measures the agents' list with each filter in each order, and with combinations of filters.

use support::desk;
use support::model::pagination::{Cursor, DEFAULT_LIMIT, PageRequest, Sort, TicketFilter};
use support::model::search::SearchQuery;
use support::model::{CustomerId, IssueType, Level, ServiceType, Status};
use support::store::Store;

use crate::Options;
use crate::files::{World, agent};
use crate::times::{Times, in_rounds, print_row};

/// Name of a filter, and the function that sets it.
type Narrow = (&'static str, fn(&mut TicketFilter, &World));

/// Filters by status.
const STATUS: &[Narrow] = &[
    ("OPEN", |filter, _| filter.statuses = vec![Status::Open]),
    ("ESCALATED", |filter, _| filter.statuses = vec![Status::Escalated]),
    ("CLOSED", |filter, _| filter.statuses = vec![Status::Closed]),
];
/// Filters by service and issue.
const KIND: &[Narrow] = &[
    ("service ride", |filter, _| filter.services = vec![ServiceType::Ride]),
    ("issue OTHER", |filter, _| filter.issues = vec![IssueType::Other]),
    ("booking CANCELLATION", |filter, _| {
        filter.services = vec![ServiceType::Booking];
        filter.issues = vec![IssueType::Cancellation];
    }),
];
/// Filters by level.
const LEVEL: &[Narrow] = &[
    ("level 1", |filter, _| filter.levels = vec![Level::FIRST]),
    ("level 3", |filter, _| filter.levels = vec![Level::TOP]),
];
/// Filters by customer.
const CUSTOMER: &[Narrow] = &[
    ("the customer of most", |filter, _| filter.customers = vec![CustomerId::FIRST]),
    ("a customer of few", |filter, world| {
        filter.customers = CustomerId::new(world.customers * 3 / 4).into_iter().collect();
    }),
];
/// Filters by creation time.
const SPAN: &[Narrow] = &[
    ("since a week", |filter, world| filter.since = Some(world.days_ago(7))),
    ("until 10 months ago", |filter, world| filter.until = Some(world.days_ago(300))),
    ("a day 5 months ago", |filter, world| {
        (filter.since, filter.until) = (Some(world.days_ago(151)), Some(world.days_ago(150)));
    }),
];
/// Filters by search words.
const SEARCH: &[Narrow] = &[
    ("words `charged twice`", |filter, _| filter.search = SearchQuery::parse("charged twice")),
    ("word `refund`", |filter, _| filter.search = SearchQuery::parse("refund")),
    ("word `退款`", |filter, _| filter.search = SearchQuery::parse("退款")),
    ("word `zebra`, in none", |filter, _| filter.search = SearchQuery::parse("zebra")),
];
const GROUPS: [&[Narrow]; 6] = [STATUS, KIND, LEVEL, CUSTOMER, SPAN, SEARCH];

/// Number of slowest combinations that are printed.
const SLOWEST: usize = 20;
/// Number of runs of each combination on each store.
const RUNS: usize = 3;

fn page(world: &World, store: &Store, narrow: &[Narrow], sort: Sort) {
    let mut filter = TicketFilter::default();
    for (_, apply) in narrow {
        apply(&mut filter, world);
    }
    let page = PageRequest { limit: DEFAULT_LIMIT, after: Cursor::start(sort) };
    store.read_blocking(|unit| desk::list::list(unit, &agent(), &filter, page)).expect("the store is whole");
}

/// Returns the orders that are valid for these filters.
fn orders(narrow: &[Narrow]) -> impl Iterator<Item = Sort> {
    let searches = narrow.iter().any(|(name, _)| name.starts_with("word"));
    Sort::ALL.iter().copied().filter(move |sort| searches || *sort != Sort::Rank)
}

fn name(narrow: &[Narrow], sort: Sort) -> String {
    let names: Vec<_> = narrow.iter().map(|(name, _)| *name).collect();
    let filter = if names.is_empty() { "all".to_owned() } else { names.join(", ") };
    format!("list of {filter}, by {}", sort.as_str())
}

/// Prints a row for each filter, and for the slowest combinations, or all with `--every`.
pub(crate) fn measure(options: &Options, worlds: &[World]) {
    let alone = GROUPS.iter().flat_map(|group| group.iter().map(|one| vec![*one]));
    for narrow in std::iter::once(Vec::new()).chain(alone) {
        for sort in orders(&narrow) {
            let name = name(&narrow, sort);
            if options.selects(&name) {
                let mut times = in_rounds(worlds, options.time, |_, world, times| {
                    times.measure(|| page(world, &world.store, &narrow, sort));
                });
                print_row(&name, &mut times, &steps(worlds, &narrow, sort));
            }
        }
    }
    if options.selects("combinations") || options.every {
        combine(options, worlds);
    }
}

fn steps(worlds: &[World], narrow: &[Narrow], sort: Sort) -> Vec<u64> {
    worlds.iter().map(|world| world.steps(|store| page(world, store, narrow, sort))).collect()
}

/// Returns every combination of two or more filters, at most one from each group.
fn combinations() -> Vec<Vec<Narrow>> {
    let mut all = vec![Vec::new()];
    for group in [&STATUS[..2], &KIND[1..], &LEVEL[1..], &CUSTOMER[..1], &SPAN[1..], &SEARCH[1..3]] {
        let with = all.iter().flat_map(|before: &Vec<Narrow>| {
            group.iter().map(move |one| before.iter().copied().chain([*one]).collect())
        });
        all = all.iter().cloned().chain(with.collect::<Vec<_>>()).collect();
    }
    all.retain(|narrow| narrow.len() > 1);
    all
}

fn combine(options: &Options, worlds: &[World]) {
    let mut measured = Vec::new();
    for narrow in combinations() {
        for sort in orders(&narrow) {
            let name = name(&narrow, sort);
            let mut times: Vec<_> = worlds.iter().map(|_| Times::default()).collect();
            for _ in 0..RUNS {
                for (world, times) in worlds.iter().zip(&mut times) {
                    times.measure(|| page(world, &world.store, &narrow, sort));
                }
            }
            let slowest = times.last_mut().map_or(0.0, Times::p50);
            measured.push((slowest, name, times, narrow.clone(), sort));
        }
    }
    measured.sort_by(|one, other| other.0.total_cmp(&one.0));
    let under = |limit: f64| measured.iter().filter(|(slowest, ..)| *slowest <= limit).count();
    println!(
        "| combinations: {} in all, on the largest store {} within 1 ms, {} within 10, {} within 50 |",
        measured.len(),
        under(1.0),
        under(10.0),
        under(50.0),
    );
    let details = if options.every { measured.len() } else { SLOWEST };
    for (_, name, times, narrow, sort) in measured.iter_mut().take(details) {
        print_row(name, times, &steps(worlds, narrow, *sort));
    }
}
