//! What a person sees at a terminal: colour, times, widths.

use rexpect::session::spawn_command;
use textwrap::core::display_width;

use crate::world::{SUPPORT, World};

/// What a command prints to a terminal of so many columns; `set` stands before it, as in `NO_COLOR=1`.
pub(crate) fn seen(world: &World, columns: u16, set: &str, args: &str) -> String {
    let mut shell = std::process::Command::new("sh");
    let line = format!("stty cols {columns} rows 50; {set} exec {SUPPORT} {args}");
    world.clean(&mut shell).env("TERM", "xterm-256color").args(["-c", &line]);
    let mut session = spawn_command(shell, Some(20_000)).unwrap();
    // rexpect makes a character of each byte.
    let bytes = session.exp_eof().unwrap().chars().map(|byte| u8::try_from(u32::from(byte)).unwrap()).collect();
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

/// The text without the colours that we gave it.
fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or(part, |(_, rest)| rest))
}

#[test]
fn a_terminal_gets_colours() {
    let world = World::small();
    let seen = seen(&world, 100, "", "ticket list");
    assert!(seen.contains("\u{1b}[33mOPEN\u{1b}[0m"), "{seen:?}");
    assert!(seen.contains("\u{1b}[31mESCALATED\u{1b}[0m"), "{seen:?}");
    assert!(seen.contains("\u{1b}[32mCLOSED\u{1b}[0m"), "{seen:?}");
}

#[test]
fn no_color_is_heard() {
    let world = World::small();
    assert!(!seen(&world, 100, "NO_COLOR=1", "ticket list").contains('\u{1b}'));
    assert!(!seen(&world, 100, "NO_COLOR=1", "ticket inspect 2").contains('\u{1b}'));
    assert!(!seen(&world, 100, "TERM=dumb", "ticket list").contains('\u{1b}'));
    assert!(seen(&world, 100, "NO_COLOR=", "ticket list").contains('\u{1b}'));
}

#[test]
fn data_for_programs_is_never_coloured() {
    let world = World::small();
    for format in ["json", "ndjson", "csv"] {
        let seen = seen(&world, 60, "", &format!("ticket list --format {format}"));
        assert!(!seen.contains('\u{1b}') && seen.contains("2025-06-01T00:00:00Z"), "{format}: {seen:?}");
    }
}

#[test]
fn a_person_reads_how_long_ago() {
    let world = World::small();
    world.run("ticket create --customer 1 --service ride --ride 1 --issue OTHER --description x").done();
    let english = plain(&seen(&world, 120, "", "ticket list"));
    assert!(english.contains("just now") && english.contains("2025-06-02  "), "{english}");
    assert!(!english.contains("00:00:00Z"), "{english}");
    world.run("token issue --customer 1 --expires 5h").done();
    let token = plain(&seen(&world, 160, "", "token list"));
    assert!(token.contains("in 4 h") || token.contains("in 5 h"), "{token}");
}

#[test]
fn a_table_fits_its_terminal() {
    let world = World::demo();
    for columns in [40, 60, 80, 100, 132] {
        let seen = plain(&seen(&world, columns, "", "ticket list --all"));
        let table: Vec<_> = seen.lines().filter(|line| !line.starts_with("not shown: ")).collect();
        let widest = table.iter().map(|line| display_width(line)).max().unwrap();
        assert!(widest <= columns.into(), "{widest} at {columns}: {seen}");
    }
    let told = plain(&seen(&world, 200, "COLUMNS=50", "ticket list --all"));
    assert!(told.lines().all(|line| line.starts_with("not shown") || display_width(line) <= 50), "{told}");
}

#[test]
fn words_are_shortened_before_columns_are_left_out_and_never_cut() {
    let world = World::demo();
    let at = |columns, args: &str| plain(&seen(&world, columns, "", &format!("ticket list --all {args}")));
    let narrow = at(80, "");
    assert!(narrow.lines().next().unwrap().contains("ISSUE") && narrow.contains("quality"), "{narrow}");
    assert!(!narrow.contains("SERVICE_QUALITY") && !narrow.contains("SERVICE_Q…"), "{narrow}");
    assert_eq!(narrow.lines().last(), Some("not shown: LEVEL, CUSTOMER (--wide shows every column)"), "{narrow}");
    let description = narrow.lines().next().unwrap().find("DESCRIPTION").unwrap();
    assert!(description + 30 <= 80, "{narrow}");
    let whole = at(80, "--wide");
    assert!(whole.contains("SERVICE_QUALITY") && !whole.contains("not shown"), "{whole}");
    assert!(at(140, "").contains("SERVICE_QUALITY"));
}

#[test]
fn a_history_shows_exact_times_in_the_local_zone() {
    let world = World::small();
    world.run("points grant --customer 1 --points 5 --reason x").done();
    let page = plain(&seen(&world, 100, "TZ=Asia/Kolkata", "ticket inspect 2"));
    assert!(page.contains("2025-06-02 05:29:59 +05:30  ticket.created by fixtures"), "{page}");
    assert!(page.contains("2025-06-05 13:30:00 +05:30  ticket.escalated by fixtures"), "{page}");
    let page = plain(&seen(&world, 100, "TZ=Asia/Kolkata", "ticket inspect 2 --utc"));
    assert!(page.contains("2025-06-01T23:59:59Z  ticket.created by fixtures"), "{page}");
    for list in ["audit list --ticket 2", "points history --customer 1"] {
        let list = plain(&seen(&world, 100, "TZ=Asia/Kolkata", list));
        assert!(list.contains(" +05:30  "), "{list}");
    }
}

#[test]
fn a_short_command_shows_no_progress() {
    let seen = seen(&World::demo(), 100, "", "ticket list --all --format ndjson > /dev/null");
    assert_eq!(seen, "");
}
