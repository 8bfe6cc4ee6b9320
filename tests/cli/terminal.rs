//! Output on a terminal: colours, times and widths.

use rexpect::session::spawn_command;
use textwrap::core::display_width;

use crate::world::{SUPPORT, World};

/// Returns the output of a command on a terminal of this width; `variables` are variables such as `NO_COLOR=1`.
pub(crate) fn terminal_output(world: &World, columns: u16, variables: &str, args: &str) -> String {
    let mut shell = std::process::Command::new("sh");
    let line = format!("stty cols {columns} rows 50; {variables} exec {SUPPORT} {args}");
    world.isolate(&mut shell).env("TERM", "xterm-256color").args(["-c", &line]);
    let mut session = spawn_command(shell, Some(20_000)).unwrap();
    // rexpect converts each byte to a character.
    let bytes = session.exp_eof().unwrap().chars().map(|byte| u8::try_from(u32::from(byte)).unwrap()).collect();
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

/// Removes colours from a text.
fn strip_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or(part, |(_, rest)| rest))
}

#[test]
fn a_status_is_coloured() {
    let world = World::small();
    let output = terminal_output(&world, 100, "", "ticket list");
    assert!(output.contains("\u{1b}[33mOPEN\u{1b}[0m"), "{output:?}");
    assert!(output.contains("\u{1b}[31mESCALATED\u{1b}[0m"), "{output:?}");
    assert!(output.contains("\u{1b}[32mCLOSED\u{1b}[0m"), "{output:?}");
}

#[test]
fn no_color_disables_colours() {
    let world = World::small();
    assert!(!terminal_output(&world, 100, "NO_COLOR=1", "ticket list").contains('\u{1b}'));
    assert!(!terminal_output(&world, 100, "NO_COLOR=1", "ticket inspect 2").contains('\u{1b}'));
    assert!(!terminal_output(&world, 100, "TERM=dumb", "ticket list").contains('\u{1b}'));
    assert!(terminal_output(&world, 100, "NO_COLOR=", "ticket list").contains('\u{1b}'));
}

#[test]
fn json_and_csv_are_never_coloured() {
    let world = World::small();
    for format in ["json", "ndjson", "csv"] {
        let output = terminal_output(&world, 60, "", &format!("ticket list --format {format}"));
        assert!(!output.contains('\u{1b}') && output.contains("2025-06-01T00:00:00Z"), "{format}: {output:?}");
    }
}

#[test]
fn times_are_relative() {
    let world = World::small();
    world.run("ticket create --customer 1 --service ride --ride 1 --issue OTHER --description x").success();
    let english = strip_colours(&terminal_output(&world, 120, "", "ticket list"));
    assert!(english.contains("just now") && english.contains("2025-06-02  "), "{english}");
    assert!(!english.contains("00:00:00Z"), "{english}");
    world.run("token issue --customer 1 --expires 5h").success();
    let token = strip_colours(&terminal_output(&world, 160, "", "token list"));
    assert!(token.contains("in 4 h") || token.contains("in 5 h"), "{token}");
}

#[test]
fn a_table_fits_its_terminal() {
    let world = World::demo();
    for columns in [40, 60, 80, 100, 132] {
        let output = strip_colours(&terminal_output(&world, columns, "", "ticket list --all"));
        let table: Vec<_> = output.lines().filter(|line| !line.starts_with("not shown: ")).collect();
        let widest = table.iter().map(|line| display_width(line)).max().unwrap();
        assert!(widest <= columns.into(), "{widest} at {columns}: {output}");
    }
    let output = strip_colours(&terminal_output(&world, 200, "COLUMNS=50", "ticket list --all"));
    assert!(output.lines().all(|line| line.starts_with("not shown") || display_width(line) <= 50), "{output}");
}

#[test]
fn values_are_abbreviated_before_columns_are_hidden() {
    let world = World::demo();
    let at = |columns, args: &str| {
        strip_colours(&terminal_output(&world, columns, "", &format!("ticket list --all {args}")))
    };
    let narrow = at(80, "");
    assert!(narrow.lines().next().unwrap().contains("ISSUE") && narrow.contains("quality"), "{narrow}");
    assert!(!narrow.contains("SERVICE_QUALITY") && !narrow.contains("SERVICE_Q…"), "{narrow}");
    assert_eq!(narrow.lines().last(), Some("not shown: LEVEL, CUSTOMER (--wide shows every column)"), "{narrow}");
    let description = narrow.lines().next().unwrap().find("DESCRIPTION").unwrap();
    assert!(description + 30 <= 80, "{narrow}");
    let wide = at(80, "--wide");
    assert!(wide.contains("SERVICE_QUALITY") && !wide.contains("not shown"), "{wide}");
    assert!(at(140, "").contains("SERVICE_QUALITY"));
}

#[test]
fn a_history_shows_exact_times_in_the_local_time_zone() {
    let world = World::small();
    world.run("points grant --customer 1 --points 5 --reason x").success();
    let page = strip_colours(&terminal_output(&world, 100, "TZ=Asia/Kolkata", "ticket inspect 2"));
    assert!(page.contains("2025-06-02 05:29:59 +05:30  ticket.created by fixtures"), "{page}");
    assert!(page.contains("2025-06-05 13:30:00 +05:30  ticket.escalated by fixtures"), "{page}");
    let page = strip_colours(&terminal_output(&world, 100, "TZ=Asia/Kolkata", "ticket inspect 2 --utc"));
    assert!(page.contains("2025-06-01T23:59:59Z  ticket.created by fixtures"), "{page}");
    for list in ["audit list --ticket 2", "points history --customer 1"] {
        let list = strip_colours(&terminal_output(&world, 100, "TZ=Asia/Kolkata", list));
        assert!(list.contains(" +05:30  "), "{list}");
    }
}

#[test]
fn a_short_command_shows_no_progress() {
    let output = terminal_output(&World::demo(), 100, "", "ticket list --all --format ndjson > /dev/null");
    assert_eq!(output, "");
}
