//! Identity service of the tests: keys that sign tokens, and an endpoint with the public halves.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaKeyPair, RsaPublicKeyComponents,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};

/// All permissions of a customer.
pub(crate) const ALL: [&str; 4] =
    ["create_support_ticket", "track_support_ticket", "escalate_support_ticket", "close_support_ticket"];
/// Secret of sufficient length.
pub(crate) const SECRET: &str = "a secret that a test shares with itself alone";

/// Reads a file of `tests/api/keys`.
pub(crate) fn key_file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/keys").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// DER prefixes of a public key (RFC 3279, RFC 5480, RFC 8410).
const RSA_2048: &[u8] =
    b"\x30\x82\x01\x22\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x03\x82\x01\x0f\x00";
const P256: &[u8] =
    b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";
const ED25519: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";

/// Function that signs a text.
type Sign = Arc<dyn Fn(&[u8]) -> Vec<u8> + Send + Sync>;

/// Signer of tokens.
#[derive(Clone)]
pub(crate) struct Signer {
    algorithm: &'static str,
    sign: Sign,
    /// Public key, in PEM and as a JSON Web Key.
    pub(crate) pem: String,
    pub(crate) jwk: Value,
    kid: Option<&'static str>,
}

impl Signer {
    /// Creates a signer by RS256 with this key of 2,048 bits.
    pub(crate) fn rsa(file: &str) -> Self {
        let key = RsaKeyPair::from_pkcs8(&der(file)).unwrap();
        let (pem, jwk) = (pem(RSA_2048, key.public_key().as_ref()), rsa_jwk(&key));
        Self::new("RS256", pem, jwk, move |text| {
            let mut signature = vec![0; key.public().modulus_len()];
            key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature).unwrap();
            signature
        })
    }

    /// Creates a signer by PS256 with this key of 2,048 bits.
    pub(crate) fn pss(file: &str) -> Self {
        let key = RsaKeyPair::from_pkcs8(&der(file)).unwrap();
        let (pem, jwk) = (pem(RSA_2048, key.public_key().as_ref()), rsa_jwk(&key));
        Self::new("PS256", pem, jwk, move |text| {
            let mut signature = vec![0; key.public().modulus_len()];
            key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), text, &mut signature).unwrap();
            signature
        })
    }

    /// Creates a signer by ES256 with this key.
    pub(crate) fn ec(file: &str) -> Self {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der(file), &random).unwrap();
        let point = key.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y)});
        Self::new("ES256", pem(P256, point), jwk, move |text| key.sign(&random, text).unwrap().as_ref().to_vec())
    }

    /// Creates a signer by EdDSA with this key.
    pub(crate) fn ed(file: &str) -> Self {
        let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der(file)).unwrap();
        let point = key.public_key().as_ref();
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(point)});
        Self::new("EdDSA", pem(ED25519, point), jwk, move |text| key.sign(text).as_ref().to_vec())
    }

    /// Creates a signer by HS256 with this secret, which has no public half.
    pub(crate) fn secret(secret: impl AsRef<[u8]>) -> Self {
        let secret = secret.as_ref();
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let jwk = json!({"kty": "oct", "k": URL_SAFE_NO_PAD.encode(secret)});
        Self::new("HS256", String::from_utf8_lossy(secret).into_owned(), jwk, move |text| {
            hmac::sign(&key, text).as_ref().to_vec()
        })
    }

    fn new(
        algorithm: &'static str,
        pem: String,
        jwk: Value,
        sign: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        Self { algorithm, sign: Arc::new(sign), pem, jwk, kid: None }
    }

    /// Returns the name of the algorithm.
    pub(crate) fn algorithm(&self) -> &'static str {
        self.algorithm
    }

    /// Sets the key id.
    pub(crate) fn named(mut self, kid: &'static str) -> Self {
        self.jwk["kid"] = kid.into();
        self.kid = Some(kid);
        self
    }

    /// Signs a token with these claims.
    pub(crate) fn token(&self, claims: &Value) -> String {
        let mut header = json!({"alg": self.algorithm(), "typ": "JWT"});
        if let Some(kid) = self.kid {
            header["kid"] = kid.into();
        }
        self.token_with(&header, claims)
    }

    /// Signs a token with this header and these claims, even if they are inconsistent.
    pub(crate) fn token_with(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode((self.sign)(signed.as_bytes())))
    }
}

/// Reads the private key in this file.
fn der(file: &str) -> Vec<u8> {
    PrivateKeyDer::from_pem_slice(key_file(file).as_bytes()).unwrap().secret_der().to_vec()
}

/// Encodes a public key in PEM.
fn pem(beginning: &[u8], key: &[u8]) -> String {
    let text = STANDARD.encode([beginning, key].concat());
    let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
}

fn rsa_jwk(key: &RsaKeyPair) -> Value {
    let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(key.public());
    json!({"kty": "RSA", "n": URL_SAFE_NO_PAD.encode(n), "e": URL_SAFE_NO_PAD.encode(e)})
}

pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// Returns the claims of a valid token of this customer.
pub(crate) fn claims(customer: i64) -> Value {
    json!({"sub": customer.to_string(), "exp": now() + 300, "role": "customer", "permissions": ALL})
}

/// Returns a JSON Web Key Set of these signers.
pub(crate) fn set(signers: &[&Signer]) -> String {
    let keys: Vec<&Value> = signers.iter().map(|signer| &signer.jwk).collect();
    json!({"keys": keys}).to_string()
}

/// Reply of an endpoint.
#[derive(Clone)]
pub(crate) struct Reply {
    head: String,
    body: Vec<u8>,
    after: Duration,
}

impl Reply {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self { head: format!("200 OK\r\nContent-Length: {}", body.len()), body, after: Duration::ZERO }
    }

    /// Returns a reply without a body.
    pub(crate) fn bare(head: &str) -> Self {
        Self { head: format!("{head}\r\nContent-Length: 0"), body: Vec::new(), after: Duration::ZERO }
    }

    /// Replaces the content length.
    pub(crate) fn with_content_length(self, length: usize) -> Self {
        Self { head: format!("200 OK\r\nContent-Length: {length}"), ..self }
    }

    /// Delays the reply.
    pub(crate) fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }
}

/// Endpoint of a key set on this machine, with a request counter.
pub(crate) struct Endpoint {
    pub(crate) address: SocketAddr,
    scheme: &'static str,
    reply: Arc<Mutex<Reply>>,
    request_count: Arc<AtomicUsize>,
}

impl Endpoint {
    pub(crate) fn start(reply: Reply) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), reply)
    }

    /// Starts an endpoint at this address.
    pub(crate) fn at(address: SocketAddr, reply: Reply) -> Self {
        Self::serve(TcpListener::bind(address).unwrap(), "http", reply, |stream, reply| {
            respond(stream, reply);
        })
    }

    /// Starts an endpoint behind TLS, with the certificate `tests/api/keys/localhost.crt`.
    pub(crate) fn with_tls(reply: Reply) -> Self {
        let chain = vec![CertificateDer::from_pem_slice(key_file("localhost.crt").as_bytes()).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(key_file("localhost.pem").as_bytes()).unwrap();
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let config = Arc::new(config);
        Self::serve(TcpListener::bind("127.0.0.1:0").unwrap(), "https", reply, move |stream, reply| {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream);
            if respond(&mut stream, reply) {
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        })
    }

    fn serve(
        listener: TcpListener,
        scheme: &'static str,
        reply: Reply,
        answer: impl Fn(TcpStream, &Reply) + Send + Sync + 'static,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let (reply, request_count) = (Arc::new(Mutex::new(reply)), Arc::new(AtomicUsize::new(0)));
        let (replies, count, answer) = (Arc::clone(&reply), Arc::clone(&request_count), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                count.fetch_add(1, Ordering::SeqCst);
                let (reply, answer) = (replies.lock().unwrap().clone(), Arc::clone(&answer));
                thread::spawn(move || answer(stream, &reply));
            }
        });
        Self { address, scheme, reply, request_count }
    }

    pub(crate) fn url(&self) -> String {
        format!("{}://localhost:{}/jwks.json", self.scheme, self.address.port())
    }

    /// Sets the reply of later requests.
    pub(crate) fn respond_with(&self, reply: Reply) {
        *self.reply.lock().unwrap() = reply;
    }

    /// Returns the number of requests.
    pub(crate) fn request_count(&self) -> usize {
        self.request_count.load(Ordering::SeqCst)
    }
}

/// Reads a request head and replies; returns false without a request.
fn respond(mut stream: impl Read + Write, reply: &Reply) -> bool {
    let mut lines = BufReader::new(&mut stream);
    loop {
        let mut line = String::new();
        match lines.read_line(&mut line) {
            Ok(0) | Err(_) => return false,
            Ok(_) if line == "\r\n" => break,
            Ok(_) => {}
        }
    }
    thread::sleep(reply.after);
    let head = format!("HTTP/1.1 {}\r\nConnection: close\r\n\r\n", reply.head);
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&reply.body)).is_ok()
}
