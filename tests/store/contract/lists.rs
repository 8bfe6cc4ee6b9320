//! Lists of tickets: filters, orders and pages.

use std::cmp::Reverse;

use support::model::pagination::{Cursor, PageRequest, Sort, TicketFilter};
use support::model::reference::Reference;
use support::model::search::SearchQuery;
use support::model::ticket::{Description, NewTicket, Ticket};
use support::model::{BookingId, Error, IssueType, Level, OrderId, RideId, ServiceType, Status};
use support::store::Unit;

use crate::world::{NOW, World, at, caller, customer, draft, now, page, ticket_id};

/// Orders of a list without a search.
const ORDERS: [Sort; 3] = [Sort::Created, Sort::Updated, Sort::Level];

/// Loads tickets of every kind, many with equal times, and returns them.
fn loaded(world: &World, count: i64) -> Vec<Ticket> {
    let one_of = |index: i64, many: usize| usize::try_from(index).unwrap() % many;
    let tickets: Vec<_> = (1..=count)
        .map(|id| {
            let service = ServiceType::ALL[one_of(id, 5)];
            let owner = 1 + id % 3;
            let members: Vec<_> = (1..=4).filter(|member| *member != owner && (id + member) % 4 == 0).collect();
            let created = NOW + (id * 7_919 % 13);
            Ticket {
                status: Status::ALL[one_of(id / 2, 3)],
                level: Level::new(1 + id / 3 % 3).unwrap(),
                updated_at: at(created + id % 4),
                issue: IssueType::ALL[one_of(id / 5, 6)],
                service,
                description: Description::new(if id % 6 == 0 { "Der KÜHLSCHRANK" } else { "late again" }).unwrap(),
                reference: reference(service),
                ..draft(owner, &members).into_ticket(ticket_id(id), at(created))
            }
        })
        .collect();
    let rows = tickets.clone();
    world.store.write_blocking(move |unit| rows.iter().try_for_each(|ticket| unit.tickets().load(ticket))).unwrap();
    tickets
}

fn reference(service: ServiceType) -> Reference {
    match service {
        ServiceType::Ride => Reference { ride: RideId::new(1), ..Reference::default() },
        ServiceType::Order | ServiceType::InDiningOrder => Reference { order: OrderId::new(2), ..Reference::default() },
        ServiceType::Booking => Reference { booking: BookingId::new(3), ..Reference::default() },
        ServiceType::EventService => {
            Reference { ride: RideId::new(1), order: OrderId::new(2), booking: BookingId::new(3) }
        }
    }
}

/// Returns every id of an agents' list, page by page.
fn listed(world: &World, filter: &TicketFilter, sort: Sort, limit: u32) -> Vec<i64> {
    let mut ids = Vec::new();
    let mut request = page(limit, sort);
    loop {
        let page = world
            .store
            .read_blocking(|unit| support::desk::list::list(unit, &crate::world::agent(), filter, request))
            .unwrap();
        ids.extend(page.rows.iter().map(|details| details.ticket.id.get()));
        match page.next {
            Some(after) => request = PageRequest { limit, after },
            None => return ids,
        }
    }
}

/// Returns every id of a customer's list, page by page.
fn own_list(world: &World, id: i64, statuses: &[Status], limit: u32) -> Vec<i64> {
    let mut ids = Vec::new();
    let mut request = page(limit, Sort::Created);
    loop {
        let page = world
            .store
            .read_blocking(|unit| support::desk::list_own::list_own(unit, &caller(id), statuses, request))
            .unwrap();
        ids.extend(page.rows.iter().map(|details| details.ticket.id.get()));
        match page.next {
            Some(after) => request = PageRequest { limit, after },
            None => return ids,
        }
    }
}

/// Returns the ids of the tickets that match, in the list's order.
fn plain(tickets: &[Ticket], sort: Sort, passes: impl Fn(&Ticket) -> bool) -> Vec<i64> {
    let mut rows: Vec<_> = tickets.iter().filter(|ticket| passes(ticket)).collect();
    rows.sort_by_key(|ticket| {
        let keys = match sort {
            Sort::Created => (0, ticket.created_at),
            Sort::Updated => (0, ticket.updated_at),
            Sort::Level => (ticket.level.get(), ticket.created_at),
            Sort::Rank => panic!("ranks are of a search"),
        };
        Reverse((keys, ticket.id))
    });
    rows.iter().map(|ticket| ticket.id.get()).collect()
}

fn passes(filter: &TicketFilter, sort: Sort, ticket: &Ticket) -> bool {
    fn any<T: PartialEq>(wanted: &[T], one: &T) -> bool {
        wanted.is_empty() || wanted.contains(one)
    }
    let time = if sort == Sort::Updated { ticket.updated_at } else { ticket.created_at };
    any(&filter.statuses, &ticket.status)
        && any(&filter.services, &ticket.service)
        && any(&filter.issues, &ticket.issue)
        && any(&filter.levels, &ticket.level)
        && any(&filter.owners, &ticket.owner)
        && (filter.customers.is_empty() || filter.customers.iter().any(|customer| ticket.concerns(*customer)))
        && filter.since.is_none_or(|since| time >= since)
        && filter.until.is_none_or(|until| time <= until)
        && filter.search.as_ref().is_none_or(|words| words.rank(ticket.description.as_str()) > 0)
}

pub(crate) fn a_customers_list_has_own_tickets_and_those_of_groups(world: &World) {
    let tickets = loaded(world, 70);
    for id in 1..=4 {
        let expected = plain(&tickets, Sort::Created, |ticket| ticket.concerns(customer(id)));
        assert!(expected.len() > 10);
        for limit in [1, 7, 100] {
            assert_eq!(own_list(world, id, &[], limit), expected, "customer {id}, {limit} a page");
        }
    }
    assert!(own_list(world, 99, &[], 5).is_empty());
}

pub(crate) fn a_customers_list_is_filtered_by_status(world: &World) {
    let tickets = loaded(world, 70);
    for statuses in [&[Status::Open][..], &[Status::Closed, Status::Escalated], Status::ALL] {
        let expected =
            plain(&tickets, Sort::Created, |ticket| ticket.concerns(customer(2)) && statuses.contains(&ticket.status));
        assert_eq!(own_list(world, 2, statuses, 4), expected, "{statuses:?}");
    }
}

pub(crate) fn paging_is_stable_while_tickets_are_added(world: &World) {
    let tickets = loaded(world, 20);
    let first = world
        .store
        .read_blocking(|unit| support::desk::list_own::list_own(unit, &caller(1), &[], page(5, Sort::Created)))
        .unwrap();
    let later = draft(1, &[]);
    world.store.write_blocking(move |unit| unit.tickets().insert(later.clone(), at(NOW + 1_000))).unwrap();
    let request = PageRequest { limit: 100, after: first.next.unwrap() };
    let rest =
        world.store.read_blocking(|unit| support::desk::list_own::list_own(unit, &caller(1), &[], request)).unwrap();
    let seen: Vec<_> = first.rows.iter().chain(&rest.rows).map(|details| details.ticket.id.get()).collect();
    assert_eq!(seen, plain(&tickets, Sort::Created, |ticket| ticket.concerns(customer(1))));
}

pub(crate) fn every_page_of_every_list_equals_a_full_scan(world: &World) {
    let tickets = loaded(world, 90);
    let none = TicketFilter::default;
    let filters = [
        none(),
        TicketFilter { statuses: vec![Status::Escalated], ..none() },
        TicketFilter { statuses: vec![Status::Closed, Status::Open, Status::Closed], ..none() },
        TicketFilter { services: vec![ServiceType::Ride, ServiceType::EventService], ..none() },
        TicketFilter { issues: vec![IssueType::Other, IssueType::Cancellation], ..none() },
        TicketFilter { levels: vec![Level::FIRST], ..none() },
        TicketFilter { levels: vec![Level::FIRST, Level::TOP], ..none() },
        TicketFilter { owners: vec![customer(2)], ..none() },
        TicketFilter { customers: vec![customer(2)], ..none() },
        TicketFilter { customers: vec![customer(4)], owners: vec![customer(3), customer(1)], ..none() },
        TicketFilter {
            customers: vec![customer(4)],
            statuses: vec![Status::Open],
            search: SearchQuery::parse("late"),
            ..none()
        },
        TicketFilter { customers: vec![customer(1), customer(3), customer(99)], ..none() },
        TicketFilter { since: Some(at(NOW + 4)), ..none() },
        TicketFilter { until: Some(at(NOW + 9)), ..none() },
        TicketFilter { since: Some(at(NOW + 4)), until: Some(at(NOW + 4)), ..none() },
        TicketFilter { since: Some(at(NOW + 5)), until: Some(at(NOW + 4)), ..none() },
        TicketFilter { search: SearchQuery::parse("kuhl"), ..none() },
        TicketFilter {
            search: SearchQuery::parse("late again"),
            services: vec![ServiceType::Ride, ServiceType::Order],
            ..none()
        },
        TicketFilter {
            search: SearchQuery::parse("again"),
            issues: vec![IssueType::Other, IssueType::PaymentIssue],
            levels: vec![Level::TOP],
            until: Some(at(NOW + 9)),
            ..none()
        },
        TicketFilter {
            statuses: vec![Status::Open, Status::Escalated],
            services: vec![ServiceType::Ride, ServiceType::Order, ServiceType::Booking],
            levels: vec![Level::FIRST, Level::SECOND],
            since: Some(at(NOW + 2)),
            until: Some(at(NOW + 11)),
            ..none()
        },
        TicketFilter {
            statuses: vec![Status::Open, Status::Closed],
            customers: vec![customer(1), customer(2)],
            issues: IssueType::ALL[..4].to_vec(),
            since: Some(at(NOW + 1)),
            search: SearchQuery::parse("AGAIN"),
            ..none()
        },
    ];
    for filter in &filters {
        for sort in ORDERS {
            let expected = plain(&tickets, sort, |ticket| passes(filter, sort, ticket));
            for limit in [3, 100] {
                assert_eq!(listed(world, filter, sort, limit), expected, "{sort}, {limit} a page, {filter:?}");
            }
        }
    }
}

pub(crate) fn a_search_finds_words_in_every_language(world: &World) {
    for (text, words) in [
        ("Charged TWICE, and nobody answered", "answered charged twice"),
        ("I was overcharged", "charge"),
        ("Ma carte a été débitée deux fois.", "DEBITE ete"),
        ("La devolución no llegó", "devolucion"),
        ("O reembolso ainda não chegou", "nao CHEG"),
        ("Die Große Straße, meine Kreditkarte", "karte STRASSE"),
        ("لم يأتِ السائق إلى مكان آخر", "سائق اخر يأت"),
        ("ड्राइवर ने राइड रद्द कर दी।", "ड्राइव दी"),
        ("页面显示应付 68 元，优惠券也没有退回来", "优惠券 退回"),
        ("我要退款，谢谢", "款"),
        ("電車が遅れた", "遅れ"),
        ("поездка ОТМЕНЕНА", "ПОЕЗДКА отмен"),
        ("ΟΔΟΣΑ", "οδος"),
        ("100% off_by [one]", "% OFF_BY ["),
    ] {
        assert!(search(world, text, words), "{words:?} in {text:?}");
    }
    for (text, words) in [("late", "early"), ("late", "late early"), ("我要退款", "退货"), ("late", "at")] {
        assert!(!search(world, text, words), "{words:?} in {text:?}");
    }
}

pub(crate) fn a_search_treats_punctuation_as_a_gap(world: &World) {
    for words in ["late*", "^late", "\"late\" \"again\"", "(late)", "late:", "{late} again", "+late -again", "late' --"]
    {
        assert!(search(world, "late again", words), "{words:?}");
    }
    for words in ["late OR early", "late NOT again", "NEAR(late again)", "early*", "grams:late", "\"early\"", "§ride"]
    {
        assert!(!search(world, "late again", words), "{words:?}");
    }
}

/// Returns true if a search finds a new ticket with this text.
fn search(world: &World, text: &str, words: &str) -> bool {
    let id = opened(world, text);
    let filter = TicketFilter { search: SearchQuery::parse(words), ..TicketFilter::default() };
    let found = Sort::ALL.iter().map(|sort| listed(world, &filter, *sort, 100).contains(&id)).collect::<Vec<_>>();
    assert!(found.windows(2).all(|pair| pair[0] == pair[1]), "{words:?} in {text:?}: {found:?}");
    found[0]
}

/// Opens a ticket with this description.
fn opened(world: &World, text: &str) -> i64 {
    let new = NewTicket { description: Description::new(text).unwrap(), ..draft(1, &[]) };
    world.store.write_blocking(move |unit| unit.tickets().insert(new.clone(), now())).unwrap().id.get()
}

/// Opens tickets with these descriptions in turn, in one unit.
fn opened_many(world: &World, count: usize, texts: &'static [&'static str]) {
    world
        .store
        .write_blocking(move |unit| {
            for text in texts.iter().cycle().take(count) {
                let new = NewTicket { description: Description::new(text).unwrap(), ..draft(1, &[]) };
                unit.tickets().insert(new, now())?;
            }
            Ok(())
        })
        .unwrap();
}

pub(crate) fn a_search_finds_all_of_many_in_every_order(world: &World) {
    opened_many(world, 5_000, &["late again", "late, and again late", "too early", "again too late for us"]);
    for (words, count) in [("late", 3_750), ("late again", 3_750), ("early", 1_250), ("too", 2_500), ("early late", 0)]
    {
        let filter = TicketFilter { search: SearchQuery::parse(words), ..TicketFilter::default() };
        for sort in ORDERS {
            let found = listed(world, &filter, sort, 700);
            assert!(found.windows(2).all(|pair| pair[0] > pair[1]), "{words:?} by {sort}");
            assert_eq!(found.len(), count, "{words:?} by {sort}");
        }
        let mut found = listed(world, &filter, Sort::Rank, 700);
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), count, "{words:?}");
    }
    let common = TicketFilter {
        search: SearchQuery::parse("late"),
        services: vec![ServiceType::Ride],
        ..TicketFilter::default()
    };
    opened_many(world, 1_500, &["late again"]);
    assert_eq!(listed(world, &common, Sort::Created, 1_000).len(), 5_250);
    assert_eq!(listed(world, &common, Sort::Level, 1_000).len(), 5_250);
}

pub(crate) fn search_results_are_ordered_by_rank(world: &World) {
    let [parts, whole, side_by_side, newer] =
        ["overcharged twice", "twice, I was charged", "charged twice", "was charged twice"]
            .map(|text| opened(world, text));
    opened(world, "charged once");
    let filter = TicketFilter { search: SearchQuery::parse("charged twice"), ..TicketFilter::default() };
    // In `overcharged twice` they stand side by side too, one of them not whole.
    assert_eq!(listed(world, &filter, Sort::Rank, 2), [newer, side_by_side, parts, whole]);
}

pub(crate) fn search_paging_is_stable_while_tickets_are_added(world: &World) {
    opened_many(world, 1_300, &["late again", "again it came late"]);
    let filter = TicketFilter { search: SearchQuery::parse("late again"), ..TicketFilter::default() };
    let whole = listed(world, &filter, Sort::Rank, 1_000);
    let mut request = page(190, Sort::Rank);
    let mut seen = Vec::new();
    loop {
        let page = world
            .store
            .read_blocking(|unit| support::desk::list::list(unit, &crate::world::agent(), &filter, request))
            .unwrap();
        seen.extend(page.rows.iter().map(|details| details.ticket.id.get()));
        opened_many(world, 90, &["late again"]);
        match page.next {
            Some(after) => request = PageRequest { after, ..request },
            None => break,
        }
    }
    assert_eq!((seen.len(), seen), (1_300, whole));
}

pub(crate) fn a_search_finds_tickets_that_were_loaded_in_any_order(world: &World) {
    let mut tickets = Vec::new();
    for id in [1_000, 7, 500, 1_001, 9_000_000, 8, 8_999_950, 9_000_100, 9_000_127, 9_000_128] {
        tickets.push(draft(1, &[]).into_ticket(ticket_id(id), now()));
    }
    let rows = tickets.clone();
    world.store.write_blocking(move |unit| rows.iter().try_for_each(|ticket| unit.tickets().load(ticket))).unwrap();
    opened_many(world, 300, &["charged thrice"]);
    let filter = TicketFilter { search: SearchQuery::parse("charged twice"), ..TicketFilter::default() };
    for sort in Sort::ALL {
        let mut found = listed(world, &filter, *sort, 3);
        found.sort_unstable();
        assert_eq!(found, [7, 8, 500, 1_000, 1_001, 8_999_950, 9_000_000, 9_000_100, 9_000_127, 9_000_128], "{sort}");
    }
}

pub(crate) fn order_by_rank_needs_a_search(world: &World) {
    let list = |unit: &mut dyn Unit| {
        support::desk::list::list(unit, &crate::world::agent(), &TicketFilter::default(), page(5, Sort::Rank)).map(drop)
    };
    assert!(matches!(world.store.read_blocking(list), Err(Error::Invalid(_))));
}

pub(crate) fn both_ends_of_a_time_range_are_included(world: &World) {
    let tickets = loaded(world, 13);
    let filter = TicketFilter { since: Some(at(NOW + 3)), until: Some(at(NOW + 3)), ..TicketFilter::default() };
    for sort in ORDERS {
        let expected = plain(&tickets, sort, |ticket| passes(&filter, sort, ticket));
        assert!(!expected.is_empty(), "{sort}");
        assert_eq!(listed(world, &filter, sort, 5), expected, "{sort}");
    }
    // A cursor after the end of the time range starts at that end.
    let after = Cursor { second: NOW + 10, ..Cursor::start(Sort::Created) };
    let rows = world.store.read_blocking(|unit| unit.tickets().list(&filter, PageRequest { limit: 5, after })).unwrap();
    assert_eq!(rows.len(), 1);
}
