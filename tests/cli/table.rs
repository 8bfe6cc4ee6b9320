//! Tables: how wide they are, and what they show.

use serde_json::json;
use textwrap::core::display_width;

use crate::world::{World, small};

#[test]
fn a_table_is_for_people() {
    insta::assert_snapshot!(World::small().run("ticket list").done().out);
}

#[test]
fn the_other_tables_are_for_people_too() {
    let world = World::small();
    world.run("points grant --customer 1 --points 25 --credit 1.5 --reason sorry --agent maria").done();
    let ledger = world.run("points history --customer 1").done().out;
    assert!(ledger.lines().next().unwrap().starts_with("ID  ACTION        POINTS  CREDIT (USD)"), "{ledger}");
    assert!(ledger.contains("manual_grant      25          1.50"), "{ledger}");
    world.run("token issue --customer 1 --permission track_support_ticket").done();
    let tokens = world.asks("token list").env("COLUMNS", "120").run().done().out;
    assert!(tokens.contains("customer  good") && tokens.contains("track_support_ticket"), "{tokens}");
}

#[test]
fn nothing_is_cut_away_from_a_terminal() {
    let mut fixture = small();
    let story = "a very long story ".repeat(20);
    fixture["tickets"][0]["description"] = json!(story.trim_end());
    fixture["tickets"][1]["issueType"] = json!("SERVICE_QUALITY");
    let said = World::of(&fixture).run("ticket list").done();
    assert!(said.out.contains(&story[..story.len() - 1]) && said.out.contains("SERVICE_QUALITY"), "{}", said.out);
    assert!(!said.out.contains('…') && said.err.is_empty(), "{said:?}");
    let demo = World::demo();
    let counted = |args: &str| demo.run(args).done().out.matches("SERVICE_QUALITY").count();
    assert_eq!(counted("ticket list --all"), counted("ticket list --all --format ndjson"));
}

#[test]
fn a_width_that_is_set_away_from_a_terminal_leaves_whole_columns_out_and_says_so() {
    let world = World::demo();
    let whole = world.run("ticket list --all").done().out;
    let at = |columns: &str| world.asks("ticket list --all").env("COLUMNS", columns).run().done();
    let said = at("80");
    assert!(said.out.lines().all(|line| display_width(line) <= 80), "{said:?}");
    assert!(!said.out.contains('…') && said.out.contains("SERVICE_QUALITY"), "{said:?}");
    assert!(said.err.starts_with("not shown: ") && said.err.contains("DESCRIPTION"), "{said:?}");
    assert_eq!(at("10000").out, whole);
    assert_eq!(world.asks("ticket list --all --wide").env("COLUMNS", "80").run().done().out, whole);
}

#[test]
fn the_first_thousand_rows_say_how_wide_a_long_table_is() {
    let world = World::without_a_store();
    world.run("fixtures generate --tickets 2500 --customers 9 --seed 7").done();
    let out = world.run("ticket list --all").done().out;
    assert_eq!(out.lines().count(), 2501);
    let status = out.lines().next().unwrap().find("STATUS").unwrap();
    let rows = out.lines().skip(1);
    assert!(rows.clone().all(|row| ["OPEN", "ESCALATED", "CLOSED"].iter().any(|word| row[status..].starts_with(word))));
}

#[test]
fn wide_characters_keep_the_columns_in_line() {
    let said = World::small().asks("points history --customer 1").run().done();
    assert_eq!(said.out, "");
    let mut fixture = small();
    fixture["tickets"][1]["description"] = json!("汤是冷的，面条不见了，汤是冷的，面条不见了，汤是冷的，面条不见了");
    let out = World::of(&fixture).run("ticket list --format table").done().out;
    let column = display_width(out.lines().next().unwrap().split_once("DESCRIPTION").unwrap().0);
    for (row, begin) in out.lines().skip(1).zip(["桌子", "汤是", "Payment"]) {
        assert_eq!(display_width(row.split_once(begin).unwrap().0), column, "{out}");
    }
}

#[test]
fn an_empty_list_says_so_on_standard_error() {
    let said = World::small().run("ticket list --owner 3").done();
    assert_eq!((said.out.as_str(), said.err.as_str()), ("", "no tickets match\n"));
}

#[test]
fn there_is_no_colour_and_no_relative_time_away_from_a_terminal() {
    let world = World::small();
    world.run("ticket create --customer 1 --service ride --ride 1 --issue OTHER --description x").done();
    let said = world.asks("ticket list").env("TERM", "xterm-256color").run().done();
    assert!(!said.out.contains('\u{1b}') && !said.out.contains("now"), "{said:?}");
}
