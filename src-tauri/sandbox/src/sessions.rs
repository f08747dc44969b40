//! The signing sessions: which unguessable address belongs to whose documents.

use std::collections::HashMap;

use crate::call::User;
use crate::script::LinkTo;
use crate::token::unguessable;

#[derive(Debug)]
pub(crate) struct Sessions {
    base: String,
    /// Older sessions stay, so that a customer who opened the page early can still sign there.
    users: HashMap<String, User>,
}

impl Sessions {
    pub fn at(base: String) -> Self {
        Self { base, users: HashMap::new() }
    }

    /// A new session's address.
    pub fn open(&mut self, user: User, link: LinkTo) -> String {
        let session = unguessable();
        match link {
            LinkTo::Stranger => format!("https://sign.example.net/session/{session}"),
            LinkTo::Sandbox => {
                let url = format!("{}/sign/{session}", self.base);
                self.users.insert(session, user);
                url
            }
        }
    }

    pub fn user(&self, session: &str) -> Option<User> {
        self.users.get(session).copied()
    }
}
