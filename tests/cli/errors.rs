//! Errors: one sentence on standard error, or JSON with a JSON format, and nothing on standard output.

use crate::world::World;

#[test]
fn an_error_is_one_sentence() {
    let output = World::small().run("ticket inspect 99").fails_with(1, "error: ticket 99 was not found");
    assert_eq!(output.out, "");
}

#[test]
fn an_error_is_json_if_the_format_is() {
    let world = World::small();
    for format in ["json", "ndjson"] {
        let output = world.run(&format!("ticket inspect 99 --format {format}"));
        assert_eq!((output.code, output.out.as_str()), (1, ""));
        let expected = "{\"error\":{\"code\":\"SUPPORT_TICKET_NOT_FOUND\",\"message\":\"ticket 99 was not found\"}}\n";
        assert_eq!(output.err, expected);
    }
}

#[test]
fn a_usage_error_exits_with_code_2() {
    let world = World::small();
    for args in [
        "",
        "tickets",
        "ticket",
        "ticket list --status WAITING",
        "ticket list --service boat",
        "ticket list --issue LATE",
        "ticket list --level 4",
        "ticket list --customer 0",
        "ticket list --since yesterday",
        "ticket list --until 2025-02-30",
        "ticket list --sort age",
        "ticket list --limit 0",
        "ticket list --limit 1001",
        "ticket list --all --limit 5",
        "ticket list --format xml",
        "ticket list --no-such-option",
        "points balance",
        "token issue",
        "token issue --customer 1 --expires soon",
        "token issue --customer 1 --permission everything",
        "fixtures load",
        "completions tcsh",
        "serve --bind localhost",
        "serve --rate-limit 10",
    ] {
        let output = world.run(args);
        assert_eq!((output.code, output.out.as_str()), (2, ""), "{args}: {output:?}");
        assert!(!output.err.is_empty(), "{args}");
    }
}

#[test]
fn invalid_arguments_are_usage_errors_with_and_without_a_store() {
    let grant = "points grant --customer 1 --reason x";
    for world in [World::small(), World::without_a_store()] {
        for (args, sentence) in [
            ("serve --bind 127.0.0.1:0 --mail-from a@b.de --smtp http://x", "error: --smtp: "),
            ("serve --bind 127.0.0.1:0 --mail-from nope --smtp smtp://x", "error: --mail-from: "),
            ("serve --bind 127.0.0.1:0 --jwks ftp://x", "error: --jwks: the URL must begin with https://"),
            ("ticket list --sort rank", "error: the sort order rank requires a search"),
            ("ticket list --after zz", "error: the cursor does not belong to this list"),
            ("webhook list --after zz", "error: the cursor does not belong to this list"),
            ("webhook add ftp://x", "error: the URL must have the form https://example.com/hooks"),
            ("webhook add https://example.com --header x", "error: the header must have the form"),
            (&format!("{grant} --points -5"), "error: the points must be an integer from 0 to 1000000"),
            (&format!("{grant} --points 0"), "error: a grant requires points or credit"),
            (
                &format!("{grant} --points 1 --credit -1"),
                "error: invalid value '-1' for '--credit <AMOUNT>': expected an amount such as 1.50",
            ),
        ] {
            let output = world.run(args);
            assert_eq!((output.code, output.out.as_str()), (2, ""), "{args}: {output:?}");
            assert!(output.err.starts_with(sentence), "{args}: {output:?}");
        }
    }
}

#[test]
fn the_code_of_a_usage_error_names_the_invalid_thing() {
    let world = World::small();
    for (args, code) in [
        ("webhook add ftp://x", "INVALID_WEBHOOK"),
        ("points grant --customer 1 --reason x --points -5", "INVALID_GRANT"),
        ("ticket list --after zz", "INVALID_TICKET"),
        ("serve --jwks ftp://x", "FAILED"),
    ] {
        let output = world.run(&format!("{args} --format json"));
        assert_eq!((output.code, output.error().0.as_str()), (2, code), "{output:?}");
    }
}

#[test]
fn a_rejection_by_a_rule_is_not_a_usage_error() {
    let world = World::small();
    for args in [
        "ticket close 3",
        "ticket inspect 99",
        "token issue --customer 99",
        "points grant --customer 3 --points 1 --reason x",
        "fixtures load nowhere.json",
        "serve --bind 127.0.0.1:0 --jwks nowhere.json",
    ] {
        assert_eq!(world.run(args).code, 1, "{args}");
    }
}

#[test]
fn an_invalid_value_is_reported_with_the_valid_values() {
    let output = World::small().run("ticket list --status WAITING");
    assert!(output.err.contains("OPEN, ESCALATED, CLOSED"), "{output:?}");
}

#[test]
fn a_cursor_of_another_list_is_rejected() {
    let world = World::demo();
    let cursor = world.json("ticket list --limit 1")["nextCursor"].as_str().unwrap().to_owned();
    let sentence = "error: the cursor does not belong to this list: use the cursor of the previous page";
    world.run(&format!("ticket list --sort level --after {cursor}")).fails_with(2, sentence);
    world.run("ticket list --after nonsense").fails_with(2, sentence);
    for list in ["token list", "audit list", "webhook list", "points history --customer 1", "notification mails"] {
        world.run(&format!("{list} --after {cursor}")).fails_with(2, sentence);
    }
}

#[test]
fn a_usage_error_is_json_if_the_format_is() {
    for args in ["--format json ticket list --limit 0", "ticket close 3 --bogus --format=ndjson"] {
        let output = World::small().run(args);
        let (code, message) = output.error();
        assert_eq!((output.code, code.as_str(), output.out.as_str()), (2, "INVALID_USAGE", ""), "{output:?}");
        assert!(!message.starts_with("error") && !message.contains('\n'), "{message}");
    }
}

#[test]
fn an_agent_name_cannot_be_a_customer_or_the_fixtures() {
    for name in ["customer:9", "fixtures", " fixtures "] {
        let output = World::small().command("ticket close 1").arg("--agent").arg(name).run();
        assert_eq!(output.code, 2, "{output:?}");
    }
}
