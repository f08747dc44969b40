//! A console that cannot start says why: on the command line, and to whoever has only a desktop.

/// Shows words in a box of the desktop's own, and waits until they are read. Without a desktop
/// nothing is shown.
#[cfg(target_os = "linux")]
pub fn show(words: &str) {
    use gtk::prelude::{DialogExt as _, GtkWindowExt as _};

    if gtk::init().is_err() {
        return;
    }
    let dialog = gtk::MessageDialog::new(
        None::<&gtk::Window>,
        gtk::DialogFlags::empty(),
        gtk::MessageType::Error,
        gtk::ButtonsType::Close,
        words,
    );
    dialog.set_title(TITLE);
    dialog.run();
}

#[cfg(not(target_os = "linux"))]
pub fn show(words: &str) {
    let dialog = rfd::MessageDialog::new().set_level(rfd::MessageLevel::Error);
    dialog.set_title(TITLE).set_description(words).show();
}

const TITLE: &str = "Enrollment Console";
