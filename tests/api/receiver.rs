//! Webhook receiver on loopback: stores every message, and replies by a script.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;
use support::model::webhook::secret::SigningSecret;

use crate::world::eventually;

/// Received message.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) at: Instant,
}

impl Message {
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or_else(|| panic!("no {name}: {:?}", self.headers), |(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a message is JSON")
    }

    pub(crate) fn event(&self) -> i64 {
        self.json()["id"].as_i64().unwrap()
    }

    pub(crate) fn ticket(&self) -> i64 {
        self.json()["data"]["ticketId"].as_i64().unwrap()
    }

    /// Returns true if the message is signed with this secret.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let second = self.header("webhook-timestamp").parse().unwrap();
        let secret = SigningSecret::parse(secret).unwrap();
        secret.verify(self.header("webhook-id"), second, &self.body, self.header("webhook-signature"))
    }
}

/// Reply of the receiver.
#[derive(Clone)]
pub(crate) enum Reply {
    Status(u16),
    With(u16, &'static str, Vec<u8>),
    /// Raw bytes, followed by a close.
    Raw(&'static [u8]),
    Silence,
}

/// Receiver that runs until the test ends.
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    messages: Arc<Mutex<Vec<Message>>>,
    connections: Arc<AtomicUsize>,
}

impl Receiver {
    /// Starts a receiver that accepts everything.
    pub(crate) fn start() -> Self {
        Self::with_script(|_, _| Reply::Status(204))
    }

    /// Starts a receiver with a script; its argument is the index of the message, from 0.
    pub(crate) fn with_script(script: impl Fn(usize, &Message) -> Reply + Send + Sync + 'static) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), script)
    }

    /// Starts a receiver with a script at this address.
    pub(crate) fn at(address: SocketAddr, script: impl Fn(usize, &Message) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let (messages, connections) = (Arc::<Mutex<Vec<Message>>>::default(), Arc::<AtomicUsize>::default());
        let script = Arc::new(script);
        let (received, count) = (Arc::clone(&messages), Arc::clone(&connections));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                count.fetch_add(1, Ordering::SeqCst);
                let (received, script) = (Arc::clone(&received), Arc::clone(&script));
                thread::spawn(move || {
                    let Some(message) = read(&stream) else { return };
                    let number = {
                        let mut received = received.lock().unwrap();
                        received.push(message.clone());
                        received.len() - 1
                    };
                    answer(stream, script(number, &message));
                });
            }
        });
        Self { address, messages, connections }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hooks?from=support", self.address)
    }

    pub(crate) fn messages(&self) -> Vec<Message> {
        self.messages.lock().unwrap().clone()
    }

    pub(crate) fn connection_count(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Waits for this number of messages.
    #[track_caller]
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Message> {
        self.wait_for_within(count, Duration::from_secs(20))
    }

    #[track_caller]
    pub(crate) fn wait_for_within(&self, count: usize, time: Duration) -> Vec<Message> {
        eventually(time, || Some(self.messages()).filter(|messages| messages.len() >= count))
    }
}

/// File of the certificate authority of [`tls_config`].
pub(crate) const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/keys/ca.crt");

/// Returns the TLS configuration of a server named `localhost` and 127.0.0.1.
pub(crate) fn tls_config() -> Arc<ServerConfig> {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/keys");
    let own = CertificateDer::from_pem_file(keys.join("localhost.crt")).unwrap();
    let key = PrivateKeyDer::from_pem_file(keys.join("localhost.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own], key)
        .unwrap();
    Arc::new(config)
}

/// Starts a receiver behind TLS at every address of this machine.
pub(crate) fn start_tls() -> Receiver {
    let config = tls_config();
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let address = listener.local_addr().unwrap();
    let receiver = Receiver { address, messages: Arc::default(), connections: Arc::default() };
    let messages = Arc::clone(&receiver.messages);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            if let Some(message) = read(&mut stream) {
                messages.lock().unwrap().push(message);
                answer(stream, Reply::Status(204));
            }
        }
    });
    receiver
}

fn read(stream: impl Read) -> Option<Message> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.strip_prefix("POST ")?.strip_suffix(" HTTP/1.1\r\n")?.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length")?.1.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Message { path, headers, body, at: Instant::now() })
}

fn answer(mut stream: impl Write, reply: Reply) {
    let _ = match reply {
        Reply::Status(status) => {
            write!(stream, "HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
        Reply::With(status, headers, body) => {
            let length = body.len();
            write!(stream, "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n")
                .and_then(|()| stream.write_all(&body))
        }
        Reply::Raw(bytes) => stream.write_all(bytes),
        Reply::Silence => {
            thread::sleep(Duration::from_mins(1));
            Ok(())
        }
    };
}
