//! `kayoi`: the only binary. Thin: it reads arguments, calls the crates, prints.
//!
//! In: a command line. Out: data on stdout, everything else on stderr. Exit code 0 for done, 1 for failed, 2
//! for a wrong command line. What failed has a code, too: `coded.rs`.

mod args;
mod coded;
mod causes;
mod screen;
mod progress;
mod run_record;
mod supervisor;
mod commands;
mod page;
mod stop;
mod telemetry;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};

/// Libraries that tell much of their own steps at `info`; what fails in them comes back as an error of ours.
const LIBRARIES: &str = "buoyant_kernel=off,deltalake_core=warn,deltalake_core::kernel::transaction=off";

fn main() -> ExitCode {
    let cli = Cli::parse();
    let asked = std::env::var("KAYOI_LOG").unwrap_or_else(|_| "warn".to_owned());
    let filter = tracing_subscriber::EnvFilter::new(format!("{LIBRARIES},{asked}"));
    tracing_subscriber::fmt()
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A closed stderr leaves nobody to tell, and is no reason to end.
        .log_internal_errors(false)
        .init();
    let result = match cli.command {
        Command::Schema(options) => commands::schema::run(&options),
        Command::Definitions(options) => commands::definitions::run(&options),
        Command::Boundaries(options) => commands::boundaries::run(&options),
        Command::Codes(options) => commands::codes::run(&options),
        Command::Population(options) => commands::population::run(&options),
        Command::Mesh(options) => commands::mesh::run(&options),
        Command::Simulate(options) => commands::simulate::run(&options),
        Command::Ingest(options) => commands::ingest::run(&options),
        Command::Quality(options) => commands::quality::run(&options),
        Command::Lake(options) => commands::lake::run(&options),
        Command::Doctor(options) => commands::doctor::run(&options),
        Command::Aggregate(options) => commands::aggregate::run(&options),
        Command::Cluster(options) => commands::cluster::run(&options),
        Command::Release(options) => commands::release::run(&options),
        Command::Query(options) => commands::query::run(&options),
        Command::Ask(options) => commands::ask::run(&options),
        Command::Questions(options) => commands::ask::list(&options),
        Command::Extract(options) => commands::extract::run(&options),
        Command::Serve(options) => commands::serve::run(&options),
        Command::Health(options) => commands::health::run(&options),
        Command::Kpi(options) => commands::kpi::run(&options),
        Command::User(options) => commands::user::run(&options),
        Command::Worker(options) => commands::worker::run(options),
        Command::Nation(options) => commands::nation::run(&options),
        Command::Demo(options) => commands::demo::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // A reader that closed the pipe (`kayoi … | head`) has what it wanted.
        Err(error) if screen::is_broken_pipe(&error) => ExitCode::SUCCESS,
        // What differs was printed, as `diff` does.
        Err(error) if error.is::<commands::definitions::Differ>() => ExitCode::FAILURE,
        Err(error) => {
            screen::error(&error);
            ExitCode::FAILURE
        }
    }
}
