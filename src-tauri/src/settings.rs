//! What the console remembers of how it is used, in a small file of the user's.

use std::{fs, io, path::PathBuf};

use enrollment_core::{
    desk::view::{Language, Settings, Theme},
    enrollment::Place,
    environment::Environment,
    journal::KeepDays,
};

/// The settings as they are, and where they are kept.
#[derive(Debug)]
pub struct SettingsFile {
    path: Option<PathBuf>,
    settings: Settings,
}

impl SettingsFile {
    /// Reads the file. Where there is none, or none that can be read, the defaults hold: settings
    /// are a convenience, and never worth a failed start.
    pub fn read(path: Option<PathBuf>) -> Self {
        let settings = path
            .as_ref()
            .and_then(|path| fs::read(path).ok())
            .and_then(|json| serde_json::from_slice(&json).ok())
            .unwrap_or_else(first_settings);
        Self { path, settings }
    }

    pub fn get(&self) -> &Settings {
        &self.settings
    }

    /// Takes new settings and writes them, beside the old file first: a crash leaves one of both.
    pub fn set(&mut self, settings: Settings) -> io::Result<()> {
        self.settings = settings;
        let Some(path) = &self.path else { return Ok(()) };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let draft = path.with_extension("new");
        fs::write(&draft, serde_json::to_vec_pretty(&self.settings)?)?;
        fs::rename(draft, path)
    }
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_outlive_the_console_and_a_broken_file_is_a_first_start() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deeper").join("settings.json");
        let mut file = SettingsFile::read(Some(path.clone()));
        let chosen = Settings { language: Language::Bg, theme: Theme::Dark, ..first_settings() };
        file.set(chosen.clone()).expect("written");
        assert_eq!(SettingsFile::read(Some(path.clone())).get(), &chosen);
        fs::write(&path, "{\"environment\":").expect("written");
        assert_eq!(SettingsFile::read(Some(path)).get(), &first_settings());
    }
}
