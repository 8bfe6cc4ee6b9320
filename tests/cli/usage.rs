//! Usage errors in every language.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::world::{Invocation, World};

const LANGUAGES: [&str; 8] = ["en", "fr", "es", "pt", "de", "ar", "hi", "zh"];

/// Invalid arguments, one case per kind of error, with the English message.
const INVALID: &[(&str, &str)] = &[
    (
        "xyzzy",
        "unrecognized subcommand 'xyzzy'\n  [subcommands: serve, ticket, points, notification, token, audit, webhook, doctor, store, fixtures, completions, man, help]",
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
fn a_usage_error_has_a_message_and_tips() {
    let world = World::without_a_store();
    for (args, sentence) in INVALID {
        let output = world.run(args);
        assert_eq!((output.code, output.out.as_str()), (2, ""), "{args}: {output:?}");
        let rest = output.err.strip_prefix("error: ").and_then(|rest| rest.strip_prefix(sentence));
        let rest = rest.unwrap_or_else(|| panic!("{args}: {}", output.err));
        let rest =
            rest.strip_suffix("\n\nFor more information, try '--help'.\n").unwrap_or_else(|| panic!("{args}: {rest}"));
        assert!(rest.is_empty() || rest.starts_with("\n\nUsage: support"), "{args}: {rest}");
    }
}

#[test]
fn free_text_can_begin_with_a_dash() {
    let world = World::small();
    world.command("ticket close 2 --agent -maria --reason").arg("- refunded").run().success();
    let history = world.json("ticket inspect 2")["history"].clone();
    let reasons: Vec<_> = history.as_array().unwrap().iter().filter_map(|line| line["reason"].as_str()).collect();
    assert_eq!(reasons, ["- refunded"]);
    assert_eq!(world.ticket_ids("--search -twice"), [1]);
    assert_eq!(world.json("audit list --by -maria")["entries"].as_array().unwrap().len(), 1);
    for _ in 0..2 {
        world.run("points grant --customer 1 --points 5 --reason -x --key -k1").success();
    }
    assert_eq!(world.json("points balance --customer 1")["points"], 5);
    let output = world.run("webhook add https://example.com/ --header -X:1");
    assert!(!output.err.contains("unexpected argument"), "{output:?}");
    let output = world.run(
        "serve --jwt-issuer -i --jwt-audience -a --jwt-customer-claim -c --jwt-key none.pem --smtp x --mail-from -f",
    );
    assert!(!output.err.contains("unexpected argument"), "{output:?}");
}

#[test]
fn a_usage_error_contains_the_usage_of_the_command() {
    let output = World::without_a_store().run("points balance");
    let expected = "error: the following required arguments were not provided:\n  --customer <ID>\n\n\
                Usage: support points balance [OPTIONS] --customer <ID>\n\nFor more information, try '--help'.";
    output.fails_with(2, expected);
}

#[test]
fn usage_errors_are_in_french_and_chinese() {
    let world = World::without_a_store();
    let french = "error: valeur 'OPNE' non valide pour '--status <STATUS>'\n  [valeurs possibles : OPEN, ESCALATED, \
                  CLOSED]\n\n  conseil : il existe une valeur semblable : 'OPEN'\n\nPour en savoir plus, essayez '--help'.";
    world.run("ticket list --status OPNE --lang fr").fails_with(2, french);
    let chinese = "error: 缺少以下必需参数：\n  --customer <ID>\n\n用法：support points balance [OPTIONS] --customer <ID>\n\n\
                   更多信息请使用 '--help'。";
    world.run("points balance --lang=zh").fails_with(2, chinese);
}

#[test]
fn usage_errors_in_json_are_translated() {
    let world = World::without_a_store();
    let message = |args: &str| {
        let output = world.run(args);
        assert_eq!((output.code, output.out.as_str(), output.err.lines().count()), (2, "", 1), "{output:?}");
        let (code, message) = output.error();
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
fn the_environment_sets_the_language_of_usage_errors() {
    let world = World::without_a_store();
    let errors = |args: &str, set: &[(&str, &str)]| {
        set.iter().fold(world.command(args), |invocation, (name, value)| invocation.env(name, value)).run().err
    };
    let wrong = "ticket list --nope";
    let german = errors(wrong, &[("SUPPORT_LANG", "de")]);
    assert!(german.starts_with("error: unerwartetes Argument '--nope'\n"), "{german}");
    assert_eq!(errors(wrong, &[("LC_ALL", "de_DE.UTF-8"), ("LANG", "fr")]), german);
    assert_eq!(errors(wrong, &[("LC_ALL", ""), ("LC_MESSAGES", "de_AT"), ("LANG", "fr")]), german);
    assert_eq!(errors(wrong, &[("LANG", "de")]), german);
    assert_eq!(errors(&format!("{wrong} --lang=de"), &[("SUPPORT_LANG", "fr"), ("LANG", "fr")]), german);
    assert_eq!(errors(&format!("--lang de {wrong}"), &[("SUPPORT_LANG", "fr")]), german);
    let english = errors(wrong, &[]);
    assert_eq!(errors(&format!("{wrong} --lang tlh"), &[("LANG", "de")]), english);
    assert_eq!(errors(&format!("{wrong} -- --lang=de"), &[]), english);
}

#[test]
fn every_language_translates_every_usage_error() {
    let world = World::without_a_store();
    for (args, _) in INVALID {
        let run = |lang: &str| world.command(args).env("SUPPORT_LANG", lang).run();
        let english = run("en").err;
        for lang in &LANGUAGES[1..] {
            let output = run(lang);
            assert_eq!(output.code, 2, "{args} {lang}");
            for line in output.err.lines().filter(|line| line.contains(' ') && !line.starts_with("  --")) {
                assert!(!english.lines().any(|original| original == line), "{args} {lang}: {line}");
            }
            assert!(!output.err.contains("usage.") && !output.err.contains("argument."), "{args} {lang}: {output:?}");
        }
    }
}

#[test]
fn typed_text_is_sanitized() {
    let world = World::without_a_store();
    let evil = "\u{1b}[2J\u{202e}\u{7}";
    for arguments in [
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
            let invocation = world.command(&format!("--format {format}"));
            let output = arguments.iter().fold(invocation, Invocation::arg).run();
            assert_eq!(output.code, 2, "{output:?}");
            assert!(output.err.contains("␛[2J<U+202E>␇"), "{output:?}");
            assert!(!output.err.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{output:?}");
        }
    }
}

#[test]
fn invalid_utf8_is_a_usage_error() {
    let world = World::without_a_store();
    for format in ["table", "json"] {
        let invocation = world.command(&format!("ticket list --lang fr --format {format} --search"));
        let output = invocation.arg(OsStr::from_bytes(b"\xff")).run();
        assert_eq!(output.code, 2, "{output:?}");
        assert!(output.err.contains("un ou plusieurs arguments contiennent de l’UTF-8 non valide"), "{output:?}");
    }
}
