//! `golive completions`: completions for a shell.

use clap::{Args, CommandFactory};

use super::{Cli, Failure, print};

/// Arguments of `golive completions`.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

impl Completions {
    pub(super) fn execute(&self) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "golive", &mut script);
        print(&String::from_utf8_lossy(&script))
    }
}
