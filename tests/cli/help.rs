//! Help, manual pages and completions.

use std::collections::BTreeSet;
use std::process::Command;

use support::i18n::Locale;
use textwrap::core::display_width;

use crate::terminal::terminal_output;
use crate::world::{SUPPORT, World};

/// Every command of the executable.
const COMMANDS: &[&str] = &[
    "",
    "serve",
    "ticket",
    "ticket list",
    "ticket inspect",
    "ticket create",
    "ticket escalate",
    "ticket close",
    "points",
    "points grant",
    "points balance",
    "points history",
    "notification",
    "notification list",
    "token",
    "token issue",
    "token list",
    "token revoke",
    "audit",
    "audit list",
    "audit verify",
    "audit export",
    "notification mails",
    "notification resend",
    "webhook",
    "webhook add",
    "webhook list",
    "webhook remove",
    "webhook enable",
    "webhook test",
    "webhook secret",
    "webhook secret rotate",
    "webhook deliveries",
    "webhook redeliver",
    "webhook listen",
    "doctor",
    "store",
    "store backup",
    "store restore",
    "store check",
    "fixtures",
    "fixtures list",
    "fixtures load",
    "fixtures generate",
    "completions",
    "man",
];

#[test]
fn every_command_has_a_help_page() {
    let world = World::without_a_store();
    for command in COMMANDS {
        let output = world.run(&format!("{command} --help")).success();
        assert!(output.out.contains("Usage: support"), "{command}: {output:?}");
        assert_eq!(output.err, "");
    }
}

#[test]
fn every_argument_has_a_sentence() {
    let world = World::without_a_store();
    for command in COMMANDS {
        let help = world.run(&format!("{command} -h")).success().out;
        let mut lines = help.lines().peekable();
        while let Some(line) = lines.next() {
            let named = line.trim_start().starts_with("--") || line.trim_start().starts_with('<');
            let alone = line.trim().split("  ").count() == 1;
            let continued = lines.peek().is_some_and(|next| next.starts_with("        "));
            assert!(!named || !alone || continued, "{command}: {line}");
        }
    }
}

#[test]
fn the_version_is_printed() {
    let output = World::without_a_store().run("--version").success();
    assert_eq!(output.out, format!("support {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn every_shell_has_completions() {
    let world = World::without_a_store();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = world.run(&format!("completions {shell}")).success().out;
        assert!(script.contains("escalate") && script.contains("dry-run"), "{shell}");
    }
    let bash = world.run("completions bash").out;
    world.write("support.bash", bash);
    let checked = Command::new("bash").arg("-n").arg(world.path("support.bash")).status().unwrap();
    assert!(checked.success());
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let world = World::without_a_store();
    assert!(world.run("man").success().out.contains(".TH support 1"));
    world.run("man pages/man1").success();
    for command in COMMANDS {
        let name = format!("support {command}").trim().replace(' ', "-");
        let page = std::fs::read_to_string(world.path(&format!("pages/man1/{name}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
    }
}

#[test]
fn an_unwritable_folder_is_an_error() {
    let world = World::without_a_store();
    world.write("file", "");
    let output = world.run("man file/man1");
    assert_eq!(output.code, 1);
    assert!(output.err.starts_with("error: file/man1 could not be written: "), "{output:?}");
}

#[test]
fn secrets_of_the_environment_are_not_shown() {
    let world = World::without_a_store();
    let mut command = Command::new(SUPPORT);
    let output = world.isolate(&mut command).args(["--help"]).env("SUPPORT_TOKEN", "sup_canary").output().unwrap();
    assert!(!String::from_utf8(output.stdout).unwrap().contains("canary"));
}

/// Returns every language but English.
fn translations() -> impl Iterator<Item = &'static str> {
    Locale::all().map(Locale::name).filter(|name| *name != "en")
}

/// Joins the lines of a text, with and without a space between them, to find wrapped sentences in it.
fn joined(text: &str) -> (String, String) {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    (lines.join(" "), lines.concat())
}

/// Returns the literal terms of a page: options, arguments, commands and exit codes, which are indented by two columns,
/// or by six without a short name.
fn literal_terms(page: &str) -> BTreeSet<&str> {
    let is_indented = |line: &&str| [2, 6].contains(&(line.len() - line.trim_start().len()));
    let terms = page.lines().filter(is_indented).map(|line| line.trim_start().split("  ").next().unwrap_or_default());
    terms.filter(|term| !term.starts_with("support ") && !term.contains("$(") && !term.contains("<(")).collect()
}

#[test]
fn every_language_lists_the_same_commands_and_options() {
    let world = World::without_a_store();
    for command in COMMANDS {
        let english = world.run(&format!("{command} --help")).success().out;
        let english = literal_terms(&english);
        assert!(english.len() >= 6, "{command}: {english:?}");
        for lang in translations() {
            let page = world.run(&format!("{command} --help --lang {lang}")).success().out;
            assert_eq!(literal_terms(&page), english, "{command} {lang}: {page}");
        }
    }
}

#[test]
fn no_sentence_of_the_help_is_left_in_english() {
    let world = World::without_a_store();
    let sentences = support::cli::sentences();
    let english: BTreeSet<_> = sentences.iter().filter_map(|sentence| sentence.source.clone()).collect();
    let english: Vec<_> = english.iter().filter(|sentence| sentence.split(' ').count() > 2).collect();
    let fixed = [
        "Usage:",
        "Options:",
        "Commands:",
        "Arguments:",
        "Examples:",
        "Exit codes:",
        "Print help",
        "[default:",
        "[env:",
    ];
    for command in COMMANDS {
        for lang in translations() {
            let forms: &[&str] = if command.is_empty() { &["-h", "--help"] } else { &["--help"] };
            for form in forms {
                let page = world.run(&format!("{command} {form} --lang {lang}")).success().out;
                let (spaced, _) = joined(&page);
                let untranslated: Vec<_> =
                    english.iter().filter(|sentence| spaced.contains(sentence.as_str())).collect();
                assert!(untranslated.is_empty(), "{command} {lang}: {untranslated:?}");
                let untranslated: Vec<_> = fixed.iter().filter(|word| page.contains(**word)).collect();
                assert!(untranslated.is_empty(), "{command} {lang}: {untranslated:?}");
                let keys: Vec<_> = sentences.iter().filter(|sentence| page.contains(&sentence.key)).collect();
                assert!(keys.is_empty(), "{command} {lang}: {keys:?}");
            }
        }
    }
}

#[test]
fn a_page_contains_every_sentence_of_its_command() {
    let world = World::without_a_store();
    for lang in Locale::all() {
        let page = world.command(&format!("serve --help --lang {}", lang.name())).run().success().out;
        let (spaced, together) = joined(&page);
        let sentences = support::cli::sentences();
        let sentences = sentences.iter().filter(|sentence| sentence.key.starts_with("help.serve."));
        for sentence in sentences {
            let text = lang.text(&sentence.key);
            let unspaced = text.replace(' ', "");
            assert!(
                spaced.contains(&text) || together.replace(' ', "").contains(&unspaced),
                "{}: {text} is not in {page}",
                lang.name()
            );
        }
    }
}

#[test]
fn a_page_fits_its_width_in_every_language() {
    let world = World::without_a_store();
    for command in COMMANDS {
        for lang in Locale::all() {
            for (form, columns) in [("-h", 80), ("--help", 100)] {
                let invocation = world.command(&format!("{command} {form} --lang {}", lang.name()));
                let page = invocation.env("COLUMNS", &columns.to_string()).run().success().out;
                // Examples are never wrapped.
                let lines =
                    page.lines().filter(|line| !line.starts_with("  support ") && !line.starts_with("  source "));
                for line in lines.filter(|line| !line.contains("support ") || line.starts_with("   ")) {
                    assert!(display_width(line) <= columns, "{command} {} {columns}: {line}", lang.name());
                }
            }
        }
    }
}

#[test]
fn an_example_is_never_wrapped() {
    let world = World::without_a_store();
    let page = world.command("serve -h").env("COLUMNS", "40").run().success().out;
    let example = "  support serve --jwks https://id.example.com/jwks.json --jwt-audience support\n";
    assert!(page.contains(example), "{page}");
}

#[test]
fn every_form_of_requesting_help_prints_the_same_page() {
    let world = World::without_a_store();
    let page = world.run("ticket list --help --lang de").success().out;
    assert!(page.starts_with("Tickets auflisten, neueste zuerst\n\nAufruf: support ticket list [OPTIONS]\n"), "{page}");
    assert_eq!(world.command("help ticket list").env("LC_ALL", "de").run().success().out, page);
    assert_eq!(world.command("ticket help list").env("LANG", "de_DE.UTF-8").run().success().out, page);
    assert_eq!(world.run("--lang=de ticket list --help").success().out, page);
    let short = world.run("ticket list -h --lang de").success().out;
    assert!(short.lines().count() < page.lines().count() && short.contains("--status"), "{short}");
    let help = world.run("--lang de ticket help help");
    assert!(help.out.starts_with("Diese Hilfe oder die Hilfe der"), "{help:?}");
}

#[test]
fn a_missing_subcommand_prints_help_on_standard_error() {
    let world = World::without_a_store();
    for (args, begins) in [("--lang fr", "Support client"), ("ticket", "Liste, affiche")] {
        let output = world.command(args).env("LC_ALL", "fr_FR.UTF-8").run();
        assert_eq!((output.code, output.out.as_str()), (2, ""), "{output:?}");
        assert!(output.err.starts_with(begins) || output.err.contains("nécessite une sous-commande"), "{output:?}");
    }
}

#[test]
fn headings_are_styled_on_a_terminal_only() {
    let world = World::without_a_store();
    let page = terminal_output(&world, 100, "", "ticket close -h");
    assert!(page.contains("\u{1b}[1m\u{1b}[4mOptions:\u{1b}[0m"), "{page:?}");
    assert!(!world.run("ticket close -h").out.contains('\u{1b}'));
    assert!(!terminal_output(&world, 100, "NO_COLOR=1", "ticket close -h").contains('\u{1b}'));
}

#[test]
fn values_of_the_environment_are_sanitized() {
    let world = World::without_a_store();
    let page = world.command("--help").env("SUPPORT_DB", "a\u{1b}[2Jb").run().success().out;
    assert!(page.contains("[env: SUPPORT_DB=a␛[2Jb]"), "{page}");
}

#[test]
fn the_manual_is_translated_and_contains_no_values_of_the_environment() {
    let world = World::without_a_store();
    world.command("man pages --lang fr").env("SUPPORT_AGENT", "canary").run().success();
    let page = |name: &str| std::fs::read_to_string(world.path(&format!("pages/{name}.1"))).unwrap();
    let list = page("support-ticket-list");
    for part in
        [".SH NOM\n", ".SH SYNTAXE\n", ".SH OPTIONS\n", ".SH EXEMPLES\n", "Liste les tickets", "Filtre par statut"]
    {
        assert!(list.contains(part), "{part}: {list}");
    }
    let sentences = support::cli::sentences();
    for command in COMMANDS {
        let page = page(format!("support {command}").trim().replace(' ', "-").as_str());
        assert!(!page.contains("canary") && page.contains("[variable : SUPPORT_AGENT]"), "{command}: {page}");
        let english = sentences.iter().filter_map(|sentence| sentence.source.as_deref());
        let untranslated: Vec<_> =
            english.filter(|sentence| sentence.split(' ').count() > 2 && page.contains(sentence)).collect();
        assert!(untranslated.is_empty(), "{command}: {untranslated:?}");
    }
    assert!(page("support").contains("utilisation incorrecte"));
}

#[test]
fn completions_are_translated() {
    let world = World::without_a_store();
    for lang in Locale::all() {
        let close = lang.text("help.ticket.close.about");
        for shell in ["zsh", "fish", "elvish", "powershell"] {
            let script = world.run(&format!("completions {shell} --lang {}", lang.name())).success().out;
            assert!(script.contains(&close.replace('\'', "''")) || script.contains(&close), "{} {shell}", lang.name());
        }
        world.write("support.bash", world.run(&format!("completions bash --lang {}", lang.name())).out);
        assert!(Command::new("bash").arg("-n").arg(world.path("support.bash")).status().unwrap().success());
    }
    let fish = world.run("completions fish --lang fr").out;
    assert!(!fish.contains("Print help") && !fish.contains("Print this message"), "{fish}");
}
