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
    let (x11, screen) = RustConnection::connect(Some(display)).expect("a display");
    let root = x11.setup().roots[screen].root;
    let atom = |name: &str| -> Atom {
        x11.intern_atom(false, name.as_bytes()).expect("asked").reply().expect("an atom").atom
    };
    let (protocols, delete) = (atom("WM_PROTOCOLS"), atom("WM_DELETE_WINDOW"));
    let id = atom("_NET_WM_PID");
    let window =
        until_now(|| find(&x11, root, process, [protocols, id])).expect("the window is there");
    let message = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
    x11.send_event(false, window, EventMask::NO_EVENT, message).expect("sent");
    // An answer to anything says that the display has taken it.
    x11.get_input_focus().expect("asked").reply().expect("an answer");
}

/// What the frame of the console's window says.
pub fn title(display: &str, process: u32) -> String {
    let (x11, screen) = RustConnection::connect(Some(display)).expect("a display");
    let atom = |name: &str| -> Atom {
        x11.intern_atom(false, name.as_bytes()).expect("asked").reply().expect("an atom").atom
    };
    let atoms = [atom("WM_PROTOCOLS"), atom("_NET_WM_PID")];
    let window = find(&x11, x11.setup().roots[screen].root, process, atoms).expect("a window");
    let name = AtomEnum::WM_NAME;
    let title = x11.get_property(false, window, name, AtomEnum::ANY, 0, 64).expect("asked");
    String::from_utf8_lossy(&title.reply().expect("a title").value).into_owned()
}

/// The window of that process which can be asked to close.
fn find(x11: &RustConnection, of: Window, process: u32, atoms: [Atom; 2]) -> Option<Window> {
    let [protocols, id] = atoms;
    let children = x11.query_tree(of).ok()?.reply().ok()?.children;
    children.into_iter().find_map(|window| {
        let property = |name: Atom| {
            x11.get_property(false, window, name, AtomEnum::ANY, 0, 64).ok()?.reply().ok()
        };
        let named = property(AtomEnum::WM_NAME.into()).is_some_and(|it| it.value.ends_with(TITLE));
        let asks = property(protocols).is_some_and(|it| !it.value.is_empty());
        let owned = property(id).is_some_and(|it| it.value == process.to_ne_bytes());
        if named && asks && owned { Some(window) } else { find(x11, window, process, atoms) }
    })
}
