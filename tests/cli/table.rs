//! Tables: how wide they are, and what they show.

use serde_json::json;
use tabled::grid::util::string::get_string_width;

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
fn no_line_is_wider_than_the_columns() {
    let world = World::demo();
    for width in [1, 10, 20, 40, 60, 80, 100, 132, 200] {
        for command in ["ticket list --all", "ticket inspect 37 30 8", "fixtures list"] {
            let said = world.asks(command).env("COLUMNS", &width.to_string()).run().done();
            let widest = said.out.lines().map(get_string_width).max().unwrap();
            assert!(width < 30 && command.contains("inspect") || widest <= width, "{command} at {width}: {widest}");
        }
    }
}

#[test]
fn a_hundred_columns_are_filled_where_nothing_is_said() {
    let said = World::demo().run("ticket list").done();
    let widest = said.out.lines().map(get_string_width).max().unwrap();
    assert!((95..=100).contains(&widest), "{widest}");
    let wide = World::demo().asks("ticket list").env("COLUMNS", "200").run().done();
    let widest = wide.out.lines().map(get_string_width).max().unwrap();
    assert!((190..=200).contains(&widest), "{widest}");
}

#[test]
fn long_text_is_cut_with_an_ellipsis_and_short_text_is_not() {
    let mut fixture = small();
    fixture["tickets"][0]["description"] = json!("a very long story ".repeat(20));
    let said = World::of(&fixture).run("ticket list --status open,escalated").done();
    assert!(said.out.lines().nth(2).unwrap().ends_with('…'), "{}", said.out);
    let short = World::small().asks("ticket list --status open").env("COLUMNS", "140").run().done();
    assert!(!short.out.contains('…'), "{}", short.out);
}

#[test]
fn wide_characters_keep_the_columns_in_line() {
    let said = World::small().asks("points history --customer 1").run().done();
    assert_eq!(said.out, "");
    let mut fixture = small();
    fixture["tickets"][1]["description"] = json!("汤是冷的，面条不见了，汤是冷的，面条不见了，汤是冷的，面条不见了");
    let out = World::of(&fixture).asks("ticket list").env("COLUMNS", "101").run().done().out;
    let widths: Vec<_> = out.lines().map(get_string_width).collect();
    assert!(widths.iter().all(|width| *width <= 101), "{widths:?}: {out}");
}

#[test]
fn an_empty_list_says_so_on_standard_error() {
    let said = World::small().run("ticket list --customer 3").done();
    assert_eq!((said.out.as_str(), said.err.as_str()), ("", "no tickets match\n"));
}

#[test]
fn there_is_no_colour_and_no_relative_time_away_from_a_terminal() {
    let world = World::small();
    world.run("ticket create --customer 1 --service ride --ride 1 --issue OTHER --description x").done();
    let said = world.asks("ticket list").env("TERM", "xterm-256color").run().done();
    assert!(!said.out.contains('\u{1b}') && !said.out.contains("now"), "{said:?}");
}
