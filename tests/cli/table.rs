//! Table output: content and widths.

use serde_json::json;
use textwrap::core::display_width;

use crate::world::{World, small};

#[test]
fn tickets_are_listed_in_a_table() {
    insta::assert_snapshot!(World::small().run("ticket list").success().out);
}

#[test]
fn ledgers_and_tokens_are_listed_in_tables() {
    let world = World::small();
    world.run("points grant --customer 1 --points 25 --credit 1.5 --reason sorry --agent maria").success();
    let ledger = world.run("points history --customer 1").success().out;
    assert!(ledger.lines().next().unwrap().starts_with("ID  ACTION        POINTS  CREDIT (USD)"), "{ledger}");
    assert!(ledger.contains("manual_grant      25          1.50"), "{ledger}");
    world.run("token issue --customer 1 --permission track_support_ticket").success();
    let tokens = world.command("token list").env("COLUMNS", "120").run().success().out;
    assert!(tokens.contains("customer  good") && tokens.contains("track_support_ticket"), "{tokens}");
}

#[test]
fn no_cell_is_truncated_without_a_terminal() {
    let mut fixture = small();
    let text = "a very long text ".repeat(20);
    fixture["tickets"][0]["description"] = json!(text.trim_end());
    fixture["tickets"][1]["issueType"] = json!("SERVICE_QUALITY");
    let output = World::with_fixture(&fixture).run("ticket list").success();
    assert!(output.out.contains(&text[..text.len() - 1]) && output.out.contains("SERVICE_QUALITY"), "{}", output.out);
    assert!(!output.out.contains('…') && output.err.is_empty(), "{output:?}");
    let demo = World::demo();
    let counted = |args: &str| demo.run(args).success().out.matches("SERVICE_QUALITY").count();
    assert_eq!(counted("ticket list --all"), counted("ticket list --all --format ndjson"));
}

#[test]
fn a_width_without_a_terminal_hides_columns_with_a_hint() {
    let world = World::demo();
    let all = world.run("ticket list --all").success().out;
    let at = |columns: &str| world.command("ticket list --all").env("COLUMNS", columns).run().success();
    let output = at("80");
    assert!(output.out.lines().all(|line| display_width(line) <= 80), "{output:?}");
    assert!(!output.out.contains('…') && output.out.contains("SERVICE_QUALITY"), "{output:?}");
    assert!(output.err.starts_with("not shown: ") && output.err.contains("DESCRIPTION"), "{output:?}");
    assert_eq!(at("10000").out, all);
    assert_eq!(world.command("ticket list --all --wide").env("COLUMNS", "80").run().success().out, all);
}

#[test]
fn the_first_thousand_rows_determine_the_column_widths() {
    let world = World::without_a_store();
    world.run("fixtures generate --tickets 2500 --customers 9 --seed 7").success();
    let out = world.run("ticket list --all").success().out;
    assert_eq!(out.lines().count(), 2501);
    let status = out.lines().next().unwrap().find("STATUS").unwrap();
    let rows = out.lines().skip(1);
    assert!(rows.clone().all(|row| ["OPEN", "ESCALATED", "CLOSED"].iter().any(|word| row[status..].starts_with(word))));
}

#[test]
fn columns_with_wide_characters_are_aligned() {
    let output = World::small().command("points history --customer 1").run().success();
    assert_eq!(output.out, "");
    let mut fixture = small();
    fixture["tickets"][1]["description"] = json!("汤是冷的，面条不见了，汤是冷的，面条不见了，汤是冷的，面条不见了");
    let out = World::with_fixture(&fixture).run("ticket list --format table").success().out;
    let column = display_width(out.lines().next().unwrap().split_once("DESCRIPTION").unwrap().0);
    for (row, prefix) in out.lines().skip(1).zip(["桌子", "汤是", "Payment"]) {
        assert_eq!(display_width(row.split_once(prefix).unwrap().0), column, "{out}");
    }
}

#[test]
fn an_empty_list_prints_a_hint_on_standard_error() {
    let output = World::small().run("ticket list --owner 3").success();
    assert_eq!((output.out.as_str(), output.err.as_str()), ("", "no tickets match\n"));
}

#[test]
fn there_is_no_colour_and_no_relative_time_without_a_terminal() {
    let world = World::small();
    world.run("ticket create --customer 1 --service ride --ride 1 --issue OTHER --description x").success();
    let output = world.command("ticket list").env("TERM", "xterm-256color").run().success();
    assert!(!output.out.contains('\u{1b}') && !output.out.contains("now"), "{output:?}");
}
