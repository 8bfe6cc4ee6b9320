//! Test environment: a temporary folder with a store, and the executable.

use std::ffi::OsStr;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Path of the executable.
pub(crate) const SUPPORT: &str = env!("CARGO_BIN_EXE_support");

/// Temporary folder, with or without a store.
pub(crate) struct World {
    folder: TempDir,
}

/// Output and exit code of a command.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Command to run in a clean environment.
pub(crate) struct Invocation {
    command: Command,
    input: Option<Vec<u8>>,
}

impl World {
    /// Creates a folder without a store.
    pub(crate) fn without_a_store() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Creates a store with the rows of a fixture.
    pub(crate) fn with_fixture(fixture: &Value) -> Self {
        let world = Self::without_a_store();
        world.write("fixture.json", fixture.to_string());
        world.run("fixtures load fixture.json").success();
        world
    }

    /// Creates a store with the 42 tickets of the demo.
    pub(crate) fn demo() -> Self {
        let world = Self::without_a_store();
        world.run("fixtures load demo").success();
        world
    }

    /// Creates a store with three customers, a reference of each kind, and a ticket in each status: ticket 1 of
    /// Amina (1) is open and about a ride, ticket 2 of hers is escalated and about an order, ticket 3 of Mateo (2) is
    /// closed and about a booking. The rewards account of customer 3 is inactive.
    pub(crate) fn small() -> Self {
        Self::with_fixture(&small())
    }

    /// Returns the path of a file in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file to the folder.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Builds a command with these arguments, separated by spaces.
    pub(crate) fn command(&self, args: &str) -> Invocation {
        let mut command = Command::new(SUPPORT);
        self.isolate(&mut command).args(args.split_whitespace());
        Invocation { command, input: None }
    }

    /// Sets the working directory and a clean environment of a command.
    pub(crate) fn isolate<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path).env("HOME", self.folder.path()).env("TZ", "Pacific/Auckland");
        command.current_dir(self.folder.path())
    }

    /// Runs a command with these arguments, separated by spaces.
    pub(crate) fn run(&self, args: &str) -> Output {
        self.command(args).run()
    }

    /// Runs a command that must succeed, and returns its JSON.
    pub(crate) fn json(&self, args: &str) -> Value {
        self.run(&format!("{args} --format json")).success().json()
    }

    /// Returns the ticket ids that `ticket list` prints with these arguments, in order.
    pub(crate) fn ticket_ids(&self, args: &str) -> Vec<i64> {
        ids(&self.json(&format!("ticket list {args}")))
    }
}

/// Returns the ticket ids of a list document.
pub(crate) fn ids(document: &Value) -> Vec<i64> {
    document["tickets"].as_array().unwrap().iter().map(|ticket| ticket["ticketId"].as_i64().unwrap()).collect()
}

/// Returns the fixture of [`World::small`].
pub(crate) fn small() -> Value {
    json!({
        "customers": [
            {"id": 1, "name": "Amina Diallo", "locale": "fr", "rewardsActive": true},
            {"id": 2, "name": "Mateo Herrera", "locale": "es", "rewardsActive": true},
            {"id": 3, "name": "林晓雯", "locale": "zh", "rewardsActive": false},
        ],
        "rides": [{"id": 1, "customerId": 1, "participantIds": [2], "pickupLocation": "123 Main St", "dropoffLocation": "456 Elm St"}],
        "orders": [{"id": 1, "customerId": 1, "participantIds": [3], "merchantName": "Noodle Bar", "total": {"amount": "23.50", "currency": "USD"}}],
        "bookings": [{"id": 1, "customerId": 2, "participantIds": [], "venueName": "Table 9", "startsAt": "2025-06-01T19:00:00Z", "partySize": 4}],
        "tickets": [
            {"id": 1, "customerId": 1, "serviceType": "ride", "issueType": "PAYMENT_ISSUE", "rideId": 1,
             "description": "Payment was charged twice", "groupCustomerIds": [2, 3], "status": "OPEN",
             "createdAt": "2025-06-01T00:00:00Z"},
            {"id": 2, "customerId": 1, "serviceType": "order", "issueType": "DELIVERY_ISSUE", "orderId": 1,
             "description": "The soup is cold.\nThe noodles are missing.", "status": "ESCALATED", "level": 2,
             "createdAt": "2025-06-01T23:59:59Z", "updatedAt": "2025-06-05T08:00:00Z"},
            {"id": 3, "customerId": 2, "serviceType": "booking", "issueType": "OTHER", "bookingId": 1,
             "description": "桌子太小了，请换一张大一点的桌子 🎶", "status": "CLOSED", "level": 1,
             "createdAt": "2025-06-02T00:00:00Z", "updatedAt": "2025-06-03T12:00:00Z"},
        ],
    })
}

impl Invocation {
    /// Adds an argument, which may contain spaces.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets standard input, which is empty by default.
    pub(crate) fn input(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.input = Some(text.into());
        self
    }

    /// Returns the command, to run it in another way.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    /// Runs the command to completion.
    pub(crate) fn run(mut self) -> Output {
        let stdin = if self.input.is_some() { Stdio::piped() } else { Stdio::null() };
        self.command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        if let Some(input) = self.input {
            // A command with invalid arguments does not read standard input.
            let _ = child.stdin.take().unwrap().write_all(&input);
        }
        let output = child.wait_with_output().unwrap();
        Output {
            code: output.status.code().expect("the command is not killed by a signal"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Output {
    /// Asserts that the command succeeded.
    #[track_caller]
    pub(crate) fn success(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// Asserts the exit code and the text on standard error.
    #[track_caller]
    pub(crate) fn fails_with(self, code: i32, err: &str) -> Self {
        assert_eq!((self.code, self.err.trim_end()), (code, err), "{self:?}");
        self
    }

    /// Parses standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Parses standard error as a JSON error. Returns its code and message.
    #[track_caller]
    pub(crate) fn error(&self) -> (String, String) {
        let document: Value = serde_json::from_str(&self.err).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        let text = |name| document["error"][name].as_str().unwrap().to_owned();
        (text("code"), text("message"))
    }
}
