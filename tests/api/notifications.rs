//! Notifications: content, language, pages and read state.

use serde_json::{Value, json};

use crate::client::Response;
use crate::world::{Actor, World};

fn list(actor: &Actor<'_>, query: &str) -> Value {
    actor.request("GET", &format!("/notifications{query}")).send().data()
}

fn marks(actor: &Actor<'_>, body: &Value) -> Response {
    actor.request("POST", "/notifications/read").json(body).send()
}

fn ids(data: &Value) -> Vec<i64> {
    data["notifications"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

#[test]
fn the_owner_and_members_are_notified_newest_first() {
    let world = World::start();
    let ticket = world.amina().create_group_ticket("charged twice", &[2]);
    world.amina().escalate(ticket).assert_ok();
    world.run(&["ticket", "close", &ticket.to_string()]);
    for reader in [world.amina(), world.mateo()] {
        let data = list(&reader, "");
        assert_eq!((&data["unread"], &data["nextCursor"]), (&json!(3), &Value::Null));
        let rows = data["notifications"].as_array().unwrap();
        let messages: Vec<_> = rows.iter().map(|row| row["message"].as_str().unwrap()).collect();
        let [closed, escalated, opened] =
            ["closed", "escalated to level 2", "opened"].map(|what| format!("Your support ticket {ticket} was {what}"));
        assert_eq!(messages, [closed, escalated, opened]);
        let mut first = rows[0].clone();
        assert!(first["createdAt"].take().as_str().unwrap().ends_with('Z'));
        let id = first["id"].take();
        assert!(id.as_i64().unwrap() > 0);
        assert_eq!(
            first,
            json!({"id": null, "ticketId": ticket, "notice": "notification.ticket_closed",
            "message": messages[0], "createdAt": null, "readAt": null})
        );
    }
    for stranger in [world.grace(), world.jonas()] {
        assert_eq!(list(&stranger, ""), json!({"notifications": [], "nextCursor": null, "unread": 0}));
    }
}

#[test]
fn a_notification_is_in_the_language_of_the_request() {
    let world = World::start();
    let ticket = world.amina().create_ride_ticket("charged twice");
    let messages = |language: &str| {
        let answer = world.amina().request("GET", "/notifications").header("Accept-Language", language).send();
        assert_eq!(answer.header("content-language"), Some(language));
        answer.data()["notifications"][0]["message"].as_str().unwrap().to_owned()
    };
    let sentences = ["en", "fr", "es", "pt", "de", "ar", "hi", "zh"].map(messages);
    for (place, sentence) in sentences.iter().enumerate() {
        assert!(sentence.contains(&ticket.to_string()) && !sentence.contains("%{"), "{sentence}");
        assert!(!sentences[..place].contains(sentence), "{sentence}");
    }
}

#[test]
fn pages_hold_each_notification_once_while_new_ones_arrive() {
    let world = World::start();
    for _ in 0..7 {
        world.amina().create_ride_ticket("charged twice");
    }
    let whole = ids(&list(&world.amina(), "?limit=100"));
    assert!(whole.is_sorted_by(|one, next| one > next) && whole.len() == 7, "{whole:?}");
    for unread in ["", "unread=true&"] {
        let (mut paged, mut after) = (Vec::new(), String::new());
        loop {
            let page = list(&world.amina(), &format!("?{unread}limit=2{after}"));
            paged.extend(ids(&page));
            world.amina().create_ride_ticket("meanwhile");
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
fn notifications_are_marked_as_read_once_and_counted() {
    let world = World::start();
    for _ in 0..5 {
        world.amina().create_ride_ticket("charged twice");
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
fn the_response_for_another_customers_notification_equals_that_for_a_missing_one() {
    let world = World::start();
    world.amina().create_group_ticket("charged twice", &[2]);
    let amina = ids(&list(&world.amina(), ""))[0];
    let marks_as = |id: i64| {
        let request = world.jonas().request("POST", "/notifications/read").header("X-Request-Id", "same");
        request.json(&json!({"ids": [id]})).send()
    };
    let (foreign, absent) = (marks_as(amina), marks_as(4242));
    assert_eq!((foreign.status, foreign.text()), (200, absent.text()));
    assert_eq!(foreign.data(), json!({"marked": 0, "unread": 0}));
    assert_eq!(list(&world.amina(), "")["unread"], 1);
    // A group member has their own copy.
    assert_eq!(marks(&world.mateo(), &json!({"ids": [amina]})).data(), json!({"marked": 0, "unread": 1}));
    assert_eq!(marks(&world.mateo(), &json!({"all": true})).data(), json!({"marked": 1, "unread": 0}));
    assert_eq!(list(&world.amina(), "")["unread"], 1);
}

#[test]
fn an_invalid_body_or_query_names_the_field() {
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
        marks(&world.amina(), &body).assert_refused(400, "INVALID_TICKET").assert_fields(fields);
    }
    marks(&world.amina(), &json!({"ids": vec![1; 1_000]})).assert_ok();
    let read = || world.amina().request("POST", "/notifications/read");
    read().raw_json("{\"all\":true,\"all\":true}").send().assert_refused(400, "INVALID_TICKET");
    read().body("{}").send().assert_refused(415, "UNSUPPORTED_MEDIA_TYPE");
    for (query, field) in [
        ("unread=1", "unread"),
        ("unread=", "unread"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("cursor=x", "cursor"),
    ] {
        let answer = world.amina().request("GET", &format!("/notifications?{query}")).send();
        answer.assert_refused(400, "INVALID_TICKET").assert_fields(&[field]);
    }
}

#[test]
fn notifications_require_the_track_permission_and_the_allowed_methods() {
    let world = World::start();
    let other = world.customer_with(1, &["--permission", "create_support_ticket"]);
    for (method, path, wrong, allowed) in
        [("GET", "/notifications", "POST", "GET, HEAD"), ("POST", "/notifications/read", "GET", "POST")]
    {
        world.request(method, path).send().assert_refused(401, "UNAUTHORIZED");
        other.request(method, path).json(&json!({"all": true})).send().assert_refused(403, "PERMISSION_DENIED");
        let refused = world.amina().request(wrong, path).send();
        refused.assert_refused(405, "METHOD_NOT_ALLOWED");
        assert_eq!(refused.header("allow"), Some(allowed));
    }
    world.amina().request("GET", "/notifications/1").send().assert_refused(404, "NOT_FOUND");
}

#[test]
fn cursors_of_tickets_and_notifications_are_not_interchangeable() {
    let world = World::start();
    let amina = world.amina();
    amina.create_ride_ticket("charged twice");
    amina.create_ride_ticket("and again");
    let request = |path: &str| amina.request("GET", path).send();
    let cursor = |path: &str| request(path).data()["nextCursor"].as_str().unwrap().to_owned();
    let (tickets, notifications) = (cursor("/?limit=1"), cursor("/notifications?limit=1"));
    request(&format!("/notifications?cursor={tickets}"))
        .assert_refused(400, "INVALID_TICKET")
        .assert_fields(&["cursor"]);
    request(&format!("/?cursor={notifications}")).assert_refused(400, "INVALID_TICKET").assert_fields(&["cursor"]);
    request(&format!("/?cursor={tickets}")).assert_ok();
    request(&format!("/notifications?cursor={notifications}")).assert_ok();
}
