//! What a window manager does with a window, where there is none.

use x11rb::{
    connection::Connection as _,
    protocol::xproto::{Atom, AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, Window},
    rust_connection::RustConnection,
};

use super::patience::until_now;

const TITLE: &[u8] = b"Enrollment Console";

/// Asks the console's window to close, or the box with its last words: the one of that process.
pub fn close(display: &str, process: u32) {
    let frames = Frames::on(display);
    let window = until_now(|| frames.find(frames.root, process)).expect("the window is there");
    let delete = [frames.atom("WM_DELETE_WINDOW"), 0, 0, 0, 0];
    let message = ClientMessageEvent::new(32, window, frames.protocols, delete);
    frames.x11.send_event(false, window, EventMask::NO_EVENT, message).expect("sent");
    // An answer to anything says that the display has taken it.
    frames.x11.get_input_focus().expect("asked").reply().expect("an answer");
}

/// What the frame of the console's window says.
pub fn title(display: &str, process: u32) -> String {
    let frames = Frames::on(display);
    let window = frames.find(frames.root, process).expect("a window");
    let title = frames.property(window, AtomEnum::WM_NAME.into()).expect("a title");
    String::from_utf8_lossy(&title).into_owned()
}

struct Frames {
    x11: RustConnection,
    root: Window,
    protocols: Atom,
    id: Atom,
}

impl Frames {
    fn on(display: &str) -> Self {
        let (x11, screen) = RustConnection::connect(Some(display)).expect("a display");
        let root = x11.setup().roots[screen].root;
        let mut frames = Self { x11, root, protocols: 0, id: 0 };
        frames.protocols = frames.atom("WM_PROTOCOLS");
        frames.id = frames.atom("_NET_WM_PID");
        frames
    }

    fn atom(&self, name: &str) -> Atom {
        let asked = self.x11.intern_atom(false, name.as_bytes()).expect("asked");
        asked.reply().expect("an atom").atom
    }

    fn property(&self, window: Window, name: Atom) -> Option<Vec<u8>> {
        let asked = self.x11.get_property(false, window, name, AtomEnum::ANY, 0, 64).ok()?;
        Some(asked.reply().ok()?.value)
    }

    /// The window of that process which can be asked to close.
    fn find(&self, of: Window, process: u32) -> Option<Window> {
        let children = self.x11.query_tree(of).ok()?.reply().ok()?.children;
        children.into_iter().find_map(|window| {
            let property = |name| self.property(window, name);
            let named = property(AtomEnum::WM_NAME.into()).is_some_and(|it| it.ends_with(TITLE));
            let asks = property(self.protocols).is_some_and(|it| !it.is_empty());
            let owned = property(self.id).is_some_and(|it| it == process.to_ne_bytes());
            if named && asks && owned { Some(window) } else { self.find(window, process) }
        })
    }
}
