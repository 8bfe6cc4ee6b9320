//! Temporary store for `serve --demo`: the demo fixture, a token, and commands to copy.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::cli::Failure;
use crate::desk::issue_token::issue_token;
use crate::desk::load_fixtures::load_fixtures;
use crate::i18n::Locale;
use crate::model::actor::AgentName;
use crate::model::fixture::{self, Fixture};
use crate::model::permission::Permissions;
use crate::model::principal::Caller;
use crate::model::role::Role;
use crate::model::token::{NewToken, TokenText};
use crate::model::{CustomerId, Message, timestamp};
use crate::store::Store;
use crate::system;

/// Request body of the create command in the startup message.
const BODY: &str = r#"{"serviceType":"ride","issueType":"SERVICE_QUALITY","description":"The driver took a long way round","rideId":1}"#;

/// Temporary folder, removed when the server stops.
pub(super) struct Demo {
    // Dropping it removes the folder.
    _folder: TempDir,
    file: PathBuf,
}

impl Demo {
    /// Creates the folder.
    pub(super) fn create() -> Result<Self, Failure> {
        let folder = tempfile::Builder::new().prefix("support-demo-").tempdir().map_err(Failure::System)?;
        let file = folder.path().join("support.db");
        Ok(Self { _folder: folder, file })
    }

    /// Returns the path of the store in the folder.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Returns the startup message with commands to copy.
    pub(super) fn startup_message(&self, locale: Locale, token: &TokenText, address: SocketAddr) -> String {
        let translate = |key| locale.sentence(&Message::new(key));
        let base = format!("http://{address}/api/customer/mtxi/support");
        let token = token.reveal();
        format!(
            "\n{intro}\n\n  {token}\n\n{track}\n\n  curl -H 'Authorization: Bearer {token}' {base}/1\n\n{create}\n\n  \
             curl -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' -d '{BODY}' {base}\n\n{agent}\n\n  \
             {program} --db {file} ticket list\n\n",
            intro = translate("serve.demo"),
            track = translate("serve.demo_track"),
            create = translate("serve.demo_create"),
            agent = translate("serve.demo_agent"),
            program = program(),
            file = self.file.display(),
        )
    }
}

/// Returns the path of the running executable, quoted for a shell if necessary, or its plain name if the path is
/// unknown.
fn program() -> String {
    let path = std::env::current_exe().map(|path| path.display().to_string());
    let path = path.unwrap_or_else(|_| "support".to_owned());
    let is_plain = |character: char| character.is_alphanumeric() || "/._-+".contains(character);
    if path.chars().all(is_plain) { path } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

/// Loads the demo fixture and issues a token for its first customer, valid for a day.
pub(super) async fn fill(store: &Store) -> Result<TokenText, Failure> {
    let fixture = Fixture::parse(fixture::built_in("demo").unwrap_or_default())?;
    let token = TokenText::from_random(system::random()?);
    let now = system::now();
    let caller = Caller::operator(AgentName::new("demo").expect("a plain word is a name"), false);
    let role = Role::new("customer").expect("a plain word is a role");
    let new = NewToken::for_customer(CustomerId::FIRST, role, Permissions::CUSTOMER, now.plus(timestamp::DAY));
    let digest = token.digest();
    let written = store.write(move |unit| {
        load_fixtures(unit, &caller, &fixture)?;
        issue_token(unit, &caller, &new, digest, now)
    });
    written.await?;
    Ok(token)
}
