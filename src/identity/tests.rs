//! Verification of tokens and keys without files or sockets.

mod forms;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::{Value, json};

use super::error::KeyError;
use super::key::Key;
use super::keys::Keys;
use super::token::{MAX_TOKEN, Token};
use super::{ClaimRules, LEEWAY};
use crate::model::permission::Permission;
use crate::model::{CustomerId, Timestamp, TokenError};

const NOW: i64 = 1_750_000_000;
const SECRET: &[u8] = b"a secret of at least thirty-two bytes";

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// Returns a token with this header and these claims, signed with [`SECRET`].
fn token(header: &Value, claims: &Value) -> String {
    signed(&format!("{}.{}", part(header), part(claims)))
}

fn signed(text: &str) -> String {
    format!("{text}.{}", signature(SECRET, text))
}

/// Returns the HS256 signature of a text with this secret, in base64url.
fn signature(secret: &[u8], text: &str) -> String {
    URL_SAFE_NO_PAD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), text.as_bytes()))
}

fn valid_claims() -> Value {
    json!({"sub": "7", "exp": NOW + 60, "role": "customer", "permissions": ["track_support_ticket"]})
}

/// Returns valid claims with these changes.
fn claims_with(changes: Value) -> Value {
    let mut claims = valid_claims();
    let Value::Object(changes) = changes else { panic!("claims are an object: {changes}") };
    claims.as_object_mut().unwrap().extend(changes);
    claims
}

fn verify_text(rules: &ClaimRules, text: &str) -> Result<(CustomerId, Vec<Permission>), TokenError> {
    let token = Token::parse(text)?;
    Keys::One(Key::from_file(SECRET, false).unwrap()).verify_signature(&token)?;
    let now = Timestamp::from_second(NOW).unwrap();
    let holder = rules.validate(&token.claims()?, now)?.holder(now)?;
    Ok((holder.caller.principal().customer().unwrap(), holder.caller.permissions().iter().collect()))
}

fn verify(claims: &Value) -> Result<(CustomerId, Vec<Permission>), TokenError> {
    verify_text(&ClaimRules::default(), &token(&json!({"alg": "HS256"}), claims))
}

fn verify_header(header: &Value) -> Result<(CustomerId, Vec<Permission>), TokenError> {
    verify_text(&ClaimRules::default(), &token(header, &valid_claims()))
}

fn jwk(value: &Value) -> Result<Option<Key>, (&'static str, KeyError)> {
    Key::from_jwk(value.as_object().unwrap())
}

#[test]
fn signatures_of_other_implementations_are_verified_and_altered_ones_rejected() {
    let vectors: Value = serde_json::from_str(include_str!("tests/vectors.json")).unwrap();
    for vector in vectors.as_array().unwrap() {
        let source = &vector["source"];
        let Ok(Some(key)) = jwk(&vector["jwk"]) else { panic!("{source}") };
        let keys = Keys::One(key);
        let text = vector["token"].as_str().unwrap();
        assert_eq!(keys.verify_signature(&Token::parse(text).unwrap()), Ok(()), "{source}");
        // Any other payload and any other signature must be rejected.
        let (signed, signature) = text.rsplit_once('.').unwrap();
        let other = format!("{}.{}.{signature}", signed.split_once('.').unwrap().0, part(&json!({"iss": "eve"})));
        assert_eq!(keys.verify_signature(&Token::parse(&other).unwrap()), Err(TokenError::Signature), "{source}");
        for ending in ["", "AAAA", "="] {
            let cut = format!("{signed}.{}{ending}", &signature[..signature.len() - 4]);
            assert_eq!(keys.verify_signature(&Token::parse(&cut).unwrap()), Err(TokenError::Signature), "{source}");
        }
    }
}

#[test]
fn valid_claims_authenticate_a_customer_with_permissions() {
    assert_eq!(verify(&valid_claims()), Ok((CustomerId::new(7).unwrap(), vec![Permission::TrackTicket])));
}

#[test]
fn a_token_is_valid_until_its_expiry_plus_the_leeway() {
    let mut claims = valid_claims();
    claims.as_object_mut().unwrap().remove("exp");
    assert_eq!(verify(&claims), Err(TokenError::NoExpiry));
    for (exp, expected) in [
        (json!(NOW - LEEWAY + 1), None),
        (json!(NOW - LEEWAY), Some(TokenError::Expired)),
        (json!(0), Some(TokenError::Expired)),
        (json!(-1), Some(TokenError::Expired)),
        (json!(i64::MIN), Some(TokenError::Expired)),
        (json!(i64::MAX), None),
        (json!(u64::MAX), None),
        (json!(1e300), None),
        (json!(-1e300), Some(TokenError::Expired)),
        (json!(1_750_000_000.5), None),
        (json!("1750000060"), Some(TokenError::NoExpiry)),
        (json!(null), Some(TokenError::NoExpiry)),
        (json!([NOW + 60]), Some(TokenError::NoExpiry)),
    ] {
        assert_eq!(verify(&claims_with(json!({"exp": exp}))).err(), expected, "{exp}");
    }
}

#[test]
fn a_token_is_valid_from_nbf_minus_the_leeway() {
    for (nbf, expected) in [
        (json!(NOW - 1), None),
        (json!(NOW + LEEWAY), None),
        (json!(NOW + LEEWAY + 1), Some(TokenError::NotYetValid)),
        (json!(1_750_000_030.5), Some(TokenError::NotYetValid)),
        (json!(1e300), Some(TokenError::NotYetValid)),
        (json!("1"), Some(TokenError::Malformed)),
        (json!(null), Some(TokenError::Malformed)),
    ] {
        assert_eq!(verify(&claims_with(json!({"nbf": nbf}))).err(), expected, "{nbf}");
    }
}

#[test]
fn issuer_and_audience_must_match_exactly() {
    let rules = ClaimRules { issuer: Some("id".into()), audience: Some("support".into()), ..ClaimRules::default() };
    let verify = |claims: Value| verify_text(&rules, &token(&json!({"alg": "HS256"}), &claims)).err();
    assert_eq!(verify(claims_with(json!({"iss": "id", "aud": "support"}))), None);
    assert_eq!(verify(claims_with(json!({"iss": "id", "aud": ["shop", "support"]}))), None);
    for iss in [json!("ID"), json!("id/"), json!(["id"]), json!(null), json!("")] {
        assert_eq!(verify(claims_with(json!({"iss": iss, "aud": "support"}))), Some(TokenError::Issuer), "{iss}");
    }
    for aud in [json!("shop"), json!(["shop"]), json!([]), json!([["support"]]), json!({"support": 1}), json!(null)] {
        assert_eq!(verify(claims_with(json!({"iss": "id", "aud": aud}))), Some(TokenError::Audience), "{aud}");
    }
    assert_eq!(verify(claims_with(json!({"aud": "support"}))), Some(TokenError::Issuer));
    assert_eq!(verify(claims_with(json!({"iss": "id"}))), Some(TokenError::Audience));
}

#[test]
fn a_token_with_an_audience_is_rejected_if_no_audience_is_configured() {
    assert_eq!(verify(&claims_with(json!({"iss": "anyone"}))).err(), None);
    for aud in [json!("shop"), json!([]), json!(null)] {
        assert_eq!(verify(&claims_with(json!({"aud": aud}))).err(), Some(TokenError::Audience), "{aud}");
    }
}

#[test]
fn a_customer_id_is_a_positive_integer_or_its_decimal_digits() {
    for sub in [json!(7), json!("7")] {
        assert_eq!(verify(&claims_with(json!({"sub": sub}))).unwrap().0.get(), 7);
    }
    assert_eq!(verify(&claims_with(json!({"sub": "9223372036854775807"}))).unwrap().0.get(), i64::MAX);
    for sub in [
        json!(0),
        json!(-7),
        json!(7.0),
        json!(7.5),
        json!(9_223_372_036_854_775_808_u64),
        json!("07"),
        json!("+7"),
        json!(" 7"),
        json!("7\n"),
        json!("0"),
        json!(""),
        json!("seven"),
        json!("٧"),
        json!(null),
        json!([7]),
        json!(true),
    ] {
        assert_eq!(verify(&claims_with(json!({"sub": sub}))).err(), Some(TokenError::Customer), "{sub}");
    }
}

#[test]
fn the_customer_claim_is_configurable() {
    let rules = ClaimRules { customer_claim: "https://platform/customer".into(), ..ClaimRules::default() };
    let verify = |claims: Value| verify_text(&rules, &token(&json!({"alg": "HS256"}), &claims));
    let claims = claims_with(json!({"sub": "auth|x", "https://platform/customer": 9}));
    assert_eq!(verify(claims).unwrap().0.get(), 9);
    assert_eq!(verify(valid_claims()).err(), Some(TokenError::Customer));
}

#[test]
fn the_roles_must_include_customer() {
    for roles in [
        json!({"role": "customer"}),
        json!({"role": null, "roles": ["driver", "customer"]}),
        json!({"role": "driver", "roles": "customer"}),
    ] {
        assert_eq!(verify(&claims_with(roles.clone())).err(), None, "{roles}");
    }
    for roles in [
        json!({"role": "admin"}),
        json!({"role": "Customer"}),
        json!({"role": null}),
        json!({"role": "customers"}),
        json!({"role": 1}),
        json!({"role": {"customer": true}}),
        json!({"role": "", "roles": []}),
    ] {
        assert_eq!(verify(&claims_with(roles.clone())).err(), Some(TokenError::Role), "{roles}");
    }
}

#[test]
fn permissions_come_from_the_first_of_three_claims_and_unknown_ones_are_ignored() {
    let held = |claims: Value| {
        let mut all = valid_claims();
        all.as_object_mut().unwrap().remove("permissions");
        all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        verify(&all).unwrap().1
    };
    let (track, close) = (Permission::TrackTicket, Permission::CloseTicket);
    assert_eq!(held(json!({})), []);
    assert_eq!(held(json!({"permissions": ["close_support_ticket", "fly", 7]})), [close]);
    assert_eq!(held(json!({"permissions": ["grant_points", "list_support_tickets", "close_support_ticket"]})), [close]);
    assert_eq!(held(json!({"permissions": "track_support_ticket  close_support_ticket"})), [track, close]);
    assert_eq!(held(json!({"scope": "openid track_support_ticket"})), [track]);
    assert_eq!(held(json!({"scp": ["track_support_ticket"]})), [track]);
    assert_eq!(held(json!({"permissions": [], "scope": "track_support_ticket"})), []);
    assert_eq!(held(json!({"scope": "close_support_ticket", "scp": "track_support_ticket"})), [close]);
    assert_eq!(held(json!({"permissions": "TRACK_SUPPORT_TICKET track_support_ticket,close_support_ticket"})), []);
}

#[test]
fn the_header_cannot_weaken_the_verification() {
    for header in [
        json!({"alg": "HS256", "typ": "JWT"}),
        json!({"alg": "HS256", "typ": "at+jwt", "kid": "any"}),
        json!({"alg": "HS256", "typ": "application/at+JWT"}),
        json!({"alg": "HS256", "jku": "https://evil.example/keys", "x5u": "https://evil.example", "jwk": {"kty": "oct", "k": "AA"}}),
    ] {
        assert_eq!(verify_header(&header).err(), None, "{header}");
    }
    for (header, why) in [
        (json!({"alg": "none"}), TokenError::Algorithm),
        (json!({"alg": "None"}), TokenError::Algorithm),
        (json!({"alg": "hs256"}), TokenError::Algorithm),
        (json!({"alg": "HS384"}), TokenError::Algorithm),
        (json!({"alg": "RS256"}), TokenError::Algorithm),
        (json!({"alg": "ES256"}), TokenError::Algorithm),
        (json!({"alg": "EdDSA"}), TokenError::Algorithm),
        (json!({"alg": ["HS256"]}), TokenError::Malformed),
        (json!({}), TokenError::Malformed),
        (json!([]), TokenError::Malformed),
        (json!({"alg": "HS256", "crit": ["exp"], "exp": 1}), TokenError::Critical),
        (json!({"alg": "HS256", "crit": []}), TokenError::Critical),
        (json!({"alg": "HS256", "kid": 7}), TokenError::Malformed),
        (json!({"alg": "HS256", "typ": "logout+jwt"}), TokenError::Type),
        (json!({"alg": "HS256", "typ": "dpop+jwt"}), TokenError::Type),
        (json!({"alg": "HS256", "typ": 1}), TokenError::Malformed),
    ] {
        assert_eq!(verify_header(&header).err(), Some(why), "{header}");
    }
}

#[test]
fn a_token_has_three_parts_of_strict_base64url_with_strict_json() {
    let rules = ClaimRules::default();
    let valid_claims = token(&json!({"alg": "HS256"}), &valid_claims());
    for text in [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c",
        "a.b.c.d.e",
        "null",
        &format!("{valid_claims}."),
        &format!(".{valid_claims}"),
        &valid_claims[1..],
    ] {
        assert_eq!(verify_text(&rules, text).err(), Some(TokenError::Malformed), "{text}");
    }
    let (text, _) = valid_claims.rsplit_once('.').unwrap();
    assert_eq!(verify_text(&rules, &format!("{text}.")).err(), Some(TokenError::Signature));
    assert_eq!(verify_text(&rules, text).err(), Some(TokenError::Malformed));
    assert_eq!(verify_text(&rules, &format!("{valid_claims}=")).err(), Some(TokenError::Signature));
    let twice = |header: &str, payload: &str| {
        signed(&format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload)))
    };
    let claims = r#"{"sub":"7","exp":1750000060,"role":"customer"}"#;
    assert_eq!(verify_text(&rules, &twice(r#"{"alg":"HS256"}"#, claims)).err(), None);
    let repeated = r#"{"sub":"7","sub":"8","exp":1750000060,"role":"customer"}"#;
    assert_eq!(verify_text(&rules, &twice(r#"{"alg":"HS256"}"#, repeated)).err(), Some(TokenError::Malformed));
    assert_eq!(
        verify_text(&rules, &twice(r#"{"alg":"HS256","alg":"HS256"}"#, claims)).err(),
        Some(TokenError::Malformed)
    );
    assert_eq!(verify_text(&rules, &twice(r#"{"alg":"HS256"}"#, "[]")).err(), Some(TokenError::Malformed));
}

#[test]
fn a_long_token_is_rejected() {
    let long = |pad: usize| token(&json!({"alg": "HS256"}), &claims_with(json!({"pad": "x".repeat(pad)})));
    assert!(long(5_900).len() <= MAX_TOKEN);
    assert_eq!(verify_text(&ClaimRules::default(), &long(5_900)).err(), None);
    assert_eq!(verify_text(&ClaimRules::default(), &long(6_200)).err(), Some(TokenError::TooLong));
    assert_eq!(verify_text(&ClaimRules::default(), &"a".repeat(1_000_000)).err(), Some(TokenError::TooLong));
}
