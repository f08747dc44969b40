//! Writes the manual pages and the completions of `enrollment-watch` into a folder, for its packages:
//! `man/` and `completions/{bash,zsh,fish}`.

use std::{env, fs, io, path::PathBuf};

use clap::CommandFactory as _;
use clap_complete::{Shell, generate_to};
use enrollment_watch::Cli;

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| io::Error::other("usage: pages FOLDER"))?;
    let manual = folder.join("man");
    fs::create_dir_all(&manual)?;
    clap_mangen::generate_to(Cli::command(), &manual)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        let place = folder.join("completions").join(shell.to_string());
        fs::create_dir_all(&place)?;
        generate_to(shell, &mut Cli::command(), "enrollment-watch", place)?;
    }
    Ok(())
}
