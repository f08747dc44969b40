//! A gateway on 127.0.0.1 that answers each user from a script, to the byte, and remembers what
//! it was asked.

use std::{
    collections::HashMap,
    io::{self, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Stands in every link the gateway gives out, so that one can be looked for in what is told.
pub const LINK_CANARY: &str = "session-5ecret-c4nary";

/// `(id, userType)`
pub type User = (u32, u8);

/// One request, as it came.
#[derive(Clone, Debug)]
pub struct Request {
    pub at: Instant,
    pub user: User,
    /// The request line and the headers.
    pub head: String,
    /// Requests of this user that waited for an answer, with this one.
    pub in_flight: usize,
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Reply {
    bytes: Vec<u8>,
    after: Duration,
    then: Then,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    Keep,
    Close,
    /// With a reset instead of a farewell.
    Reset,
}

impl Reply {
    pub fn http(status: &str, headers: &[&str], body: &str) -> Self {
        let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
        for header in headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        Self { then: Then::Keep, ..Self::raw(format!("{head}\r\n{body}")) }
    }

    /// These bytes, and no more.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), after: Duration::ZERO, then: Then::Close }
    }

    pub fn reset() -> Self {
        Self { then: Then::Reset, ..Self::raw("") }
    }

    pub fn json(body: &str) -> Self {
        Self::http("200 OK", &["Content-Type: application/json"], body)
    }

    pub fn status(status: &str) -> Self {
        Self::json(&format!(
            r#"{{"videoIdentificationUrl":null,"videoIdentificationStatus":"{status}","message":null}}"#
        ))
    }

    pub fn link(url: &str) -> Self {
        Self::json(&format!(
            r#"{{"videoIdentificationUrl":"{url}","videoIdentificationStatus":"SIGN_SESSION_ID_SUCCESSFULLY_CREATED"}}"#
        ))
    }

    pub fn processing() -> Self {
        Self::status("PROCESSING")
    }

    pub fn signed() -> Self {
        Self::status("DOCUMENT_SIGN_SUCCESS")
    }

    pub fn after(self, wait: Duration) -> Self {
        Self { after: wait, ..self }
    }
}

/// A script: the answers of each user, the last of which repeats.
pub type Script = HashMap<User, Vec<Reply>>;

pub struct Gateway {
    port: u16,
    state: Arc<State>,
}

struct State {
    script: Script,
    log: Mutex<Vec<Request>>,
    waiting: Mutex<HashMap<User, usize>>,
    closed: AtomicBool,
}

/// A port that nobody listens on just now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

impl Gateway {
    /// Plays the script that `write` makes for a gateway on this port.
    pub fn play(write: impl FnOnce(u16) -> Script) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        Self::on(listener, write)
    }

    /// As [`Self::play`], on a port that was chosen before.
    pub fn play_on(port: u16, write: impl FnOnce(u16) -> Script) -> Self {
        Self::on(TcpListener::bind((Ipv4Addr::LOCALHOST, port)).expect("the port is free"), write)
    }

    fn on(listener: TcpListener, write: impl FnOnce(u16) -> Script) -> Self {
        let port = listener.local_addr().expect("its address").port();
        let state = Arc::new(State {
            script: write(port),
            log: Mutex::default(),
            waiting: Mutex::default(),
            closed: AtomicBool::new(false),
        });
        let serving = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.closed.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(stream) = stream else { return };
                let serving = Arc::clone(&serving);
                // A client that breaks off ends its connection, and nothing else.
                drop(thread::spawn(move || serving.converse(stream)));
            }
        });
        Self { port, state }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What it was asked, oldest first.
    pub fn log(&self) -> Vec<Request> {
        lock(&self.state.log).clone()
    }

    pub fn log_of(&self, user: User) -> Vec<Request> {
        self.log().into_iter().filter(|request| request.user == user).collect()
    }

    /// Waits until it was asked so many times.
    pub fn wait_for(&self, requests: usize) {
        let patience = Instant::now() + Duration::from_secs(20);
        while lock(&self.state.log).len() < requests {
            assert!(Instant::now() < patience, "{requests} requests never came");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.state.closed.store(true, Ordering::Relaxed);
        // Wakes the listener, which then goes.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
    }
}

impl State {
    fn converse(&self, mut stream: TcpStream) -> io::Result<()> {
        // Heads are looked at before they are read: what was never read makes the system reset
        // the connection when it is closed.
        while let Some(head) = peek_head(&stream)? {
            let (user, reply) = self.choose(&head);
            if reply.then != Then::Reset {
                stream.read_exact(&mut vec![0; head.len()])?;
            }
            thread::sleep(reply.after);
            *lock(&self.waiting).entry(user).or_default() -= 1;
            stream.write_all(&reply.bytes)?;
            if reply.then != Then::Keep {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The answer to a request, which is written down.
    fn choose(&self, head: &str) -> (User, Reply) {
        let at = Instant::now();
        let user = user_of(head).unwrap_or_default();
        let mut log = lock(&self.log);
        let nth = log.iter().filter(|request| request.user == user).count();
        let in_flight = {
            let mut waiting = lock(&self.waiting);
            let waiting = waiting.entry(user).or_default();
            *waiting += 1;
            *waiting
        };
        log.push(Request { at, user, head: head.to_owned(), in_flight });
        let replies = self.script.get(&user).map_or(&[][..], Vec::as_slice);
        let reply = replies.get(nth).or(replies.last());
        (user, reply.cloned().unwrap_or_else(|| Reply::http("418 Not In The Script", &[], "")))
    }
}

/// The next request's line and headers, still unread; `None` at the end of the connection.
fn peek_head(stream: &TcpStream) -> io::Result<Option<String>> {
    let mut bytes = [0; 16 * 1024];
    loop {
        let length = stream.peek(&mut bytes)?;
        if length == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&bytes[..length]);
        if let Some(end) = text.find("\r\n\r\n") {
            return Ok(Some(text[..end + 4].to_owned()));
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// `GET /Enrollment/{id}/{userType}/true/…`
fn user_of(head: &str) -> Option<User> {
    let mut segments = head.split(' ').nth(1)?.split('/').skip(2);
    Some((segments.next()?.parse().ok()?, segments.next()?.parse().ok()?))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
