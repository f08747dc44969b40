//! What a window manager does with a window, where there is none.

use x11rb::{
    connection::Connection as _,
    protocol::xproto::{Atom, AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, Window},
    rust_connection::RustConnection,
};

use super::patience::until_now;

/// Asks the window of that title to close.
pub fn close(display: &str, title: &str) {
    let (x11, screen) = RustConnection::connect(Some(display)).expect("a display");
    let root = x11.setup().roots[screen].root;
    let atom = |name: &str| -> Atom {
        x11.intern_atom(false, name.as_bytes()).expect("asked").reply().expect("an atom").atom
    };
    let (protocols, delete) = (atom("WM_PROTOCOLS"), atom("WM_DELETE_WINDOW"));
    let window = until_now(|| find(&x11, root, title, protocols)).expect("the window is there");
    let message = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
    x11.send_event(false, window, EventMask::NO_EVENT, message).expect("sent");
    // An answer to anything says that the display has taken it.
    x11.get_input_focus().expect("asked").reply().expect("an answer");
}

/// The window of that title which can be asked to close.
fn find(x11: &RustConnection, of: Window, title: &str, protocols: Atom) -> Option<Window> {
    let children = x11.query_tree(of).ok()?.reply().ok()?.children;
    children.into_iter().find_map(|window| {
        let property = |name: Atom, kind: AtomEnum| {
            x11.get_property(false, window, name, kind, 0, 64).ok()?.reply().ok()
        };
        let named = property(AtomEnum::WM_NAME.into(), AtomEnum::ANY)
            .is_some_and(|it| it.value == title.as_bytes());
        let asks = property(protocols, AtomEnum::ATOM).is_some_and(|it| !it.value.is_empty());
        if named && asks { Some(window) } else { find(x11, window, title, protocols) }
    })
}
