//! `support notification list`.

use crate::world::World;

/// Creates a world in which customer 1 has three notifications: two of ticket 1 and one of a new ticket.
fn world() -> World {
    let world = World::small();
    world.run("ticket escalate 1").success();
    world.run("ticket close 1").success();
    world.run("ticket create --customer 1 --service ride --ride 1 --issue OTHER --description late").success();
    world
}

#[test]
fn notifications_are_listed_in_every_format() {
    let world = world();
    let document = world.json("notification list --customer 1");
    let rows = document["notifications"].as_array().unwrap();
    let messages: Vec<_> = rows.iter().map(|row| row["message"].as_str().unwrap()).collect();
    assert_eq!(
        messages,
        [
            "Your support ticket 4 was opened",
            "Your support ticket 1 was closed",
            "Your support ticket 1 was escalated to level 2"
        ]
    );
    assert_eq!(document["nextCursor"], serde_json::Value::Null);
    assert_eq!(rows[0]["notice"], "notification.ticket_created");
    assert_eq!((&rows[0]["ticketId"], &rows[0]["readAt"]), (&4.into(), &serde_json::Value::Null));
    let lines = world.run("notification list --customer 1 --format ndjson").success().out;
    assert_eq!(
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<serde_json::Value>>(),
        *rows
    );
    let csv = world.run("notification list --customer 1 --format csv").success().out;
    assert_eq!(csv.lines().next(), Some("id,ticketId,notice,message,createdAt,readAt"));
    assert_eq!(csv.lines().count(), 4);
    let table = world.run("notification list --customer 1").success().out;
    let headings: Vec<_> = table.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(headings, ["ID", "TICKET", "WHEN", "READ", "MESSAGE"]);
    assert!(table.lines().nth(2).unwrap().ends_with("Your support ticket 1 was closed"), "{table}");
}

#[test]
fn notifications_are_in_the_language_of_the_command() {
    let world = world();
    let message = |lang: &str| {
        world.json(&format!("--lang {lang} notification list --customer 1"))["notifications"][1]["message"].clone()
    };
    assert_ne!(message("fr"), message("en"));
    assert_ne!(message("zh"), message("fr"));
    let table = world.run("--lang fr notification list --customer 1").success().out;
    assert!(table.contains(message("fr").as_str().unwrap()), "{table}");
}

#[test]
fn read_notifications_are_filtered() {
    let world = world();
    let store = rusqlite::Connection::open(world.path("support.db")).unwrap();
    store.execute("UPDATE notifications SET read_at = at + 1 WHERE ticket_id = 4", []).unwrap();
    let unread = world.json("notification list --customer 1 --unread");
    assert_eq!(unread["notifications"].as_array().unwrap().len(), 2);
    let all = world.json("notification list --customer 1");
    assert!(all["notifications"][0]["readAt"].is_string());
}

#[test]
fn notifications_are_paged() {
    let world = world();
    let page = world.json("notification list --customer 1 --limit 2");
    let cursor = page["nextCursor"].as_str().unwrap();
    let rest = world.json(&format!("notification list --customer 1 --after {cursor}"));
    assert_eq!(rest["notifications"].as_array().unwrap().len(), 1);
    let output = world.run("notification list --customer 1 --limit 2").success();
    assert_eq!(output.err, format!("more notifications follow: add --after {cursor} for the next page, or --all\n"));
    assert_eq!(world.json("notification list --customer 1 --all")["notifications"].as_array().unwrap().len(), 3);
}

#[test]
fn a_customer_without_notifications_differs_from_an_unknown_customer() {
    let world = World::small();
    let none = world.run("notification list --customer 3").success();
    assert_eq!((none.out.as_str(), none.err.as_str()), ("", "no notifications match\n"));
    let absent = world.run("notification list --customer 99");
    assert_eq!((absent.code, absent.err.as_str()), (1, "error: customer 99 was not found\n"));
    assert_eq!(world.run("notification list").code, 2);
    assert_eq!(World::without_a_store().run("notification list --customer 1").code, 3);
}
