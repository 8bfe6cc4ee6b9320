//! SQL statements: each is a file with a caption, is valid for the schema, and finds its rows by an index.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use support::store::sqlite::{Open, Sqlite};
use tempfile::TempDir;

use crate::source::{Token, files, parse, parse_tokens};

/// Returns a direct connection to a migrated store, with the SQL functions of the backend.
fn tables() -> (TempDir, Connection) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("support.db");
    drop(Sqlite::open(&file, Open::Create).unwrap());
    let connection = Connection::open(file).unwrap();
    for (name, arguments) in [("mentions", 2), ("grams", 1)] {
        connection.create_scalar_function(name, arguments, FunctionFlags::SQLITE_DETERMINISTIC, |_| Ok(1)).unwrap();
    }
    (folder, connection)
}

/// Returns the statements except the migrations, as pairs of name (without folder and extension) and text.
fn statements() -> Vec<(String, String)> {
    let name = |file: &str| file.trim_start_matches("sql/sqlite/").trim_end_matches(".sql").to_owned();
    let all = files("sql/sqlite", "sql").into_iter().map(|(file, text)| (name(&file), text));
    all.filter(|(name, _)| !name.starts_with("migrations/")).collect()
}

/// Returns the errors of a statement.
fn errors(tables: &Connection, name: &str, text: &str) -> Vec<String> {
    let caption: Vec<_> = text.lines().map_while(|line| line.strip_prefix("-- ")).collect();
    let caption = caption.join(" ");
    let mut errors = Vec::new();
    let statement = match tables.prepare(text) {
        Ok(statement) => statement,
        Err(error) => return vec![format!("{name}: {error}")],
    };
    if !text.ends_with(";\n") || text.matches(';').count() != 1 {
        errors.push(format!("{name} is not one statement that ends in `;`"));
    }
    let named = caption.split_once("Params: ").map_or(Vec::new(), |(_, params)| {
        params.trim_end_matches('.').split(", ").map(|param| param.split(' ').next().unwrap_or_default()).collect()
    });
    let taken: Vec<_> = (1..=statement.parameter_count()).map(|number| number.to_string()).collect();
    if !caption.starts_with(char::is_uppercase) || named != taken {
        errors.push(format!("{name}: the caption names the parameters {named:?}, the statement takes {taken:?}"));
    }
    drop(statement);
    let plan = plan(tables, text);
    // `sqlite_sequence` has a row for each table, and there are at most 100 webhooks.
    let small_tables = ["json_each ", "page", "(subquery", "CONSTANT ROW", "sqlite_sequence", "webhooks"];
    // A full-text search by an expression, not a scan of the index.
    let by_words = |line: &str| line.starts_with("SCAN ticket_grams VIRTUAL TABLE") && line.contains(":M");
    // The health report counts all rows.
    let counts_all = ["health/row_counts", "health/table_rows", "health/orphans"].contains(&name);
    for line in plan.iter().filter(|line| !by_words(line) && !counts_all) {
        if line.strip_prefix("SCAN ").is_some_and(|what| !small_tables.iter().any(|list| what.starts_with(list))) {
            errors.push(format!("{name} scans a table: {line}"));
        }
    }
    errors
}

/// Returns the query plan of a statement.
fn plan(tables: &Connection, text: &str) -> Vec<String> {
    let mut explain = tables.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
    explain.raw_query().mapped(|row| row.get(3)).collect::<Result<_, _>>().unwrap()
}

/// Returns the SQL literals of a source. The backend may contain statements for transactions and pragmas.
fn sql_literals(file: &str, source: &str) -> Vec<String> {
    let statements = ["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "CREATE", "ALTER", "DROP"];
    let control = ["PRAGMA", "BEGIN", "COMMIT", "ROLLBACK", "VACUUM", "SAVEPOINT", "RELEASE", "ATTACH"];
    let in_backend = file.starts_with("src/store/sqlite/");
    let is_sql = |text: &str| {
        let first = text.trim_start().split([' ', '\n', ';']).next().unwrap_or_default();
        let alone = text.trim() == first;
        (statements.contains(&first) && !alone) || (control.contains(&first) && !in_backend)
    };
    let literal = |token| match token {
        Token::Text(text) if is_sql(&text) => Some(format!("{file}: {text:?}")),
        _ => None,
    };
    parse_tokens(source).into_iter().filter_map(literal).collect()
}

/// Returns the statements that a source includes with the macro `sql!`.
fn included(source: &str) -> Vec<String> {
    let tokens = parse_tokens(source);
    let name = |window: &[Token]| match window {
        [Token::Word(word), Token::Punct("!"), Token::Punct("("), Token::Text(name)] if word == "sql" => {
            Some(name.clone())
        }
        _ => None,
    };
    tokens.windows(4).filter_map(name).collect()
}

#[test]
fn every_statement_has_a_caption_is_valid_and_scans_no_table() {
    let (_folder, tables) = tables();
    let found: Vec<_> = statements().iter().flat_map(|(name, text)| errors(&tables, name, text)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn an_invalid_statement_is_found() {
    let (_folder, tables) = tables();
    for text in [
        "SELECT id FROM tickets WHERE id = ?1;\n",
        "-- One ticket.\nSELECT id FROM tickets WHERE id = ?1;\n",
        "-- One ticket. Params: 1 id, 2 more.\nSELECT id FROM tickets WHERE id = ?1;\n",
        "-- One ticket. Params: 2 id.\nSELECT id FROM tickets WHERE id = ?1;\n",
        "-- one ticket. Params: 1 id.\nSELECT id FROM tickets WHERE id = ?1;\n",
        "-- One ticket. Params: 1 id.\nSELECT id FROM tickets WHERE id = ?1\n",
        "-- One ticket. Params: 1 id.\nSELECT id FROM tickets WHERE id = ?1; SELECT 1;\n",
        "-- One ticket. Params: 1 id.\nSELECT colour FROM tickets WHERE id = ?1;\n",
        "-- All tickets.\nSELECT description FROM tickets;\n",
        "-- All tickets.\nSELECT id FROM tickets;\n",
        "-- Some words. Params: 1 word.\nSELECT id FROM tickets WHERE description LIKE ?1;\n",
        "-- All words.\nSELECT rowid FROM ticket_grams;\n",
        "-- All shown.\nSELECT * FROM ticket_details;\n",
        "-- A sum. Params: 1 points.\nSELECT count(*) FROM ledger WHERE points = ?1;\n",
    ] {
        assert!(!errors(&tables, "planted", text).is_empty(), "{text}");
    }
}

/// Frequent statements, with the steps that their query plans must contain.
const PLANS: &[(&str, &[&str])] = &[
    ("tickets/find", &["SEARCH tickets USING INTEGER PRIMARY KEY (rowid=?)"]),
    ("tickets/details", &["SEARCH tickets USING INTEGER PRIMARY KEY (rowid=?)"]),
    ("tickets/update", &["SEARCH tickets USING INTEGER PRIMARY KEY (rowid=?)"]),
    ("tickets/newest", &["SEARCH tickets USING INDEX tickets_newest (created_at>? AND created_at<?)"]),
    ("tickets/newest_undone", &["SEARCH tickets USING INDEX tickets_undone (created_at>? AND created_at<?)"]),
    ("tickets/updated", &["SEARCH tickets USING INDEX tickets_updated (updated_at>? AND updated_at<?)"]),
    ("tickets/matching_candidates", &["SEARCH tickets USING INTEGER PRIMARY KEY (rowid=?)"]),
    (
        "tickets/of_customers",
        &[
            "SEARCH tickets USING COVERING INDEX tickets_of_customer (customer_id=?)",
            "SEARCH ticket_members USING COVERING INDEX tickets_of_member (customer_id=?)",
        ],
    ),
    ("tickets/search_candidates", &["SEARCH tickets USING INTEGER PRIMARY KEY (rowid>?)"]),
    ("tickets/details_of", &["SEARCH tickets USING INTEGER PRIMARY KEY (rowid=?)"]),
    ("tickets/index_grams", &["SEARCH tickets USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
    (
        "tickets/of_customer",
        &[
            "MERGE (UNION ALL)",
            "SEARCH tickets USING INDEX tickets_of_customer (customer_id=? AND created_at>? AND created_at<?)",
            "SEARCH ticket_members USING COVERING INDEX tickets_of_member (customer_id=? AND created_at>? AND (created_at,ticket_id)<(?,?))",
        ],
    ),
    ("customers/find", &["SEARCH customers USING INTEGER PRIMARY KEY (rowid=?)"]),
    ("tokens/find", &["SEARCH tokens USING INDEX sqlite_autoindex_tokens_1 (digest=?)"]),
    (
        "tokens/of_principal",
        &[
            "SEARCH tokens USING INDEX tokens_of_principal (customer_id=? AND principal_name=? AND principal_kind=? AND rowid<?)",
        ],
    ),
    ("ledger/balance", &["SEARCH ledger USING COVERING INDEX ledger_of_customer (customer_id=?)"]),
    ("ledger/history", &["SEARCH ledger USING INDEX ledger_of_customer (customer_id=? AND id<?)"]),
    ("ledger/granted", &["SEARCH ledger USING INDEX ledger_grants_once (customer_id=? AND key=?)"]),
    (
        "idempotency_keys/find",
        &["SEARCH idempotency_keys USING INDEX idempotency_keys_unique (principal=? AND endpoint=? AND key=?)"],
    ),
    (
        "idempotency_keys/purge",
        &[
            "SEARCH idempotency_keys USING INTEGER PRIMARY KEY (rowid=?)",
            "SEARCH idempotency_keys USING COVERING INDEX idempotency_keys_by_expiry (expires_at<?)",
        ],
    ),
    ("audit_log/head", &["SEARCH audit_head USING INTEGER PRIMARY KEY (rowid=?)", "SEARCH audit"]),
    (
        "operations/previous_audit_entry",
        &["SEARCH audit USING INDEX audit_of_subject (subject_kind=? AND subject_id=?)"],
    ),
    (
        "audit_log/of_subject",
        &["SEARCH audit USING INDEX audit_of_subject (subject_kind=? AND subject_id=? AND rowid<?)"],
    ),
    (
        "audit_log/entries",
        &[
            "SEARCH entry USING INTEGER PRIMARY KEY (rowid>?)",
            "SEARCH earlier USING INDEX audit_of_subject (subject_kind=? AND subject_id=? AND rowid<?)",
            "SEARCH tickets USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
        ],
    ),
    (
        "ledger/award_standing",
        &[
            "SEARCH customers USING INTEGER PRIMARY KEY (rowid=?)",
            "SEARCH ledger USING COVERING INDEX ledger_earns_once (ticket_id=? AND operation=?)",
            "SEARCH ledger USING COVERING INDEX ledger_awards (customer_id=? AND at>?)",
        ],
    ),
    ("deliveries/event_pending", &["SEARCH deliveries USING INDEX deliveries_waiting (webhook_id=?)", "SEARCH outbox"]),
    ("deliveries/event_next", &["SEARCH deliveries USING INDEX deliveries_waiting (webhook_id=?)"]),
    ("deliveries/event_ahead", &["SEARCH outbox USING INTEGER PRIMARY KEY (rowid>?)"]),
    ("deliveries/event_enqueue", &["SEARCH outbox USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
    ("deliveries/event_record", &["SEARCH deliveries USING INTEGER PRIMARY KEY (rowid=?)"]),
    ("deliveries/events", &["SEARCH deliveries USING INTEGER PRIMARY KEY (rowid<?)"]),
    ("deliveries/events_of_webhook", &["SEARCH deliveries USING INDEX deliveries_of_webhook (webhook_id=? AND id<?)"]),
    ("deliveries/events_failed", &["SEARCH deliveries USING INDEX deliveries_failed (id<?)"]),
    ("retention/oldest_events", &["SEARCH outbox USING INTEGER PRIMARY KEY (rowid>?)"]),
    ("retention/oldest_notifications", &["SEARCH notifications USING INTEGER PRIMARY KEY (rowid>?)"]),
    ("retention/purge_events", &["SEARCH outbox USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
    ("retention/purge_notifications", &["SEARCH notifications USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
    (
        "retention/purge_audience",
        &[
            "SEARCH event_audience USING PRIMARY KEY (customer_id=? AND event_id>? AND event_id<?)",
            "SEARCH outbox USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        ],
    ),
    ("retention/needed_event", &["SEARCH deliveries USING COVERING INDEX deliveries_of_event"]),
    ("retention/purge_deliveries", &["SEARCH deliveries USING INDEX deliveries_ended (last_at<?)"]),
    (
        "retention/purge_abandoned_deliveries",
        &["SEARCH deliveries USING COVERING INDEX deliveries_waiting (webhook_id=?)"],
    ),
    (
        "deliveries/mail_pending",
        &["SEARCH mails USING COVERING INDEX mails_waiting (due_at<?)", "SEARCH notifications"],
    ),
    ("deliveries/mail_ahead", &["SEARCH notifications USING INTEGER PRIMARY KEY (rowid>?)"]),
    ("deliveries/mail_enqueue", &["SEARCH notifications USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
    ("deliveries/mail_expedite", &["SEARCH mails USING INDEX mails_waiting (due_at>?)"]),
    ("deliveries/mail_next", &["SEARCH mails USING INDEX mails_waiting (due_at<?)"]),
    ("deliveries/mail_record", &["SEARCH mails USING INTEGER PRIMARY KEY (rowid=?)"]),
    ("operations/audit_of_ticket", &["SEARCH audit USING INDEX audit_of_subject (subject_kind=? AND subject_id=?)"]),
    ("operations/awards_of_ticket", &["SEARCH ledger USING INDEX ledger_earns_once (ticket_id=?)"]),
    (
        "operations/notifications_of_ticket",
        &["SEARCH notifications USING INDEX notifications_of_operation (audit_id=?)"],
    ),
    (
        "events/of_customer",
        &[
            "SEARCH event_audience USING PRIMARY KEY (customer_id=? AND event_id>?)",
            "SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)",
        ],
    ),
    ("events/audiences", &["SEARCH outbox USING INTEGER PRIMARY KEY (rowid>?)"]),
    (
        "notifications/inbox",
        &["SEARCH notifications USING INDEX notifications_of_customer (customer_id=? AND rowid<?)"],
    ),
    (
        "notifications/inbox_unread",
        &["SEARCH notifications USING INDEX notifications_unread (customer_id=? AND read_at=? AND rowid<?)"],
    ),
    (
        "notifications/count_unread",
        &["SEARCH notifications USING COVERING INDEX notifications_unread (customer_id=? AND read_at=?)"],
    ),
    (
        "notifications/mark_all_read",
        &["SEARCH notifications USING COVERING INDEX notifications_unread (customer_id=? AND read_at=?)"],
    ),
    (
        "notifications/mark_read",
        &["SEARCH notifications USING COVERING INDEX notifications_unread (customer_id=? AND read_at=? AND rowid=?)"],
    ),
    ("operations/events_of_ticket", &["SEARCH outbox USING INDEX outbox_of_operation (audit_id=?)"]),
];

/// Statements that may sort more than ties: their input is limited to a page, or to distinct tickets of customers.
const SORTING: &[&str] = &["tickets/of_customer", "tickets/of_customers"];

/// Returns the differences between the query plan of a statement and the required steps.
fn plan_errors(tables: &Connection, name: &str, text: &str, steps: &[&str]) -> Vec<String> {
    let plan = plan(tables, text);
    let missing = steps.iter().filter(|step| !plan.iter().any(|line| line == *step));
    let mut plan_errors: Vec<_> = missing.map(|step| format!("{name} lacks the step {step}: {plan:#?}")).collect();
    if !SORTING.contains(&name)
        && plan.iter().any(|line| line.contains("TEMP B-TREE") && !line.ends_with("FOR LAST TERM OF ORDER BY"))
    {
        plan_errors.push(format!("{name} sorts: {plan:#?}"));
    }
    plan_errors
}

#[test]
fn every_frequent_statement_uses_its_index() {
    let (_folder, tables) = tables();
    let statements = statements();
    let text = |name: &str| &statements.iter().find(|(found, _)| found == name).unwrap().1;
    let found: Vec<_> = PLANS.iter().flat_map(|(name, steps)| plan_errors(&tables, name, text(name), steps)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Statements that every operation on a ticket runs.
const FREQUENT_WRITES: &[&str] = &[
    "tickets/insert",
    "tickets/update",
    "operations/insert_audit_entry",
    "audit_log/move_head",
    "operations/insert_notification",
    "operations/insert_event",
    "operations/insert_audience",
    "ledger/insert",
];

/// Returns true if the statement builds a temporary table or index on each run, as an `IN` check with a list does.
fn builds_tables(tables: &Connection, text: &str) -> bool {
    let mut explain = tables.prepare(&format!("EXPLAIN {text}")).unwrap();
    let steps = explain.raw_query().mapped(|row| row.get(1)).collect::<Result<Vec<String>, _>>().unwrap();
    steps.iter().any(|step| matches!(step.as_str(), "OpenEphemeral" | "OpenAutoindex"))
}

#[test]
fn no_write_builds_a_temporary_table() {
    let (_folder, tables) = tables();
    let statements = statements();
    let text = |name: &str| &statements.iter().find(|(found, _)| found == name).unwrap().1;
    let found: Vec<_> = FREQUENT_WRITES.iter().filter(|name| builds_tables(&tables, text(name))).collect();
    assert!(found.is_empty(), "{found:#?}");
    tables.execute_batch("CREATE TABLE lists (word TEXT CHECK (word IN ('a', 'b', 'c')))").unwrap();
    assert!(builds_tables(&tables, "INSERT INTO lists (word) VALUES (?1)"), "the test finds no violation");
}

/// Returns the literals that CHECK constraints compare with, except patterns and JSON types.
fn compared_literals(tables: &Connection) -> Vec<String> {
    let mut all = tables.prepare("SELECT sql FROM sqlite_schema WHERE sql LIKE 'CREATE TABLE%'").unwrap();
    let texts: Vec<String> = all.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    let is_shape = |before: &str| before.ends_with("GLOB ") || before.contains("json_type(");
    let mut words = Vec::new();
    for line in texts.iter().filter(|text| text.contains(") STRICT")).flat_map(|text| text.lines()) {
        let mut parts = line.split('\'');
        while let (Some(before), Some(word)) = (parts.next(), parts.next()) {
            words.extend((!is_shape(before)).then(|| word.to_owned()));
        }
    }
    words
}

#[test]
fn no_check_constraint_contains_an_enumeration() {
    let (_folder, tables) = tables();
    assert_eq!(compared_literals(&tables), Vec::<String>::new());
    tables.execute_batch("CREATE TABLE lists (word TEXT CHECK (word = 'a' OR word GLOB 'b*')) STRICT").unwrap();
    assert_eq!(compared_literals(&tables), ["a"], "the test finds no violation");
}

#[test]
fn a_plan_without_its_index_is_found() {
    let (_folder, tables) = tables();
    let (_, steps) = PLANS.iter().find(|(name, _)| *name == "tickets/newest").unwrap();
    for text in [
        "SELECT * FROM ticket_details WHERE updated_at < ?1 ORDER BY updated_at DESC;",
        "SELECT * FROM ticket_details WHERE created_at >= ?1 AND created_at < ?2 ORDER BY description;",
    ] {
        assert!(!plan_errors(&tables, "planted", text, steps).is_empty(), "{text}");
    }
}

#[test]
fn no_source_contains_a_statement() {
    let found: Vec<_> = files("src", "rs").iter().flat_map(|(file, source)| sql_literals(file, source)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_statement_in_a_source_is_found() {
    for (file, source) in [
        ("src/store/sqlite/tickets.rs", r#"run("SELECT id FROM tickets")"#),
        ("src/store/sqlite/tickets.rs", "run(\"\n    UPDATE tickets SET level = 1\")"),
        ("src/store/sqlite/tickets.rs", r##"run(r#"WITH x AS (SELECT 1) SELECT 1"#)"##),
        ("src/store/mod.rs", r#"run("BEGIN IMMEDIATE")"#),
        ("src/desk/close.rs", r#"run("PRAGMA user_version")"#),
    ] {
        assert!(!sql_literals(file, source).is_empty(), "{source}");
    }
    for (file, source) in [
        ("src/store/sqlite/writer.rs", r#"run("BEGIN IMMEDIATE"); run("ROLLBACK")"#),
        ("src/http/mod.rs", r#"method("DELETE"); say("Select one"); say("CREATED")"#),
    ] {
        assert_eq!(sql_literals(file, source), Vec::<String>::new());
    }
}

/// Converts the name of a trait to snake case, such as `IdempotencyKeys` to `idempotency_keys`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// Returns the folders of statements without a trait of the same name.
fn folders_without_trait(statements: &[(String, String)], port: &[String]) -> Vec<String> {
    let traits: Vec<_> = port.iter().map(|name| snake_case(name)).collect();
    let folders = statements.iter().filter_map(|(name, _)| name.split_once('/')).map(|(folder, _)| folder);
    let mut without: Vec<_> =
        folders.filter(|folder| !traits.iter().any(|name| name == folder)).map(str::to_owned).collect();
    without.dedup();
    without
}

#[test]
fn every_folder_of_statements_is_named_after_a_trait() {
    let sources = files("src/store", "rs").into_iter().filter(|(file, _)| !file.starts_with("src/store/sqlite/"));
    let port: Vec<_> = sources
        .flat_map(|(file, source)| parse(&file, &source).items)
        .filter_map(|item| match item {
            syn::Item::Trait(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    assert!(port.iter().any(|name| name == "Unit"), "no traits were found: {port:?}");
    assert_eq!(folders_without_trait(&statements(), &port), Vec::<String>::new());
}

#[test]
fn a_folder_without_a_trait_is_found() {
    let statements = ["idempotency_keys/find", "keys/find", "keys/purge"].map(|name| (name.to_owned(), String::new()));
    assert_eq!(folders_without_trait(&statements, &["IdempotencyKeys".to_owned()]), ["keys"]);
}

#[test]
fn every_statement_is_used() {
    let used: Vec<_> = files("src/store/sqlite", "rs").iter().flat_map(|(_, source)| included(source)).collect();
    let all = files("sql/sqlite", "sql");
    let unused = unused(all.iter().map(|(file, _)| file.as_str()), &used);
    assert!(unused.is_empty(), "{unused:#?}");
}

fn unused<'f>(files: impl Iterator<Item = &'f str>, used: &[String]) -> Vec<&'f str> {
    let is_used = |file: &str| used.iter().any(|name| format!("sql/sqlite/{name}.sql") == file);
    files.filter(|file| !is_used(file)).collect()
}

#[test]
fn an_unused_statement_is_found() {
    let used = included(r#"one(sql!("tickets/find"), x); // sql!("tickets/lost")"#);
    let files = ["sql/sqlite/tickets/find.sql", "sql/sqlite/tickets/lost.sql"];
    assert_eq!(unused(files.into_iter(), &used), ["sql/sqlite/tickets/lost.sql"]);
}
