//! Help, manual and completions.

use std::collections::BTreeSet;
use std::process::Command;

use support::i18n::Locale;
use textwrap::core::display_width;

use crate::terminal::seen;
use crate::world::{SUPPORT, World};

/// Every command, by the words that name it.
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
    "fixtures",
    "fixtures list",
    "fixtures load",
    "fixtures generate",
    "completions",
    "man",
];

#[test]
fn every_command_explains_itself() {
    let world = World::without_a_store();
    for command in COMMANDS {
        let said = world.run(&format!("{command} --help")).done();
        assert!(said.out.contains("Usage: support"), "{command}: {said:?}");
        assert_eq!(said.err, "");
    }
}

#[test]
fn every_argument_has_a_sentence() {
    let world = World::without_a_store();
    for command in COMMANDS {
        let help = world.run(&format!("{command} -h")).done().out;
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
fn the_version_is_told() {
    let said = World::without_a_store().run("--version").done();
    assert_eq!(said.out, format!("support {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn every_shell_gets_its_completions() {
    let world = World::without_a_store();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = world.run(&format!("completions {shell}")).done().out;
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
    assert!(world.run("man").done().out.contains(".TH support 1"));
    world.run("man pages/man1").done();
    for command in COMMANDS {
        let name = format!("support {command}").trim().replace(' ', "-");
        let page = std::fs::read_to_string(world.path(&format!("pages/man1/{name}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let world = World::without_a_store();
    world.write("file", "");
    let said = world.run("man file/man1");
    assert_eq!(said.code, 1);
    assert!(said.err.starts_with("error: file/man1 could not be written: "), "{said:?}");
}

#[test]
fn secrets_of_the_environment_are_not_shown() {
    let world = World::without_a_store();
    let mut command = Command::new(SUPPORT);
    let output = world.clean(&mut command).args(["--help"]).env("SUPPORT_TOKEN", "sup_canary").output().unwrap();
    assert!(!String::from_utf8(output.stdout).unwrap().contains("canary"));
}

/// Every language but English.
fn translations() -> impl Iterator<Item = &'static str> {
    Locale::all().map(Locale::name).filter(|name| *name != "en")
}

/// The text on one line, as sentences that were wrapped can be found in it: Chinese lines join without a space.
fn joined(text: &str) -> (String, String) {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    (lines.join(" "), lines.concat())
}

/// What a page shows as it is typed: options, arguments, commands and exit codes, which stand in by two columns, or by
/// six where they have no short name.
fn typed(page: &str) -> BTreeSet<&str> {
    let stands_in = |line: &&str| [2, 6].contains(&(line.len() - line.trim_start().len()));
    let terms = page.lines().filter(stands_in).map(|line| line.trim_start().split("  ").next().unwrap_or_default());
    terms.filter(|term| !term.starts_with("support ") && !term.contains("$(") && !term.contains("<(")).collect()
}

#[test]
fn every_language_explains_the_same_commands_and_options() {
    let world = World::without_a_store();
    for command in COMMANDS {
        let english = world.run(&format!("{command} --help")).done().out;
        let english = typed(&english);
        assert!(english.len() >= 6, "{command}: {english:?}");
        for lang in translations() {
            let page = world.run(&format!("{command} --help --lang {lang}")).done().out;
            assert_eq!(typed(&page), english, "{command} {lang}: {page}");
        }
    }
}

#[test]
fn no_sentence_of_the_help_is_left_in_english() {
    let world = World::without_a_store();
    let sentences = support::cli::sentences();
    let english: BTreeSet<_> = sentences.iter().filter_map(|sentence| sentence.source.clone()).collect();
    let english: Vec<_> = english.iter().filter(|said| said.split(' ').count() > 2).collect();
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
                let page = world.run(&format!("{command} {form} --lang {lang}")).done().out;
                let (spaced, _) = joined(&page);
                let left: Vec<_> = english.iter().filter(|said| spaced.contains(said.as_str())).collect();
                assert!(left.is_empty(), "{command} {lang}: {left:?}");
                let left: Vec<_> = fixed.iter().filter(|word| page.contains(**word)).collect();
                assert!(left.is_empty(), "{command} {lang}: {left:?}");
                let keys: Vec<_> = sentences.iter().filter(|sentence| page.contains(&sentence.key)).collect();
                assert!(keys.is_empty(), "{command} {lang}: {keys:?}");
            }
        }
    }
}

#[test]
fn a_page_says_every_sentence_of_its_command() {
    let world = World::without_a_store();
    for lang in Locale::all() {
        let page = world.asks(&format!("serve --help --lang {}", lang.name())).run().done().out;
        let (spaced, together) = joined(&page);
        let sentences = support::cli::sentences();
        let sentences = sentences.iter().filter(|sentence| sentence.key.starts_with("help.serve."));
        for sentence in sentences {
            let said = lang.word(&sentence.key);
            let whole = said.replace(' ', "");
            assert!(
                spaced.contains(&said) || together.replace(' ', "").contains(&whole),
                "{}: {said} is not in {page}",
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
                let asked = world.asks(&format!("{command} {form} --lang {}", lang.name()));
                let page = asked.env("COLUMNS", &columns.to_string()).run().done().out;
                // An example is typed as it stands.
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
fn an_example_can_be_copied_however_narrow_the_page_is() {
    let world = World::without_a_store();
    let page = world.asks("serve -h").env("COLUMNS", "40").run().done().out;
    let example = "  support serve --jwks https://id.example.com/jwks.json --jwt-audience support\n";
    assert!(page.contains(example), "{page}");
}

#[test]
fn help_is_asked_for_in_several_ways_and_is_the_same() {
    let world = World::without_a_store();
    let page = world.run("ticket list --help --lang de").done().out;
    assert!(page.starts_with("Tickets auflisten, neueste zuerst\n\nAufruf: support ticket list [OPTIONS]\n"), "{page}");
    assert_eq!(world.asks("help ticket list").env("LC_ALL", "de").run().done().out, page);
    assert_eq!(world.asks("ticket help list").env("LANG", "de_DE.UTF-8").run().done().out, page);
    assert_eq!(world.run("--lang=de ticket list --help").done().out, page);
    let short = world.run("ticket list -h --lang de").done().out;
    assert!(short.lines().count() < page.lines().count() && short.contains("--status"), "{short}");
    let of_help = world.run("--lang de ticket help help");
    assert!(of_help.out.starts_with("Diese Hilfe oder die Hilfe der"), "{of_help:?}");
}

#[test]
fn a_command_that_lacks_another_shows_its_page_beside_the_data() {
    let world = World::without_a_store();
    for (args, begins) in [("--lang fr", "Support client"), ("ticket", "Liste, affiche")] {
        let said = world.asks(args).env("LC_ALL", "fr_FR.UTF-8").run();
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
        assert!(said.err.starts_with(begins) || said.err.contains("nécessite une sous-commande"), "{said:?}");
    }
}

#[test]
fn a_terminal_sees_headings_and_a_pipe_plain_text() {
    let world = World::without_a_store();
    let page = seen(&world, 100, "", "ticket close -h");
    assert!(page.contains("\u{1b}[1m\u{1b}[4mOptions:\u{1b}[0m"), "{page:?}");
    assert!(!world.run("ticket close -h").out.contains('\u{1b}'));
    assert!(!seen(&world, 100, "NO_COLOR=1", "ticket close -h").contains('\u{1b}'));
}

#[test]
fn the_environment_is_shown_without_what_a_terminal_would_act_on() {
    let world = World::without_a_store();
    let page = world.asks("--help").env("SUPPORT_DB", "a\u{1b}[2Jb").run().done().out;
    assert!(page.contains("[env: SUPPORT_DB=a␛[2Jb]"), "{page}");
}

#[test]
fn the_manual_is_in_the_readers_language_and_tells_nothing_of_the_environment() {
    let world = World::without_a_store();
    world.asks("man pages --lang fr").env("SUPPORT_AGENT", "canary").run().done();
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
        let left: Vec<_> = english.filter(|said| said.split(' ').count() > 2 && page.contains(said)).collect();
        assert!(left.is_empty(), "{command}: {left:?}");
    }
    assert!(page("support").contains("utilisation incorrecte"));
}

#[test]
fn completions_speak_the_readers_language() {
    let world = World::without_a_store();
    for lang in Locale::all() {
        let close = lang.word("help.ticket.close.about");
        for shell in ["zsh", "fish", "elvish", "powershell"] {
            let script = world.run(&format!("completions {shell} --lang {}", lang.name())).done().out;
            assert!(script.contains(&close.replace('\'', "''")) || script.contains(&close), "{} {shell}", lang.name());
        }
        world.write("support.bash", world.run(&format!("completions bash --lang {}", lang.name())).out);
        assert!(Command::new("bash").arg("-n").arg(world.path("support.bash")).status().unwrap().success());
    }
    let fish = world.run("completions fish --lang fr").out;
    assert!(!fish.contains("Print help") && !fish.contains("Print this message"), "{fish}");
}
