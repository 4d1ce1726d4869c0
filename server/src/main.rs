//! `sanji`: the county's relay and its administration.

fn main() -> std::process::ExitCode {
    sanji_server::commands::run()
}
