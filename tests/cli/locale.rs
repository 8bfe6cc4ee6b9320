//! Selection of the output language.

use crate::world::{Output, World};

const ENGLISH: &str = "error: ticket 99 was not found\n";

fn missing_ticket(set: &[(&str, &str)], args: &str) -> Output {
    let world = World::small();
    let invocation = world.command(&format!("ticket inspect 99 {args}"));
    set.iter().fold(invocation, |invocation, (name, value)| invocation.env(name, value)).run()
}

/// Returns true if the error is in French.
fn is_french(output: &Output) -> bool {
    output.err.starts_with("error: ")
        && output.err.contains("99")
        && output.err.contains("ticket 99")
        && output.err != ENGLISH
}

#[test]
fn the_default_language_is_english() {
    assert_eq!(missing_ticket(&[], "").err, ENGLISH);
    assert_eq!(missing_ticket(&[("LANG", "C")], "").err, ENGLISH);
    assert_eq!(missing_ticket(&[("LC_ALL", "POSIX"), ("LANG", "fr_FR.UTF-8")], "").err, ENGLISH);
    assert_eq!(missing_ticket(&[("LANG", "tlh")], "").err, ENGLISH);
}

#[test]
fn the_option_overrides_the_environment() {
    let german = [("SUPPORT_LANG", "en"), ("LC_ALL", "en_GB.UTF-8"), ("LC_MESSAGES", "en"), ("LANG", "en")];
    assert!(is_french(&missing_ticket(&german, "--lang fr-CA")));
    assert_eq!(missing_ticket(&[("LANG", "fr_FR.UTF-8")], "--lang en").err, ENGLISH);
}

#[test]
fn an_unknown_language_is_a_warning() {
    let warning = "warning: unknown locale 'tlh': using English (available: en, fr, es, pt, de, ar, hi, zh)\n";
    assert_eq!(missing_ticket(&[("LANG", "fr_FR.UTF-8")], "--lang tlh").err, format!("{warning}{ENGLISH}"));
    assert_eq!(missing_ticket(&[("SUPPORT_LANG", "tlh")], "").err, format!("{warning}{ENGLISH}"));
    assert_eq!(missing_ticket(&[("SUPPORT_LANG", "")], "").err, ENGLISH);
    let output = World::small().run("ticket list --lang tlh --format json").success();
    assert_eq!((output.err.as_str(), output.json()["tickets"].as_array().unwrap().len()), (warning, 3));
}

#[test]
fn the_variables_have_an_order_of_precedence() {
    assert!(is_french(&missing_ticket(&[("SUPPORT_LANG", "fr"), ("LC_ALL", "en_GB.UTF-8")], "")));
    assert!(is_french(&missing_ticket(&[("LC_ALL", "fr_FR.UTF-8"), ("LC_MESSAGES", "en_GB"), ("LANG", "en_GB")], "")));
    assert!(is_french(&missing_ticket(&[("LC_ALL", ""), ("LC_MESSAGES", "fr_FR"), ("LANG", "en_GB")], "")));
    assert!(is_french(&missing_ticket(&[("LANG", "fr_FR.UTF-8")], "")));
}

#[test]
fn headings_and_messages_are_translated_and_codes_are_not() {
    let world = World::small();
    let output = world.run("ticket list --lang fr").success();
    assert!(output.out.contains("OPEN") && output.out.contains("PAYMENT_ISSUE"), "{output:?}");
    assert!(!output.out.contains("OPENED") && output.out.lines().next().unwrap().contains("STATUT"), "{output:?}");
    let page = world.run("ticket inspect 1 --lang de").success();
    assert!(page.out.contains("Verlauf"), "{page:?}");
}

#[test]
fn only_messages_of_json_are_translated() {
    let output = missing_ticket(&[], "--lang fr --format json");
    assert_eq!(output.error().0, "SUPPORT_TICKET_NOT_FOUND");
    assert_ne!(output.error().1, "ticket 99 was not found");
    let world = World::small();
    let list = |lang| world.run(&format!("ticket list --format json --lang {lang}")).success().out;
    assert_eq!(list("en"), list("ar"));
}

#[test]
fn notifications_are_in_the_language_of_the_reader() {
    let world = World::small();
    world.run("ticket close 1").success();
    let history = |lang| world.json(&format!("ticket inspect 1 --lang {lang}"))["history"].clone();
    let message = |lang| history(lang)[2]["message"].as_str().unwrap().to_owned();
    assert_eq!(message("en"), "Your support ticket 1 was closed");
    assert_ne!(message("zh"), message("en"));
    assert_eq!(history("zh")[2]["notice"], "notification.ticket_closed");
}
