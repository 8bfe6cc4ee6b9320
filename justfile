# Tasks of this repository. `just` alone lists them.

_list:
    @just --list

# Everything that must hold before a change lands: format, lints, licences, interop, packaging, tests
check:
    .ci/run

# All tests, or those that match: `just test --test api streams::`
test *args:
    cargo test --locked {{ args }}

# All benches, or one: `just bench serve -- --rounds 5 --seconds 1`
bench name="" *args:
    cargo bench --locked {{ if name == "" { "" } else { "--bench " + name } }} {{ args }}

# A server on a throw-away store, with a token and two curl lines
demo *args:
    cargo run --locked --release -- serve --demo {{ args }}

# README.md and docs/: the console blocks are run word for word, links and tables checked
docs:
    cargo test --locked --test cli docs::

# The picture of the terminal in README.md: docs/terminal.svg
picture:
    cargo build --locked
    docs/picture
