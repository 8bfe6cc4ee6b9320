//! Tokens of the platform's identity service (RFC 7519, RFC 8725).

use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::Response;
use crate::signer::{SECRET, Signer, claims, now, set};
use crate::world::{World, eventually, ride_ticket};

const INVALID_TOKEN: &str = r#"Bearer realm="support", error="invalid_token""#;
const INSUFFICIENT_SCOPE: &str = r#"Bearer realm="support", error="insufficient_scope""#;

/// Starts a server that accepts tokens of this key, and returns the folder of the key.
fn start_with_key(signer: &Signer, more: &[&str]) -> (World, TempDir) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("key");
    write_private(&file, &signer.pem);
    let key = ["--jwt-key", file.to_str().unwrap()];
    (World::plan().with_arguments(&[&key, more].concat()).start(), folder)
}

fn write_private(file: &std::path::Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(file, text).unwrap();
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[track_caller]
fn assert_invalid_token(answer: &Response) {
    answer.assert_refused(401, "UNAUTHORIZED").assert_fields(&[]);
    assert_eq!(answer.header("www-authenticate"), Some(INVALID_TOKEN));
}

#[track_caller]
fn assert_forbidden(answer: &Response) {
    answer.assert_refused(403, "PERMISSION_DENIED").assert_fields(&[]);
    assert_eq!(answer.header("www-authenticate"), Some(INSUFFICIENT_SCOPE));
}

/// Returns valid claims of customer 1 with these changes.
fn claims_with(changes: &Value) -> Value {
    let mut all = claims(1);
    all.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    all
}

/// Returns two signers for each algorithm: one whose key is configured, and another.
fn pairs() -> [(Signer, Signer); 5] {
    [
        (Signer::rsa("rsa.pem"), Signer::rsa("rsa-other.pem")),
        (Signer::pss("rsa.pem"), Signer::pss("rsa-other.pem")),
        (Signer::ec("ec.pem"), Signer::ec("ec-other.pem")),
        (Signer::ed("ed.pem"), Signer::ed("ed-other.pem")),
        (Signer::secret(SECRET), Signer::secret("another secret that a test shares with itself")),
    ]
}

#[test]
fn a_token_of_every_algorithm_is_accepted_with_the_right_key_only() {
    for (signer, other) in pairs() {
        let (world, _keep) = start_with_key(&signer, &[]);
        let amina = world.actor_with_token(&signer.token(&claims(1)));
        let ticket = amina.create_ride_ticket("charged twice");
        assert_eq!(amina.track(ticket).data()["description"], "charged twice");
        amina.escalate(ticket).assert_ok();
        amina.close(ticket).assert_ok();
        amina.list("").assert_ok();
        assert_invalid_token(&world.actor_with_token(&other.token(&claims(1))).track(1));
        let history = world.inspect_ticket(ticket)["history"].to_string();
        assert!(history.contains(r#""id":1"#), "{history}");
    }
}

#[test]
fn the_key_and_not_the_token_determines_the_algorithm() {
    let pairs = pairs();
    for (signer, _) in &pairs {
        let (world, _keep) = start_with_key(signer, &[]);
        let is_refused = |token: &str| assert_invalid_token(&world.actor_with_token(token).track(1));
        for alg in ["none", "None", "HS256", "HS384", "RS256", "RS512", "PS256", "ES256", "ES384", "EdDSA"] {
            let header = json!({"alg": alg});
            let token = signer.token_with(&header, &claims(1));
            let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
            is_refused(&unsigned);
            if alg != signer.algorithm() {
                is_refused(&token);
            }
            // A public key must not be usable as a secret.
            for public in [signer.pem.as_str(), signer.pem.trim_end(), &signer.jwk.to_string()] {
                if public != SECRET {
                    is_refused(&Signer::secret(public).token_with(&header, &claims(1)));
                }
            }
        }
        world.actor_with_token(&signer.token(&claims(1))).track(1).assert_ok();
    }
    // An RSA key signs by either of its two algorithms, named in the header.
    let (rs, ps) = (&pairs[0].0, &pairs[1].0);
    let (world, _keep) = start_with_key(rs, &[]);
    world.actor_with_token(&ps.token(&claims(1))).track(1).assert_ok();
    assert_invalid_token(&world.actor_with_token(&rs.token_with(&json!({"alg": "PS256"}), &claims(1))).track(1));
}

#[test]
fn a_set_may_restrict_an_rsa_key_to_one_algorithm() {
    let mut rs = Signer::rsa("rsa.pem").named("a");
    rs.jwk["alg"] = "RS256".into();
    let ps = Signer::pss("rsa.pem").named("a");
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("keys.json");
    std::fs::write(&file, set(&[&rs, &Signer::ed("ed.pem").named("b")])).unwrap();
    let world = World::plan().with_arguments(&["--jwks", file.to_str().unwrap()]).start();
    world.actor_with_token(&rs.token(&claims(1))).track(1).assert_ok();
    assert_invalid_token(&world.actor_with_token(&ps.token(&claims(1))).track(1));
    world.actor_with_token(&Signer::ed("ed.pem").named("b").token(&claims(1))).track(1).assert_ok();
    assert_invalid_token(&world.actor_with_token(&Signer::ed("ed.pem").named("a").token(&claims(1))).track(1));
    assert_invalid_token(&world.actor_with_token(&Signer::ed("ed.pem").named("c").token(&claims(1))).track(1));
}

#[test]
fn a_token_is_valid_in_its_time_with_30_seconds_of_leeway() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = start_with_key(&signer, &[]);
    let track = |changes: Value| world.actor_with_token(&signer.token(&claims_with(&changes))).track(1);
    track(json!({"exp": now() - 20})).assert_ok();
    assert_invalid_token(&track(json!({"exp": now() - 31})));
    track(json!({"nbf": now() + 20})).assert_ok();
    assert_invalid_token(&track(json!({"nbf": now() + 60})));
    assert_invalid_token(&track(json!({"exp": null})));
    assert_invalid_token(&track(json!({"exp": (now() + 60).to_string()})));
    let mut endless = claims(1);
    endless.as_object_mut().unwrap().remove("exp");
    assert_invalid_token(&world.actor_with_token(&signer.token(&endless)).track(1));
}

#[test]
fn a_cached_token_expires_at_its_time() {
    let signer = Signer::ed("ed.pem");
    let (world, _keep) = start_with_key(&signer, &[]);
    // The token expired 27 s ago, within the leeway.
    let ended = now() - 27;
    let holder = world.actor_with_token(&signer.token(&claims_with(&json!({"exp": ended}))));
    holder.track(1).assert_ok();
    holder.track(1).assert_ok();
    let refused = eventually(Duration::from_secs(6), || {
        let asked = now();
        let answer = holder.track(1);
        assert!(answer.status != 200 || asked < ended + 30, "good after its time");
        (answer.status != 200).then_some(answer)
    });
    assert!(now() >= ended + 30, "bad before its time");
    assert_invalid_token(&refused);
    assert_invalid_token(&holder.track(1));
}

#[test]
fn cached_tokens_are_not_confused_with_each_other() {
    let signer = Signer::ed("ed.pem");
    let (world, _keep) = start_with_key(&signer, &[]);
    let narrow = claims_with(&json!({"permissions": ["create_support_ticket"]}));
    let (amina, other, reader) = (claims(1), claims(5), narrow);
    let [amina, other, reader] = [amina, other, reader].map(|claims| world.actor_with_token(&signer.token(&claims)));
    for _ in 0..3 {
        amina.track(1).assert_ok();
        other.track(1).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
        assert_forbidden(&reader.track(1));
        assert_invalid_token(&world.actor_with_token(&format!("{}A", amina.token)).track(1));
    }
}

#[test]
fn a_token_needs_the_issuer_and_the_audience() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = start_with_key(&signer, &["--jwt-issuer", "https://id", "--jwt-audience", "support"]);
    let track = |changes: Value| world.actor_with_token(&signer.token(&claims_with(&changes))).track(1);
    track(json!({"iss": "https://id", "aud": "support"})).assert_ok();
    track(json!({"iss": "https://id", "aud": ["shop", "support"]})).assert_ok();
    for wrong in [
        json!({}),
        json!({"iss": "https://id"}),
        json!({"aud": "support"}),
        json!({"iss": "https://id/", "aud": "support"}),
        json!({"iss": "https://id", "aud": "shop"}),
        json!({"iss": "https://id", "aud": []}),
    ] {
        assert_invalid_token(&track(wrong));
    }
}

#[test]
fn a_token_for_another_audience_is_refused_by_default() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = start_with_key(&signer, &[]);
    assert_invalid_token(&world.actor_with_token(&signer.token(&claims_with(&json!({"aud": "shop"})))).track(1));
    world.actor_with_token(&signer.token(&claims_with(&json!({"iss": "anyone"})))).track(1).assert_ok();
}

#[test]
fn the_customer_is_read_from_the_configured_claim() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = start_with_key(&signer, &[]);
    let track = |sub: Value| world.actor_with_token(&signer.token(&claims_with(&json!({"sub": sub})))).track(1);
    track(json!("1")).assert_ok();
    track(json!(1)).assert_ok();
    track(json!("5")).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    for nobody in [json!("01"), json!("amina"), json!(0), json!(-1), json!(1.5), json!(""), json!(null), json!(["1"])] {
        assert_invalid_token(&track(nobody));
    }
    let (world, _keep) = start_with_key(&signer, &["--jwt-customer-claim", "customer_id"]);
    let named = signer.token(&claims_with(&json!({"sub": "auth0|7", "customer_id": 1})));
    world.actor_with_token(&named).track(1).assert_ok();
    assert_invalid_token(&world.actor_with_token(&signer.token(&claims(1))).track(1));
}

#[test]
fn another_role_or_a_missing_permission_is_forbidden() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = start_with_key(&signer, &[]);
    let track = |changes: Value| world.actor_with_token(&signer.token(&claims_with(&changes))).track(1);
    for role in [json!({"role": "driver"}), json!({"role": null}), json!({"role": null, "roles": ["driver", "admin"]})]
    {
        assert_forbidden(&track(role));
    }
    track(json!({"role": null, "roles": ["driver", "customer"]})).assert_ok();
    assert_forbidden(&track(json!({"permissions": ["create_support_ticket", "admin"]})));
    assert_forbidden(&track(json!({"permissions": [], "scope": "track_support_ticket"})));
    track(json!({"permissions": "openid track_support_ticket"})).assert_ok();
    let mut scoped = claims(1);
    scoped.as_object_mut().unwrap().remove("permissions");
    assert_forbidden(&world.actor_with_token(&signer.token(&scoped)).track(1));
    scoped["scope"] = "openid track_support_ticket".into();
    let holder = world.actor_with_token(&signer.token(&scoped));
    holder.track(1).assert_ok();
    assert_forbidden(&holder.close(1));
    assert_forbidden(&holder.create(&ride_ticket()));
}

#[test]
fn a_modified_token_is_refused() {
    let signer = Signer::ed("ed.pem");
    let (world, _keep) = start_with_key(&signer, &[]);
    let is_refused = |token: &str| assert_invalid_token(&world.actor_with_token(token).track(1));
    let (mine, theirs) = (signer.token(&claims(5)), signer.token(&claims(1)));
    let parts = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (mine_parts, theirs_parts) = (parts(&mine), parts(&theirs));
    is_refused(&format!("{}.{}.{}", mine_parts[0], theirs_parts[1], mine_parts[2]));
    for at in [0, mine.len() / 2, mine.len() - 10] {
        let mut touched = mine.clone().into_bytes();
        touched[at] = if touched[at] == b'A' { b'B' } else { b'A' };
        is_refused(&String::from_utf8(touched).unwrap());
    }
    for token in [
        format!("{mine}."),
        format!(".{mine}"),
        format!("{mine}=="),
        mine[..mine.len() - 1].to_owned(),
        "..".to_owned(),
    ] {
        is_refused(&token);
    }
    is_refused(&signer.token(&claims_with(&json!({"pad": "x".repeat(8_000)}))));
    is_refused(&signer.token_with(&json!({"alg": "EdDSA", "crit": ["b64"], "b64": true}), &claims(1)));
}

#[test]
fn a_key_in_the_token_is_ignored() {
    let (signer, other) = (Signer::ed("ed.pem"), Signer::ed("ed-other.pem"));
    let (world, _keep) = start_with_key(&signer, &[]);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    let header = json!({"alg": "EdDSA", "jwk": other.jwk, "jku": url, "x5u": url});
    assert_invalid_token(&world.actor_with_token(&other.token_with(&header, &claims(1))).track(1));
    world.actor_with_token(&signer.token_with(&header, &claims(1))).track(1).assert_ok();
    assert!(listener.accept().is_err(), "the address in a token is not fetched");
}

#[test]
fn a_customer_unknown_to_the_store_has_no_tickets_and_creates_none() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = start_with_key(&signer, &[]);
    let stranger = world.actor_with_token(&signer.token(&claims(4242)));
    stranger.create(&ride_ticket()).assert_refused(400, "CUSTOMER_NOT_FOUND");
    assert_eq!(stranger.list("").data()["tickets"], json!([]));
    stranger.track(1).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    stranger.close(1).assert_refused(404, "SUPPORT_TICKET_NOT_FOUND");
}

#[test]
fn tokens_of_the_store_stay_valid_beside_the_platforms() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = start_with_key(&signer, &[]);
    world.amina().track(1).assert_ok();
    assert_invalid_token(&world.actor_with_token("sup_wrong").track(1));
    world.request("GET", "/1").send().assert_refused(401, "UNAUTHORIZED");
}

#[test]
fn without_a_key_no_token_of_the_platform_is_valid() {
    let world = World::start();
    for (signer, _) in pairs() {
        assert_invalid_token(&world.actor_with_token(&signer.token(&claims(1))).track(1));
    }
}

#[test]
fn all_tokens_of_a_customer_share_one_rate_limit() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = start_with_key(&signer, &["--rate-limit", "2/1h"]);
    world.amina().track(1).assert_ok();
    let holder = world.actor_with_token(&signer.token(&claims(1)));
    holder.track(1).assert_ok();
    holder.track(1).assert_refused(429, "RATE_LIMITED");
    world.actor_with_token(&signer.token(&claims(5))).list("").assert_ok();
}

#[test]
fn neither_a_token_nor_a_secret_is_logged() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = start_with_key(&signer, &["--log-format", "json"]);
    let (good, bad) = (signer.token(&claims(1)), Signer::ed("ed.pem").token(&claims(1)));
    world.actor_with_token(&good).track(1).assert_ok();
    assert_invalid_token(&world.actor_with_token(&bad).track(1));
    world.signal("TERM");
    world.wait_for_exit(Duration::from_secs(15));
    let log = world.log();
    for secret in [SECRET, &good, &bad, good.rsplit('.').next().unwrap(), bad.rsplit('.').next().unwrap()] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[test]
fn the_log_names_why_a_token_is_refused_and_the_answer_does_not() {
    let signer = Signer::ed("ed.pem").named("ours");
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("keys.json");
    std::fs::write(&file, set(&[&signer, &Signer::ec("ec.pem").named("second")])).unwrap();
    let options = ["--jwks", file.to_str().unwrap(), "--jwt-issuer", "id", "--jwt-audience", "support"];
    let world = World::plan().with_arguments(&[&options[..], &["--log-format", "json"]].concat()).start();
    let token = |changes: Value| {
        let mut all = claims_with(&json!({"iss": "id", "aud": "support"}));
        all.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        signer.token(&all)
    };
    let header = |header: Value| signer.token_with(&header, &claims(1));
    let good = token(json!({}));
    world.actor_with_token(&good).track(1).assert_ok();
    let mut answers = Vec::new();
    for (token, reason) in [
        (token(json!({"aud": "shop"})), "token_audience"),
        (token(json!({"iss": "other"})), "token_issuer"),
        (token(json!({"sub": "seven"})), "token_customer"),
        (token(json!({"exp": now() - 60})), "token_expired"),
        (token(json!({"exp": null})), "token_without_expiry"),
        (token(json!({"nbf": now() + 600})), "token_not_yet_valid"),
        (header(json!({"alg": "HS256", "kid": "ours"})), "token_algorithm"),
        (header(json!({"alg": "EdDSA", "kid": "theirs"})), "token_key_unknown"),
        (header(json!({"alg": "EdDSA", "kid": "ours", "typ": "logout+jwt"})), "token_type"),
        (header(json!({"alg": "EdDSA", "kid": "ours", "crit": ["b64"]})), "token_critical_header"),
        (Signer::ed("ed-other.pem").named("ours").token(&claims(1)), "token_signature"),
        (token(json!({"pad": "x".repeat(9_000)})), "token_too_long"),
        ("neither of ours nor a JWT".replace(' ', "-"), "token_malformed"),
        ("sup_wrong".to_owned(), "token_malformed"),
    ] {
        answers.push(assert_refused_for(&world, &token, 401, reason));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "one answer for every reason: {answers:#?}");
    assert_refused_for(&world, &token(json!({"role": "driver"})), 403, "wrong_role");
    assert_refused_for(&world, &token(json!({"permissions": []})), 403, "missing_permission");
    assert!(!world.log().contains(good.rsplit('.').next().unwrap()));
}

#[test]
fn the_log_names_why_an_opaque_token_is_refused() {
    let world = World::start();
    let record = world.token_record(1, &[]);
    let revoked = record["token"].as_str().unwrap().to_owned();
    world.run(&["token", "revoke", &record["tokenId"].to_string()]);
    let unknown = World::start().customer_with(1, &[]).token;
    assert_refused_for(&world, &revoked, 401, "token_revoked");
    assert_refused_for(&world, &unknown, 401, "token_unknown");
    assert_refused_for(&world, &format!("{unknown}x"), 401, "token_malformed");
    assert_refused_for(&world, &Signer::ed("ed.pem").token(&claims(1)), 401, "token_foreign");
    world.request("GET", "/1").header("X-Request-Id", "no-token").send().assert_status(401);
    assert!(world.log_lines("no-token")[0].contains("no_token"));
}

/// Asserts that the log line of a request with this token names the reason; returns the response without its request
/// id.
#[track_caller]
fn assert_refused_for(world: &World, token: &str, status: u16, reason: &str) -> String {
    let id = format!("refused-{}-{}", reason.replace('_', "-"), token.len());
    let answer = world.actor_with_token(token).request("GET", "/1").header("X-Request-Id", &id).send();
    answer.assert_status(status);
    let line = &world.log_lines(&id)[0];
    assert!(line.contains("INFO") && line.contains(reason), "{reason}: {line}");
    format!("{:?} {}", answer.header("www-authenticate"), answer.text().replace(&id, ""))
}

#[test]
fn a_stream_ends_when_the_platforms_token_expires() {
    let signer = Signer::ed("ed.pem");
    let (world, _folder) = start_with_key(&signer, &[]);
    // The token expired 26 s ago, within the leeway.
    let token = signer.token(&claims_with(&json!({"exp": now() - 26})));
    let mut stream = world.actor_with_token(&token).open_stream();
    let ticket = world.amina().create_ride_ticket("charged twice");
    assert_eq!(stream.next().ticket(), ticket);
    let (events, is_complete) = stream.read_to_end(Duration::from_secs(9));
    assert!(events.is_empty() && is_complete);
    assert!(world.log_lines("ended a stream: its token is no longer valid")[0].contains("token_expired"));
    assert_invalid_token(&world.actor_with_token(&token).request("GET", "/events").send());
}
