//! A store in a folder of its own, and the executable that is run there.

use std::ffi::OsStr;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The executable.
pub(crate) const SUPPORT: &str = env!("CARGO_BIN_EXE_support");

/// A folder with a store, or without one.
pub(crate) struct World {
    folder: TempDir,
}

/// What a command printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A command about to be run in a clean environment.
pub(crate) struct Invocation {
    command: Command,
    input: Option<Vec<u8>>,
}

impl World {
    /// A folder without a store.
    pub(crate) fn without_a_store() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A store with these rows.
    pub(crate) fn of(fixture: &Value) -> Self {
        let world = Self::without_a_store();
        world.write("fixture.json", fixture.to_string());
        world.run("fixtures load fixture.json").done();
        world
    }

    /// A store with the demo's 42 tickets.
    pub(crate) fn demo() -> Self {
        let world = Self::without_a_store();
        world.run("fixtures load demo").done();
        world
    }

    /// Three customers, a place of each kind, and a ticket in each status: Amina's (1) open ride ticket 1, her
    /// escalated order ticket 2, Mateo's (2) closed booking ticket 3. Grace's (3) rewards account takes no points.
    pub(crate) fn small() -> Self {
        Self::of(&small())
    }

    /// A file's place in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// A command with these arguments, separated by spaces.
    pub(crate) fn asks(&self, args: &str) -> Invocation {
        let mut command = Command::new(SUPPORT);
        self.clean(&mut command).args(args.split_whitespace());
        Invocation { command, input: None }
    }

    /// Puts a command into the folder, with nothing of our own environment.
    pub(crate) fn clean<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path).env("HOME", self.folder.path()).env("TZ", "Pacific/Auckland");
        command.current_dir(self.folder.path())
    }

    /// Runs a command with these arguments, separated by spaces.
    pub(crate) fn run(&self, args: &str) -> Said {
        self.asks(args).run()
    }

    /// The JSON that a command prints when it succeeds.
    pub(crate) fn json(&self, args: &str) -> Value {
        self.run(&format!("{args} --format json")).done().json()
    }

    /// The ids of the tickets that `ticket list` prints with these arguments, in its order.
    pub(crate) fn listed(&self, args: &str) -> Vec<i64> {
        ids(&self.json(&format!("ticket list {args}")))
    }
}

/// The ticket ids of a list document.
pub(crate) fn ids(document: &Value) -> Vec<i64> {
    document["tickets"].as_array().unwrap().iter().map(|ticket| ticket["ticketId"].as_i64().unwrap()).collect()
}

/// The fixture of [`World::small`].
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
    /// One more argument, which may hold spaces.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// A variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// What stands on standard input; nothing otherwise.
    pub(crate) fn input(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.input = Some(text.into());
        self
    }

    /// The command itself, to be run in another way.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    /// Runs it to its end.
    pub(crate) fn run(mut self) -> Said {
        let stdin = if self.input.is_some() { Stdio::piped() } else { Stdio::null() };
        self.command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        if let Some(input) = self.input {
            // A command that failed at its arguments reads nothing.
            let _ = child.stdin.take().unwrap().write_all(&input);
        }
        let output = child.wait_with_output().unwrap();
        Said {
            code: output.status.code().expect("it ends by itself"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Said {
    /// It did what it was asked for.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// It ended with this exit code and this on standard error.
    #[track_caller]
    pub(crate) fn failed(self, code: i32, err: &str) -> Self {
        assert_eq!((self.code, self.err.trim_end()), (code, err), "{self:?}");
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Standard error as a JSON error: its code and message.
    #[track_caller]
    pub(crate) fn error(&self) -> (String, String) {
        let document: Value = serde_json::from_str(&self.err).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        let text = |name| document["error"][name].as_str().unwrap().to_owned();
        (text("code"), text("message"))
    }
}
