//! Keys of an identity service at its URL: fetched, rotated, kept during outages, fetched rarely.

use std::fs;
use std::io::Write as _;
use std::time::{Duration, Instant};

use serde_json::json;
use support::identity::{ClaimRules, Identity, RefreshInterval};
use support::model::{Error, TokenError};
use support::outbound::{Client, FetchError, Limits};
use support::system;
use tempfile::TempDir;

use crate::client::Response;
use crate::signer::{Endpoint, Reply, Signer, claims, key_file, set};
use crate::world::{World, eventually};

const TIMEOUT: Duration = Duration::from_secs(10);

fn old() -> Signer {
    Signer::ec("ec.pem").named("old")
}

fn new() -> Signer {
    Signer::ed("ed.pem").named("new")
}

/// Starts a server with this JWKS URL.
fn start_with_jwks_url(url: &str) -> World {
    World::plan().with_arguments(&["--jwks", url]).start()
}

fn track(world: &World, signer: &Signer) -> Response {
    world.actor_with_token(&signer.token(&claims(1))).track(1)
}

/// Waits until the first fetch has succeeded or failed.
fn wait_for_first_fetch(world: &World) {
    world.log_lines("the keys of the identity service");
}

#[test]
fn keys_are_fetched_from_their_address() {
    let endpoint = Endpoint::start(Reply::ok(set(&[&old()])));
    let world = start_with_jwks_url(&endpoint.url());
    track(&world, &old()).assert_ok();
    track(&world, &Signer::ec("ec-other.pem").named("old")).assert_refused(401, "UNAUTHORIZED");
    world.amina().track(1).assert_ok();
    assert_eq!(endpoint.request_count(), 1);
}

#[test]
fn a_new_key_is_fetched_when_a_token_names_it_and_at_most_once_a_minute() {
    let endpoint = Endpoint::start(Reply::ok(set(&[&old()])));
    let world = start_with_jwks_url(&endpoint.url());
    wait_for_first_fetch(&world);
    endpoint.respond_with(Reply::ok(set(&[&new()])));
    track(&world, &new()).assert_ok();
    assert_eq!(endpoint.request_count(), 2);
    track(&world, &old()).assert_refused(401, "UNAUTHORIZED");
    for _ in 0..20 {
        track(&world, &Signer::ed("ed.pem").named("unheard of")).assert_refused(401, "UNAUTHORIZED");
    }
    track(&world, &new()).assert_ok();
    assert_eq!(endpoint.request_count(), 2);
}

#[test]
fn a_cached_token_is_invalid_after_the_removal_of_its_key() {
    let endpoint = Endpoint::start(Reply::ok(set(&[&old(), &new()])));
    let world = start_with_jwks_url(&endpoint.url());
    wait_for_first_fetch(&world);
    let (leaving, staying) = [old(), new()].map(|signer| world.actor_with_token(&signer.token(&claims(1)))).into();
    let statuses = || [&leaving, &staying].map(|holder| holder.track(1).status);
    assert_eq!([statuses(), statuses()], [[200, 200], [200, 200]]);
    endpoint.respond_with(Reply::ok(set(&[&new()])));
    world.signal("HUP");
    eventually(TIMEOUT, || (statuses() == [401, 200]).then_some(()));
    assert_eq!([statuses(), statuses()], [[401, 200], [401, 200]]);
}

#[test]
fn many_tokens_of_a_new_key_wait_for_one_fetch() {
    let endpoint = Endpoint::start(Reply::ok(set(&[&old()])));
    let world = start_with_jwks_url(&endpoint.url());
    wait_for_first_fetch(&world);
    endpoint.respond_with(Reply::ok(set(&[&old(), &new()])).after(Duration::from_secs(2)));
    let token = new().token(&claims(1));
    std::thread::scope(|scope| {
        for _ in 0..30 {
            scope.spawn(|| world.actor_with_token(&token).track(1).assert_ok().status);
        }
        // Tokens of known keys do not wait.
        let started = Instant::now();
        track(&world, &old()).assert_ok();
        assert!(started.elapsed() < Duration::from_millis(1_500), "{:?}", started.elapsed());
    });
    assert_eq!(endpoint.request_count(), 2);
}

#[test]
fn a_disconnecting_client_does_not_cancel_the_fetch() {
    let endpoint = Endpoint::start(Reply::ok(set(&[&old()])));
    let world = start_with_jwks_url(&endpoint.url());
    wait_for_first_fetch(&world);
    endpoint.respond_with(Reply::ok(set(&[&new()])).after(Duration::from_millis(300)));
    let mut stream = std::net::TcpStream::connect(world.address()).unwrap();
    let request = format!(
        "GET /api/customer/mtxi/support/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
        Signer::ed("ed.pem").named("unheard of").token(&claims(1))
    );
    stream.write_all(request.as_bytes()).unwrap();
    eventually(TIMEOUT, || (endpoint.request_count() == 2).then_some(()));
    drop(stream);
    track(&world, &new()).assert_ok();
    assert_eq!(endpoint.request_count(), 2);
}

#[test]
fn the_service_may_be_unavailable_at_the_start() {
    let endpoint = Endpoint::start(Reply::bare("503 Service Unavailable"));
    let world = start_with_jwks_url(&endpoint.url());
    assert!(world.log_lines("the keys of the identity service could not be fetched")[0].contains("503"));
    world.amina().track(1).assert_ok();
    track(&world, &old()).assert_refused(401, "UNAUTHORIZED");
    assert_eq!(endpoint.request_count(), 2);

    // Address without a listener at first.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let world = start_with_jwks_url(&format!("http://{address}/"));
    world.log_lines("the keys of the identity service could not be fetched");
    let _endpoint = Endpoint::at(address, Reply::ok(set(&[&old()])));
    track(&world, &old()).assert_ok();
}

#[test]
fn the_last_valid_keys_stay_while_the_service_is_unavailable_or_sends_garbage() {
    let endpoint = Endpoint::start(Reply::ok(set(&[&old()])));
    let world = start_with_jwks_url(&endpoint.url());
    wait_for_first_fetch(&world);
    let secret = json!({"keys": [{"kty": "oct", "kid": "s", "k": "c".repeat(64)}]}).to_string();
    let mut asked = 1;
    for nonsense in [
        Reply::bare("500 Internal Server Error"),
        Reply::bare("302 Found\r\nLocation: /elsewhere"),
        Reply::ok("not JSON"),
        Reply::ok("{}"),
        Reply::ok(r#"{"keys":[]}"#),
        Reply::ok(r#"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}"#),
        Reply::ok(secret),
        Reply::ok(format!(r#"{{"keys":[],"pad":"{}"}}"#, "x".repeat(300_000))),
    ] {
        endpoint.respond_with(nonsense);
        let before = world.log_lines("the keys of the identity service").len();
        world.signal("HUP");
        eventually(TIMEOUT, || (world.log_lines("the keys of the identity service").len() > before + 1).then_some(()));
        asked += 1;
        assert_eq!(endpoint.request_count(), asked, "a redirect is not followed");
        track(&world, &old()).assert_ok();
    }
    endpoint.respond_with(Reply::ok(set(&[&new()])));
    world.signal("HUP");
    eventually(TIMEOUT, || (track(&world, &new()).status == 200).then_some(()));
    track(&world, &old()).assert_refused(401, "UNAUTHORIZED");
}

#[test]
fn an_invalid_key_in_a_fetched_set_does_not_affect_the_valid_ones() {
    let keys = json!({"keys": [
        {"kty": "RSA", "kid": "bad", "n": "!", "e": "AQAB"}, old().jwk, {"kty": "new kind"}, {"kty": "oct", "kid": "s", "k": "c".repeat(64)}
    ]});
    let endpoint = Endpoint::start(Reply::ok(keys.to_string()));
    let world = start_with_jwks_url(&endpoint.url());
    track(&world, &old()).assert_ok();
    assert!(world.log_lines("a key of the identity service is not used")[0].contains("keys[0].n"));
    let secret = Signer::secret(
        base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, "c".repeat(64)).unwrap(),
    );
    track(&world, &secret.named("s")).assert_refused(401, "UNAUTHORIZED");
}

#[test]
fn a_certificate_is_trusted_by_the_configured_authority() {
    let endpoint = Endpoint::with_tls(Reply::ok(set(&[&old()])));
    let folder = TempDir::new().unwrap();
    let authority = folder.path().join("ca.crt");
    fs::write(&authority, key_file("ca.crt")).unwrap();
    let world = World::plan().with_arguments(&["--jwks", &endpoint.url(), "--ca", authority.to_str().unwrap()]).start();
    track(&world, &old()).assert_ok();

    let world = start_with_jwks_url(&endpoint.url());
    assert!(world.log_lines("the keys of the identity service could not be fetched")[0].contains("certificate"));
    track(&world, &old()).assert_refused(401, "UNAUTHORIZED");
}

/// Waits for this number of requests, and a moment for the response.
async fn wait_for_requests(endpoint: &Endpoint, times: usize) {
    let end = Instant::now() + TIMEOUT;
    while endpoint.request_count() < times {
        assert!(Instant::now() < end, "asked {} times", endpoint.request_count());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
}

fn identity(url: &str, interval: RefreshInterval) -> Identity {
    Identity::from_jwks_url(url, Client::with_authorities(None).unwrap(), interval, ClaimRules::default()).unwrap()
}

#[tokio::test]
async fn keys_are_fetched_again_in_the_background() {
    let endpoint = Endpoint::start(Reply::ok(set(&[&old()])));
    let interval =
        RefreshInterval { after_success: Duration::from_millis(100), after_failure: Duration::from_mins(10) };
    let identity = std::sync::Arc::new(identity(&endpoint.url(), interval));
    let kept = std::sync::Arc::clone(&identity);
    tokio::spawn(async move { kept.refresh_periodically().await });
    let good = async |signer: &Signer| identity.verify(&signer.token(&claims(1)), system::now()).await.is_ok();
    assert!(good(&old()).await);
    // No token triggers a fetch from here on: later fetches are periodic.
    assert!(!good(&new()).await);
    endpoint.respond_with(Reply::ok(set(&[&new()])));
    let end = Instant::now() + TIMEOUT;
    while !good(&new()).await {
        assert!(Instant::now() < end, "the keys were not fetched");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn after_a_failure_keys_are_fetched_again_sooner() {
    let endpoint = Endpoint::start(Reply::bare("503 Service Unavailable"));
    let interval =
        RefreshInterval { after_success: Duration::from_mins(10), after_failure: Duration::from_millis(800) };
    let identity = std::sync::Arc::new(identity(&endpoint.url(), interval));
    let kept = std::sync::Arc::clone(&identity);
    tokio::spawn(async move { kept.refresh_periodically().await });
    wait_for_requests(&endpoint, 1).await;
    endpoint.respond_with(Reply::ok(set(&[&old()])));
    wait_for_requests(&endpoint, 2).await;
    // The response may still be in flight; then this call waits for it.
    identity.verify(&old().token(&claims(1)), system::now()).await.unwrap();
}

#[tokio::test]
async fn an_unknown_key_is_fetched_again_after_a_minute() {
    let endpoint = Endpoint::start(Reply::ok(set(&[&old()])));
    let interval = RefreshInterval { after_success: Duration::from_mins(10), after_failure: Duration::from_secs(2) };
    let identity = identity(&endpoint.url(), interval);
    let request = async || identity.verify(&new().token(&claims(1)), system::now()).await;
    assert!(matches!(request().await, Err(Error::BadToken(TokenError::UnknownKey))));
    assert!(matches!(request().await, Err(Error::BadToken(TokenError::UnknownKey))));
    assert_eq!(endpoint.request_count(), 1);
    endpoint.respond_with(Reply::ok(set(&[&new()])));
    assert!(matches!(request().await, Err(Error::BadToken(TokenError::UnknownKey))));
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    assert!(request().await.is_ok());
    assert_eq!(endpoint.request_count(), 2);
}

#[tokio::test]
async fn an_incomplete_late_or_oversized_document_is_rejected() {
    let client = Client::with_authorities(None).unwrap();
    let limits = Limits { connect: Duration::from_secs(1), total: Duration::from_millis(500), bytes: 1_000 };
    let fetch = async |reply: Reply| {
        let endpoint = Endpoint::start(reply);
        client.fetch(&endpoint.url().parse().unwrap(), &limits).await
    };
    assert_eq!(fetch(Reply::ok("x".repeat(1_000))).await.unwrap().len(), 1_000);
    assert!(matches!(fetch(Reply::ok("x".repeat(1_001))).await, Err(FetchError::TooLarge(1_000))));
    assert!(matches!(fetch(Reply::ok("x").after(Duration::from_secs(2))).await, Err(FetchError::TimedOut(_))));
    assert!(matches!(fetch(Reply::bare("404 Not Found")).await, Err(FetchError::Status(status)) if status == 404));
    assert!(matches!(fetch(Reply::ok("x").with_content_length(5)).await, Err(FetchError::Incomplete)));
    assert!(matches!(fetch(Reply::bare("nonsense")).await, Err(FetchError::Unreachable(_))));
}
