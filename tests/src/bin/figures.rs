//! Prints the figures: `figures [--json] [name…]`, without a name all of them.

use std::process::ExitCode;

use clap::Parser;
use sanji_tests::figures::{GROUPS, json, peak, table};

/// Measures what Sanji costs, beside the goals and a baseline of the same run.
#[derive(Parser)]
struct Arguments {
    /// One line of JSON instead of a table.
    #[arg(long)]
    json: bool,
    /// Opens one phone and prints the peak of its memory: what the group `open` runs in a process of its own.
    #[arg(long, hide = true, num_args = 3, value_names = ["FOLDER", "SCHOOL", "MS"])]
    peak: Option<Vec<String>>,
    /// Which groups; without one, all.
    names: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(opened) = &arguments.peak {
        return match peak(opened) {
            Ok(bytes) => {
                println!("{bytes}");
                ExitCode::SUCCESS
            }
            Err(why) => {
                eprintln!("the phone could not be opened: {why}");
                ExitCode::FAILURE
            }
        };
    }
    let known = || GROUPS.iter().map(|group| group.name).collect::<Vec<_>>().join(", ");
    if let Some(name) = arguments.names.iter().find(|name| GROUPS.iter().all(|group| group.name != **name)) {
        eprintln!("there is no group \"{name}\"; the groups are: {}", known());
        return ExitCode::from(2);
    }
    let mut figures = Vec::new();
    for group in
        GROUPS.iter().filter(|group| arguments.names.is_empty() || arguments.names.iter().any(|n| n == group.name))
    {
        eprintln!("measuring {}", group.name);
        match (group.measure)() {
            Ok(measured) => figures.extend(measured),
            Err(why) => {
                eprintln!("{} could not be measured: {why}", group.name);
                return ExitCode::FAILURE;
            }
        }
    }
    if arguments.json {
        println!("{}", json(&figures));
    } else {
        print!("{}", table(&figures));
    }
    ExitCode::SUCCESS
}
