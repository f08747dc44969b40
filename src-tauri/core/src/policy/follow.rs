//! Looks whether the policy has changed, for as long as the console runs.

use std::{io, thread, time::Duration};

use super::{Policy, PolicyFile, file::Stamp};

/// How often it is looked at. It is one look at one file, and nobody waits for it.
const EVERY: Duration = Duration::from_secs(3);
/// A file that is only just being written is left alone for so long.
const SETTLES: Duration = Duration::from_millis(300);

/// What became of the policy.
#[derive(Clone, Debug)]
pub enum News {
    /// Another one holds from now on.
    Changed(Box<Policy>),
    /// The file has changed and holds no longer what can be followed; what it said before does.
    Trouble(String),
    /// It says again what holds.
    Mended,
}

/// Follows the policy's file on a thread of its own, beginning with the one that was read before.
///
/// # Errors
/// Where no thread is to be had.
pub fn follow(
    file: PolicyFile,
    read: Option<&Policy>,
    tell: impl Fn(News) + Send + 'static,
) -> io::Result<()> {
    let mut follower = Follower::new(file, read);
    thread::Builder::new().name("policy".into()).spawn(move || {
        loop {
            thread::sleep(EVERY);
            if follower.has_changed() {
                thread::sleep(SETTLES);
                follower.look().map(&tell);
            }
        }
    })?;
    Ok(())
}

/// What was last seen of the file, and what holds.
struct Follower {
    file: PolicyFile,
    seen: Seen,
    /// The digest of the policy that holds.
    digest: Option<String>,
    trouble: Option<String>,
}

/// The file as it was when it was last read.
#[derive(PartialEq, Eq)]
enum Seen {
    Never,
    /// Nothing where there was no file.
    As(Option<Stamp>),
}

impl Follower {
    fn new(file: PolicyFile, read: Option<&Policy>) -> Self {
        // It may have changed since it was read, so the first look reads it once more.
        Self {
            file,
            seen: Seen::Never,
            digest: read.map(|policy| policy.digest.clone()),
            trouble: None,
        }
    }

    fn has_changed(&self) -> bool {
        self.seen != Seen::As(self.file.stamp())
    }

    /// Reads the file anew; says what is new, if anything.
    fn look(&mut self) -> Option<News> {
        // Taken before: what changes while it is read is looked at again.
        let stamp = self.file.stamp();
        let read = self.file.read();
        self.seen = Seen::As(stamp);
        let trouble = match read {
            Ok(Some(policy)) if self.digest.as_ref() == Some(&policy.digest) => None,
            Ok(Some(policy)) => {
                self.digest = Some(policy.digest.clone());
                self.trouble = None;
                return Some(News::Changed(Box::new(policy)));
            }
            Ok(None) if self.digest.is_none() => None,
            // Whoever takes a policy away by mistake takes no rule away with it.
            Ok(None) => Some(format!(
                "managed policy {}: is gone; what it said holds until the console starts anew",
                self.file.path().display()
            )),
            Err(error) => Some(error.to_string()),
        };
        if self.trouble == trouble {
            return None;
        }
        self.trouble.clone_from(&trouble);
        Some(trouble.map_or(News::Mended, News::Trouble))
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    fn replace(path: &Path, text: &str) {
        let draft = path.with_extension("new");
        fs::write(&draft, text).expect("written");
        fs::rename(draft, path).expect("in its place");
    }

    /// What a look at the file tells, in a word.
    fn told(follower: &mut Follower) -> String {
        match follower.look() {
            None => "nothing".to_owned(),
            Some(News::Changed(policy)) => {
                format!("{:?}", policy.rules.keep_days.map(u16::from))
            }
            Some(News::Trouble(words)) => words,
            Some(News::Mended) => "mended".to_owned(),
        }
    }

    #[test]
    fn a_change_is_told_once_and_trouble_leaves_what_held() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("policy.toml");
        fs::write(&path, "keep-days = 7").expect("written");
        let file = PolicyFile::draft(&path);
        let first = file.read().expect("good").expect("there");
        let mut follower = Follower::new(file, Some(&first));
        assert!(follower.has_changed(), "not looked at yet");
        assert_eq!(told(&mut follower), "nothing", "it is the one that was read");
        assert!(!follower.has_changed());

        replace(&path, "keep-days = 8");
        assert!(follower.has_changed());
        assert_eq!(told(&mut follower), "Some(8)");
        assert_eq!(told(&mut follower), "nothing");

        replace(&path, "keep-days = 0");
        assert!(told(&mut follower).contains("line 1"));
        assert_eq!(told(&mut follower), "nothing", "the same trouble is told once");
        replace(&path, "keep-days = 8");
        assert_eq!(told(&mut follower), "mended");

        fs::remove_file(&path).expect("gone");
        assert!(follower.has_changed());
        assert!(told(&mut follower).contains("is gone; what it said holds"));
        replace(&path, "keep-days = 9");
        assert_eq!(told(&mut follower), "Some(9)");
    }

    #[test]
    fn where_there_was_none_the_first_one_holds_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("policy.toml");
        let mut follower = Follower::new(PolicyFile::draft(&path), None);
        assert_eq!(told(&mut follower), "nothing");
        assert!(!follower.has_changed());
        fs::write(&path, "keep-days = ").expect("half of it");
        assert!(told(&mut follower).contains("line 1"));
        replace(&path, "keep-days = 5");
        assert_eq!(told(&mut follower), "Some(5)");
    }
}
