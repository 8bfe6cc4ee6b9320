//! Key files: loaded at the start and on SIGHUP; errors name the option.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::signer::{SECRET, Signer, claims, key_file, set};
use crate::world::{World, eventually};

const TIMEOUT: Duration = Duration::from_secs(10);

/// Creates a folder with one file of this text and mode.
fn file(text: impl AsRef<[u8]>, mode: u32) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("key");
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    (folder, file)
}

/// Runs `serve` with these arguments in its own folder; it must exit by itself.
fn serve(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let folder = TempDir::new().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_support"))
        .env_clear()
        .envs(environment.iter().copied())
        .current_dir(&folder)
        .args(["serve", "--bind", "127.0.0.1:0"])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let ended = (0..500).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        child.try_wait().unwrap().is_some()
    });
    if !ended {
        child.kill().unwrap();
    }
    assert!(!folder.path().join("support.db").exists(), "nothing is made before the keys are known to be good");
    let output = child.wait_with_output().unwrap();
    assert!(ended, "serve goes on with {arguments:?}");
    output
}

/// Asserts that `serve` fails with this sentence after the option.
#[track_caller]
fn assert_refused(option: &str, text: impl AsRef<[u8]>, mode: u32, sentence: &str) {
    let (_folder, file) = file(text, mode);
    let file = file.to_str().unwrap();
    let output = serve(&[option, file], &[]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(output.stdout.is_empty());
    assert_eq!(stderr, format!("error: {option}: {}\n", sentence.replace("{}", file)));
}

#[test]
fn an_unusable_key_file_is_refused_at_the_start() {
    let wrong_kind = "{} contains no supported key: provide one public key in PEM (RSA, P-256 or Ed25519), or a secret";
    let private = "{} contains a private key: use its public key instead";
    for name in ["rsa.pem", "ec.pem", "ed.pem", "p384.pem"] {
        assert_refused("--jwt-key", key_file(name), 0o600, private);
    }
    let traditional = "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    assert_refused("--jwt-key", traditional, 0o600, private);
    let short = key_file("rsa-short.pub.pem");
    assert_refused("--jwt-key", short, 0o644, "the RSA key in {} has 1024 bits; it must have 2048 to 4096");
    let p384 = "-----BEGIN PUBLIC KEY-----\n\
        MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEBqgi2Ca7vPYt5y4/dsMqz26Qp4x0vqu6\nwwLBkdFG3GvuQbCXINAmaTHz8oSbGRJJJ5s5Sn/Tkdt5KtqEJRXh+03T409xxYLs\n\
        7S7/Sqi5E+zQcjdC5L46adBe5/7fz7BY\n-----END PUBLIC KEY-----\n";
    assert_refused("--jwt-key", p384, 0o644, wrong_kind);
    assert_refused("--jwt-key", key_file("ca.crt"), 0o644, wrong_kind);
    assert_refused("--jwt-key", Signer::ed("ed.pem").pem.replace("MCow", "MCox"), 0o644, wrong_kind);
    assert_refused("--jwt-key", Signer::ed("ed.pem").jwk.to_string(), 0o600, wrong_kind);
    assert_refused("--jwt-key", "too short", 0o600, "the secret in {} has 9 bytes; the minimum is 32");
    assert_refused("--jwt-key", "", 0o600, "the secret in {} has 0 bytes; the minimum is 32");
    assert_refused("--jwt-key", "x".repeat(300_000), 0o600, "{} is larger than 262144 bytes");
}

#[test]
fn a_secret_that_others_can_read_is_refused() {
    for mode in [0o640, 0o604, 0o660, 0o602] {
        assert_refused(
            "--jwt-key",
            SECRET,
            mode,
            "{} contains a secret and is readable by other users: run 'chmod 600' on it",
        );
    }
    let keys = set(&[&Signer::secret(SECRET).named("a")]);
    assert_refused("--jwks", keys, 0o644, "{} contains a secret and is readable by other users: run 'chmod 600' on it");
}

#[test]
fn a_set_without_a_usable_key_is_refused_with_its_position() {
    assert_refused("--jwks", "keys", 0o644, "{} is not a JSON Web Key Set");
    assert_refused("--jwks", Signer::ed("ed.pem").jwk.to_string(), 0o644, "{} is not a JSON Web Key Set");
    assert_refused("--jwks", r#"{"keys":{}}"#, 0o644, "{} is not a JSON Web Key Set");
    let none = "{} contains no key for RS256, PS256, ES256, EdDSA or HS256";
    assert_refused("--jwks", r#"{"keys":[]}"#, 0o644, none);
    assert_refused("--jwks", r#"{"keys":[{"kty":"RSA","use":"enc"},{"kty":"EC","crv":"P-521"}]}"#, 0o644, none);
    for (bad, sentence) in unusable_keys() {
        let set = json!({"keys": [{"kty": "new kind"}, bad]}).to_string();
        assert_refused("--jwks", set, 0o600, sentence);
    }
}

/// Returns unusable entries, each with its sentence as the second of its set.
fn unusable_keys() -> Vec<(Value, &'static str)> {
    let mut private = Signer::ed("ed.pem").jwk;
    private["d"] = "AAAA".into();
    vec![
        (private, "{}: keys[1].d contains a private key: use its public key instead"),
        (json!({"kty": "RSA", "e": "AQAB"}), "{}: keys[1].n is missing or malformed"),
        (json!(1), "{}: keys[1] is missing or malformed"),
        (
            json!({"kty": "RSA", "n": "w".repeat(171), "e": "AQAB"}),
            "the RSA key in {}: keys[1].n has 1024 bits; it must have 2048 to 4096",
        ),
        (json!({"kty": "oct", "k": "c2hvcnQ"}), "the secret in {}: keys[1].k has 5 bytes; the minimum is 32"),
    ]
}

#[test]
fn an_unusable_key_in_a_set_is_skipped_with_a_line_in_the_log_and_the_others_are_used() {
    let good = Signer::ed("ed.pem").named("good");
    let secret = Signer::secret(SECRET).named("secret");
    let bad = unusable_keys().into_iter().map(|(bad, _)| bad);
    let keys: Vec<Value> = bad.chain([good.jwk.clone(), secret.jwk.clone()]).collect();
    let (_folder, file) = file(json!({"keys": keys}).to_string(), 0o644);
    let world = World::plan().with_arguments(&["--jwks", file.to_str().unwrap()]).start();
    world.actor_with_token(&good.token(&claims(1))).track(1).assert_ok();
    // A secret readable by others is one of the skipped keys.
    world.actor_with_token(&secret.token(&claims(1))).track(1).assert_refused(401, "UNAUTHORIZED");
    let lines = world.log_lines("a key of the identity service is not used");
    for place in ["keys[0].d", "keys[1].n", "keys[2]", "keys[3].n", "keys[4].k", "keys[6].k"] {
        assert!(
            lines.iter().any(|line| line.contains(place) && line.contains(file.to_str().unwrap())),
            "{place}: {lines:#?}"
        );
    }
    assert_eq!(lines.len(), 6);
}

#[test]
fn a_missing_file_or_a_directory_is_refused() {
    for option in ["--jwks", "--jwt-key"] {
        let stderr = String::from_utf8(serve(&[option, "nowhere"], &[]).stderr).unwrap();
        assert!(stderr.starts_with(&format!("error: {option}: nowhere could not be read: ")), "{stderr}");
        let stderr = String::from_utf8(serve(&[option, "/dev/zero"], &[]).stderr).unwrap();
        assert!(stderr.contains("not a regular file"), "{stderr}");
    }
}

#[test]
fn an_insecure_address_is_refused() {
    for url in ["http://id.example.com/keys", "ftp://localhost/keys", "https://me:canary@localhost/keys", "https://"] {
        let output = serve(&["--jwks", url], &[]);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.starts_with("error: --jwks: the URL must begin with https://"), "{stderr}");
        assert!(!stderr.contains("canary"), "{stderr}");
    }
}

#[test]
fn an_unusable_authority_is_refused() {
    let (_folder, file) = file(key_file("localhost.pem"), 0o644);
    let serve = |ca: &str| {
        let output = serve(&["--jwks", "https://localhost:1/keys", "--ca", ca], &[]);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    let file = file.to_str().unwrap();
    assert_eq!(serve(file), format!("error: --ca: {file} contains no valid certificate in PEM\n"));
    assert!(serve("nowhere").starts_with("error: --ca: nowhere could not be read: "));
}

#[test]
fn a_refusal_is_printed_in_the_requested_language_and_as_json() {
    let output = serve(&["--jwt-key", "nowhere"], &[("SUPPORT_LANG", "de")]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("--jwt-key: nowhere konnte nicht gelesen werden"), "{stderr}");
    let output = serve(&["--jwt-key", "nowhere", "--format", "json"], &[]);
    let stderr: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(stderr["error"]["code"], "FAILED");
}

#[test]
fn contradictory_and_ineffective_options_are_usage_errors() {
    for arguments in [
        &["--jwks", "a", "--jwt-key", "b"][..],
        &["--jwt-issuer", "a"],
        &["--jwt-audience", "a"],
        &["--jwt-customer-claim", "a"],
        &["--jwks", ""],
        &["--jwks", "a", "--jwt-issuer", ""],
    ] {
        assert_eq!(serve(arguments, &[]).status.code(), Some(2), "{arguments:?}");
    }
    assert_eq!(serve(&["--jwt-key", "a"], &[("SUPPORT_JWT_JWKS", "b")]).status.code(), Some(2));
}

#[test]
fn environment_variables_work_like_options() {
    for (name, option) in [("SUPPORT_JWT_KEY", "--jwt-key"), ("SUPPORT_JWT_JWKS", "--jwks")] {
        let stderr = String::from_utf8(serve(&[], &[(name, "nowhere")]).stderr).unwrap();
        assert!(stderr.starts_with(&format!("error: {option}: nowhere could not be read")), "{stderr}");
    }
}

#[test]
fn a_key_file_is_reloaded_on_sighup_and_an_invalid_one_changes_nothing() {
    let (old, new) = (Signer::ec("ec.pem"), Signer::rsa("rsa.pem"));
    let (_folder, file) = file(&old.pem, 0o644);
    let world = World::plan().with_arguments(&["--jwt-key", file.to_str().unwrap()]).start();
    let track = |signer: &Signer| world.actor_with_token(&signer.token(&claims(1))).track(1).status;
    assert_eq!((track(&old), track(&new)), (200, 401));

    fs::write(&file, "half a ke").unwrap();
    world.signal("HUP");
    let lines = world.log_lines("the keys cannot be used");
    assert!(lines[0].contains("ERROR") && lines[0].contains("--jwt-key"), "{lines:?}");
    assert_eq!((track(&old), track(&new)), (200, 401));

    fs::write(&file, &new.pem).unwrap();
    world.signal("HUP");
    eventually(TIMEOUT, || (track(&new) == 200).then_some(()));
    assert_eq!(track(&old), 401);

    fs::remove_file(&file).unwrap();
    world.signal("HUP");
    eventually(TIMEOUT, || (world.log_lines("the keys cannot be used").len() == 2).then_some(()));
    assert_eq!(track(&new), 200);
}

#[test]
fn sighup_without_keys_is_ignored() {
    let world = World::start();
    for times in 1..=2 {
        world.signal("HUP");
        eventually(TIMEOUT, || (world.log_lines("no keys of an identity service").len() == times).then_some(()));
        world.amina().track(1).assert_ok();
    }
}

#[test]
fn a_set_file_is_reloaded_on_sighup() {
    let (old, new) = (Signer::ec("ec.pem").named("old"), Signer::ed("ed.pem").named("new"));
    let (_folder, file) = file(set(&[&old]), 0o644);
    let world = World::plan().with_arguments(&["--jwks", file.to_str().unwrap()]).start();
    let track = |signer: &Signer| world.actor_with_token(&signer.token(&claims(1))).track(1).status;
    assert_eq!((track(&old), track(&new)), (200, 401));
    fs::write(&file, set(&[&old, &new])).unwrap();
    assert_eq!(track(&new), 401);
    world.signal("HUP");
    eventually(TIMEOUT, || (track(&new) == 200).then_some(()));
    assert_eq!(track(&old), 200);
}

#[test]
fn a_cached_token_is_invalid_while_its_key_is_removed() {
    let (old, new) = (Signer::ec("ec.pem").named("a"), Signer::ed("ed.pem").named("b"));
    let (_folder, file) = file(set(&[&old, &new]), 0o644);
    let world = World::plan().with_arguments(&["--jwks", file.to_str().unwrap()]).start();
    let believed = world.actor_with_token(&old.token(&claims(1)));
    let reads_again = |keys: &[&Signer], status| {
        fs::write(&file, set(keys)).unwrap();
        world.signal("HUP");
        eventually(TIMEOUT, || (believed.track(1).status == status).then_some(()));
        assert_eq!([(); 3].map(|()| believed.track(1).status), [status; 3]);
    };
    assert_eq!([(); 3].map(|()| believed.track(1).status), [200; 3]);
    reads_again(&[&new], 401);
    reads_again(&[&old, &new], 200);
    // Another key with the same id.
    reads_again(&[&Signer::ec("ec-other.pem").named("a"), &new], 401);
    reads_again(&[&old], 200);
}

#[test]
fn only_the_streams_of_a_removed_key_end() {
    let (old, new) = (Signer::ec("ec.pem").named("a"), Signer::ed("ed.pem").named("b"));
    let (_folder, file) = file(set(&[&old, &new]), 0o644);
    let world = World::plan().with_arguments(&["--jwks", file.to_str().unwrap()]).start();
    let streams = |signer: &Signer| world.actor_with_token(&signer.token(&claims(1))).open_stream();
    let (mut withdrawn, mut kept, mut ours) = (streams(&old), streams(&new), world.amina().open_stream());
    fs::write(&file, set(&[&new])).unwrap();
    world.signal("HUP");
    let (events, is_complete) = withdrawn.read_to_end(Duration::from_secs(5));
    assert!(events.is_empty() && is_complete, "the response ends completely");
    world.actor_with_token(&old.token(&claims(1))).request("GET", "/events").send().assert_refused(401, "UNAUTHORIZED");
    let ticket = world.amina().create_ride_ticket("charged twice");
    assert_eq!((kept.next().ticket(), ours.next().ticket()), (ticket, ticket));
}
