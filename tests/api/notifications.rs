//! Notifications: what a customer was told, in their language, and that they have read it.

use serde_json::{Value, json};

use crate::client::Response;
use crate::world::{Actor, World};

fn list(actor: &Actor<'_>, query: &str) -> Value {
    actor.asks("GET", &format!("/notifications{query}")).send().data()
}

fn marks(actor: &Actor<'_>, body: &Value) -> Response {
    actor.asks("POST", "/notifications/read").json(body).send()
}

fn ids(data: &Value) -> Vec<i64> {
    data["notifications"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

#[test]
fn everyone_whom_a_ticket_concerns_is_told_the_newest_first() {
    let world = World::start();
    let ticket = world.amina().opens_group_ticket("charged twice", &[2]);
    world.amina().escalates(ticket).is_ok();
    world.runs(&["ticket", "close", &ticket.to_string()]);
    for reader in [world.amina(), world.mateo()] {
        let data = list(&reader, "");
        assert_eq!((&data["unread"], &data["nextCursor"]), (&json!(3), &Value::Null));
        let rows = data["notifications"].as_array().unwrap();
        let said: Vec<_> = rows.iter().map(|row| row["message"].as_str().unwrap()).collect();
        let [closed, escalated, opened] =
            ["closed", "escalated to level 2", "opened"].map(|what| format!("Your support ticket {ticket} was {what}"));
        assert_eq!(said, [closed, escalated, opened]);
        let mut first = rows[0].clone();
        assert!(first["createdAt"].take().as_str().unwrap().ends_with('Z'));
        let id = first["id"].take();
        assert!(id.as_i64().unwrap() > 0);
        assert_eq!(
            first,
            json!({"id": null, "ticketId": ticket, "notice": "notification.ticket_closed",
            "message": said[0], "createdAt": null, "readAt": null})
        );
    }
    for stranger in [world.grace(), world.jonas()] {
        assert_eq!(list(&stranger, ""), json!({"notifications": [], "nextCursor": null, "unread": 0}));
    }
}

#[test]
fn a_message_is_said_in_the_language_of_whoever_reads_it() {
    let world = World::start();
    let ticket = world.amina().opens_ride_ticket("charged twice");
    let said = |language: &str| {
        let answer = world.amina().asks("GET", "/notifications").header("Accept-Language", language).send();
        assert_eq!(answer.header("content-language"), Some(language));
        answer.data()["notifications"][0]["message"].as_str().unwrap().to_owned()
    };
    let sentences = ["en", "fr", "es", "pt", "de", "ar", "hi", "zh"].map(said);
    for (place, sentence) in sentences.iter().enumerate() {
        assert!(sentence.contains(&ticket.to_string()) && !sentence.contains("%{"), "{sentence}");
        assert!(!sentences[..place].contains(sentence), "{sentence}");
    }
}

#[test]
fn pages_hold_each_notification_once_while_more_are_left() {
    let world = World::start();
    for _ in 0..7 {
        world.amina().opens_ride_ticket("charged twice");
    }
    let whole = ids(&list(&world.amina(), "?limit=100"));
    assert!(whole.is_sorted_by(|one, next| one > next) && whole.len() == 7, "{whole:?}");
    for unread in ["", "unread=true&"] {
        let (mut paged, mut after) = (Vec::new(), String::new());
        loop {
            let page = list(&world.amina(), &format!("?{unread}limit=2{after}"));
            paged.extend(ids(&page));
            world.amina().opens_ride_ticket("meanwhile");
            match page["nextCursor"].as_str() {
                Some(cursor) => after = format!("&cursor={cursor}"),
                None => break,
            }
        }
        let newest = paged[0];
        let expected: Vec<_> =
            ids(&list(&world.amina(), "?limit=100")).into_iter().filter(|id| *id <= newest).collect();
        assert_eq!(paged, expected);
    }
}

#[test]
fn what_was_read_is_marked_once_and_counted() {
    let world = World::start();
    for _ in 0..5 {
        world.amina().opens_ride_ticket("charged twice");
    }
    let all = ids(&list(&world.amina(), ""));
    let some = json!({"ids": [all[0], all[2], all[2]]});
    assert_eq!(marks(&world.amina(), &some).data(), json!({"marked": 2, "unread": 3}));
    let read_at = list(&world.amina(), "")["notifications"][0]["readAt"].clone();
    assert!(read_at.is_string());
    assert_eq!(marks(&world.amina(), &some).data(), json!({"marked": 0, "unread": 3}), "twice is once");
    assert_eq!(list(&world.amina(), "")["notifications"][0]["readAt"], read_at);
    assert_eq!(ids(&list(&world.amina(), "?unread=true")), [all[1], all[3], all[4]]);
    assert_eq!(ids(&list(&world.amina(), "?unread=false")), all);
    assert_eq!(marks(&world.amina(), &json!({"all": true})).data(), json!({"marked": 3, "unread": 0}));
    assert_eq!(marks(&world.amina(), &json!({"all": true})).data(), json!({"marked": 0, "unread": 0}));
    assert_eq!(list(&world.amina(), "?unread=true"), json!({"notifications": [], "nextCursor": null, "unread": 0}));
    assert_eq!(marks(&world.amina(), &json!({"ids": []})).data(), json!({"marked": 0, "unread": 0}));
}

#[test]
fn anothers_notification_is_a_missing_notification_byte_for_byte() {
    let world = World::start();
    world.amina().opens_group_ticket("charged twice", &[2]);
    let amina = ids(&list(&world.amina(), ""))[0];
    let marks_as = |id: i64| {
        let ask = world.jonas().asks("POST", "/notifications/read").header("X-Request-Id", "same");
        ask.json(&json!({"ids": [id]})).send()
    };
    let (foreign, absent) = (marks_as(amina), marks_as(4242));
    assert_eq!((foreign.status, foreign.text()), (200, absent.text()));
    assert_eq!(foreign.data(), json!({"marked": 0, "unread": 0}));
    assert_eq!(list(&world.amina(), "")["unread"], 1);
    // A group member's copy is their own.
    assert_eq!(marks(&world.mateo(), &json!({"ids": [amina]})).data(), json!({"marked": 0, "unread": 1}));
    assert_eq!(marks(&world.mateo(), &json!({"all": true})).data(), json!({"marked": 1, "unread": 0}));
    assert_eq!(list(&world.amina(), "")["unread"], 1);
}

#[test]
fn a_wrong_body_or_query_names_what_is_wrong() {
    let world = World::start();
    for (body, fields) in [
        (json!({}), &["ids"][..]),
        (json!({"ids": null, "all": false}), &["ids"]),
        (json!({"ids": 7}), &["ids"]),
        (json!({"ids": [1, "2", 0, -1, 1.5]}), &["ids[1]", "ids[2]", "ids[3]", "ids[4]"]),
        (json!({"ids": [1], "all": true}), &["all"]),
        (json!({"all": "yes", "ids": [1]}), &["all"]),
        (json!({"ids": vec![1; 1_001]}), &["ids"]),
        (json!([1]), &[]),
    ] {
        marks(&world.amina(), &body).is_refused(400, "INVALID_TICKET").blames(fields);
    }
    marks(&world.amina(), &json!({"ids": vec![1; 1_000]})).is_ok();
    let read = || world.amina().asks("POST", "/notifications/read");
    read().raw_json("{\"all\":true,\"all\":true}").send().is_refused(400, "INVALID_TICKET");
    read().body("{}").send().is_refused(415, "UNSUPPORTED_MEDIA_TYPE");
    for (query, field) in [
        ("unread=1", "unread"),
        ("unread=", "unread"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("cursor=x", "cursor"),
    ] {
        let answer = world.amina().asks("GET", &format!("/notifications?{query}")).send();
        answer.is_refused(400, "INVALID_TICKET").blames(&[field]);
    }
}

#[test]
fn notifications_are_for_whoever_may_track_and_each_path_takes_its_methods() {
    let world = World::start();
    let other = world.customer_with(1, &["--permission", "create_support_ticket"]);
    for (method, path, wrong, allowed) in
        [("GET", "/notifications", "POST", "GET, HEAD"), ("POST", "/notifications/read", "GET", "POST")]
    {
        world.asks(method, path).send().is_refused(401, "UNAUTHORIZED");
        other.asks(method, path).json(&json!({"all": true})).send().is_refused(403, "PERMISSION_DENIED");
        let refused = world.amina().asks(wrong, path).send();
        refused.is_refused(405, "METHOD_NOT_ALLOWED");
        assert_eq!(refused.header("allow"), Some(allowed));
    }
    world.amina().asks("GET", "/notifications/1").send().is_refused(404, "NOT_FOUND");
}

#[test]
fn a_cursor_of_the_tickets_is_none_of_the_notifications_and_the_other_way_round() {
    let world = World::start();
    let amina = world.amina();
    amina.opens_ride_ticket("charged twice");
    amina.opens_ride_ticket("and again");
    let asks = |path: &str| amina.asks("GET", path).send();
    let cursor = |path: &str| asks(path).data()["nextCursor"].as_str().unwrap().to_owned();
    let (tickets, notifications) = (cursor("/?limit=1"), cursor("/notifications?limit=1"));
    asks(&format!("/notifications?cursor={tickets}")).is_refused(400, "INVALID_TICKET").blames(&["cursor"]);
    asks(&format!("/?cursor={notifications}")).is_refused(400, "INVALID_TICKET").blames(&["cursor"]);
    asks(&format!("/?cursor={tickets}")).is_ok();
    asks(&format!("/notifications?cursor={notifications}")).is_ok();
}
