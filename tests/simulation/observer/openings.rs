//! Links that go to the browser: the newest, allowed ones that somebody pressed, and no others.

use enrollment_core::{
    desk::{
        Opening,
        view::{Action, StepView},
    },
    enrollment::Place as Where,
};

use super::{Holds, Observer, claims::host_of, commands::Command, violation::Place};
use crate::draw::ALLOWED;

impl Observer {
    pub(super) fn opens(&mut self, opening: &Opening) -> Holds {
        let Opening { key, url } = opening;
        let Some(enrolled) = self.known.get(key) else { return Ok(()) };
        let place = Place::of(enrolled.site, *key);
        self.trace.note(self.now.mono, Some(enrolled.site), Some(*key), || {
            format!("opens {}", url.expose())
        });
        self.census.count("opening: began");
        place.ensure(
            host_of(url.expose()).is_some_and(|host| ALLOWED.contains(&host)),
            "only what the allowlist accepts is opened",
            || url.expose().to_owned(),
        )?;
        place.ensure(
            enrolled.link.as_deref() == Some(url.expose()),
            "only the newest link is opened",
            || format!("{} where {:?} is the newest", url.expose(), enrolled.link),
        )?;
        let pressed = self.asked.values().find(|asked| {
            asked.key == Some(*key) && matches!(asked.what, Command::Act(Action::Open { .. }))
        });
        place.ensure(pressed.is_some(), "nothing is opened without a press", || {
            url.expose().to_owned()
        })?;
        let (confirmed, here) = match pressed.map(|asked| &asked.what) {
            Some(Command::Act(Action::Open { confirmed, here, .. })) => (*confirmed, *here),
            Some(Command::Act(_) | Command::Add(..)) | None => (false, false),
        };
        place.ensure(confirmed || enrolled.confirmed, "id and type are confirmed first", || {
            "they are not".to_owned()
        })?;
        let remote = self.told.rows.get(key).is_some_and(|row| row.place == Where::Remote);
        place.ensure(here || !remote, "a remote customer's link is opened on purpose", || {
            "it was not meant".to_owned()
        })?;
        let shown = pressed.and_then(|asked| asked.link.as_deref());
        place.ensure(
            shown.and_then(host_of) == host_of(url.expose()),
            "a press opens the host that was shown",
            || format!("{} where {shown:?} was shown", url.expose()),
        )?;
        if shown != Some(url.expose()) {
            self.census.count("opening: of a fresh link, after a poll");
        }
        place.ensure(self.opening.is_none(), "one link is opened at a time", || {
            format!("beside {:?}", self.opening)
        })?;
        self.opening = Some(*key);
        let step = self.told.rows.get(key).map(|row| &row.step);
        let open =
            matches!(step, Some(StepView::Ready | StepView::Signing | StepView::PostSign { .. }));
        place.ensure(open, "a link is opened where the step has one", || format!("{step:?}"))
    }
}
