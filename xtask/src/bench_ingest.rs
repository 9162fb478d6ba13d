//! `cargo xtask bench-ingest`: from Kafka to committed pings, by Kayoi beside raw consumption, Spark and
//! ClickHouse, on the same topics, one after the other on this machine.
//!
//! In: how many records, and programs. Out: lines of JSON and the table of them in `.kayoi/bench-ingest`.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use kayoi_harness::parts::PartError;
use kayoi_harness::parts::kafka::Jars;

use crate::bench::{self, Bench, Python, setting};
use crate::node::Node;
use crate::spark;
use crate::task::{self, Task};

pub(crate) const TASK: Task = Task {
    name: "bench-ingest",
    meaning: "Kafka to Delta beside raw consumption, Spark and ClickHouse",
    run,
};

const RESULTS: &str = "results.jsonl";
const PROGRAMS: [&str; 6] = ["kayoi", "raw-kafka", "raw-librdkafka", "raw-rust", "spark", "clickhouse"];
/// Partitions of the topics: as many as a small topic has, and more than the cores of a small machine.
const PARTITIONS: u32 = 4;

/// What a run measures, and with what.
struct Race {
    bench: Bench,
    python: Python,
    programs: Vec<String>,
    records: u64,
    runs: String,
    limit_s: String,
    sink: String,
    brokers: String,
    missing: Vec<String>,
}

fn run(words: Vec<String>) -> Result<ExitCode, PartError> {
    if words.iter().any(|word| task::is_help(word)) {
        task::print(include_str!("../usage/bench-ingest.txt").trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let mut words = words.into_iter();
    let records = words.next().map_or(Ok(5_000_000), |word| {
        let number = word.parse().ok().filter(|records| *records > 0_u64);
        number.ok_or_else(|| PartError::WrongUse(format!("records `{word}` are not a whole number from 1")))
    })?;
    let mut programs: Vec<String> = words.collect();
    if programs.is_empty() {
        programs = PROGRAMS.map(str::to_owned).to_vec();
    }
    let bench = Bench::open("KAYOI_BENCH_DIR", "bench-ingest")?;
    let port = bench::number("KAYOI_BENCH_PORT", 19_292_u16)?;
    let python = bench.python("ingest")?;
    let race = Race {
        records,
        runs: bench::number("KAYOI_BENCH_RUNS", 3_u32)?.to_string(),
        limit_s: bench::number("KAYOI_BENCH_LIMIT_S", 900_u32)?.to_string(),
        sink: setting("KAYOI_BENCH_SINK").unwrap_or_else(|| "delta".to_owned()),
        brokers: format!("127.0.0.1:{port}"),
        missing: Vec::new(),
        bench,
        python,
        programs,
    };
    race.prepare(port)?.measure_all()?;
    Ok(ExitCode::SUCCESS)
}

impl Race {
    fn wants(&self, program: &str) -> bool {
        self.programs.iter().any(|wanted| wanted == program)
    }

    /// Builds what runs, and fills the topics.
    fn prepare(self, port: u16) -> Result<Started, PartError> {
        let (bench, named) = (&self.bench, setting("KAYOI_BENCH_FEED"));
        let feed = named.as_ref().map_or_else(|| bench.file("feed/pings"), PathBuf::from);
        let mut kayoi = bench.target().join("debug/kayoi");
        if self.wants("kayoi") || named.is_none() {
            kayoi = bench.kayoi()?;
            let index = bench.file("n03.kayoi");
            if !index.is_file() {
                let mut import = Command::new(&kayoi);
                import
                    .args(["boundaries", "import"])
                    .arg(bench.borders()?)
                    .args(["--edition", "N03 2022-01-01"]);
                bench::run(import.arg("--out").arg(&index))?;
            }
            if named.is_none() {
                bench.remove("feed")?;
                // 8 days of 72 pings make 576 a device; a tenth more devices, because phones are silent at
                // times.
                let devices = (self.records / 520 + 10).to_string();
                let mut simulate = Command::new(&kayoi);
                simulate.args(["simulate", "--devices", &devices, "--days", "8", "--pings-per-day", "72"]);
                simulate.args(["--seed", "1", "--format", "parquet", "--boundaries"]).arg(&index);
                bench::run(simulate.arg("--out").arg(bench.file("feed")))?;
            }
        }
        let spark_jars = if self.wants("spark") { Some(spark::install(bench)?) } else { None };
        let node = Node::start(&bench.file("kafka"), port)?;
        for format in ["json", "avro"] {
            node.create(&format!("pings-{format}"), PARTITIONS)?;
            let mut send = self.python.script("tests/bench/ingest_feed.py");
            send.arg("--feed").arg(&feed).args(["--kafka", &self.brokers, "--format", format]);
            send.args(["--topic", &format!("pings-{format}"), "--records", &self.records.to_string()]);
            send.args(["--partitions", &PARTITIONS.to_string(), "--schema-file"])
                .arg(bench.file("ping.avsc"));
            bench::run(&mut send)?;
        }
        Ok(Started { race: self, kayoi, spark_jars, _node: node })
    }

    /// Measures one program. One that fails is left out of the table, and the others still run.
    fn measure(&mut self, program: &str, format: &str, does: &str, options: &[&str], command: &Command) {
        let (log, results) = (self.bench.file(&format!("{program}-{format}.log")), self.bench.file(RESULTS));
        let mut run = self.python.script("tests/bench/ingest_run.py");
        run.args(["--peer", program, "--format", format, "--does", does, "--limit-s", &self.limit_s]);
        run.args(["--records", &self.records.to_string(), "--log"]).arg(log).arg("--results").arg(results);
        run.args(options).arg("--").args(bench::words(command));
        if bench::run(&mut run).is_err() {
            self.missing.push(format!("{program}-{format}"));
        }
    }
}

/// A race whose topics are full; the node stops when it is over.
struct Started {
    race: Race,
    kayoi: PathBuf,
    spark_jars: Option<PathBuf>,
    _node: Node,
}

impl Started {
    fn measure_all(mut self) -> Result<(), PartError> {
        self.race.bench.clear(RESULTS)?;
        for format in ["json", "avro"] {
            self.measure(format)?;
        }
        self.race.bench.report(&self.race.python, "tests/bench/ingest_report.py")?;
        self.race.bench.finish(&self.race.missing)
    }

    fn measure(&mut self, format: &str) -> Result<(), PartError> {
        let race = &mut self.race;
        let (topic, brokers, runs) = (format!("pings-{format}"), race.brokers.clone(), race.runs.clone());
        let path = |name: &str| race.bench.file(name).display().to_string();
        let (lake, pings, index) = (path("lake"), path("lake/pings"), path("n03.kayoi"));
        let (spark, table, clickhouse, schema) =
            (path("spark"), path("spark/table"), path("clickhouse"), path("ping.avsc"));
        let from_topic = ["--kafka", brokers.as_str(), "--topic", topic.as_str()];
        let before = setting("KAYOI_BENCH_BEFORE").map(|binary| ("kayoi-before", PathBuf::from(binary)));
        let ours = race.wants("kayoi").then(|| ("kayoi", self.kayoi.clone()));
        for (program, binary) in before.into_iter().chain(ours) {
            let mut ingest = Command::new(binary);
            ingest.arg("ingest").args(from_topic).args(["--format", format]);
            if format == "avro" {
                ingest.args(["--schema-file", &schema]);
            }
            ingest.args(["--until-end", "--json", "--lake", &lake, "--boundaries", &index]);
            let does = "validate, count rejects, keyed BLAKE3, H3 cell, municipality, sort, Delta";
            race.measure(
                program,
                format,
                does,
                &["--runs", &runs, "--fresh", &lake, "--stored", &pings],
                &ingest,
            );
        }
        if race.wants("raw-kafka") {
            let mut consumer =
                Jars::install()?.java(&["-Xmx512m"], "org.apache.kafka.tools.ConsumerPerformance");
            consumer.args(["--bootstrap-server", &brokers, "--topic", &topic, "--timeout", "30000"]);
            consumer.args(["--num-records", &race.records.to_string()]);
            let does = "nothing; the time to join the group is not counted, its processor time and the \
                        JVM's start are";
            race.measure("raw-kafka", format, does, &["--runs", &runs], &consumer);
        }
        if race.wants("raw-librdkafka") {
            let mut consumer = race.python.script("tests/peers/ingest_raw.py");
            consumer.args(from_topic);
            let does = "nothing but one Python object a record, 100,000 a call";
            race.measure("raw-librdkafka", format, does, &["--runs", &runs], &consumer);
        }
        if let Some(mut consumer) = raw_rust(&race.bench).filter(|_| race.wants("raw-rust")) {
            race.measure("raw-rust", format, "nothing", &["--runs", &runs], consumer.args(from_topic));
        }
        if let Some(jars) = &self.spark_jars {
            let mut job = race.python.script("tests/peers/ingest_spark.py");
            job.args(from_topic).args(["--format", format, "--schema-file", &schema, "--jars"]).arg(jars);
            job.args(["--out", &spark, "--sink", &race.sink, "--runs", &runs]);
            let (program, does) = (
                format!("spark-{}", race.sink),
                "validate, drop what is not valid, xxhash64; no cell, no municipality, not sorted",
            );
            // Its runs share a session: the first is cold, the median is not.
            race.measure(&program, format, does, &["--stored", &table, "--fresh", &spark], &job);
        }
        if race.wants("clickhouse") && format == "json" {
            let mut job = race.python.script("tests/peers/ingest_clickhouse.py");
            job.args(from_topic).args(["--out", &clickhouse]);
            let does = "validate, drop what is not valid, keyed SipHash, H3 cell, sort; no municipality, \
                        no positions";
            race.measure("clickhouse", format, does, &["--runs", &runs], &job);
        }
        Ok(())
    }
}

/// A raw consumer in Rust, when there is one.
fn raw_rust(bench: &Bench) -> Option<Command> {
    if let Some(named) = setting("KAYOI_RAW_CONSUMER") {
        let mut words = named.split_whitespace();
        let mut command = Command::new(words.next()?);
        command.args(words);
        return Some(command);
    }
    let example = bench.target().join("debug/examples/consume_raw");
    example.is_file().then(|| Command::new(example))
}
