use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use super::*;

/// A script of the shell's own, which is the administrator's on every machine.
fn shell(script: &str) -> TokenCommand {
    TokenCommand::new(&["/bin/sh".into(), "-c".into(), script.into()]).expect("a command")
}

fn secret(script: &str) -> Result<String, FetchError> {
    shell(script).fetch().map(|token| token.secret().to_owned())
}

#[test]
fn what_it_writes_is_the_token() {
    assert_eq!(secret("echo made-up").as_deref(), Ok("made-up"));
    assert_eq!(secret("printf 'Bearer made-up\\r\\n'").as_deref(), Ok("made-up"));
    assert_eq!(secret("echo noise >&2; echo made-up").as_deref(), Ok("made-up"));
    assert_eq!(secret("head -c 16384 /dev/zero | tr '\\0' a").map(|it| it.len()), Ok(16_384));
}

#[test]
fn its_arguments_reach_it_as_they_are() {
    let words = ["/bin/echo", "$HOME;`id`"].map(str::to_owned);
    let token = TokenCommand::new(&words).expect("a command").fetch().expect("a token");
    assert_eq!(token.secret(), "$HOME;`id`");
}

#[test]
fn what_is_wrong_is_told_by_a_code_alone() {
    for (script, error) in [
        ("echo canary; exit 3", FetchError::Failed { status: Some(3) }),
        ("echo canary >&2; exit 1", FetchError::Failed { status: Some(1) }),
        ("kill -9 $$", FetchError::Failed { status: None }),
        ("true", FetchError::Empty),
        ("echo '  '", FetchError::Empty),
        ("echo canary two", FetchError::NoToken),
        ("printf '\\377'", FetchError::NoToken),
        ("head -c 17000 /dev/zero | tr '\\0' a", FetchError::TooLong),
        ("echo canary; head -c 17000 /dev/zero | tr '\\0' ' '", FetchError::TooLong),
        ("yes canary", FetchError::TooLong),
    ] {
        let told = secret(script).expect_err(script);
        assert_eq!(told, error, "{script}");
        assert!(!format!("{told} {told:?}").contains("canary"));
    }
}

#[test]
fn it_finds_nothing_in_its_environment_that_decides_what_runs() {
    // Without a token's blanks in between: names alone, in one line.
    let names = secret("env | cut -d= -f1 | tr '\\n' ,").expect("names");
    for name in names.split(',').filter(|name| !name.is_empty()) {
        // The shell sets these by itself.
        let own = ["PATH", "PWD", "SHLVL", "_", "OLDPWD"].contains(&name);
        assert!(own || PASSED_ON.contains(&name), "{name}");
    }
    assert_eq!(secret("echo $PATH").as_deref(), Ok(PATH));
    let folder = secret("cat; pwd").expect("nothing to read, and a folder of root's");
    assert!(["/bin", "/usr/bin"].contains(&folder.as_str()), "{folder}");
}

/// Whether the process is gone, within a moment.
fn has_ended(pid: &str) -> bool {
    let alive = || {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        status.lines().any(|line| line.starts_with("State:") && !line.contains('Z'))
    };
    (0..100).any(|_| {
        thread::sleep(LOOK);
        !alive()
    })
}

#[cfg(target_os = "linux")]
#[test]
fn after_its_time_it_is_killed_with_all_that_it_started() {
    let folder = tempfile::tempdir().expect("a folder");
    let written = folder.path().join("pids");
    let path = written.display();
    let script = format!("sleep 60 & echo $! $$ > '{path}'; wait");
    let began = Instant::now();
    let told = shell(&script).fetch_if(&|_| Ok(()), Duration::from_millis(500));
    assert_eq!(told, Err(FetchError::TimedOut));
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let pids = fs::read_to_string(&written).expect("it ran");
    for pid in pids.split_whitespace() {
        assert!(has_ended(pid), "{pid}");
    }
}

#[test]
fn one_that_leaves_somebody_behind_on_its_output_runs_out_of_time() {
    let told = shell("sleep 60 & echo made-up").fetch_if(&|_| Ok(()), Duration::from_millis(500));
    assert_eq!(told, Err(FetchError::TimedOut));
}

#[test]
fn one_that_goes_on_after_it_has_written_runs_out_of_time() {
    let script = "echo made-up; exec >&-; sleep 3";
    let told = shell(script).fetch_if(&|_| Ok(()), Duration::from_millis(500));
    assert_eq!(told, Err(FetchError::TimedOut));
}

#[test]
fn one_that_ends_a_moment_after_it_has_written_has_its_time() {
    assert_eq!(secret("echo made-up; exec >&-; sleep 0.3").as_deref(), Ok("made-up"));
}

#[test]
fn a_signal_while_it_is_read_cuts_nothing_off() {
    struct Interrupted(&'static [u8], bool);
    impl io::Read for Interrupted {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 { Err(io::ErrorKind::Interrupted.into()) } else { self.0.read(into) }
        }
    }
    let read = read_all(&mut Interrupted(b"made-up", false)).expect("short enough");
    assert_eq!(read.as_slice(), b"made-up");
}

fn program(folder: &Path, mode: u32) -> (PathBuf, TokenCommand) {
    let path = folder.join("fetch-token");
    fs::write(&path, "#!/bin/sh\ntouch \"$0.ran\"\necho made-up\n").expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
    let command = TokenCommand::new(&[path.display().to_string()]).expect("a command");
    (path, command)
}

#[test]
fn one_that_others_can_write_is_not_run() {
    let folder = tempfile::tempdir_in("/tmp").expect("a folder");
    let (path, command) = program(folder.path(), 0o755);
    let told = command.fetch().expect_err("everybody can write in /tmp");
    assert!(matches!(&told, FetchError::NotOwned { why } if why.contains("/tmp")), "{told:?}");
    assert!(!path.with_extension("ran").exists(), "it was looked at before it ran");
    // Another test that starts a program just now may hold the script open for a moment.
    let works = (0..100).any(|_| {
        thread::sleep(LOOK);
        command.fetch_if(&|_| Ok(()), PATIENCE).is_ok_and(|token| token.secret() == "made-up")
    });
    assert!(works, "by itself it works");
}

#[test]
fn one_that_is_not_there_or_cannot_be_run_says_so() {
    let missing = TokenCommand::new(&["/usr/bin/no-such-program".into()]).expect("a command");
    assert_eq!(missing.fetch(), Err(FetchError::NotFound));
    let folder = tempfile::tempdir().expect("a folder");
    let (_, command) = program(folder.path(), 0o644);
    assert_eq!(command.fetch_if(&|_| Ok(()), PATIENCE), Err(FetchError::NotStarted));
}
