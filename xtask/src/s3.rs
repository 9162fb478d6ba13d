//! `cargo xtask s3`: an S3 store for trials, one of two. In: a command. Out: what it printed.

use std::process::ExitCode;

use kayoi_harness::parts::s3::Store;
use kayoi_harness::parts::{PartError, s3};

use crate::options::Options;
use crate::task::{self, Task};

pub(crate) const TASK: Task = Task {
    name: "s3",
    meaning: "an S3 store, one of two, and a proxy in front of it that fails on purpose",
    run,
};

const BUCKET: &str = "lake";

fn run(words: Vec<String>) -> Result<ExitCode, PartError> {
    let (command, words) = task::command(words);
    let read = |names: &[&str]| Options::read(words.clone(), names, &[]);
    match command.as_str() {
        "install" => read(&[]).and_then(|_| s3::install())?,
        "start" => {
            let options = read(&["dir", "port", "bucket", "store"])?;
            let bucket = options.find("bucket").unwrap_or(BUCKET);
            let store = options.find("store").map_or(Ok(Store::Moto), Store::read)?;
            task::print(s3::start(store, &options.folder("dir")?, options.port("port")?, bucket)?);
        }
        "stop" => s3::stop(&read(&["dir"])?.folder("dir")?)?,
        "prove" => {
            let options = read(&["url", "bucket"])?;
            let bucket = options.find("bucket").unwrap_or(BUCKET);
            return task::hand_over(&mut s3::prove(options.need("url")?, bucket));
        }
        "flaky" => return task::hand_over(s3::flaky().args(words)),
        "help" => task::print(include_str!("../usage/s3.txt").trim_end()),
        _ => return Err(task::unknown(&command)),
    }
    Ok(ExitCode::SUCCESS)
}
