//! The form of each page, the size of the README and the names of metrics.

use std::collections::BTreeSet;

use support::model::Code;

use super::{Page, links, markdown, page, root, shell};

/// Maximum size of the README, in bytes.
const MAX_README_SIZE: usize = 7_168;

#[test]
fn the_readme_is_short() {
    let size = page("README.md").text.len();
    assert!(size <= MAX_README_SIZE, "README.md has {size} bytes");
}

#[test]
fn the_readme_names_the_test_command() {
    assert!(page("README.md").text.contains("```sh\ncargo test\n```"));
}

#[test]
fn each_page_begins_with_title_purpose_and_contents() {
    let wrong: Vec<String> = markdown("docs").iter().filter_map(layout_error).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_page_without_title_purpose_or_contents_is_found() {
    let error = |text: &str| layout_error(&Page { name: "docs/x.md".to_owned(), text: text.to_owned() });
    assert_eq!(error("# X\n\nLists x.\n\n- [A b](#a-b)\n\n## A b\n"), None);
    assert!(error("X\n\nLists x.\n\n- [A](#a)\n\n## A\n").is_some());
    assert!(error("# X\n\n- [A](#a)\n\n## A\n").is_some());
    assert!(error("# X\n\nLists x.\n\n## A\n").is_some());
    assert!(error("# X\n\nLists x.\n\n- [A](#a)\n\n## A\n\n## B\n").is_some());
}

#[test]
fn the_api_page_names_every_error_code() {
    let text = page("docs/api.md").text;
    let rows =
        text.lines().skip_while(|line| *line != "## Error codes").skip(4).take_while(|line| line.starts_with('|'));
    let cells = rows.filter_map(|line| line.split('|').nth(1));
    let documented: BTreeSet<&str> = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    // The codes behind the last one of the API are those of awards and of the command line.
    let last = Code::ALL.iter().position(|code| *code == Code::RateLimited).unwrap();
    let real: BTreeSet<&str> = Code::ALL[..=last].iter().map(|code| code.as_str()).collect();
    assert_eq!(documented, real);
}

/// Returns the reason why a page does not begin with a title, one purpose line and the list of its sections, if any.
fn layout_error(page: &Page) -> Option<String> {
    let lines: Vec<&str> = page.text.lines().collect();
    let line = |index: usize| lines.get(index).copied().unwrap_or_default();
    let contents: Vec<&str> = lines.iter().skip(4).take_while(|line| line.starts_with("- [")).copied().collect();
    let sections = links::headings(&page.text).into_iter().filter(|heading| heading.level == 2);
    let expected: Vec<String> = sections.map(|heading| format!("- [{}](#{})", heading.text, heading.anchor)).collect();
    let reason = if !line(0).starts_with("# ") || !line(1).is_empty() {
        "line 1 is not a title"
    } else if line(2).is_empty() || line(2).starts_with(['-', '#']) || !line(3).is_empty() {
        "line 3 is not a purpose line"
    } else if contents != expected {
        "line 5 does not begin a list of its sections"
    } else {
        return None;
    };
    Some(format!("{}: {reason}", page.name))
}

#[test]
fn the_index_names_every_page() {
    let index = page("docs/README.md").text;
    for page in markdown("docs") {
        let name = page.name.trim_start_matches("docs/");
        assert!(name == "README.md" || index.contains(&format!("]({name})")), "docs/README.md does not link {name}");
    }
}

#[test]
fn operations_names_the_metrics_that_a_server_exposes() {
    let folder = tempfile::tempdir().unwrap();
    let mut shell = shell::Shell::start(folder.path());
    let port = shell::free_port();
    let serve = format!("support serve --metrics --bind 127.0.0.1:{port} >/dev/null 2>&1 &");
    let ready = format!("until curl -sf localhost:{port}/readyz >/dev/null; do sleep 0.1; done");
    let mut run = |command: &str| shell.run(command).expect("the command ends");
    run(&serve);
    run(&ready);
    let lines = run(&format!("curl -s localhost:{port}/metrics"));
    let types = lines.iter().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    let exposed: BTreeSet<(String, String)> = types
        .map(|(name, kind)| {
            (if kind == "counter" { format!("{name}_total") } else { name.to_owned() }, kind.to_owned())
        })
        .collect();
    let text = page("docs/operations.md").text;
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `support_")?.split_once('`'));
    let documented: BTreeSet<(String, String)> = rows
        .filter(|(name, _)| !name.ends_with("{outcome}"))
        .map(|(name, rest)| {
            let name = name.split('{').next().unwrap_or_default();
            (format!("support_{name}"), rest.split('|').nth(1).unwrap_or_default().trim().to_owned())
        })
        .collect();
    assert_eq!(documented, exposed);
}

/// Counters by outcome are checked in the source, because a new server does not expose them before the first attempt.
#[test]
fn operations_names_the_counters_by_outcome() {
    let source = std::fs::read_to_string(root().join("src/metrics.rs")).unwrap();
    let registered = source.split("add!(\"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(name, _)| name);
    let registered: BTreeSet<&str> = registered.filter(|name| name.ends_with("_attempts")).collect();
    let text = page("docs/operations.md").text;
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `support_")?.split_once("_total{outcome}`"));
    assert_eq!(rows.map(|(name, _)| name).collect::<BTreeSet<_>>(), registered);
}
