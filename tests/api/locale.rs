//! The language of an answer: the best of ours for `Accept-Language`, English where none fits.

use std::thread;

use serde_json::json;

use crate::client::{Ask, Response};
use crate::world::{World, ride_ticket};

/// Every language but English.
const OTHERS: [&str; 7] = ["fr", "es", "pt", "de", "ar", "hi", "zh"];

fn said(ask: &Ask, accept: &str) -> Response {
    ask.clone().header("Accept-Language", accept).send()
}

#[track_caller]
fn speaks(answer: &Response, language: &str) {
    assert_eq!(answer.header("content-language"), Some(language), "{answer}");
}

#[test]
fn english_is_spoken_where_nothing_is_asked_for_or_nothing_fits() {
    let world = World::start();
    let ask = world.amina().asks("GET", "/1");
    let english = ask.clone().send();
    speaks(&english, "en");
    assert_eq!(english.message(), "Ticket status retrieved");
    for accept in ["", "en", "en-GB", "xx", "it,sv;q=0.5", "*", "fr;q=0", ";;,q=", "fr;q=nine", "\u{e9}"] {
        let answer = said(&ask, accept);
        speaks(&answer, "en");
        assert_eq!(answer.message(), english.message(), "{accept}");
    }
}

#[test]
fn the_best_language_wins_by_its_quality_and_the_first_among_equals() {
    let world = World::start();
    let ask = world.amina().asks("GET", "/1");
    for (accept, language) in [
        ("fr", "fr"),
        ("FR", "fr"),
        ("fr-CA", "fr"),
        ("pt-BR,pt;q=0.9", "pt"),
        ("zh-Hant-TW", "zh"),
        ("en;q=0.8, fr;q=0.9", "fr"),
        ("fr;q=0.5, en;q=0.9", "en"),
        ("de;q=0.7,es;q=0.7,en;q=0.1", "de"),
        ("it, sv;q=0.9, es;q=0.1", "es"),
        ("xx;q=1.0, ar;q=0.001", "ar"),
        ("fr;q=0, hi;q=0.3", "hi"),
        ("fr ; q=0.3 , de ; q=0.4", "de"),
    ] {
        let answer = said(&ask, accept);
        speaks(&answer, language);
        assert_eq!(answer.message() == "Ticket status retrieved", language == "en", "{accept}");
    }
}

#[test]
fn a_header_in_two_lines_is_one() {
    let world = World::start();
    let ask = world.amina().asks("GET", "/1").header("Accept-Language", "fr;q=0.2").header("Accept-Language", "de");
    speaks(&ask.send(), "de");
}

#[test]
fn every_success_is_said_in_every_language() {
    let world = World::start();
    for language in OTHERS {
        let opened = said(&world.amina().asks("POST", "/").json(&ride_ticket()), language);
        let id = opened.data()["ticketId"].as_i64().unwrap();
        let body = json!({"ticketId": id});
        for (answer, english) in [
            (opened, "Support ticket created"),
            (said(&world.amina().asks("GET", &format!("/{id}")), language), "Ticket status retrieved"),
            (said(&world.amina().asks("GET", "/"), language), "Tickets retrieved"),
            (said(&world.amina().asks("POST", "/escalate").json(&body), language), "Ticket escalated"),
            (said(&world.amina().asks("POST", "/close").json(&body), language), "Ticket closed"),
        ] {
            answer.is_ok();
            speaks(&answer, language);
            assert_ne!(answer.message(), english, "{language}");
        }
    }
}

#[test]
fn every_refusal_is_said_in_every_language() {
    let world = World::start();
    let amina = world.amina();
    let blind = world.customer_with(1, &["--permission", "close_support_ticket"]);
    let about = |member: &str, id: i64| {
        let mut body =
            json!({"serviceType": "event_service", "issueType": "OTHER", "description": "late", "rideId": 1});
        body[member] = id.into();
        amina.asks("POST", "/").json(&body)
    };
    for ask in [
        world.asks("GET", "/1"),
        world.asks("GET", "/1").bearer("wrong"),
        amina.asks("GET", "/1").bearer("two"),
        blind.asks("GET", "/1"),
        world.customer_with(1, &["--role", "agent"]).asks("GET", "/1"),
        amina.asks("GET", "/4242"),
        amina.asks("GET", "/abc"),
        amina.asks("GET", "/?limit=0"),
        amina.asks("GET", "/?status=x"),
        amina.asks("GET", "/?cursor=x"),
        world.asks_at("GET", "/nowhere"),
        amina.asks("DELETE", "/1"),
        amina.asks("POST", "/").body("{}"),
        amina.asks("POST", "/").raw_json("{"),
        amina.asks("POST", "/").raw_json("[]"),
        amina.asks("POST", "/").raw_json(r#"{"a":1,"a":1}"#),
        amina.asks("POST", "/").raw_json("[".repeat(50)),
        amina.asks("POST", "/").raw_json(" ".repeat(70_000)),
        amina.asks("POST", "/").raw_json(r#"{"rideId":"1","groupCustomerIds":5}"#),
        amina.asks("POST", "/").raw_json(r#"{"serviceType":"ride","issueType":"OTHER","description":"\u0000"}"#),
        about("rideId", 99),
        about("orderId", 99),
        about("bookingId", 99),
        amina.asks("POST", "/close").raw_json("{}"),
        amina.asks("POST", "/close").raw_json(r#"{"ticketId":26}"#),
        amina.asks("POST", "/escalate").raw_json(r#"{"ticketId":26}"#),
        world.mateo().asks("POST", "/escalate").raw_json(r#"{"ticketId":1}"#),
        amina.asks("GET", &format!("/?{}", "x".repeat(3000))),
    ] {
        let english = said(&ask, "en");
        let (status, code) = (english.status, english.json()["code"].as_str().unwrap().to_owned());
        english.is_refused(status, &code);
        for language in OTHERS {
            let answer = said(&ask, language);
            answer.is_refused(status, &code);
            speaks(&answer, language);
            assert_ne!(answer.message(), english.message(), "{language}: {code}");
            assert_eq!(answer.blamed(), english.blamed(), "{language}: {code}");
            let details = |answer: &Response| answer.json()["details"].as_array().unwrap().clone();
            for (other, known) in details(&answer).iter().zip(&details(&english)) {
                assert_ne!(other["message"], known["message"], "{language}: {code}");
            }
        }
    }
}

#[test]
fn why_no_award_was_made_is_said_in_every_language() {
    let world = World::start();
    let mut body = ride_ticket();
    body["rideId"] = 9.into();
    let why = |language: &str| {
        let answer = said(&world.tom().asks("POST", "/").json(&body), language);
        let error = answer.data()["gamificationError"].clone();
        assert_eq!(error["code"], "REWARDS_ACCOUNT_INACTIVE");
        error["message"].as_str().unwrap().to_owned()
    };
    for language in OTHERS {
        assert_ne!(why(language), why("en"), "{language}");
    }
}

#[test]
fn what_a_customer_wrote_is_never_filled_in() {
    let world = World::start();
    let words = "50%{x} off for %{id} at %{status}, 100% %% {id} %s";
    let id = world.amina().opens_ride_ticket(words);
    for language in ["en", "fr"] {
        let answer = said(&world.amina().asks("GET", &format!("/{id}")), language);
        assert_eq!(answer.data()["description"], words);
    }
    let repeated = world.amina().asks("POST", "/").raw_json(r#"{"%{line}":1,"%{line}":2}"#).send();
    assert!(repeated.message().contains("%{line}"), "{repeated}");
}

#[test]
fn the_language_does_not_touch_the_data() {
    let world = World::start();
    let ask = world.amina().asks("GET", "/1");
    let english = said(&ask, "en").data();
    for language in OTHERS {
        assert_eq!(said(&ask, language).data(), english);
    }
}

#[test]
fn a_tag_belongs_to_one_language() {
    let world = World::start();
    let ask = world.amina().asks("GET", "/1");
    let tag = said(&ask, "en").header("etag").unwrap().to_owned();
    let vary = said(&ask, "en").header("vary").expect("Vary").to_ascii_lowercase();
    assert!(vary.contains("accept-language"), "{vary}");
    said(&ask.clone().header("If-None-Match", &tag), "en").is_status(304);
    said(&ask.header("If-None-Match", &tag), "fr").is_ok();
}

#[test]
fn languages_do_not_mix_when_many_ask_at_once() {
    let world = World::start();
    let ask = world.amina().asks("GET", "/4242");
    let expected = ["en", "fr", "de", "zh"].map(|language| (language, said(&ask, language).message()));
    thread::scope(|scope| {
        for thread in 0..8 {
            let (ask, expected) = (&ask, &expected);
            scope.spawn(move || {
                for turn in 0..100 {
                    let (language, message) = &expected[(thread + turn) % expected.len()];
                    let answer = said(ask, language);
                    speaks(&answer, language);
                    assert_eq!(&answer.message(), message);
                }
            });
        }
    });
}
