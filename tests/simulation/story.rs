//! What a gateway knows of one user as time passes.

use std::time::Duration;

use crate::{dice::Dice, draw::ALLOWED};

pub const TARGET: &str = "SIGN_SESSION_ID_SUCCESSFULLY_CREATED";
pub const SIGNED: &str = "DOCUMENT_SIGN_SUCCESS";
pub const FAILURE: &str = "ERROR";
pub const WAITING: [&str; 2] = ["PROCESSING", "STARTED"];
/// Statuses that the gateway's page does not name.
pub const UNKNOWN: [&str; 4] = ["IDENTIFICATION_REVIEW", "QUEUED", "", "ОДОБРЕН"];
/// Almost the words that mean something.
pub const NEAR_MISSES: [&str; 8] = [
    "document_sign_success",
    "DOCUMENT_SIGN_SUCCESS ",
    " DOCUMENT_SIGN_SUCCESS",
    "Document_Sign_Success",
    "sign_session_id_successfully_created",
    "SIGN_SESSION_ID_SUCCESSFULLY_CREATED ",
    "SIGN_SESSION_ID_SUCCESSFULLY_CREATED\u{200b}",
    "error",
];
/// Links that no console may open.
const REFUSED: [&str; 9] = [
    "http://sign.example.bg/s/1",
    "https://sign.example.bg.evil.example/s/1",
    "https://sign.example.bg@evil.example/s/1",
    "https://evil.example/s/1",
    "https://b-trust.bg/s/1",
    "https://127.0.0.1/s/1",
    "https://sign.example.bg:8443/s/1",
    "https://sign.example.bg/../s/1",
    "javascript:alert(1)",
];

/// The link of one answer, as the gateway means it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    None,
    Blank,
    Good(String),
    Refused(&'static str),
}

/// The members of one 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub status: Option<&'static str>,
    pub link: Link,
}

#[derive(Clone, Copy)]
enum Line {
    Waiting,
    Unknown,
    NearMiss,
    Null,
    /// The target; `changing` where every answer brings another link.
    Target {
        changing: bool,
    },
    NoLink,
    BlankLink,
    RefusedLink,
    Signed,
    Failure,
    /// An HTTP status instead of a body.
    Http(u16),
}

/// What is answered, and until when.
pub struct Story {
    lines: Vec<(Duration, Line)>,
    /// After the last line.
    end: Line,
    links: u32,
}

/// What a story says at one moment.
pub enum Told {
    Said(Said),
    Http(u16),
}

const REFUSALS: [u16; 6] = [400, 403, 404, 418, 422, 302];

impl Story {
    /// A story that begins after `from`.
    pub fn draw(dice: &mut Dice, from: Duration) -> Self {
        let waiting = [
            (70, Line::Waiting),
            (10, Line::Unknown),
            (8, Line::NearMiss),
            (6, Line::Null),
            (6, Line::NoLink),
        ];
        let any = [
            (30, Line::Waiting),
            (10, Line::Unknown),
            (10, Line::NearMiss),
            (10, Line::Null),
            (10, Line::Target { changing: false }),
            (10, Line::Target { changing: true }),
            (5, Line::NoLink),
            (5, Line::BlankLink),
            (4, Line::RefusedLink),
            (3, Line::Signed),
            (3, Line::Failure),
        ];
        let mut story = Self { lines: Vec::new(), end: Line::Waiting, links: 0 };
        let mut at = from;
        for _ in 0..dice.within(0, 3) {
            at += dice.mostly_short(500, 100_000);
            story.lines.push((at, dice.weighted(&waiting)));
        }
        match dice.below(100) {
            0..55 => {
                at += dice.mostly_short(1_000, 400_000);
                let changing = dice.chance(300);
                story.lines.push((at, Line::Target { changing }));
                story.end = Line::Signed;
            }
            55..68 => {}
            68..75 => story.end = Line::Failure,
            75..81 => story.end = Line::RefusedLink,
            81..84 => story.end = Line::BlankLink,
            84..89 => story.end = Line::Http(*dice.pick(&REFUSALS)),
            _ => {
                for _ in 0..dice.within(2, 20) {
                    at += dice.mostly_short(2_000, 60_000);
                    story.lines.push((at, dice.weighted(&any)));
                }
                story.end = dice.weighted(&any);
            }
        }
        story
    }

    pub fn tell(&mut self, elapsed: Duration, dice: &mut Dice) -> Told {
        let now = self.lines.iter().find(|(until, _)| elapsed < *until).map_or(self.end, |l| l.1);
        let (status, link) = match now {
            Line::Waiting => (Some(*dice.pick(&WAITING)), stray_link(dice)),
            Line::Unknown => (Some(*dice.pick(&UNKNOWN)), stray_link(dice)),
            Line::NearMiss => (Some(*dice.pick(&NEAR_MISSES)), stray_link(dice)),
            Line::Null => (None, stray_link(dice)),
            Line::Target { changing } => {
                self.links += u32::from(changing || self.links == 0);
                (Some(TARGET), good_link(self.links, dice, changing))
            }
            Line::NoLink => (Some(TARGET), Link::None),
            Line::BlankLink => (Some(TARGET), Link::Blank),
            Line::RefusedLink => (Some(TARGET), Link::Refused(dice.pick::<&str>(&REFUSED))),
            Line::Signed => (Some(SIGNED), Link::None),
            Line::Failure => (Some(FAILURE), Link::None),
            Line::Http(http) => return Told::Http(http),
        };
        Told::Said(Said { status, link })
    }
}

/// A link that stands beside a status where it means nothing.
fn stray_link(dice: &mut Dice) -> Link {
    if dice.chance(50) { good_link(0, dice, false) } else { Link::None }
}

fn good_link(nth: u32, dice: &mut Dice, any_host: bool) -> Link {
    let host = if any_host { dice.pick(&ALLOWED) } else { ALLOWED[0] };
    Link::Good(format!("https://{host}/s/{nth}"))
}
