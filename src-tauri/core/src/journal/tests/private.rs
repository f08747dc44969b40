//! Where a journal may be, and who may read it.

use super::*;

#[cfg(unix)]
#[test]
fn nobody_else_can_read_it_from_its_first_byte() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("deeper").join("journal");
    written(&path);
    let journal = Stage::open(&path);
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o700);
    for entry in fs::read_dir(&path).expect("a folder").flatten() {
        let wanted = if entry.path().is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&entry.path()), wanted, "{}", entry.path().display());
    }
    drop(journal);
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_could_read_is_closed_to_them() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    fs::create_dir(&path).expect("made");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("opened");
    drop(Folder::claim(&path).expect("it is free"));
    assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o700);
}

#[cfg(unix)]
#[test]
fn links_are_refused_and_left_alone() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().expect("a folder");
    let (real, link) = (folder.path().join("real"), folder.path().join("link"));
    fs::create_dir(&real).expect("made");
    symlink(&real, &link).expect("linked");
    assert!(matches!(Folder::claim(&link), Err(FolderError::Link(_))));
    assert_eq!(fs::read_dir(&real).expect("there").count(), 0, "nothing was put there");
    symlink(folder.path().join("elsewhere.db"), real.join("journal.db")).expect("linked");
    assert!(matches!(Folder::claim(&real), Err(FolderError::Link(_))));
    assert!(!folder.path().join("elsewhere.db").exists());
    // Above the folder there may be links.
    fs::remove_file(real.join("journal.db")).expect("removed");
    written(&link.join("journal"));
    assert_eq!(Stage::open(&link.join("journal")).list().len(), 3);
}

#[test]
fn one_console_has_a_folder_at_a_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = Folder::claim(folder.path()).expect("it is free");
    assert!(matches!(Folder::claim(folder.path()), Err(FolderError::InUse(_))));
    drop(first);
    assert!(Folder::claim(folder.path()).is_ok());
}
