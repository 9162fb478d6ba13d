//! `cargo xtask plan`: what a nation takes and, by prices that somebody gives, what it costs.
//!
//! In: devices, pings a day, months, prices. Out: tables in Markdown: what each stage takes in all and for a
//! million devices, its cost, and the rates behind it with where each is from. It runs nothing and looks at no
//! lake. Prices have no default: each provider and each year has others, and the plan should outlive them.

use std::ops::RangeInclusive;
use std::process::ExitCode;

use kayoi_harness::parts::PartError;

use crate::demand::{Demand, RATES, Rate, Stage};
use crate::options::Options;
use crate::task::{self, Task};

pub(crate) const TASK: Task =
    Task { name: "plan", meaning: "what a nation's lake takes: core-hours, room, requests, cost", run };

const OPTIONS: [&str; 11] = [
    "devices-millions",
    "pings-per-day-millions",
    "months",
    "keep-pings-days",
    "ingest-cores",
    "serve-cores",
    "core-hour-price",
    "gb-month-price",
    "put-thousand-price",
    "get-million-price",
    "currency",
];
const AMOUNTS: [&str; 5] =
    ["core-hours of work", "core-hours reserved", "GB-months", "PUT, thousands", "GET, thousands"];

fn run(words: Vec<String>) -> Result<ExitCode, PartError> {
    if words.first().is_some_and(|word| task::is_help(word)) {
        task::print(include_str!("../usage/plan.txt").trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options::read(words, &OPTIONS, &[])?;
    let demand = demand(&options)?;
    task::print(asked(&demand));
    task::print(amounts("In all", &demand, 1.0));
    task::print(amounts("For a million devices", &demand, demand.devices_millions));
    if let Some(prices) = Prices::read(&options)? {
        task::print(costs(&demand, &prices));
    }
    task::print(rates());
    Ok(ExitCode::SUCCESS)
}

/// What is planned for: the nation, where nothing else is said.
fn demand(options: &Options) -> Result<Demand, PartError> {
    let chosen = |name: &str, allowed: RangeInclusive<f64>, default: f64| {
        options.find_number(name, allowed).map(|found| found.unwrap_or(default))
    };
    Ok(Demand {
        devices_millions: chosen("devices-millions", 0.001..=1_000.0, 30.0)?,
        pings_per_day_millions: chosen("pings-per-day-millions", 0.001..=1_000_000.0, 1_000.0)?,
        months: options.find_number("months", 1..=1_200)?.unwrap_or(36),
        keep_pings_days: chosen("keep-pings-days", 1.0..=36_500.0, 400.0)?,
        ingest_cores: chosen("ingest-cores", 0.0..=10_000.0, 1.0)?,
        serve_cores: chosen("serve-cores", 0.0..=10_000.0, 2.0)?,
    })
}

/// What units cost. What has no price costs nothing here.
struct Prices {
    core_hour: f64,
    gb_month: f64,
    put_thousand: f64,
    get_million: f64,
    currency: String,
}

impl Prices {
    /// Reads them; `None` when there is none.
    fn read(options: &Options) -> Result<Option<Self>, PartError> {
        let price = |name: &str| options.find_number::<f64>(name, 0.0..=1_000_000_000.0);
        let core_hour = price("core-hour-price")?;
        let gb_month = price("gb-month-price")?;
        let put_thousand = price("put-thousand-price")?;
        let get_million = price("get-million-price")?;
        if [core_hour, gb_month, put_thousand, get_million].iter().all(Option::is_none) {
            return Ok(None);
        }
        Ok(Some(Self {
            core_hour: core_hour.unwrap_or_default(),
            gb_month: gb_month.unwrap_or_default(),
            put_thousand: put_thousand.unwrap_or_default(),
            get_million: get_million.unwrap_or_default(),
            currency: options.find("currency").unwrap_or("units of the prices").to_owned(),
        }))
    }

    /// Reserved cores are paid for, worked or not.
    fn of(&self, stage: &Stage) -> f64 {
        let of = |amount: Option<f64>, price: f64| amount.unwrap_or_default() * price;
        stage.reserved_core_hours * self.core_hour
            + of(stage.gb_months, self.gb_month)
            + of(stage.puts, self.put_thousand / 1e3)
            + of(stage.gets, self.get_million / 1e6)
    }
}

fn asked(demand: &Demand) -> String {
    format!(
        "{} million devices, {} million pings a day, {} months, pings kept for {} days\n",
        number(demand.devices_millions),
        number(demand.pings_per_day_millions),
        demand.months,
        number(demand.keep_pings_days)
    )
}

/// The table of what each stage takes, divided by `parts`.
fn amounts(title: &str, demand: &Demand, parts: f64) -> String {
    let cell = |amount: Option<f64>| match amount {
        Some(amount) => number(amount / parts),
        None => "not measured".to_owned(),
    };
    let row = |name: &str, amounts: [Option<f64>; 5]| line(name, &amounts.map(cell));
    let stages = demand.stages();
    let of = |stage: &Stage| {
        let thousands = |requests: Option<f64>| requests.map(|requests| requests / 1e3);
        let reserved = Some(stage.reserved_core_hours);
        [stage.work_core_hours, reserved, stage.gb_months, thousands(stage.puts), thousands(stage.gets)]
    };
    let sum = |at: usize| Some(stages.iter().filter_map(|stage| of(stage)[at]).sum::<f64>());
    let rows: String = stages.iter().map(|stage| row(stage.name, of(stage))).collect();
    let all = row("all that is known", [0, 1, 2, 3, 4].map(sum));
    format!("{}|---|---|---|---|---|---|\n{rows}{all}", line(title, &AMOUNTS.map(str::to_owned)))
}

fn costs(demand: &Demand, prices: &Prices) -> String {
    let row = |name: &str, cost: f64| line(name, &[number(cost), number(cost / demand.devices_millions)]);
    let stages = demand.stages();
    let rows: String = stages.iter().map(|stage| row(stage.name, prices.of(stage))).collect();
    let all = row("all that is known", stages.iter().map(|stage| prices.of(stage)).sum());
    format!("| Cost, {} | in all | for a million devices |\n|---|---|---|\n{rows}{all}", prices.currency)
}

fn rates() -> String {
    let row = |rate: &Rate| format!("| {} | {} | {} |\n", rate.0, rate.1, rate.2);
    format!("| Rate | | from |\n|---|---|---|\n{}", RATES.iter().map(row).collect::<String>())
}

fn line(name: &str, cells: &[String]) -> String {
    format!("| {name} | {} |\n", cells.join(" | "))
}

/// A number with three digits or more, thousands set apart.
fn number(value: f64) -> String {
    let decimals: usize = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    let text = format!("{value:.decimals$}");
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
