//! Errors: one sentence on standard error, JSON where JSON was asked for, and nothing on standard output.

use crate::world::World;

#[test]
fn an_error_is_one_sentence() {
    let said = World::small().run("ticket inspect 99").failed(1, "error: ticket 99 was not found");
    assert_eq!(said.out, "");
}

#[test]
fn an_error_is_json_where_json_was_asked_for() {
    let world = World::small();
    for format in ["json", "ndjson"] {
        let said = world.run(&format!("ticket inspect 99 --format {format}"));
        assert_eq!((said.code, said.out.as_str()), (1, ""));
        let expected = "{\"error\":{\"code\":\"SUPPORT_TICKET_NOT_FOUND\",\"message\":\"ticket 99 was not found\"}}\n";
        assert_eq!(said.err, expected);
    }
}

#[test]
fn wrong_usage_ends_with_2() {
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
        let said = world.run(args);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{args}: {said:?}");
        assert!(!said.err.is_empty(), "{args}");
    }
}

#[test]
fn a_wrong_value_is_told_what_is_right() {
    let said = World::small().run("ticket list --status WAITING");
    assert!(said.err.contains("OPEN, ESCALATED, CLOSED"), "{said:?}");
}

#[test]
fn a_cursor_of_another_list_is_refused() {
    let world = World::demo();
    let cursor = world.json("ticket list --limit 1")["nextCursor"].as_str().unwrap().to_owned();
    let sentence = "error: this cursor does not belong to this list: take it from the page before";
    world.run(&format!("ticket list --sort level --after {cursor}")).failed(1, sentence);
    world.run("ticket list --after nonsense").failed(1, sentence);
}

#[test]
fn wrong_usage_is_json_for_whoever_asked_for_json() {
    for args in ["--format json ticket list --limit 0", "ticket close 3 --bogus --format=ndjson"] {
        let said = World::small().run(args);
        let (code, message) = said.error();
        assert_eq!((said.code, code.as_str(), said.out.as_str()), (2, "INVALID_USAGE", ""), "{said:?}");
        assert!(!message.starts_with("error") && !message.contains('\n'), "{message}");
    }
}

#[test]
fn nobody_takes_the_name_of_a_customer_or_of_the_fixtures() {
    for name in ["customer:9", "fixtures", " fixtures "] {
        let said = World::small().asks("ticket close 1").arg("--agent").arg(name).run();
        assert_eq!(said.code, 2, "{said:?}");
    }
}
