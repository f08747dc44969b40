//! The icon by the freedesktop `StatusNotifierItem` specification, which KDE has, and GNOME with an
//! extension.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
    mpsc::Receiver,
};

use ksni::{
    Category, Icon, MenuItem, OfflineReason, Status, ToolTip, blocking::TrayMethods as _,
    menu::StandardItem,
};
use tauri::{AppHandle, Runtime, image::Image, include_image};

use super::{TrayWords, badge::with_count, is_gone, quit};
use crate::window;

const ICON: Image<'static> = include_image!("src-tauri/icons/32x32.png");

struct Item<R: Runtime> {
    app: AppHandle<R>,
    shown: Arc<AtomicBool>,
    words: TrayWords,
}

/// Shows the icon for as long as the console runs, and tells it what it is to say.
pub fn show<R: Runtime>(app: AppHandle<R>, shown: &Arc<AtomicBool>, words: &Receiver<TrayWords>) {
    // The page loads first: it has the words, and its window is there.
    let Ok(first) = words.recv() else { return };
    let item = Item { app, shown: Arc::clone(shown), words: first };
    shown.store(true, Ordering::Relaxed);
    // A tray may begin after the console: then it is told that there is none yet.
    let Ok(handle) = item.assume_sni_available(true).spawn() else {
        return shown.store(false, Ordering::Relaxed);
    };
    while let Ok(next) = words.recv() {
        // Only what holds by now is of interest.
        let next = words.try_iter().last().unwrap_or(next);
        if handle.update(|item| item.words = next).is_none() {
            return shown.store(false, Ordering::Relaxed);
        }
    }
}

impl<R: Runtime> ksni::Tray for Item<R> {
    fn id(&self) -> String {
        "enrollment-console".into()
    }

    fn category(&self) -> Category {
        Category::ApplicationStatus
    }

    fn status(&self) -> Status {
        if self.words.waiting > 0 { Status::NeedsAttention } else { Status::Active }
    }

    fn title(&self) -> String {
        self.words.title.clone()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: self.words.title.clone(), ..ToolTip::default() }
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        let side = ICON.width();
        let data = with_count(ICON.rgba(), side, self.words.waiting);
        let side = i32::try_from(side).unwrap_or_default();
        vec![Icon { width: side, height: side, data }]
    }

    fn attention_icon_pixmap(&self) -> Vec<Icon> {
        self.icon_pixmap()
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        window::bring_forward(&self.app);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let show = StandardItem {
            label: self.words.show.clone(),
            activate: Box::new(|item: &mut Self| window::bring_forward(&item.app)),
            ..StandardItem::default()
        };
        let quit = StandardItem {
            label: self.words.quit.clone(),
            activate: Box::new(|item: &mut Self| quit(&item.app)),
            ..StandardItem::default()
        };
        vec![show.into(), MenuItem::Separator, quit.into()]
    }

    fn watcher_online(&self) {
        self.shown.store(true, Ordering::Relaxed);
    }

    fn watcher_offline(&self, _: OfflineReason) -> bool {
        self.shown.store(false, Ordering::Relaxed);
        is_gone(&self.app);
        true
    }
}
