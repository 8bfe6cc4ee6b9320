//! Options of `serve` for the platform's identity service: keys and required claims.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args};

use crate::identity::ClaimRules;

/// Options of the identity service whose tokens the server accepts.
#[derive(Debug, Args)]
#[command(next_help_heading = "cli.help.platform_tokens")]
#[command(group = ArgGroup::new("jwt").args(["jwks", "jwt_key"]))]
pub struct IdentityArgs {
    /// JSON Web Key Set that verifies platform tokens: a file or an https:// URL (http:// on this machine only). A URL
    /// is fetched again every 10 minutes, and when a token names an unknown key.
    #[arg(long, value_name = "FILE|URL", env = "SUPPORT_JWT_JWKS", hide_env_values = true)]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub jwks: Option<String>,
    /// File with the single key that verifies platform tokens: a public key in PEM (RSA for RS256 and PS256, P-256 for
    /// ES256, Ed25519 for EdDSA), or a secret of at least 32 bytes for HS256 that only its owner can read.
    #[arg(long, value_name = "FILE", env = "SUPPORT_JWT_KEY")]
    pub jwt_key: Option<PathBuf>,
    /// Required issuer (iss) of platform tokens; by default, any issuer.
    #[arg(long, value_name = "NAME", env = "SUPPORT_JWT_ISSUER", allow_hyphen_values = true, requires = "jwt")]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub jwt_issuer: Option<String>,
    /// Required audience (aud) of platform tokens; by default, tokens with an audience are refused.
    #[arg(long, value_name = "NAME", env = "SUPPORT_JWT_AUDIENCE", allow_hyphen_values = true, requires = "jwt")]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub jwt_audience: Option<String>,
    /// Claim that contains the customer id.
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
    /// File with certificate authorities (PEM) to trust for outgoing TLS connections, in addition to the system's.
    #[arg(long, value_name = "FILE", env = "SUPPORT_CA")]
    pub ca: Option<PathBuf>,
}

impl IdentityArgs {
    /// Returns the required claims of platform tokens.
    pub fn rules(&self) -> ClaimRules {
        ClaimRules {
            issuer: self.jwt_issuer.clone(),
            audience: self.jwt_audience.clone(),
            customer_claim: self.jwt_customer_claim.clone(),
        }
    }
}
