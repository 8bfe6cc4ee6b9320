//! `support notification list`: what a customer was told.

use crate::world::World;

/// A world whose customer 1 was told three times: of ticket 1 twice, and of a new one.
fn told() -> World {
    let world = World::small();
    world.run("ticket escalate 1").done();
    world.run("ticket close 1").done();
    world.run("ticket create --customer 1 --service ride --ride 1 --issue OTHER --description late").done();
    world
}

#[test]
fn notifications_are_listed_in_every_format() {
    let world = told();
    let document = world.json("notification list --customer 1");
    let rows = document["notifications"].as_array().unwrap();
    let said: Vec<_> = rows.iter().map(|row| row["message"].as_str().unwrap()).collect();
    assert_eq!(
        said,
        [
            "Your support ticket 4 was opened",
            "Your support ticket 1 was closed",
            "Your support ticket 1 was escalated to level 2"
        ]
    );
    assert_eq!(document["nextCursor"], serde_json::Value::Null);
    assert_eq!(rows[0]["notice"], "notification.ticket_created");
    assert_eq!((&rows[0]["ticketId"], &rows[0]["readAt"]), (&4.into(), &serde_json::Value::Null));
    let lines = world.run("notification list --customer 1 --format ndjson").done().out;
    assert_eq!(
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<serde_json::Value>>(),
        *rows
    );
    let csv = world.run("notification list --customer 1 --format csv").done().out;
    assert_eq!(csv.lines().next(), Some("id,ticketId,notice,message,createdAt,readAt"));
    assert_eq!(csv.lines().count(), 4);
    let table = world.run("notification list --customer 1").done().out;
    let headings: Vec<_> = table.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(headings, ["ID", "TICKET", "WHEN", "READ", "MESSAGE"]);
    assert!(table.lines().nth(2).unwrap().ends_with("Your support ticket 1 was closed"), "{table}");
}

#[test]
fn they_are_said_in_the_language_of_the_command() {
    let world = told();
    let said = |lang: &str| {
        world.json(&format!("--lang {lang} notification list --customer 1"))["notifications"][1]["message"].clone()
    };
    assert_ne!(said("fr"), said("en"));
    assert_ne!(said("zh"), said("fr"));
    let table = world.run("--lang fr notification list --customer 1").done().out;
    assert!(table.contains(said("fr").as_str().unwrap()), "{table}");
}

#[test]
fn what_was_read_is_left_out_where_only_the_rest_is_asked_for() {
    let world = told();
    let store = rusqlite::Connection::open(world.path("support.db")).unwrap();
    store.execute("UPDATE notifications SET read_at = at + 1 WHERE ticket_id = 4", []).unwrap();
    let unread = world.json("notification list --customer 1 --unread");
    assert_eq!(unread["notifications"].as_array().unwrap().len(), 2);
    let all = world.json("notification list --customer 1");
    assert!(all["notifications"][0]["readAt"].is_string());
}

#[test]
fn they_come_a_page_at_a_time() {
    let world = told();
    let page = world.json("notification list --customer 1 --limit 2");
    let cursor = page["nextCursor"].as_str().unwrap();
    let rest = world.json(&format!("notification list --customer 1 --after {cursor}"));
    assert_eq!(rest["notifications"].as_array().unwrap().len(), 1);
    let said = world.run("notification list --customer 1 --limit 2").done();
    assert_eq!(said.err, format!("more notifications follow: add --after {cursor} for the next page, or --all\n"));
    assert_eq!(world.json("notification list --customer 1 --all")["notifications"].as_array().unwrap().len(), 3);
}

#[test]
fn a_customer_with_none_and_one_that_is_not_there_are_told_apart() {
    let world = World::small();
    let none = world.run("notification list --customer 3").done();
    assert_eq!((none.out.as_str(), none.err.as_str()), ("", "no notifications match\n"));
    let absent = world.run("notification list --customer 99");
    assert_eq!((absent.code, absent.err.as_str()), (1, "error: customer 99 was not found\n"));
    assert_eq!(world.run("notification list").code, 2);
    assert_eq!(World::without_a_store().run("notification list --customer 1").code, 3);
}
