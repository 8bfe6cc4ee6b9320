//! Wrong usage, told in the reader's language.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::world::{Invocation, World};

/// The languages.
const LANGUAGES: [&str; 8] = ["en", "fr", "es", "pt", "de", "ar", "hi", "zh"];

/// Arguments that are wrong, each in another way, with what is told of them in English.
const WRONG: &[(&str, &str)] = &[
    (
        "xyzzy",
        "unrecognized subcommand 'xyzzy'\n  [subcommands: serve, ticket, points, notification, token, audit, webhook, doctor, fixtures, completions, man, help]",
    ),
    (
        "ticket delete",
        "unrecognized subcommand 'delete'\n  [subcommands: list, inspect, create, escalate, close, help]",
    ),
    (
        "audit --format table",
        "'support audit' requires a subcommand but one was not provided\n  [subcommands: list, verify, export, help]",
    ),
    ("ticket list --stats OPEN", "unexpected argument '--stats' found\n\n  tip: a similar argument exists: '--status'"),
    ("ticket list surplus", "unexpected argument 'surplus' found"),
    (
        "ticket inspect --surplus",
        "unexpected argument '--surplus' found\n\n  tip: to pass '--surplus' as a value, use '-- --surplus'",
    ),
    ("ticket --status OPEN list", "unexpected argument '--status' found"),
    ("-- ticket", "unexpected argument 'ticket' found"),
    (
        "ticket list --status OPNE",
        "invalid value 'OPNE' for '--status <STATUS>'\n  [possible values: OPEN, ESCALATED, CLOSED]\n\n  tip: a similar \
         value exists: 'OPEN'",
    ),
    (
        "ticket list --customer 0",
        "invalid value '0' for '--customer <ID>': expected an integer from 1 to 9223372036854775807",
    ),
    ("ticket list --limit 1001", "invalid value '1001' for '--limit <N>': expected an integer from 1 to 1000"),
    (
        "serve --bind localhost",
        "invalid value 'localhost' for '--bind <ADDR:PORT>': expected an IP address and a port, such as 127.0.0.1:8080",
    ),
    (
        "serve --retain tea=1d",
        "invalid value 'tea=1d' for '--retain <NAME=LENGTH>': unknown name 'tea': expected deliveries, events, notifications, keys, audit, ledger",
    ),
    ("ticket list --customer", "a value is required for '--customer <ID>' but none was supplied"),
    ("ticket list --all=yes", "unexpected value 'yes' for '--all' found; no more were expected"),
    ("ticket list --all --limit 5", "the argument '--all' cannot be used with '--limit <N>'"),
    ("ticket list --all --all", "the argument '--all' cannot be used multiple times"),
    (
        "audit list --subject ticket:7 --ticket 7 --customer 1",
        "the argument '--subject <KIND:ID>' cannot be used with:\n  --ticket <ID>\n  --customer <ID>",
    ),
    (
        "points grant --points 5",
        "the following required arguments were not provided:\n  --customer <ID>\n  --reason <TEXT>",
    ),
];

#[test]
fn what_is_wrong_is_told_with_what_may_have_been_meant() {
    let world = World::without_a_store();
    for (args, sentence) in WRONG {
        let said = world.run(args);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{args}: {said:?}");
        let told = said.err.strip_prefix("error: ").and_then(|rest| rest.strip_prefix(sentence));
        let rest = told.unwrap_or_else(|| panic!("{args}: {}", said.err));
        let rest =
            rest.strip_suffix("\n\nFor more information, try '--help'.\n").unwrap_or_else(|| panic!("{args}: {rest}"));
        assert!(rest.is_empty() || rest.starts_with("\n\nUsage: support"), "{args}: {rest}");
    }
}

#[test]
fn free_text_may_begin_with_a_dash() {
    let world = World::small();
    world.asks("ticket close 2 --agent -maria --reason").arg("- refunded").run().done();
    let history = world.json("ticket inspect 2")["history"].clone();
    let reasons: Vec<_> = history.as_array().unwrap().iter().filter_map(|line| line["reason"].as_str()).collect();
    assert_eq!(reasons, ["- refunded"]);
    assert_eq!(world.listed("--search -twice"), [1]);
    assert_eq!(world.json("audit list --by -maria")["entries"].as_array().unwrap().len(), 1);
    for _ in 0..2 {
        world.run("points grant --customer 1 --points 5 --reason -x --key -k1").done();
    }
    assert_eq!(world.json("points balance --customer 1")["points"], 5);
    let said = world.run("webhook add https://example.com/ --header -X:1");
    assert!(!said.err.contains("unexpected argument"), "{said:?}");
    let said = world.run(
        "serve --jwt-issuer -i --jwt-audience -a --jwt-customer-claim -c --jwt-key none.pem --smtp x --mail-from -f",
    );
    assert!(!said.err.contains("unexpected argument"), "{said:?}");
}

#[test]
fn the_usage_of_the_command_follows() {
    let said = World::without_a_store().run("points balance");
    let told = "error: the following required arguments were not provided:\n  --customer <ID>\n\n\
                Usage: support points balance [OPTIONS] --customer <ID>\n\nFor more information, try '--help'.";
    said.failed(2, told);
}

#[test]
fn wrong_usage_is_told_in_french_and_chinese() {
    let world = World::without_a_store();
    let french = "error: valeur 'OPNE' non valide pour '--status <STATUS>'\n  [valeurs possibles : OPEN, ESCALATED, \
                  CLOSED]\n\n  conseil : il existe une valeur semblable : 'OPEN'\n\nPour en savoir plus, essayez '--help'.";
    world.run("ticket list --status OPNE --lang fr").failed(2, french);
    let chinese = "error: 缺少以下必需参数：\n  --customer <ID>\n\n用法：support points balance [OPTIONS] --customer <ID>\n\n\
                   更多信息请使用 '--help'。";
    world.run("points balance --lang=zh").failed(2, chinese);
}

#[test]
fn wrong_usage_is_json_in_the_readers_language() {
    let world = World::without_a_store();
    let message = |args: &str| {
        let said = world.run(args);
        assert_eq!((said.code, said.out.as_str(), said.err.lines().count()), (2, "", 1), "{said:?}");
        let (code, message) = said.error();
        assert_eq!(code, "INVALID_USAGE");
        message
    };
    assert_eq!(
        message("ticket list --status X --format json --lang fr"),
        "valeur 'X' non valide pour '--status <STATUS>' [valeurs possibles : OPEN, ESCALATED, CLOSED]"
    );
    assert_eq!(
        message("points grant --points 1 --format=ndjson --lang zh"),
        "缺少以下必需参数：--customer <ID>, --reason <TEXT>"
    );
    assert_eq!(message("--format json --lang de ticket"), "ein Unterbefehl ist nötig, es wurde aber keiner angegeben");
}

#[test]
fn the_environment_says_the_language_of_wrong_usage() {
    let world = World::without_a_store();
    let told = |args: &str, set: &[(&str, &str)]| {
        set.iter().fold(world.asks(args), |asked, (name, value)| asked.env(name, value)).run().err
    };
    let wrong = "ticket list --nope";
    let german = told(wrong, &[("SUPPORT_LANG", "de")]);
    assert!(german.starts_with("error: unerwartetes Argument '--nope'\n"), "{german}");
    assert_eq!(told(wrong, &[("LC_ALL", "de_DE.UTF-8"), ("LANG", "fr")]), german);
    assert_eq!(told(wrong, &[("LC_ALL", ""), ("LC_MESSAGES", "de_AT"), ("LANG", "fr")]), german);
    assert_eq!(told(wrong, &[("LANG", "de")]), german);
    assert_eq!(told(&format!("{wrong} --lang=de"), &[("SUPPORT_LANG", "fr"), ("LANG", "fr")]), german);
    assert_eq!(told(&format!("--lang de {wrong}"), &[("SUPPORT_LANG", "fr")]), german);
    let english = told(wrong, &[]);
    assert_eq!(told(&format!("{wrong} --lang tlh"), &[("LANG", "de")]), english);
    assert_eq!(told(&format!("{wrong} -- --lang=de"), &[]), english);
}

#[test]
fn no_language_tells_wrong_usage_in_english() {
    let world = World::without_a_store();
    for (args, _) in WRONG {
        let told = |lang: &str| world.asks(args).env("SUPPORT_LANG", lang).run();
        let english = told("en").err;
        for lang in &LANGUAGES[1..] {
            let said = told(lang);
            assert_eq!(said.code, 2, "{args} {lang}");
            for line in said.err.lines().filter(|line| line.contains(' ') && !line.starts_with("  --")) {
                assert!(!english.lines().any(|model| model == line), "{args} {lang}: {line}");
            }
            assert!(!said.err.contains("usage.") && !said.err.contains("argument."), "{args} {lang}: {said:?}");
        }
    }
}

#[test]
fn what_was_typed_reaches_no_terminal_as_it_is() {
    let world = World::without_a_store();
    let evil = "\u{1b}[2J\u{202e}\u{7}";
    for place in [
        vec![evil.to_owned()],
        vec![format!("--{evil}")],
        vec!["ticket".to_owned(), "list".to_owned(), format!("--status={evil}")],
        vec!["ticket".to_owned(), "list".to_owned(), format!("--customer={evil}")],
        vec!["ticket".to_owned(), "list".to_owned(), format!("--all={evil}")],
        vec!["ticket".to_owned(), "inspect".to_owned(), format!("--{evil}")],
        vec!["serve".to_owned(), format!("--retain={evil}=1d")],
        vec!["--".to_owned(), evil.to_owned()],
    ] {
        for format in ["table", "json"] {
            let asked = world.asks(&format!("--format {format}"));
            let said = place.iter().fold(asked, Invocation::arg).run();
            assert_eq!(said.code, 2, "{said:?}");
            assert!(said.err.contains("␛[2J<U+202E>␇"), "{said:?}");
            assert!(!said.err.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{said:?}");
        }
    }
}

#[test]
fn an_argument_that_is_no_text_is_told() {
    let world = World::without_a_store();
    for format in ["table", "json"] {
        let asked = world.asks(&format!("ticket list --lang fr --format {format} --search"));
        let said = asked.arg(OsStr::from_bytes(b"\xff")).run();
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.err.contains("un ou plusieurs arguments contiennent de l’UTF-8 non valide"), "{said:?}");
    }
}
