//! Keys in all the forms they come in, and which of them a token means.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use super::{SECRET, good, jwk, token};
use crate::identity::fault::KeyFault;
use crate::identity::key::{Entry, Key};
use crate::identity::keys::Keys;
use crate::identity::remote::address;
use crate::identity::token::Token;
use crate::model::TokenError;

const ED_PEM: &str = "-----BEGIN PUBLIC KEY-----\n\
    MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";

#[test]
fn what_everyone_may_know_never_becomes_a_secret() {
    let der = STANDARD.decode("MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=").unwrap();
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(ED_PEM.bytes().flat_map(|byte| [byte, 0])).collect();
    let latin: Vec<u8> = b"# cl\xe9 \n".iter().copied().chain(ED_PEM.bytes()).collect();
    let public: [&[u8]; 9] = [
        &der,
        b"MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n",
        b"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
        b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea me",
        &utf16,
        &latin,
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"-----BEGIN PUBLIC KEY-----\nnot base64 at all, but long enough for a secret\n-----END PUBLIC KEY-----\n",
        &[ED_PEM, ED_PEM].concat().into_bytes(),
    ];
    for bytes in public {
        let key = Key::of_file(bytes, false);
        assert!(matches!(key, Err(KeyFault::NotAKey)), "{}: {key:?}", String::from_utf8_lossy(bytes));
    }
    let key = Key::of_file(&[b"made by openssl\n", ED_PEM.as_bytes()].concat(), true).unwrap();
    assert!(key.allows(Algorithm::EdDSA) && !key.is_secret());
    assert!(Key::of_file(ED_PEM.replace('\n', "\r\n").as_bytes(), true).unwrap().allows(Algorithm::EdDSA));
}

#[test]
fn a_secret_is_long_and_private_and_its_line_end_is_no_part_of_it() {
    assert!(matches!(Key::of_file(&[b'x'; 31], false), Err(KeyFault::ShortSecret(31))));
    assert!(matches!(Key::of_file(b"0123456789012345678901234567890\r\n", false), Err(KeyFault::ShortSecret(31))));
    assert!(matches!(Key::of_file(b"", false), Err(KeyFault::ShortSecret(0))));
    assert!(matches!(Key::of_file(SECRET, true), Err(KeyFault::Exposed)));
    let text = token(&json!({"alg": "HS256"}), &good());
    let token = Token::read(&text).unwrap();
    let signed = |bytes: &[u8]| Keys::One(Key::of_file(bytes, false).unwrap()).check(&token);
    assert_eq!(signed(&[SECRET, b"\n"].concat()), Ok(()));
    assert_eq!(signed(&[SECRET, b"\r\n"].concat()), Ok(()));
    assert_eq!(signed(&[SECRET, b"\n\n"].concat()), Err(TokenError::Signature));
    assert_eq!(signed(&[SECRET, b" "].concat()), Err(TokenError::Signature));
    let binary: Vec<u8> = (0..40).chain([b'\n']).collect();
    let key = EncodingKey::from_secret(&binary);
    let signature = jsonwebtoken::crypto::sign(token.signed.as_bytes(), &key, Algorithm::HS256).unwrap();
    assert!(Key::of_file(&binary, false).unwrap().signed(token.signed, &signature, Algorithm::HS256));
}

#[test]
fn a_set_gives_each_key_its_purpose() {
    let ed = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let with = |name: &str, value: Value| {
        let mut entry = ed.clone();
        entry[name] = value;
        entry
    };
    for entry in
        [ed.clone(), with("use", json!("sig")), with("key_ops", json!(["verify"])), with("alg", json!("EdDSA"))]
    {
        assert!(matches!(jwk(&entry), Ok(Entry::Key(_))), "{entry}");
    }
    for entry in [
        with("use", json!("enc")),
        with("key_ops", json!(["sign"])),
        with("key_ops", json!([])),
        with("key_ops", json!("verify")),
        with("alg", json!("ES256")),
        with("alg", json!("none")),
        with("crv", json!("X25519")),
        with("crv", json!("Ed448")),
        with("kty", json!("AKP")),
    ] {
        assert!(matches!(jwk(&entry), Ok(Entry::Other)), "{entry}");
    }
    for (entry, member) in [
        (with("kty", json!(null)), "kty"),
        (with("alg", json!(1)), "alg"),
        (with("use", json!(["sig"])), "use"),
        (with("kid", json!(1)), "kid"),
        (with("x", json!("AA")), "x"),
        (with("x", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")), "x"),
        (with("x", json!("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")), "x"),
        (with("d", json!("secret")), "d"),
        (json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"}), "n"),
        (json!({"kty": "RSA", "n": "AQAB"}), "e"),
        (json!({"kty": "oct", "k": "c2hvcnQ"}), "k"),
        (
            json!({"kty": "EC", "crv": "P-256", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "y": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
            "x",
        ),
    ] {
        assert_eq!(jwk(&entry).err().map(|(member, _)| member), Some(member), "{entry}");
    }
    assert!(matches!(jwk(&json!({"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"})), Ok(Entry::Other)));
}

#[test]
fn a_token_chooses_from_a_set_by_its_name_and_never_by_luck() {
    let secret = |name: Option<&str>, bytes: &[u8]| {
        let mut entry = json!({"kty": "oct", "k": URL_SAFE_NO_PAD.encode(bytes)});
        if let Some(name) = name {
            entry["kid"] = name.into();
        }
        entry
    };
    let set = |entries: &[Value]| {
        let (keys, faults) = Keys::read(json!({"keys": entries}).to_string().as_bytes(), false).unwrap();
        assert!(faults.is_empty(), "{faults:?}");
        Keys::Set(keys)
    };
    let check = |keys: &Keys, header: Value| keys.check(&Token::read(&token(&header, &good())).unwrap());
    let other = b"another secret of thirty-two bytes or more";
    let named = json!({"alg": "HS256", "kid": "ours"});
    let nameless = json!({"alg": "HS256"});
    let two = set(&[secret(Some("ours"), SECRET), secret(Some("theirs"), other)]);
    assert_eq!(check(&two, named.clone()), Ok(()));
    assert_eq!(check(&two, json!({"alg": "HS256", "kid": "theirs"})), Err(TokenError::Signature));
    assert_eq!(check(&two, json!({"alg": "HS256", "kid": "OURS"})), Err(TokenError::UnknownKey));
    assert_eq!(check(&two, nameless.clone()), Err(TokenError::AmbiguousKey));
    assert_eq!(check(&set(&[secret(Some("ours"), SECRET)]), nameless.clone()), Ok(()));
    assert_eq!(check(&set(&[secret(None, SECRET)]), nameless.clone()), Ok(()));
    assert_eq!(check(&set(&[secret(None, SECRET)]), named.clone()), Err(TokenError::UnknownKey));
    assert_eq!(check(&set(&[]), nameless), Err(TokenError::UnknownKey));
    let ed = json!({"kty": "OKP", "crv": "Ed25519", "kid": "ours", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    assert_eq!(check(&set(&[ed]), named), Err(TokenError::Algorithm));
}

#[test]
fn keys_are_fetched_by_https_or_from_this_machine() {
    for good in [
        "https://id.example.com/jwks.json",
        "HTTPS://id.example.com",
        "http://localhost:1/keys",
        "http://127.0.0.1/keys",
        "http://127.8.9.1:80/",
        "http://[::1]:8080/keys?v=1",
    ] {
        assert!(address(good).is_some(), "{good}");
    }
    for bad in [
        "http://id.example.com/jwks.json",
        "http://10.0.0.1/",
        "http://localhost.example.com/",
        "http://127.0.0.1.nip.io/",
        "ftp://localhost/",
        "file:///etc/passwd",
        "https://",
        "https:///keys",
        "https://me:secret@id.example.com/",
        "http://127.0.0.1@example.com/",
        "http://0.0.0.0/",
        "https://id.example.com/a b",
        "://x",
    ] {
        assert!(address(bad).is_none(), "{bad}");
    }
}
