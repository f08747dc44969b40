//! What the engine does when nothing is left to watch.

use std::{thread, time::Duration};

use anyhow::{Result, ensure};

use super::{
    Extent,
    figures::Figures,
    progress::Progress,
    stage::{Scene, Stage, Subject},
};
use crate::statistics::number;

const USERS: u32 = 100;
/// Everybody is watched for two polls, and has reached the target at the third.
const TARGET_AT: u32 = 3;
const PATIENCE: Duration = Duration::from_secs(60);
/// The last polls are told to the subscriber for ten seconds: they count in the rate.
pub const SETTLING: Duration = Duration::from_secs(15);

pub fn measure(
    stage: &Stage,
    extent: &Extent,
    progress: &Progress,
    figures: &mut Figures,
) -> Result<()> {
    let scene = Scene { target_at: Some(TARGET_AT), ..Scene::of(USERS) };
    let mut play = stage.play(Subject::Engine, scene)?;
    play.until_polled(TARGET_AT, PATIENCE)?;
    thread::sleep(SETTLING);
    let window = play.window(extent.idle_window)?;
    ensure!(window.polls() == 0.0, "it went on polling");
    ensure!(window.after.connections > 0, "its connection is closed");
    let per_second = number(window.used.voluntary) / window.time.as_secs_f64();
    progress.say(&format!("with nothing to watch: {per_second:.2} wake-ups a second"));
    figures.put("wakeups_per_s_idle", per_second);
    Ok(())
}
