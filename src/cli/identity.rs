//! What `serve` is told of the platform's identity service: where its keys are, and what its tokens must say.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args};

use crate::identity::Rules;

/// The identity service whose tokens are good, if there is one.
#[derive(Debug, Args)]
#[command(next_help_heading = "cli.help.platform_tokens")]
#[command(group = ArgGroup::new("jwt").args(["jwks", "jwt_key"]))]
pub struct IdentityArgs {
    /// The JSON Web Key Set that its tokens are signed by: a file, or an address that begins with https:// (http://
    /// on this machine only). An address is asked again every 10 minutes, and for a key that is not known.
    #[arg(long, value_name = "FILE|URL", env = "SUPPORT_JWT_JWKS", hide_env_values = true)]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub jwks: Option<String>,
    /// The one key that its tokens are signed by: a public key in PEM (RSA for RS256 and PS256, P-256 for ES256,
    /// Ed25519 for EdDSA), or a secret of at least 32 bytes for HS256 that only you can read.
    #[arg(long, value_name = "FILE", env = "SUPPORT_JWT_KEY")]
    pub jwt_key: Option<PathBuf>,
    /// The issuer (iss) that its tokens must name; any, where this is not given.
    #[arg(long, value_name = "NAME", env = "SUPPORT_JWT_ISSUER", allow_hyphen_values = true, requires = "jwt")]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub jwt_issuer: Option<String>,
    /// The audience (aud) that its tokens must name; without this, a token that names any is refused.
    #[arg(long, value_name = "NAME", env = "SUPPORT_JWT_AUDIENCE", allow_hyphen_values = true, requires = "jwt")]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub jwt_audience: Option<String>,
    /// The claim that holds the customer's id.
    #[arg(
        long,
        value_name = "NAME",
        env = "SUPPORT_JWT_CUSTOMER_CLAIM",
        default_value = "sub",
        allow_hyphen_values = true,
        requires = "jwt"
    )]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub jwt_customer_claim: String,
    /// A file of certificate authorities (PEM) to trust beside the system's, when others are asked over https.
    #[arg(long, value_name = "FILE", env = "SUPPORT_CA")]
    pub ca: Option<PathBuf>,
}

impl IdentityArgs {
    /// What its tokens must say.
    pub fn rules(&self) -> Rules {
        Rules {
            issuer: self.jwt_issuer.clone(),
            audience: self.jwt_audience.clone(),
            customer_claim: self.jwt_customer_claim.clone(),
        }
    }
}
