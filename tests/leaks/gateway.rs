//! A gateway on 127.0.0.1 that refuses one token, takes another, and gives a link.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use crate::{LINK, TOKEN};

pub struct Gateway {
    port: u16,
    heard: Arc<Mutex<String>>,
}

impl Gateway {
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let heard = Arc::<Mutex<String>>::default();
        let told = Arc::clone(&heard);
        // It ends with the test.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let told = Arc::clone(&told);
                thread::spawn(move || serve(&stream, port, &told));
            }
        });
        Self { port, heard }
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn heard(&self, words: &str) -> bool {
        self.heard.lock().expect("a lock").contains(words)
    }

    /// Waits until the first token was refused.
    pub fn has_refused(&self) {
        while !self.heard(&format!("{TOKEN}-refused")) {
            thread::sleep(Duration::from_millis(5));
        }
        // Its answer is on its way.
        thread::sleep(Duration::from_millis(500));
    }
}

fn serve(mut stream: &TcpStream, port: u16, told: &Mutex<String>) {
    let mut lines = BufReader::new(stream).lines();
    loop {
        let mut head = String::new();
        for line in lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()) {
            head.push_str(&line);
            head.push('\n');
        }
        if head.is_empty() {
            return;
        }
        told.lock().expect("a lock").push_str(&head);
        let (status, body) = if head.contains(&format!("{TOKEN}-refused")) {
            ("401 Unauthorized", String::new())
        } else {
            let link = format!("http://127.0.0.1:{port}/sign/{LINK}");
            let status = "SIGN_SESSION_ID_SUCCESSFULLY_CREATED";
            let body = format!(
                r#"{{"videoIdentificationStatus":"{status}","videoIdentificationUrl":"{link}"}}"#
            );
            ("200 OK", body)
        };
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}
