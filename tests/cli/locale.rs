//! In which language the program speaks.

use crate::world::{Said, World};

const ENGLISH: &str = "error: ticket 99 was not found\n";

fn missing(set: &[(&str, &str)], args: &str) -> Said {
    let world = World::small();
    let asked = world.asks(&format!("ticket inspect 99 {args}"));
    set.iter().fold(asked, |asked, (name, value)| asked.env(name, value)).run()
}

/// Whether it was said in French.
fn is_french(said: &Said) -> bool {
    said.err.starts_with("error: ") && said.err.contains("99") && said.err.contains("ticket 99") && said.err != ENGLISH
}

#[test]
fn english_is_spoken_where_nothing_is_said() {
    assert_eq!(missing(&[], "").err, ENGLISH);
    assert_eq!(missing(&[("LANG", "C")], "").err, ENGLISH);
    assert_eq!(missing(&[("LC_ALL", "POSIX"), ("LANG", "fr_FR.UTF-8")], "").err, ENGLISH);
    assert_eq!(missing(&[("LANG", "tlh")], "").err, ENGLISH);
}

#[test]
fn the_option_wins_over_everything() {
    let german = [("SUPPORT_LANG", "en"), ("LC_ALL", "en_GB.UTF-8"), ("LC_MESSAGES", "en"), ("LANG", "en")];
    assert!(is_french(&missing(&german, "--lang fr-CA")));
    assert_eq!(missing(&[("LANG", "fr_FR.UTF-8")], "--lang en").err, ENGLISH);
}

#[test]
fn a_language_that_is_none_of_ours_is_told() {
    let warning = "warning: unknown locale 'tlh': using English (available: en, fr, es, pt, de, ar, hi, zh)\n";
    assert_eq!(missing(&[("LANG", "fr_FR.UTF-8")], "--lang tlh").err, format!("{warning}{ENGLISH}"));
    assert_eq!(missing(&[("SUPPORT_LANG", "tlh")], "").err, format!("{warning}{ENGLISH}"));
    assert_eq!(missing(&[("SUPPORT_LANG", "")], "").err, ENGLISH);
    let said = World::small().run("ticket list --lang tlh --format json").done();
    assert_eq!((said.err.as_str(), said.json()["tickets"].as_array().unwrap().len()), (warning, 3));
}

#[test]
fn the_environment_is_asked_in_its_order() {
    assert!(is_french(&missing(&[("SUPPORT_LANG", "fr"), ("LC_ALL", "en_GB.UTF-8")], "")));
    assert!(is_french(&missing(&[("LC_ALL", "fr_FR.UTF-8"), ("LC_MESSAGES", "en_GB"), ("LANG", "en_GB")], "")));
    assert!(is_french(&missing(&[("LC_ALL", ""), ("LC_MESSAGES", "fr_FR"), ("LANG", "en_GB")], "")));
    assert!(is_french(&missing(&[("LANG", "fr_FR.UTF-8")], "")));
}

#[test]
fn headings_and_sentences_are_in_the_readers_language_and_codes_stay() {
    let world = World::small();
    let said = world.run("ticket list --lang fr").done();
    assert!(said.out.contains("OPEN") && said.out.contains("PAYMENT_ISSUE"), "{said:?}");
    assert!(!said.out.contains("OPENED") && said.out.lines().next().unwrap().contains("STATUT"), "{said:?}");
    let page = world.run("ticket inspect 1 --lang de").done();
    assert!(page.out.contains("Verlauf"), "{page:?}");
}

#[test]
fn json_speaks_the_language_in_its_messages_alone() {
    let said = missing(&[], "--lang fr --format json");
    assert_eq!(said.error().0, "SUPPORT_TICKET_NOT_FOUND");
    assert_ne!(said.error().1, "ticket 99 was not found");
    let world = World::small();
    let list = |lang| world.run(&format!("ticket list --format json --lang {lang}")).done().out;
    assert_eq!(list("en"), list("ar"));
}

#[test]
fn a_notification_is_said_in_the_language_of_the_reader() {
    let world = World::small();
    world.run("ticket close 1").done();
    let said = |lang| world.json(&format!("ticket inspect 1 --lang {lang}"))["history"].clone();
    let message = |lang| said(lang)[2]["message"].as_str().unwrap().to_owned();
    assert_eq!(message("en"), "Your support ticket 1 was closed");
    assert_ne!(message("zh"), message("en"));
    assert_eq!(said("zh")[2]["notice"], "notification.ticket_closed");
}
