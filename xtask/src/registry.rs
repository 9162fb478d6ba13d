//! `cargo xtask registry`: a real schema registry for trials. In: a command. Out: what it printed.

use std::process::ExitCode;

use kayoi_harness::parts::{PartError, registry};

use crate::options::Options;
use crate::task::{self, Task};

pub(crate) const TASK: Task = Task { name: "registry", meaning: "a real schema registry", run };

fn usage() -> Result<String, PartError> {
    Ok(include_str!("../usage/registry.txt").trim_end().replace("{version}", &registry::version()?))
}

fn run(words: Vec<String>) -> Result<ExitCode, PartError> {
    let (command, words) = task::command(words);
    let read = |names: &[&str]| Options::read(words.clone(), names, &[]);
    match command.as_str() {
        "install" => read(&[]).and_then(|_| registry::install()).map(drop)?,
        "start" => {
            let options = read(&["dir", "port"])?;
            task::print(registry::start(&options.folder("dir")?, options.port("port")?)?);
        }
        "stop" => registry::stop(&read(&["dir"])?.folder("dir")?)?,
        "prove" => return task::hand_over(&mut registry::prove(read(&["url"])?.need("url")?)),
        "help" => task::print(usage()?),
        _ => return Err(task::unknown(&command)),
    }
    Ok(ExitCode::SUCCESS)
}
