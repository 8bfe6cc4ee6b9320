//! Formats of keys, and selection of a key by a token.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{SECRET, jwk, signature, token, valid_claims};
use crate::identity::algorithm::Algorithm;
use crate::identity::error::KeyError;
use crate::identity::key::Key;
use crate::identity::keys::Keys;
use crate::identity::remote::parse_url;
use crate::identity::token::Token;
use crate::model::TokenError;

const ED_PEM: &str = "-----BEGIN PUBLIC KEY-----\n\
    MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";

#[test]
fn a_public_key_in_another_encoding_is_never_used_as_a_secret() {
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
        let key = Key::from_file(bytes, false);
        assert!(matches!(key, Err(KeyError::NotAKey)), "{}: {key:?}", String::from_utf8_lossy(bytes));
    }
    let key = Key::from_file(&[b"made by openssl\n", ED_PEM.as_bytes()].concat(), true).unwrap();
    assert!(key.allows(Algorithm::EdDsa) && !key.is_secret());
    assert!(Key::from_file(ED_PEM.replace('\n', "\r\n").as_bytes(), true).unwrap().allows(Algorithm::EdDsa));
}

#[test]
fn a_secret_must_be_long_and_private_and_its_line_ending_is_stripped() {
    assert!(matches!(Key::from_file(&[b'x'; 31], false), Err(KeyError::ShortSecret(31))));
    assert!(matches!(Key::from_file(b"0123456789012345678901234567890\r\n", false), Err(KeyError::ShortSecret(31))));
    assert!(matches!(Key::from_file(b"", false), Err(KeyError::ShortSecret(0))));
    assert!(matches!(Key::from_file(SECRET, true), Err(KeyError::Exposed)));
    let text = token(&json!({"alg": "HS256"}), &valid_claims());
    let token = Token::parse(&text).unwrap();
    let check = |bytes: &[u8]| Keys::One(Key::from_file(bytes, false).unwrap()).verify_signature(&token);
    assert_eq!(check(&[SECRET, b"\n"].concat()), Ok(()));
    assert_eq!(check(&[SECRET, b"\r\n"].concat()), Ok(()));
    assert_eq!(check(&[SECRET, b"\n\n"].concat()), Err(TokenError::Signature));
    assert_eq!(check(&[SECRET, b" "].concat()), Err(TokenError::Signature));
    let binary: Vec<u8> = (0..40).chain([b'\n']).collect();
    let signature = signature(&binary, token.signing_input);
    assert!(Key::from_file(&binary, false).unwrap().verify_signature(
        token.signing_input,
        &signature,
        Algorithm::Hs256
    ));
}

#[test]
fn the_members_of_a_jwk_restrict_its_use() {
    let ed = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let with = |name: &str, value: Value| {
        let mut entry = ed.clone();
        entry[name] = value;
        entry
    };
    for entry in
        [ed.clone(), with("use", json!("sig")), with("key_ops", json!(["verify"])), with("alg", json!("EdDSA"))]
    {
        assert!(matches!(jwk(&entry), Ok(Some(_))), "{entry}");
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
        assert!(matches!(jwk(&entry), Ok(None)), "{entry}");
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
    assert!(matches!(jwk(&json!({"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"})), Ok(None)));
}

#[test]
fn an_rsa_key_has_an_odd_modulus_of_2048_to_4096_bits_and_an_odd_exponent_of_at_most_33() {
    let key = |n: &[u8], e: &[u8]| {
        jwk(&json!({"kty": "RSA", "n": URL_SAFE_NO_PAD.encode(n), "e": URL_SAFE_NO_PAD.encode(e)}))
    };
    let n = |bytes: usize, first: u8, last: u8| [&[first], vec![0x55; bytes - 2].as_slice(), &[last]].concat();
    let usual: &[u8] = &[1, 0, 1];
    for (n, e) in [
        (n(256, 0x80, 1), usual),
        (n(512, 0xff, 1), usual),
        (n(256, 0x80, 1), &[3]),
        (n(256, 0x80, 1), &[1, 0xff, 0xff, 0xff, 0xff]),
        ([&[0, 0], n(256, 0x80, 1).as_slice()].concat(), &[0, 1, 0, 1]),
    ] {
        assert!(matches!(key(&n, e), Ok(Some(_))), "{n:?} {e:?}");
    }
    for (bytes, first, bits) in [(256, 0x7f, 2047), (513, 1, 4097), (128, 0x80, 1024)] {
        assert!(
            matches!(key(&n(bytes, first, 1), usual), Err(("n", KeyError::RsaSize(found))) if found == bits),
            "{bits}"
        );
    }
    for (n, e) in [
        (n(256, 0x80, 2), usual),
        (n(256, 0x80, 1), &[1]),
        (n(256, 0x80, 1), &[2]),
        (n(256, 0x80, 1), &[2, 0, 0, 0, 1]),
        (n(256, 0x80, 1), &[1, 0, 0, 0, 0, 0, 0, 0, 1]),
        (n(256, 0x80, 1), &[0]),
    ] {
        assert!(matches!(key(&n, e), Err(("n", KeyError::Malformed))), "{e:?}");
    }
}

/// Decodes hexadecimal text.
fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn a_point_of_small_order_is_rejected() {
    let key = |x: &[u8]| jwk(&json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(x)}));
    // Y coordinates of the eight points of the torsion subgroup, and their non-canonical encodings.
    for y in [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ] {
        let mut point = hex(y);
        for _ in 0..2 {
            assert!(matches!(key(&point), Err(("x", KeyError::Malformed))), "{point:?}");
            point[31] ^= 0x80;
        }
        point[0] ^= 4;
        assert!(matches!(key(&point), Ok(Some(_))), "{point:?}");
    }
}

#[test]
fn an_rsa_key_in_pem_is_accepted_in_both_encodings() {
    // A 2,048-bit key: its `RSAPublicKey`, alone and in a `SubjectPublicKeyInfo`.
    let n = [&[0, 0xc5], vec![0x11; 255].as_slice()].concat();
    let value = |tag: u8, of: &[u8]| {
        let length = u16::try_from(of.len()).unwrap().to_be_bytes();
        [&[tag, 0x82], length.as_slice(), of].concat()
    };
    let own = value(0x30, &[value(0x02, &n), vec![0x02, 3, 1, 0, 1]].concat());
    let kind = hex("300d06092a864886f70d0101010500");
    let whole = value(0x30, &[kind, value(0x03, &[&[0], own.as_slice()].concat())].concat());
    let pem = |label: &str, der: &[u8]| {
        Key::from_file(
            format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der)).as_bytes(),
            true,
        )
    };
    for key in [pem("RSA PUBLIC KEY", &own), pem("PUBLIC KEY", &whole)] {
        assert!(key.unwrap().allows(Algorithm::Ps256));
    }
    for (label, der) in [("RSA PUBLIC KEY", &whole), ("PUBLIC KEY", &own), ("CERTIFICATE", &whole)] {
        assert!(matches!(pem(label, der), Err(KeyError::NotAKey)), "{label}");
    }
    for at in [0, 1, 4, 5, 6, 20, 24, 25] {
        let mut broken = whole.clone();
        broken[at] ^= 0x40;
        assert!(matches!(pem("PUBLIC KEY", &broken), Err(KeyError::NotAKey)), "{at}");
    }
    assert!(matches!(pem("PUBLIC KEY", &whole[..whole.len() - 1]), Err(KeyError::NotAKey)));
    assert!(matches!(pem("PUBLIC KEY", &[whole.as_slice(), &[0]].concat()), Err(KeyError::NotAKey)));
}

#[test]
fn a_token_selects_a_key_of_a_set_by_kid_and_never_by_chance() {
    let secret = |name: Option<&str>, bytes: &[u8]| {
        let mut entry = json!({"kty": "oct", "k": URL_SAFE_NO_PAD.encode(bytes)});
        if let Some(name) = name {
            entry["kid"] = name.into();
        }
        entry
    };
    let set = |entries: &[Value]| {
        let (keys, errors) = Keys::parse(json!({"keys": entries}).to_string().as_bytes(), false).unwrap();
        assert!(errors.is_empty(), "{errors:?}");
        Keys::Set(keys)
    };
    let check =
        |keys: &Keys, header: Value| keys.verify_signature(&Token::parse(&token(&header, &valid_claims())).unwrap());
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
fn the_url_of_a_key_set_is_https_or_on_this_host() {
    for valid_claims in [
        "https://id.example.com/jwks.json",
        "HTTPS://id.example.com",
        "http://localhost:1/keys",
        "http://127.0.0.1/keys",
        "http://127.8.9.1:80/",
        "http://[::1]:8080/keys?v=1",
    ] {
        assert!(parse_url(valid_claims).is_some(), "{valid_claims}");
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
        assert!(parse_url(bad).is_none(), "{bad}");
    }
}
