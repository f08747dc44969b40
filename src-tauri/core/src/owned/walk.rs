//! The way to a file, looked at place by place.

use std::{
    collections::VecDeque,
    fs, io,
    os::unix::fs::MetadataExt as _,
    path::{Component, Path, PathBuf},
};

use super::{OwnedError, unseen};

/// A way with more links in it leads in a circle.
const MOST_LINKS: usize = 40;
/// Write permission of the group, and of everybody else.
const OTHERS_WRITE: u32 = 0o022;

/// What stands at one place on the way.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    owner: u32,
    mode: u32,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Folder,
    File,
    Link(PathBuf),
    Other,
}

/// Follows the way as the system would, and looks at every place on it.
pub(super) fn check(
    path: &Path,
    look: &dyn Fn(&Path) -> io::Result<Seen>,
) -> Result<(), OwnedError> {
    if !path.is_absolute() {
        return Err(OwnedError::NotAbsolute(path.to_owned()));
    }
    let mut ahead: VecDeque<PathBuf> = steps(path).collect();
    let (mut here, mut links, mut file) = (PathBuf::new(), 0, false);
    while let Some(step) = ahead.pop_front() {
        if step.as_os_str() == ".." {
            here.pop();
            file = false;
            continue;
        }
        let before = here.clone();
        here.push(step);
        let seen = look(&here).map_err(|error| unseen(&here, error.kind()))?;
        if seen.owner != 0 {
            return Err(OwnedError::Owner { path: here, owner: seen.owner });
        }
        match seen.kind {
            // Nobody writes into a link: its permissions mean nothing, its folder's do.
            Kind::Link(target) => {
                links += 1;
                if links > MOST_LINKS {
                    return Err(OwnedError::Circle(path.to_owned()));
                }
                here = before;
                ahead = steps(&target).chain(ahead).collect();
                continue;
            }
            Kind::Folder => file = false,
            Kind::File => file = true,
            Kind::Other => return Err(OwnedError::NotAFile(path.to_owned())),
        }
        if seen.mode & OTHERS_WRITE != 0 {
            return Err(OwnedError::Writable(here));
        }
    }
    if file { Ok(()) } else { Err(OwnedError::NotAFile(path.to_owned())) }
}

/// A root among the steps replaces whatever stands before it, as pushing it does.
fn steps(path: &Path) -> impl Iterator<Item = PathBuf> {
    path.components().filter(|step| *step != Component::CurDir).map(|step| PathBuf::from(&step))
}

pub(super) fn look(path: &Path) -> io::Result<Seen> {
    let found = fs::symlink_metadata(path)?;
    let kind = if found.is_symlink() {
        Kind::Link(fs::read_link(path)?)
    } else if found.is_dir() {
        Kind::Folder
    } else if found.is_file() {
        Kind::File
    } else {
        Kind::Other
    };
    Ok(Seen { owner: found.uid(), mode: found.mode(), kind })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{super::by_administrator, *};

    const ROOT: u32 = 0;
    const AGENT: u32 = 1000;

    /// A disk on which nothing is wrong: `/etc/console/policy.toml`, and a link to it by two others.
    fn sound() -> HashMap<&'static str, Seen> {
        let folder = || Seen { owner: ROOT, mode: 0o755, kind: Kind::Folder };
        let link = |to: &str| Seen { owner: ROOT, mode: 0o777, kind: Kind::Link(to.into()) };
        HashMap::from([
            ("/", folder()),
            ("/etc", folder()),
            ("/etc/console", folder()),
            ("/etc/console/policy.toml", Seen { owner: ROOT, mode: 0o644, kind: Kind::File }),
            ("/opt", folder()),
            ("/opt/console", link("../etc/./console")),
            ("/opt/hop", link("/opt/console/policy.toml")),
            ("/opt/round", link("round")),
            ("/opt/device", Seen { owner: ROOT, mode: 0o600, kind: Kind::Other }),
            ("/home", folder()),
            ("/home/agent", Seen { owner: AGENT, mode: 0o755, kind: Kind::Folder }),
            ("/home/agent/link", link("/etc/console/policy.toml")),
        ])
    }

    fn judge(path: &str, disk: &HashMap<&str, Seen>) -> Result<(), OwnedError> {
        check(Path::new(path), &|place| {
            let seen = place.to_str().and_then(|place| disk.get(place)).cloned();
            seen.ok_or_else(|| io::ErrorKind::NotFound.into())
        })
    }

    #[test]
    fn a_file_of_roots_is_passed_however_it_is_reached() {
        let disk = sound();
        for path in [
            "/etc/console/policy.toml",
            "/etc/../etc/console/./policy.toml",
            "/opt/console/policy.toml",
            "/opt/hop",
        ] {
            assert_eq!(judge(path, &disk), Ok(()), "{path}");
        }
    }

    #[test]
    fn whatever_somebody_else_could_change_on_the_way_is_named() {
        let places = ["/", "/etc", "/etc/console", "/etc/console/policy.toml", "/opt"];
        for place in places {
            for bits in [0o020, 0o002] {
                let mut disk = sound();
                disk.get_mut(place).expect("there").mode |= bits;
                let error = judge("/opt/hop", &disk).expect_err(place);
                assert_eq!(error, OwnedError::Writable(place.into()));
            }
        }
        for place in places.into_iter().chain(["/opt/console", "/opt/hop"]) {
            let mut disk = sound();
            disk.get_mut(place).expect("there").owner = AGENT;
            let error = judge("/opt/hop", &disk).expect_err(place);
            assert_eq!(error, OwnedError::Owner { path: place.into(), owner: AGENT });
        }
    }

    #[test]
    fn a_link_in_somebody_elses_folder_leads_nowhere_good() {
        let error = judge("/home/agent/link", &sound()).expect_err("replaceable");
        assert_eq!(error, OwnedError::Owner { path: "/home/agent".into(), owner: AGENT });
    }

    #[test]
    fn what_is_no_file_is_refused() {
        let disk = sound();
        for (path, why) in [
            ("policy.toml", OwnedError::NotAbsolute("policy.toml".into())),
            ("/etc/console", OwnedError::NotAFile("/etc/console".into())),
            ("/opt/device", OwnedError::NotAFile("/opt/device".into())),
            ("/opt/round", OwnedError::Circle("/opt/round".into())),
            (
                "/etc/console/policy.toml/..",
                OwnedError::NotAFile("/etc/console/policy.toml/..".into()),
            ),
            ("/etc/none", OwnedError::Missing("/etc/none".into())),
        ] {
            assert_eq!(judge(path, &disk), Err(why), "{path}");
        }
    }

    #[test]
    fn the_systems_shell_is_the_administrators_and_a_file_below_tmp_is_not() {
        assert_eq!(by_administrator(Path::new("/bin/sh")), Ok(()));
        let file = tempfile::NamedTempFile::new_in("/tmp").expect("a file");
        let error = by_administrator(file.path()).expect_err("anybody may replace it");
        assert_eq!(error, OwnedError::Writable("/tmp".into()));
    }
}
