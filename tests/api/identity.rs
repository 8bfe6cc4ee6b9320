//! The platform's own tokens, as a client sends them: who gets in, as whom, and who does not (RFC 7519, RFC 8725).

use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::Response;
use crate::signer::{SECRET, Signer, claims, now, set};
use crate::world::{World, eventually, ride_ticket};

const INVALID: &str = r#"Bearer realm="support", error="invalid_token""#;
const INSUFFICIENT: &str = r#"Bearer realm="support", error="insufficient_scope""#;

/// A world that believes what is signed with this key, and the folder of its key.
fn believing(signer: &Signer, more: &[&str]) -> (World, TempDir) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("key");
    write_private(&file, &signer.pem);
    let key = ["--jwt-key", file.to_str().unwrap()];
    (World::plan().serving(&[&key, more].concat()).start(), folder)
}

fn write_private(file: &std::path::Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(file, text).unwrap();
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[track_caller]
fn is_invalid(answer: &Response) {
    answer.is_refused(401, "UNAUTHORIZED").blames(&[]);
    assert_eq!(answer.header("www-authenticate"), Some(INVALID));
}

#[track_caller]
fn is_forbidden(answer: &Response) {
    answer.is_refused(403, "PERMISSION_DENIED").blames(&[]);
    assert_eq!(answer.header("www-authenticate"), Some(INSUFFICIENT));
}

/// Good claims of customer 1, but for these.
fn but(changes: &Value) -> Value {
    let mut all = claims(1);
    all.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    all
}

/// A pair of signers for each algorithm: the one whose key is known, and another.
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
fn a_token_opens_by_every_algorithm_and_another_key_opens_nothing() {
    for (signer, other) in pairs() {
        let (world, _keep) = believing(&signer, &[]);
        let amina = world.holder_of(&signer.token(&claims(1)));
        let ticket = amina.opens_ride_ticket("charged twice");
        assert_eq!(amina.tracks(ticket).data()["description"], "charged twice");
        amina.escalates(ticket).is_ok();
        amina.closes(ticket).is_ok();
        amina.lists("").is_ok();
        is_invalid(&world.holder_of(&other.token(&claims(1))).tracks(1));
        let history = world.inspects(ticket)["history"].to_string();
        assert!(history.contains(r#""id":1"#), "{history}");
    }
}

#[test]
fn the_key_and_never_the_token_decides_the_algorithm() {
    let pairs = pairs();
    for (signer, _) in &pairs {
        let (world, _keep) = believing(signer, &[]);
        let is_refused = |token: &str| is_invalid(&world.holder_of(token).tracks(1));
        for alg in ["none", "None", "HS256", "HS384", "RS256", "RS512", "PS256", "ES256", "ES384", "EdDSA"] {
            let header = json!({"alg": alg});
            let token = signer.token_with(&header, &claims(1));
            let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
            is_refused(&unsigned);
            if alg != signer.algorithm() {
                is_refused(&token);
            }
            // What everyone knows of the key is no secret to sign with.
            for public in [signer.pem.as_str(), signer.pem.trim_end(), &signer.jwk.to_string()] {
                if public != SECRET {
                    is_refused(&Signer::secret(public).token_with(&header, &claims(1)));
                }
            }
        }
        world.holder_of(&signer.token(&claims(1))).tracks(1).is_ok();
    }
    // An RSA key signs by either of its two algorithms, and says which.
    let (rs, ps) = (&pairs[0].0, &pairs[1].0);
    let (world, _keep) = believing(rs, &[]);
    world.holder_of(&ps.token(&claims(1))).tracks(1).is_ok();
    is_invalid(&world.holder_of(&rs.token_with(&json!({"alg": "PS256"}), &claims(1))).tracks(1));
}

#[test]
fn a_set_may_hold_an_rsa_key_to_one_algorithm() {
    let mut rs = Signer::rsa("rsa.pem").named("a");
    rs.jwk["alg"] = "RS256".into();
    let ps = Signer::pss("rsa.pem").named("a");
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("keys.json");
    std::fs::write(&file, set(&[&rs, &Signer::ed("ed.pem").named("b")])).unwrap();
    let world = World::plan().serving(&["--jwks", file.to_str().unwrap()]).start();
    world.holder_of(&rs.token(&claims(1))).tracks(1).is_ok();
    is_invalid(&world.holder_of(&ps.token(&claims(1))).tracks(1));
    world.holder_of(&Signer::ed("ed.pem").named("b").token(&claims(1))).tracks(1).is_ok();
    is_invalid(&world.holder_of(&Signer::ed("ed.pem").named("a").token(&claims(1))).tracks(1));
    is_invalid(&world.holder_of(&Signer::ed("ed.pem").named("c").token(&claims(1))).tracks(1));
}

#[test]
fn a_token_is_good_in_its_time_give_or_take_half_a_minute() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = believing(&signer, &[]);
    let tracks = |changes: Value| world.holder_of(&signer.token(&but(&changes))).tracks(1);
    tracks(json!({"exp": now() - 20})).is_ok();
    is_invalid(&tracks(json!({"exp": now() - 31})));
    tracks(json!({"nbf": now() + 20})).is_ok();
    is_invalid(&tracks(json!({"nbf": now() + 60})));
    is_invalid(&tracks(json!({"exp": null})));
    is_invalid(&tracks(json!({"exp": (now() + 60).to_string()})));
    let mut endless = claims(1);
    endless.as_object_mut().unwrap().remove("exp");
    is_invalid(&world.holder_of(&signer.token(&endless)).tracks(1));
}

#[test]
fn a_token_that_was_believed_ends_with_its_time() {
    let signer = Signer::ed("ed.pem");
    let (world, _keep) = believing(&signer, &[]);
    // It ended 27 s ago, and is good for as long as clocks may differ.
    let ended = now() - 27;
    let holder = world.holder_of(&signer.token(&but(&json!({"exp": ended}))));
    holder.tracks(1).is_ok();
    holder.tracks(1).is_ok();
    let refused = eventually(Duration::from_secs(6), || {
        let asked = now();
        let answer = holder.tracks(1);
        assert!(answer.status != 200 || asked < ended + 30, "good after its time");
        (answer.status != 200).then_some(answer)
    });
    assert!(now() >= ended + 30, "bad before its time");
    is_invalid(&refused);
    is_invalid(&holder.tracks(1));
}

#[test]
fn tokens_that_were_believed_are_not_taken_for_each_other() {
    let signer = Signer::ed("ed.pem");
    let (world, _keep) = believing(&signer, &[]);
    let narrow = but(&json!({"permissions": ["create_support_ticket"]}));
    let (amina, other, reader) = (claims(1), claims(5), narrow);
    let [amina, other, reader] = [amina, other, reader].map(|claims| world.holder_of(&signer.token(&claims)));
    for _ in 0..3 {
        amina.tracks(1).is_ok();
        other.tracks(1).is_refused(404, "SUPPORT_TICKET_NOT_FOUND");
        is_forbidden(&reader.tracks(1));
        is_invalid(&world.holder_of(&format!("{}A", amina.token)).tracks(1));
    }
}

#[test]
fn a_token_comes_from_our_issuer_and_is_meant_for_us() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = believing(&signer, &["--jwt-issuer", "https://id", "--jwt-audience", "support"]);
    let tracks = |changes: Value| world.holder_of(&signer.token(&but(&changes))).tracks(1);
    tracks(json!({"iss": "https://id", "aud": "support"})).is_ok();
    tracks(json!({"iss": "https://id", "aud": ["shop", "support"]})).is_ok();
    for wrong in [
        json!({}),
        json!({"iss": "https://id"}),
        json!({"aud": "support"}),
        json!({"iss": "https://id/", "aud": "support"}),
        json!({"iss": "https://id", "aud": "shop"}),
        json!({"iss": "https://id", "aud": []}),
    ] {
        is_invalid(&tracks(wrong));
    }
}

#[test]
fn a_token_for_another_audience_is_refused_by_default() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = believing(&signer, &[]);
    is_invalid(&world.holder_of(&signer.token(&but(&json!({"aud": "shop"})))).tracks(1));
    world.holder_of(&signer.token(&but(&json!({"iss": "anyone"})))).tracks(1).is_ok();
}

#[test]
fn the_customer_is_in_the_claim_that_was_named() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = believing(&signer, &[]);
    let tracks = |sub: Value| world.holder_of(&signer.token(&but(&json!({"sub": sub})))).tracks(1);
    tracks(json!("1")).is_ok();
    tracks(json!(1)).is_ok();
    tracks(json!("5")).is_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    for nobody in [json!("01"), json!("amina"), json!(0), json!(-1), json!(1.5), json!(""), json!(null), json!(["1"])] {
        is_invalid(&tracks(nobody));
    }
    let (world, _keep) = believing(&signer, &["--jwt-customer-claim", "customer_id"]);
    let named = signer.token(&but(&json!({"sub": "auth0|7", "customer_id": 1})));
    world.holder_of(&named).tracks(1).is_ok();
    is_invalid(&world.holder_of(&signer.token(&claims(1))).tracks(1));
}

#[test]
fn another_role_or_a_missing_permission_is_forbidden() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = believing(&signer, &[]);
    let tracks = |changes: Value| world.holder_of(&signer.token(&but(&changes))).tracks(1);
    for role in [json!({"role": "driver"}), json!({"role": null}), json!({"role": null, "roles": ["driver", "admin"]})]
    {
        is_forbidden(&tracks(role));
    }
    tracks(json!({"role": null, "roles": ["driver", "customer"]})).is_ok();
    is_forbidden(&tracks(json!({"permissions": ["create_support_ticket", "admin"]})));
    is_forbidden(&tracks(json!({"permissions": [], "scope": "track_support_ticket"})));
    tracks(json!({"permissions": "openid track_support_ticket"})).is_ok();
    let mut scoped = claims(1);
    scoped.as_object_mut().unwrap().remove("permissions");
    is_forbidden(&world.holder_of(&signer.token(&scoped)).tracks(1));
    scoped["scope"] = "openid track_support_ticket".into();
    let holder = world.holder_of(&signer.token(&scoped));
    holder.tracks(1).is_ok();
    is_forbidden(&holder.closes(1));
    is_forbidden(&holder.opens(&ride_ticket()));
}

#[test]
fn a_token_that_was_touched_is_refused() {
    let signer = Signer::ed("ed.pem");
    let (world, _keep) = believing(&signer, &[]);
    let is_refused = |token: &str| is_invalid(&world.holder_of(token).tracks(1));
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
    is_refused(&signer.token(&but(&json!({"pad": "x".repeat(8_000)}))));
    is_refused(&signer.token_with(&json!({"alg": "EdDSA", "crit": ["b64"], "b64": true}), &claims(1)));
}

#[test]
fn a_key_that_comes_with_the_token_is_not_looked_at() {
    let (signer, other) = (Signer::ed("ed.pem"), Signer::ed("ed-other.pem"));
    let (world, _keep) = believing(&signer, &[]);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    let header = json!({"alg": "EdDSA", "jwk": other.jwk, "jku": url, "x5u": url});
    is_invalid(&world.holder_of(&other.token_with(&header, &claims(1))).tracks(1));
    world.holder_of(&signer.token_with(&header, &claims(1))).tracks(1).is_ok();
    assert!(listener.accept().is_err(), "nobody asks an address that a token names");
}

#[test]
fn a_customer_who_is_not_in_the_store_has_nothing_and_opens_nothing() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = believing(&signer, &[]);
    let stranger = world.holder_of(&signer.token(&claims(4242)));
    stranger.opens(&ride_ticket()).is_refused(400, "CUSTOMER_NOT_FOUND");
    assert_eq!(stranger.lists("").data()["tickets"], json!([]));
    stranger.tracks(1).is_refused(404, "SUPPORT_TICKET_NOT_FOUND");
    stranger.closes(1).is_refused(404, "SUPPORT_TICKET_NOT_FOUND");
}

#[test]
fn our_own_tokens_stay_good_beside_the_platforms() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = believing(&signer, &[]);
    world.amina().tracks(1).is_ok();
    is_invalid(&world.holder_of("sup_wrong").tracks(1));
    world.asks("GET", "/1").send().is_refused(401, "UNAUTHORIZED");
}

#[test]
fn without_a_key_no_token_of_the_platform_is_good() {
    let world = World::start();
    for (signer, _) in pairs() {
        is_invalid(&world.holder_of(&signer.token(&claims(1))).tracks(1));
    }
}

#[test]
fn every_holder_of_one_customer_shares_one_rate() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = believing(&signer, &["--rate-limit", "2/1h"]);
    world.amina().tracks(1).is_ok();
    let holder = world.holder_of(&signer.token(&claims(1)));
    holder.tracks(1).is_ok();
    holder.tracks(1).is_refused(429, "RATE_LIMITED");
    world.holder_of(&signer.token(&claims(5))).lists("").is_ok();
}

#[test]
fn neither_a_token_nor_a_secret_is_logged() {
    let signer = Signer::secret(SECRET);
    let (world, _keep) = believing(&signer, &["--log-format", "json"]);
    let (good, bad) = (signer.token(&claims(1)), Signer::ed("ed.pem").token(&claims(1)));
    world.holder_of(&good).tracks(1).is_ok();
    is_invalid(&world.holder_of(&bad).tracks(1));
    world.signals("TERM");
    world.ends_within(Duration::from_secs(15));
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
    let world = World::plan().serving(&[&options[..], &["--log-format", "json"]].concat()).start();
    let token = |changes: Value| {
        let mut all = but(&json!({"iss": "id", "aud": "support"}));
        all.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        signer.token(&all)
    };
    let header = |header: Value| signer.token_with(&header, &claims(1));
    let good = token(json!({}));
    world.holder_of(&good).tracks(1).is_ok();
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
        answers.push(is_refused_for(&world, &token, 401, reason));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "one answer for every reason: {answers:#?}");
    is_refused_for(&world, &token(json!({"role": "driver"})), 403, "wrong_role");
    is_refused_for(&world, &token(json!({"permissions": []})), 403, "missing_permission");
    assert!(!world.log().contains(good.rsplit('.').next().unwrap()));
}

#[test]
fn the_log_names_why_an_opaque_token_is_refused() {
    let world = World::start();
    let record = world.token_record(1, &[]);
    let revoked = record["token"].as_str().unwrap().to_owned();
    world.runs(&["token", "revoke", &record["tokenId"].to_string()]);
    let unknown = World::start().customer_with(1, &[]).token;
    is_refused_for(&world, &revoked, 401, "token_revoked");
    is_refused_for(&world, &unknown, 401, "token_unknown");
    is_refused_for(&world, &format!("{unknown}x"), 401, "token_malformed");
    is_refused_for(&world, &Signer::ed("ed.pem").token(&claims(1)), 401, "token_foreign");
    world.asks("GET", "/1").header("X-Request-Id", "no-token").send().is_status(401);
    assert!(world.log_lines("no-token")[0].contains("no_token"));
}

/// Holds that the line of a request with this token names the reason; returns the answer without its request id.
#[track_caller]
fn is_refused_for(world: &World, token: &str, status: u16, reason: &str) -> String {
    let id = format!("refused-{}-{}", reason.replace('_', "-"), token.len());
    let answer = world.holder_of(token).asks("GET", "/1").header("X-Request-Id", &id).send();
    answer.is_status(status);
    let line = &world.log_lines(&id)[0];
    assert!(line.contains("INFO") && line.contains(reason), "{reason}: {line}");
    format!("{:?} {}", answer.header("www-authenticate"), answer.text().replace(&id, ""))
}

#[test]
fn a_stream_ends_when_the_time_of_the_platforms_token_is_over() {
    let signer = Signer::ed("ed.pem");
    let (world, _folder) = believing(&signer, &[]);
    // It ended 26 s ago, and is good for as long as clocks may differ.
    let token = signer.token(&but(&json!({"exp": now() - 26})));
    let mut stream = world.holder_of(&token).streams();
    let ticket = world.amina().opens_ride_ticket("charged twice");
    assert_eq!(stream.next().ticket(), ticket);
    let (events, told) = stream.ends_within(Duration::from_secs(9));
    assert!(events.is_empty() && told);
    assert!(world.log_lines("ended a stream: its token is no longer valid")[0].contains("token_expired"));
    is_invalid(&world.holder_of(&token).asks("GET", "/events").send());
}
