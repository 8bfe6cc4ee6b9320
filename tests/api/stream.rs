//! Client of server-sent events by the specification (WHATWG HTML, 9.2.6), over a plain socket.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::Request;
use crate::world::{Actor, World};

/// Value before the first id is received.
const NO_POSITION: i64 = -1;
/// Maximum time to wait for an event.
const READ_TIMEOUT: Duration = Duration::from_secs(20);

/// Dispatched event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) data: Value,
}

impl Event {
    pub(crate) fn ticket(&self) -> i64 {
        self.data["data"]["ticketId"].as_i64().unwrap()
    }
}

/// Parsed item of a stream.
#[derive(Debug)]
enum Item {
    Event(Event),
    Comment,
    Id(i64),
    Retry(String),
    /// Complete end of the response.
    End,
    /// Connection closed before the end of the response.
    Broken,
}

/// Open stream, read by a thread.
pub(crate) struct Stream {
    items: Receiver<Item>,
    socket: TcpStream,
    pub(crate) head: String,
    /// Last received id.
    pub(crate) last: i64,
    pub(crate) retry: String,
    pub(crate) comments: usize,
}

impl Actor<'_> {
    /// Opens a stream of new events.
    #[track_caller]
    pub(crate) fn open_stream(&self) -> Stream {
        Stream::open(self.request("GET", "/events"))
    }

    /// Opens a stream of the events after this id.
    #[track_caller]
    pub(crate) fn open_stream_after(&self, last: i64) -> Stream {
        Stream::open(self.request("GET", "/events").header("Last-Event-ID", &last.to_string()))
    }
}

impl Stream {
    /// Sends the request and waits for the first id, from which no event may be missed.
    #[track_caller]
    pub(crate) fn open(request: Request) -> Self {
        let socket = request.send_except(0).into_socket();
        let mut reader = BufReader::new(socket.try_clone().unwrap());
        let head = head(&mut reader);
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let (sender, items) = channel();
        std::thread::spawn(move || {
            let mut lines = BufReader::new(Chunks { inner: reader, left: 0, is_complete: false });
            let mut block = Block::default();
            let end = loop {
                let mut line = String::new();
                match lines.read_line(&mut line) {
                    Ok(0) => break if lines.get_ref().is_complete { Item::End } else { Item::Broken },
                    Err(_) => break Item::Broken,
                    // A single CR ends a line too.
                    Ok(_) => line.trim_end_matches('\n').trim_end_matches('\r').split('\r').for_each(|line| {
                        block.take(line).into_iter().for_each(|item| drop(sender.send(item)));
                    }),
                }
            };
            drop(sender.send(end));
        });
        let mut stream = Self { items, socket, head, last: NO_POSITION, retry: String::new(), comments: 0 };
        while stream.last == NO_POSITION {
            assert!(stream.wait(READ_TIMEOUT).is_none(), "the stream says first where it begins");
        }
        stream
    }

    /// Waits for the next event.
    #[track_caller]
    pub(crate) fn next(&mut self) -> Event {
        let end = Instant::now() + READ_TIMEOUT;
        loop {
            assert!(Instant::now() < end, "no event came");
            if let Some(event) = self.wait(READ_TIMEOUT) {
                return event;
            }
        }
    }

    /// Waits for this number of events.
    #[track_caller]
    pub(crate) fn take(&mut self, count: usize) -> Vec<Event> {
        (0..count).map(|_| self.next()).collect()
    }

    /// Asserts that no event arrives for this time.
    #[track_caller]
    pub(crate) fn assert_quiet(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            let event = self.wait(left);
            assert!(event.is_none(), "{event:?}");
        }
    }

    /// Returns the events up to the end of the stream, and true if the end was complete; panics after this time.
    #[track_caller]
    pub(crate) fn read_to_end(&mut self, time: Duration) -> (Vec<Event>, bool) {
        let end = Instant::now() + time;
        let mut events = Vec::new();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.items.recv_timeout(left) {
                Ok(Item::Event(event)) => events.push(event),
                Ok(Item::End) => return (events, true),
                Ok(Item::Broken) | Err(RecvTimeoutError::Disconnected) => return (events, false),
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => panic!("the stream did not end within {time:?}"),
            }
        }
    }

    /// Closes the socket.
    pub(crate) fn abort(self) {
        self.socket.shutdown(std::net::Shutdown::Both).unwrap();
    }

    /// Waits for one item, and returns it if it is an event.
    #[track_caller]
    fn wait(&mut self, time: Duration) -> Option<Event> {
        match self.items.recv_timeout(time) {
            Ok(Item::Event(event)) => {
                self.last = event.id;
                return Some(event);
            }
            Ok(Item::Comment) => self.comments += 1,
            Ok(Item::Id(id)) => self.last = id,
            Ok(Item::Retry(retry)) => self.retry = retry,
            Err(RecvTimeoutError::Timeout) => {}
            end => panic!("the stream ended: {end:?}"),
        }
        None
    }
}

fn head(reader: &mut impl BufRead) -> String {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0, "{head}");
    }
    head
}

/// Fields of the event that is being parsed.
#[derive(Default)]
struct Block {
    id: Option<String>,
    name: String,
    data: Vec<String>,
}

impl Block {
    /// Parses a line; an empty one dispatches the event.
    fn take(&mut self, line: &str) -> Option<Item> {
        if line.is_empty() {
            let Self { id, name, data } = std::mem::take(self);
            return match (data.is_empty(), id) {
                (true, None) => None,
                (true, Some(id)) => panic!("some clients overlook the id {id} without data"),
                (false, id) if name == "support:stream_position" => {
                    assert_eq!(data, ["{}"]);
                    id.map(|id| Item::Id(id.parse().unwrap()))
                }
                (false, id) => Some(Item::Event(Event {
                    id: id.expect("an event has an id").parse().unwrap(),
                    name,
                    data: serde_json::from_str(&data.join("\n")).unwrap(),
                })),
            };
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value).to_owned();
        match field {
            "" => return Some(Item::Comment),
            "id" => self.id = Some(value),
            "event" => self.name = value,
            "data" => self.data.push(value),
            "retry" => return Some(Item::Retry(value)),
            field => panic!("there is no field {field:?}"),
        }
        None
    }
}

/// Decoder of a chunked body (RFC 9112, 7.1).
struct Chunks<R> {
    inner: R,
    left: usize,
    is_complete: bool,
}

impl<R: BufRead> Read for Chunks<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 && !self.is_complete {
            let mut size = String::new();
            if self.inner.read_line(&mut size)? == 0 {
                return Ok(0);
            }
            self.left = usize::from_str_radix(size.trim_end(), 16).map_err(std::io::Error::other)?;
            self.is_complete = self.left == 0;
        }
        if self.is_complete {
            return Ok(0);
        }
        let most = into.len().min(self.left);
        let read = self.inner.read(&mut into[..most])?;
        self.left -= read;
        if self.left == 0 && read > 0 {
            self.inner.read_exact(&mut [0; 2])?;
        }
        Ok(read)
    }
}

/// Inserts events of Amina's directly into the store in one commit, each with this member in its data.
pub(crate) fn insert_events(world: &World, count: i64, more: &str) {
    let ticket = world.amina().create_ride_ticket("the ticket of many events");
    let mut store = rusqlite::Connection::open(world.file()).unwrap();
    store.busy_timeout(Duration::from_secs(5)).unwrap();
    let transaction = store.transaction().unwrap();
    let data = format!("{{\"ticketId\":{ticket},\"customerId\":1,\"groupCustomerIds\":[],{more}}}");
    for _ in 0..count {
        transaction
            .execute(
                "INSERT INTO outbox (audit_id, name, ticket_id, at, data)
                 SELECT audit_id, name, ticket_id, at, ?2 FROM outbox WHERE ticket_id = ?1 LIMIT 1",
                rusqlite::params![ticket, data],
            )
            .unwrap();
        let event = transaction.last_insert_rowid();
        transaction.execute("INSERT INTO event_audience VALUES (1, ?1)", [event]).unwrap();
    }
    transaction.commit().unwrap();
}
