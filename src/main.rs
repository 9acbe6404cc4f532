//! The `golive` command.

fn main() -> std::process::ExitCode {
    golive::cli::main()
}
