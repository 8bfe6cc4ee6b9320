//! `cargo bench --bench desk`: functions that need no store: JSON, tokens, locales, tables, translated messages, search
//! grams, and the hash chain of the audit log.

mod sample;

use std::hint::black_box;

use divan::Bencher;
use support::cli::ticket_table;
use support::i18n::Locale;
use support::model::audit::AuditId;
use support::model::audit::AuditLine;
use support::model::draft::parse_create;
use support::model::json::parse;
use support::model::pagination::{Cursor, ListName, Sort};
use support::model::search::{SearchQuery, grams};
use support::model::token::TokenText;
use support::model::{CustomerId, Timestamp};
use support::system;
use support::view::AgentTicketView;

fn main() {
    divan::main();
}

/// Parses the body of a create request into a ticket.
#[divan::bench(args = ["short", "long"])]
fn read_create_request(bencher: Bencher<'_, '_>, length: &str) {
    let body = sample::body(if length == "short" { 90 } else { 5_000 });
    bencher.bench(|| {
        let value = parse(black_box(body.as_bytes())).expect("it is JSON");
        parse_create(&value, CustomerId::FIRST).expect("it is an object")
    });
}

/// Validates the checksum of a bearer token and computes its digest.
#[divan::bench]
fn check_token(bencher: Bencher<'_, '_>) {
    let token = TokenText::from_random(system::random().expect("random bytes"));
    bencher.bench(|| TokenText::parse(black_box(token.reveal())).expect("it is one").digest());
}

/// Rejects a token with a typing error.
#[divan::bench]
fn reject_token(bencher: Bencher<'_, '_>) {
    let token = TokenText::from_random(system::random().expect("random bytes"));
    let wrong = format!("{}!", &token.reveal()[..token.reveal().len() - 1]);
    bencher.bench(|| TokenText::parse(black_box(&wrong)).is_none());
}

/// Negotiates the locale of a response.
#[divan::bench(args = ["fr", "de-AT,de;q=0.9,en;q=0.8", "xx, *;q=0.1, pt-BR;q=0.5, zh-Hant-TW;q=0.7, ar;q=0.3"])]
fn negotiate_locale(header: &str) -> Locale {
    Locale::from_accept_language(black_box(header))
}

/// Renders a table of fifty tickets in several languages.
#[divan::bench(args = [80, 200])]
fn render_table(bencher: Bencher<'_, '_>, width: usize) {
    let tickets = sample::tickets(50);
    bencher.bench(|| ticket_table(black_box(&tickets), Locale::ENGLISH, width));
}

/// Serializes fifty tickets as JSON.
#[divan::bench]
fn render_json(bencher: Bencher<'_, '_>) {
    let tickets = sample::tickets(50);
    bencher.bench(|| {
        let views: Vec<_> = black_box(&tickets).iter().map(AgentTicketView::from).collect();
        serde_json::to_string(&views).expect("texts and numbers")
    });
}

/// Translates the notification of an escalated ticket.
#[divan::bench(args = ["en", "ar", "hi", "zh"])]
fn translate_notification(bencher: Bencher<'_, '_>, locale: &str) {
    let locale = Locale::from_tag(locale).expect("one of ours");
    let message = sample::notice();
    bencher.bench(|| locale.translate(black_box(&message)));
}

/// Computes the search grams of a description.
#[divan::bench(args = sample::LANGUAGES)]
fn index_grams(language: &str) -> String {
    grams(black_box(sample::text(language)))
}

/// Ranks a description for a search.
#[divan::bench(args = sample::LANGUAGES)]
fn rank_description(bencher: Bencher<'_, '_>, language: &str) {
    let text = sample::text(language);
    let words = SearchQuery::parse("charged twice").expect("two words");
    bencher.bench(|| words.rank(black_box(text)));
}

/// Computes the hash of an audit entry, chained to the one before it.
#[divan::bench]
fn hash_audit_entry(bencher: Bencher<'_, '_>) {
    let first = AuditLine::sealed(AuditId(1), sample::entry(), None);
    let bencher = bencher.with_inputs(sample::entry);
    bencher.bench_values(|entry| AuditLine::sealed(AuditId(2), entry, Some(first.hash)));
}

/// Encodes and decodes a cursor.
#[divan::bench]
fn encode_and_parse_cursor() -> Option<Cursor> {
    let cursor = Cursor { sort: Sort::Level, level: 3, second: black_box(1_748_736_000), id: 42 };
    Cursor::parse(&cursor.text(ListName::Tickets), ListName::Tickets, Sort::Level)
}

/// Formats a timestamp.
#[divan::bench]
fn format_timestamp() -> String {
    Timestamp::from_second(black_box(1_748_736_000)).map_or_else(String::new, |at| at.to_string())
}
