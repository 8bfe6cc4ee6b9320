//! Language of a response: negotiated from `Accept-Language`, English by default.

use std::thread;

use serde_json::json;

use crate::client::{Request, Response};
use crate::world::{World, ride_ticket};

/// Languages other than English.
const OTHERS: [&str; 7] = ["fr", "es", "pt", "de", "ar", "hi", "zh"];

fn send_with_language(request: &Request, accept: &str) -> Response {
    request.clone().header("Accept-Language", accept).send()
}

#[track_caller]
fn assert_language(answer: &Response, language: &str) {
    assert_eq!(answer.header("content-language"), Some(language), "{answer}");
}

#[test]
fn english_is_the_default_language() {
    let world = World::start();
    let request = world.amina().request("GET", "/1");
    let english = request.clone().send();
    assert_language(&english, "en");
    assert_eq!(english.message(), "Ticket status retrieved");
    for accept in ["", "en", "en-GB", "xx", "it,sv;q=0.5", "*", "fr;q=0", ";;,q=", "fr;q=nine", "\u{e9}"] {
        let answer = send_with_language(&request, accept);
        assert_language(&answer, "en");
        assert_eq!(answer.message(), english.message(), "{accept}");
    }
}

#[test]
fn the_language_with_the_highest_quality_is_chosen_and_the_first_of_equals() {
    let world = World::start();
    let request = world.amina().request("GET", "/1");
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
        let answer = send_with_language(&request, accept);
        assert_language(&answer, language);
        assert_eq!(answer.message() == "Ticket status retrieved", language == "en", "{accept}");
    }
}

#[test]
fn a_header_in_two_lines_is_joined() {
    let world = World::start();
    let request =
        world.amina().request("GET", "/1").header("Accept-Language", "fr;q=0.2").header("Accept-Language", "de");
    assert_language(&request.send(), "de");
}

#[test]
fn every_success_is_translated_into_every_language() {
    let world = World::start();
    for language in OTHERS {
        let opened = send_with_language(&world.amina().request("POST", "/").json(&ride_ticket()), language);
        let id = opened.data()["ticketId"].as_i64().unwrap();
        let body = json!({"ticketId": id});
        for (answer, english) in [
            (opened, "Support ticket created"),
            (send_with_language(&world.amina().request("GET", &format!("/{id}")), language), "Ticket status retrieved"),
            (send_with_language(&world.amina().request("GET", "/"), language), "Tickets retrieved"),
            (send_with_language(&world.amina().request("POST", "/escalate").json(&body), language), "Ticket escalated"),
            (send_with_language(&world.amina().request("POST", "/close").json(&body), language), "Ticket closed"),
        ] {
            answer.assert_ok();
            assert_language(&answer, language);
            assert_ne!(answer.message(), english, "{language}");
        }
    }
}

#[test]
fn every_refusal_is_translated_into_every_language() {
    let world = World::start();
    let amina = world.amina();
    let blind = world.customer_with(1, &["--permission", "close_support_ticket"]);
    let about = |member: &str, id: i64| {
        let mut body =
            json!({"serviceType": "event_service", "issueType": "OTHER", "description": "late", "rideId": 1});
        body[member] = id.into();
        amina.request("POST", "/").json(&body)
    };
    for request in [
        world.request("GET", "/1"),
        world.request("GET", "/1").bearer("wrong"),
        amina.request("GET", "/1").bearer("two"),
        blind.request("GET", "/1"),
        world.customer_with(1, &["--role", "agent"]).request("GET", "/1"),
        amina.request("GET", "/4242"),
        amina.request("GET", "/abc"),
        amina.request("GET", "/?limit=0"),
        amina.request("GET", "/?status=x"),
        amina.request("GET", "/?cursor=x"),
        world.request_to("GET", "/nowhere"),
        amina.request("DELETE", "/1"),
        amina.request("POST", "/").body("{}"),
        amina.request("POST", "/").raw_json("{"),
        amina.request("POST", "/").raw_json("[]"),
        amina.request("POST", "/").raw_json(r#"{"a":1,"a":1}"#),
        amina.request("POST", "/").raw_json("[".repeat(50)),
        amina.request("POST", "/").raw_json(" ".repeat(70_000)),
        amina.request("POST", "/").raw_json(r#"{"rideId":"1","groupCustomerIds":5}"#),
        amina.request("POST", "/").raw_json(r#"{"serviceType":"ride","issueType":"OTHER","description":"\u0000"}"#),
        about("rideId", 99),
        about("orderId", 99),
        about("bookingId", 99),
        amina.request("POST", "/close").raw_json("{}"),
        amina.request("POST", "/close").raw_json(r#"{"ticketId":26}"#),
        amina.request("POST", "/escalate").raw_json(r#"{"ticketId":26}"#),
        world.mateo().request("POST", "/escalate").raw_json(r#"{"ticketId":1}"#),
        amina.request("GET", &format!("/?{}", "x".repeat(3000))),
    ] {
        let english = send_with_language(&request, "en");
        let (status, code) = (english.status, english.json()["code"].as_str().unwrap().to_owned());
        english.assert_refused(status, &code);
        for language in OTHERS {
            let answer = send_with_language(&request, language);
            answer.assert_refused(status, &code);
            assert_language(&answer, language);
            assert_ne!(answer.message(), english.message(), "{language}: {code}");
            assert_eq!(answer.error_fields(), english.error_fields(), "{language}: {code}");
            let details = |answer: &Response| answer.json()["details"].as_array().unwrap().clone();
            for (other, known) in details(&answer).iter().zip(&details(&english)) {
                assert_ne!(other["message"], known["message"], "{language}: {code}");
            }
        }
    }
}

#[test]
fn the_reason_for_a_missing_award_is_translated_into_every_language() {
    let world = World::start();
    let mut body = ride_ticket();
    body["rideId"] = 9.into();
    let why = |language: &str| {
        let answer = send_with_language(&world.tom().request("POST", "/").json(&body), language);
        let error = answer.data()["gamificationError"].clone();
        assert_eq!(error["code"], "REWARDS_ACCOUNT_INACTIVE");
        error["message"].as_str().unwrap().to_owned()
    };
    for language in OTHERS {
        assert_ne!(why(language), why("en"), "{language}");
    }
}

#[test]
fn placeholders_in_a_customers_text_are_not_substituted() {
    let world = World::start();
    let words = "50%{x} off for %{id} at %{status}, 100% %% {id} %s";
    let id = world.amina().create_ride_ticket(words);
    for language in ["en", "fr"] {
        let answer = send_with_language(&world.amina().request("GET", &format!("/{id}")), language);
        assert_eq!(answer.data()["description"], words);
    }
    let repeated = world.amina().request("POST", "/").raw_json(r#"{"%{line}":1,"%{line}":2}"#).send();
    assert!(repeated.message().contains("%{line}"), "{repeated}");
}

#[test]
fn the_language_does_not_change_the_data() {
    let world = World::start();
    let request = world.amina().request("GET", "/1");
    let english = send_with_language(&request, "en").data();
    for language in OTHERS {
        assert_eq!(send_with_language(&request, language).data(), english);
    }
}

#[test]
fn an_entity_tag_belongs_to_one_language() {
    let world = World::start();
    let request = world.amina().request("GET", "/1");
    let tag = send_with_language(&request, "en").header("etag").unwrap().to_owned();
    let vary = send_with_language(&request, "en").header("vary").expect("Vary").to_ascii_lowercase();
    assert!(vary.contains("accept-language"), "{vary}");
    send_with_language(&request.clone().header("If-None-Match", &tag), "en").assert_status(304);
    send_with_language(&request.header("If-None-Match", &tag), "fr").assert_ok();
}

#[test]
fn concurrent_requests_do_not_mix_languages() {
    let world = World::start();
    let request = world.amina().request("GET", "/4242");
    let expected =
        ["en", "fr", "de", "zh"].map(|language| (language, send_with_language(&request, language).message()));
    thread::scope(|scope| {
        for thread in 0..8 {
            let (request, expected) = (&request, &expected);
            scope.spawn(move || {
                for turn in 0..100 {
                    let (language, message) = &expected[(thread + turn) % expected.len()];
                    let answer = send_with_language(request, language);
                    assert_language(&answer, language);
                    assert_eq!(&answer.message(), message);
                }
            });
        }
    });
}
