//! The end of a shift: the desk's part, the password store's, and the clipboard's. And what goes from
//! here to another desk.

use enrollment_core::{
    desk::{
        Person,
        view::{Done, Refused, ShiftEnded, TokenLeft},
    },
    shift::{Shift, ShiftError},
};
use serde::Serialize;
use tauri::async_runtime;

use crate::{
    Console,
    handout::{HandoutProblem, hand_out},
};

/// Why a shift was not taken in: it is none, or the desk refuses.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Untaken {
    Unread(ShiftError),
    Refused(Refused),
}

impl From<ShiftError> for Untaken {
    fn from(error: ShiftError) -> Self {
        Self::Unread(error)
    }
}

impl From<Refused> for Untaken {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl Console {
    /// Whether anything may be done, where the policy asks who is here.
    pub(crate) async fn somebody_is_here(&self) -> Result<(), Refused> {
        self.desk.person(Person::Knocks).await.map(drop)
    }

    /// Ends the shift. A token that the password store does not give up is told; everything else is
    /// done all the same.
    pub(crate) async fn end_shift(&self) -> Result<ShiftEnded, Refused> {
        let interrupted = match self.desk.person(Person::EndsShift).await? {
            Done::ShiftEnded { interrupted } => interrupted,
            Done::Added { .. }
            | Done::Done
            | Done::Opened { .. }
            | Done::Copied { .. }
            | Done::Shown { .. }
            | Done::HandedOver { .. }
            | Done::TakenIn { .. }
            | Done::Checked => 0,
        };
        let clipboard = self.clipboard.clone();
        // It may be another program's for a while.
        let cleared = async_runtime::spawn_blocking(move || clipboard.take_back());
        let mut tokens_left = Vec::new();
        for environment in self.with_tokens() {
            if let Err(why) = self.forget_token(&environment).await {
                tokens_left.push(TokenLeft { environment, why });
            }
        }
        // One that panicked cleared nothing; its thread does so in its own time.
        let _ = cleared.await;
        Ok(ShiftEnded { interrupted, tokens_left })
    }

    /// Writes the file first: what is not on the disk, or could not be read from there, stays watched
    /// here.
    pub(crate) async fn hand_over_shift(&self) -> Result<String, HandoutProblem> {
        let (shift, keys) = self.desk.shift().await?;
        if keys.is_empty() {
            return Err(HandoutProblem::Nothing);
        }
        let place = hand_out("enrollment-shift", "json", move || {
            let file = shift.to_json();
            Shift::from_json(&file).map_err(|error| HandoutProblem::not_written(&error))?;
            Ok(file)
        })
        .await?;
        self.desk.person(Person::HandsOver { keys }).await?;
        Ok(place)
    }
}
