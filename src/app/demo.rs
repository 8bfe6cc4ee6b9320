//! A throw-away store to try things on: the demo fixture, a token, and lines to paste.

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

/// A ticket that anyone with the demo's token can open.
const BODY: &str = r#"{"serviceType":"ride","issueType":"SERVICE_QUALITY","description":"The driver took a long way round","rideId":1}"#;

/// A folder that is removed when the server ends.
pub(super) struct Demo {
    // Held for its end, which removes the folder.
    _folder: TempDir,
    file: PathBuf,
}

impl Demo {
    /// Makes the folder.
    pub(super) fn make() -> Result<Self, Failure> {
        let folder = tempfile::Builder::new().prefix("support-demo-").tempdir().map_err(Failure::System)?;
        let file = folder.path().join("support.db");
        Ok(Self { _folder: folder, file })
    }

    /// The store's file in it.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// What a newcomer can paste.
    pub(super) fn greeting(&self, locale: Locale, token: &TokenText, address: SocketAddr) -> String {
        let say = |key| locale.sentence(&Message::new(key));
        let base = format!("http://{address}/api/customer/mtxi/support");
        let token = token.reveal();
        format!(
            "\n{intro}\n\n  {token}\n\n{track}\n\n  curl -H 'Authorization: Bearer {token}' {base}/1\n\n{create}\n\n  \
             curl -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' -d '{BODY}' {base}\n\n{agent}\n\n  \
             {program} --db {file} ticket list\n\n",
            intro = say("serve.demo"),
            track = say("serve.demo_track"),
            create = say("serve.demo_create"),
            agent = say("serve.demo_agent"),
            program = program(),
            file = self.file.display(),
        )
    }
}

/// The running executable, quoted for a shell where need be; its bare name where the system does not say where it is.
fn program() -> String {
    let path = std::env::current_exe().map(|path| path.display().to_string());
    let path = path.unwrap_or_else(|_| "support".to_owned());
    let is_plain = |sign: char| sign.is_alphanumeric() || "/._-+".contains(sign);
    if path.chars().all(is_plain) { path } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

/// Loads the demo fixture and issues a token for its first customer, good for a day.
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
