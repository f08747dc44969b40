//! What somebody would paste.

use x11rb::{
    COPY_DEPTH_FROM_PARENT, CURRENT_TIME, NONE,
    connection::Connection as _,
    protocol::{
        Event,
        xproto::{
            Atom, AtomEnum, ConnectionExt as _, CreateWindowAux, SelectionNotifyEvent, WindowClass,
        },
    },
    rust_connection::RustConnection,
};

use super::patience::until_now;

/// The text in the clipboard of that display; `None` where there is none.
pub fn text(display: &str) -> Option<String> {
    convert(display, "UTF8_STRING")
}

/// What it says to programs that keep all that was ever copied.
pub fn hint(display: &str) -> Option<String> {
    convert(display, "x-kde-passwordManagerHint")
}

fn convert(display: &str, kind: &str) -> Option<String> {
    let (x11, screen) = RustConnection::connect(Some(display)).expect("a display");
    let root = &x11.setup().roots[screen];
    let window = x11.generate_id().expect("a name");
    let (class, looks) = (WindowClass::INPUT_OUTPUT, CreateWindowAux::new());
    x11.create_window(
        COPY_DEPTH_FROM_PARENT,
        window,
        root.root,
        0,
        0,
        1,
        1,
        0,
        class,
        root.root_visual,
        &looks,
    )
    .expect("asked");
    let atom = |name: &str| -> Atom {
        x11.intern_atom(false, name.as_bytes()).expect("asked").reply().expect("an atom").atom
    };
    let (clipboard, property) = (atom("CLIPBOARD"), atom("REHEARSAL"));
    x11.convert_selection(window, clipboard, atom(kind), property, CURRENT_TIME).expect("asked");
    x11.flush().expect("sent");
    let answer = until_now(|| match x11.poll_for_event().expect("a connection") {
        Some(Event::SelectionNotify(answer)) => Some(answer),
        Some(_) | None => None,
    });
    let SelectionNotifyEvent { property, .. } = answer.expect("the clipboard answers");
    if property == NONE {
        return None;
    }
    let value = x11.get_property(false, window, property, AtomEnum::ANY, 0, 4_096).expect("asked");
    Some(String::from_utf8(value.reply().expect("a value").value).expect("text"))
}
