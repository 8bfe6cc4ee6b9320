//! Notifications of customers, unread and read.

use support::model::inbox::{InboxItem, ReadSelection};
use support::model::pagination::{Cursor, PageRequest, Sort};
use support::model::{NotificationId, Timestamp};

use crate::world::{NOW, World, at, customer, opened_by, page};

fn inbox(world: &World, of: i64, unread: bool, page: PageRequest) -> Vec<InboxItem> {
    world.store.read_blocking(|unit| unit.notifications().inbox(customer(of), unread, page)).unwrap()
}

fn all(world: &World, of: i64) -> Vec<InboxItem> {
    inbox(world, of, false, page(100, Sort::Created))
}

fn unread(world: &World, of: i64) -> i64 {
    world.store.read_blocking(|unit| unit.notifications().count_unread(customer(of))).unwrap()
}

fn mark(world: &World, of: i64, marking: ReadSelection, now: Timestamp) -> usize {
    world.store.write_blocking(move |unit| unit.notifications().mark_read(customer(of), &marking, now)).unwrap()
}

fn these(ids: &[NotificationId]) -> ReadSelection {
    ReadSelection::Ids(ids.to_vec())
}

pub(crate) fn an_inbox_is_newest_first_and_has_one_customers_notifications(world: &World) {
    let first = opened_by(&world.store, 1, &[2]).ticket.id;
    let second = opened_by(&world.store, 2, &[1]).ticket.id;
    opened_by(&world.store, 2, &[]);
    let rows = all(world, 1);
    assert_eq!(rows.iter().map(|row| row.ticket).collect::<Vec<_>>(), [second, first]);
    assert!(rows.iter().all(|row| row.read_at.is_none() && row.at == at(NOW)));
    assert_eq!((all(world, 2).len(), all(world, 3).len()), (3, 0));
    assert_eq!((unread(world, 1), unread(world, 2), unread(world, 3)), (2, 3, 0));
}

pub(crate) fn inbox_paging_is_stable_while_notifications_are_added(world: &World) {
    for _ in 0..5 {
        opened_by(&world.store, 1, &[]);
    }
    let whole = all(world, 1);
    let first = inbox(world, 1, false, page(2, Sort::Created));
    assert_eq!(first, whole[..3], "one more than was asked for");
    opened_by(&world.store, 1, &[]);
    let after = Cursor { id: whole[1].id.get(), ..Cursor::start(Sort::Created) };
    assert_eq!(inbox(world, 1, false, PageRequest { limit: 10, after }), whole[2..]);
    assert_eq!(inbox(world, 1, true, PageRequest { limit: 10, after }), whole[2..]);
}

pub(crate) fn a_notification_is_marked_as_read_once(world: &World) {
    for _ in 0..4 {
        opened_by(&world.store, 1, &[]);
    }
    let ids: Vec<_> = all(world, 1).iter().map(|row| row.id).collect();
    assert_eq!(mark(world, 1, these(&[ids[1], ids[1]]), at(NOW + 5)), 1);
    assert_eq!(mark(world, 1, these(&ids[1..3]), at(NOW + 9)), 1);
    let read: Vec<_> = all(world, 1).iter().map(|row| row.read_at).collect();
    assert_eq!(read, [None, Some(at(NOW + 5)), Some(at(NOW + 9)), None]);
    assert_eq!(unread(world, 1), 2);
    let left = inbox(world, 1, true, page(10, Sort::Created));
    assert_eq!(left.iter().map(|row| row.id).collect::<Vec<_>>(), [ids[0], ids[3]]);
    assert_eq!(mark(world, 1, ReadSelection::All, at(NOW + 20)), 2);
    assert_eq!(mark(world, 1, ReadSelection::All, at(NOW + 30)), 0);
    assert_eq!(all(world, 1)[1].read_at, Some(at(NOW + 5)));
    assert_eq!(mark(world, 1, these(&[]), at(NOW)), 0);
}

pub(crate) fn another_customers_notifications_are_not_marked(world: &World) {
    opened_by(&world.store, 1, &[2]);
    let of_one = all(world, 1)[0].id;
    assert_eq!(mark(world, 2, these(&[of_one, NotificationId::new(i64::MAX).unwrap()]), at(NOW)), 0);
    assert_eq!(mark(world, 3, ReadSelection::All, at(NOW)), 0);
    assert_eq!((unread(world, 1), unread(world, 2)), (1, 1));
    assert_eq!(mark(world, 2, ReadSelection::All, at(NOW)), 1);
    assert_eq!((unread(world, 1), unread(world, 2)), (1, 0));
}
