//! Links that leave, in whatever way: the newest, allowed ones that somebody pressed, and no others.

use enrollment_core::{
    desk::{
        Leaving,
        view::{Action, StepView, Way},
    },
    enrollment::Place as Where,
};

use super::{Holds, Observer, claims::host_of, commands::Command, violation::Place};
use crate::draw::ALLOWED;

impl Observer {
    pub(super) fn leaves(&mut self, leaving: &Leaving) -> Holds {
        let Leaving { key, way, url } = leaving;
        let Some(enrolled) = self.known.get(key) else { return Ok(()) };
        let place = Place::of(enrolled.site, *key);
        self.trace.note(self.now.mono, Some(enrolled.site), Some(*key), || {
            format!("{way:?}: {}", url.expose())
        });
        self.census.count(match way {
            Way::Browser => "opening: began",
            Way::Clipboard => "opening: copying began",
            Way::QrCode => "opening: drawing began",
        });
        place.ensure(
            host_of(url.expose()).is_some_and(|host| ALLOWED.contains(&host)),
            "only what the allowlist accepts leaves",
            || url.expose().to_owned(),
        )?;
        place.ensure(
            enrolled.link.as_deref() == Some(url.expose()),
            "only the newest link leaves",
            || format!("{} where {:?} is the newest", url.expose(), enrolled.link),
        )?;
        let pressed =
            self.asked.values().find(|asked| asked.key == Some(*key) && asked.hands_over(*way));
        place.ensure(pressed.is_some(), "nothing leaves without a press of that way", || {
            url.expose().to_owned()
        })?;
        let (confirmed, here) = match pressed.map(|asked| &asked.what) {
            Some(Command::Act(Action::HandOver { confirmed, here, .. })) => (*confirmed, *here),
            Some(Command::Act(_) | Command::Add(..) | Command::EndShift) | None => (false, false),
        };
        place.ensure(confirmed || enrolled.confirmed, "id and type are confirmed first", || {
            "they are not".to_owned()
        })?;
        let remote = self.told.rows.get(key).is_some_and(|row| row.place == Where::Remote);
        let opens = *way == Way::Browser;
        place.ensure(
            here || !remote || !opens,
            "a remote customer's link is opened on purpose",
            || "it was not meant".to_owned(),
        )?;
        let shown = pressed.and_then(|asked| asked.link.as_deref());
        place.ensure(
            shown.and_then(host_of) == host_of(url.expose()),
            "a press hands over the host that was shown",
            || format!("{} where {shown:?} was shown", url.expose()),
        )?;
        if shown != Some(url.expose()) {
            self.census.count("opening: of a fresh link, after a poll");
        }
        place.ensure(self.opening.is_none(), "one link leaves at a time", || {
            format!("beside {:?}", self.opening)
        })?;
        self.opening = Some(*key);
        let step = self.told.rows.get(key).map(|row| &row.step);
        let open =
            matches!(step, Some(StepView::Ready | StepView::Signing | StepView::PostSign { .. }));
        place.ensure(open, "a link leaves where the step has one", || format!("{step:?}"))
    }
}
