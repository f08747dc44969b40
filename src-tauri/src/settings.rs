//! What the console remembers of how it is used, in a small file of the user's.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use enrollment_core::{
    desk::view::{Density, HeadsUp, Language, Order, Settings, Theme, Zoom},
    enrollment::Place,
    environment::Environment,
    journal::KeepDays,
};
use serde::Serialize;

/// The most days there are.
const LONGEST: u16 = 3_650;

/// Why settings do not outlive the console. The window translates the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum SettingsProblem {
    /// They hold until the console closes.
    NotWritten,
    /// Nobody has said who they are, and nothing changed.
    WhoIsThere,
    /// The managed policy has decided it, and nothing changed.
    Managed,
}

/// The settings as they are, and where they are kept.
#[derive(Debug)]
pub struct SettingsFile {
    path: Option<PathBuf>,
    settings: Settings,
    trouble: Option<String>,
    /// What could not be read still stands where settings are to be written.
    in_the_way: bool,
}

impl SettingsFile {
    /// Reads the file. Where there is none, the defaults hold, and where there is none that can be
    /// read, all but one: settings are never worth a failed start.
    pub fn read(path: Option<PathBuf>) -> Self {
        let (settings, trouble, in_the_way) = match path.as_deref().map_or(Ok(None), load) {
            Ok(read) => (read.unwrap_or_else(first_settings), None, false),
            Err(Unreadable { words, in_the_way }) => (cautious_settings(), Some(words), in_the_way),
        };
        Self { path, settings, trouble, in_the_way }
    }

    pub fn get(&self) -> &Settings {
        &self.settings
    }

    /// What is wrong with the file, until settings were chosen anew.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Takes new settings and writes them. They hold also where that fails.
    pub fn set(&mut self, settings: Settings) -> io::Result<()> {
        self.settings = settings;
        let path = self.path.as_deref().ok_or(io::ErrorKind::NotFound)?;
        if self.in_the_way {
            put_aside(path)?;
            self.in_the_way = false;
        }
        write(path, &self.settings)?;
        self.trouble = None;
        Ok(())
    }
}

struct Unreadable {
    words: String,
    in_the_way: bool,
}

/// The settings of a file; `None` on a first start. What cannot be understood is put aside, so that
/// no choice writes over it, and is told of at each start until there is a choice.
fn load(path: &Path) -> Result<Option<Settings>, Unreadable> {
    let (shown, aside) = (path.display(), aside(path));
    let why = match fs::read(path) {
        Ok(json) => match serde_json::from_slice(&json) {
            Ok(settings) => return Ok(Some(settings)),
            Err(error) => error.to_string(),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if fs::symlink_metadata(&aside).is_err() {
                return Ok(None);
            }
            let words = format!("{}: put aside at an earlier start", aside.display());
            return Err(Unreadable { words, in_the_way: false });
        }
        Err(error) => error.to_string(),
    };
    Err(match put_aside(path) {
        Ok(()) => Unreadable {
            words: format!("{shown}: {why}\nIt is kept as {}", aside.display()),
            in_the_way: false,
        },
        Err(error) => Unreadable {
            words: format!("{shown}: {why}\nIt could not be put aside: {error}"),
            in_the_way: true,
        },
    })
}

fn aside(path: &Path) -> PathBuf {
    path.with_extension("json.unreadable")
}

fn put_aside(path: &Path) -> io::Result<()> {
    match fs::rename(path, aside(path)) {
        // Somebody was faster.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Writes a draft beside the old file and puts it in its place: a crash or a loss of power leaves
/// one of both, whole.
fn write(path: &Path, settings: &Settings) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::NotFound)?;
    fs::create_dir_all(folder)?;
    let draft = path.with_extension("new");
    let mut file = File::create(&draft)?;
    file.write_all(&serde_json::to_vec_pretty(settings)?)?;
    file.sync_all()?;
    drop(file);
    fs::rename(draft, path)?;
    // Elsewhere a folder is no file that could be synced.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// A first start is on the sandbox, in the language of the system.
fn first_settings() -> Settings {
    let bulgarian = sys_locale::get_locale().is_some_and(|l| l.to_lowercase().starts_with("bg"));
    Settings {
        environment: Environment::SANDBOX.to_owned(),
        language: if bulgarian { Language::Bg } else { Language::En },
        theme: Theme::System,
        place: Place::Desk,
        keep_days: KeepDays::default(),
        hide_after: Settings::usual_hiding(),
        single_keys: Settings::usual_single_keys(),
        order: Order::default(),
        heads_up: HeadsUp::default(),
        muted: BTreeSet::new(),
        sound: false,
        density: Density::default(),
        zoom: Zoom::default(),
        hide_numbers: Settings::usual_hiding_of_numbers(),
    }
}

/// Nobody knows for how long finished enrollments were to be kept. What is deleted is gone, so they
/// are kept for as long as can be.
fn cautious_settings() -> Settings {
    Settings { keep_days: KeepDays::try_from(LONGEST).unwrap_or_default(), ..first_settings() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen() -> Settings {
        let keep_days = KeepDays::try_from(7).expect("days");
        Settings { language: Language::Bg, theme: Theme::Dark, keep_days, ..first_settings() }
    }

    fn days(file: &SettingsFile) -> u16 {
        file.get().keep_days.into()
    }

    #[test]
    fn settings_outlive_the_console_and_without_a_file_it_is_a_first_start() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deeper").join("settings.json");
        let mut file = SettingsFile::read(Some(path.clone()));
        assert_eq!((file.get(), file.trouble(), days(&file)), (&first_settings(), None, 30));
        file.set(chosen()).expect("written");
        let file = SettingsFile::read(Some(path));
        assert_eq!((file.get(), file.trouble()), (&chosen(), None));
    }

    #[test]
    fn what_cannot_be_understood_is_put_aside_and_deletes_nothing_until_there_is_a_choice() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("settings.json");
        let aside = folder.path().join("settings.json.unreadable");
        for broken in ["{\"environment\":", "", "{\"keepDays\":7}", "[]"] {
            fs::write(&path, broken).expect("written");
            // Also at the next start, where nothing is left but what was put aside.
            for start in ["the first", "the second"] {
                let file = SettingsFile::read(Some(path.clone()));
                assert_eq!(days(&file), 3_650, "{broken:?}, {start} start");
                let trouble = file.trouble().expect("told");
                assert!(trouble.contains(&aside.display().to_string()), "{trouble}");
                assert_eq!(fs::read_to_string(&aside).expect("kept"), broken);
                assert!(!path.exists());
            }
            let mut file = SettingsFile::read(Some(path.clone()));
            file.set(chosen()).expect("written");
            assert_eq!(file.trouble(), None);
            assert_eq!(fs::read_to_string(&aside).expect("kept"), broken);
            let file = SettingsFile::read(Some(path.clone()));
            assert_eq!((file.get(), file.trouble()), (&chosen(), None));
        }
    }

    #[test]
    fn what_cannot_be_put_aside_is_not_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("settings.json");
        let in_its_place = folder.path().join("settings.json.unreadable").join("x");
        fs::create_dir_all(&in_its_place).expect("a folder");
        fs::write(&path, "broken").expect("written");
        let mut file = SettingsFile::read(Some(path.clone()));
        assert!(file.trouble().is_some_and(|words| words.contains("could not be put aside")));
        file.set(chosen()).expect_err("not written");
        assert_eq!(
            (file.get(), fs::read_to_string(&path).expect("there")),
            (&chosen(), "broken".into())
        );
        fs::remove_dir_all(in_its_place.parent().expect("a folder")).expect("room for it");
        file.set(chosen()).expect("written");
        assert_eq!(SettingsFile::read(Some(path)).get(), &chosen());
    }

    #[test]
    fn settings_that_cannot_be_written_hold_and_it_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let no_folder = folder.path().join("file");
        fs::write(&no_folder, "").expect("written");
        for path in [Some(no_folder.join("settings.json")), None] {
            let mut file = SettingsFile::read(path);
            file.set(chosen()).expect_err("not written");
            assert_eq!(file.get(), &chosen());
        }
        assert_eq!(
            serde_json::to_string(&SettingsProblem::NotWritten).expect("JSON"),
            r#"{"code":"not-written"}"#
        );
    }
}
