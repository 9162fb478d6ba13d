use std::collections::BTreeMap;

use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::datatypes::Int64Type;
use datafusion::physical_plan::ExecutionPlanProperties;
use datafusion::physical_plan::common::collect;
use datafusion::physical_plan::execution_plan::reset_plan_states;
use datafusion::prelude::{CsvReadOptions, SessionContext};
use kayoi_lake::Buckets;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutPayload};

use super::*;
use crate::exec::is_measure;
use crate::item::items;

/// Files of the scans that are compared with ours, and devices in each.
const FILES: usize = 4;
const DEVICES: i64 = 50;

/// DataFusion as it comes, but that it may cut small files as it cuts large ones.
fn as_it_comes(target_partitions: usize) -> SessionConfig {
    let mut config = SessionConfig::new().with_target_partitions(target_partitions);
    config.options_mut().set("datafusion.optimizer.repartition_file_min_size", "0").unwrap();
    config
}

/// The same with the settings of our jobs.
fn as_we_set_it(target_partitions: usize) -> SessionConfig {
    let mut config = as_it_comes(target_partitions);
    let of_datafusion = SETTINGS.into_iter().filter(|(key, _)| key.starts_with("datafusion."));
    of_datafusion.for_each(|(key, value)| config.options_mut().set(key, value).unwrap());
    config
}

/// What the planner makes of a plan, with all of its rules.
fn planned(plan: Arc<dyn ExecutionPlan>, config: &SessionConfig) -> Arc<dyn ExecutionPlan> {
    let state = SessionContext::new_with_config(config.clone()).state();
    let rules = state.physical_optimizers().iter();
    rules.fold(plan, |plan, rule| rule.optimize(plan, config.options()).unwrap())
}

/// What our operator reads in a plan, wherever it stands.
fn input_of_measure(plan: &Arc<dyn ExecutionPlan>) -> Arc<dyn ExecutionPlan> {
    let children = plan.children();
    assert_eq!(children.len(), 1, "no operator of ours above `{}`", plan.name());
    if is_measure(plan) { Arc::clone(children[0]) } else { input_of_measure(children[0]) }
}

/// The rows of a plan whose partitions are run as a cluster runs them: each by a task with a copy of the plan of its own.
async fn rows_of_tasks(plan: &Arc<dyn ExecutionPlan>, context: &SessionContext) -> Vec<RecordBatch> {
    let mut rows = Vec::new();
    for partition in 0..plan.output_partitioning().partition_count() {
        let task = reset_plan_states(Arc::clone(plan)).unwrap();
        rows.extend(collect(task.execute(partition, context.task_ctx()).unwrap()).await.unwrap());
    }
    rows
}

/// How often each bucket is measured.
async fn measured(plan: &Arc<dyn ExecutionPlan>, context: &SessionContext) -> BTreeMap<String, u32> {
    let mut times = BTreeMap::new();
    for batch in rows_of_tasks(&input_of_measure(plan), context).await {
        for item in items(&batch).unwrap() {
            assert_eq!(item.definition, "a definition");
            *times.entry(item.bucket).or_default() += 1;
        }
    }
    times
}

fn sixteen() -> Vec<Bucket> {
    Buckets::new(16).unwrap().all().collect()
}

/// Each of the buckets, once.
fn once(buckets: &[Bucket]) -> BTreeMap<String, u32> {
    buckets.iter().map(|bucket| (bucket.to_string(), 1)).collect()
}

/// Below our operator a scan of files of devices in place of rows that name buckets: what we do not do.
async fn scan(context: &SessionContext) -> Arc<dyn ExecutionPlan> {
    let store = Arc::new(InMemory::new());
    for file in 0..FILES {
        let devices = (0..DEVICES).map(|device| format!("{}\n", file as i64 * DEVICES + device));
        let text = format!("device\n{}", devices.collect::<String>());
        store.put(&Path::from(format!("{file}.csv")), PutPayload::from(text)).await.unwrap();
    }
    context.register_object_store(&Url::parse("memory://devices").unwrap(), store);
    // Planned with a partition for each file; only what comes later may cut them.
    let config = SessionConfig::new().with_target_partitions(FILES);
    let planning = SessionContext::new_with_config_rt(config, context.runtime_env());
    let files = planning.read_csv("memory://devices/", CsvReadOptions::new()).await.unwrap();
    let scan = files.create_physical_plan().await.unwrap();
    assert_eq!(scan.output_partitioning().partition_count(), FILES);
    Arc::new(MeasureExec::new(scan, None))
}

/// How many devices the tasks of a scan read, and those that they read, each once.
async fn devices(plan: &Arc<dyn ExecutionPlan>, context: &SessionContext) -> (usize, usize) {
    let rows = rows_of_tasks(&input_of_measure(plan), context).await;
    let mut devices: Vec<i64> =
        rows.iter().flat_map(|batch| batch.column(0).as_primitive::<Int64Type>().values().to_vec()).collect();
    let all = devices.len();
    devices.sort_unstable();
    devices.dedup();
    (all, devices.len())
}

/// Tasks steal files from their siblings, of whom each task of a cluster has copies of its own: with files below our operator
/// every task reads all four, and 800 devices are counted where there are 200. Rows that name buckets are nobody's to steal.
#[tokio::test]
async fn no_task_measures_the_bucket_of_another_though_files_may_be_stolen() {
    let (all, context) = (sixteen(), SessionContext::new_with_config(as_it_comes(16)));
    assert_eq!(measured(&plan(&all, RunId::new(), "a definition").unwrap(), &context).await, once(&all));

    let devices_per_run = DEVICES as usize * FILES;
    let stolen = SessionContext::new_with_config(as_it_comes(FILES));
    assert_eq!(devices(&scan(&stolen).await, &stolen).await, (FILES * devices_per_run, devices_per_run));
    let kept = SessionContext::new_with_config(as_we_set_it(FILES));
    assert_eq!(devices(&scan(&kept).await, &kept).await, (devices_per_run, devices_per_run));
}

/// The planner cuts the files of a scan anew, whatever the operator above it says of partitions: four files become sixteen
/// ranges of bytes, and a device whose pings lie in two of them is measured twice, each time by a part of its nights. A row
/// cannot be cut, and each still comes once, for however many partitions the planner aims at.
#[tokio::test]
async fn no_planner_cuts_a_bucket_in_two() {
    let all = sixteen();
    for target_partitions in [1, 3, 16, 64] {
        let config = as_it_comes(target_partitions);
        let context = SessionContext::new_with_config(config.clone());
        // A stage of its own, as it goes to the executors, and the whole.
        let whole = plan(&all, RunId::new(), "a definition").unwrap();
        let stage = Arc::clone(whole.children()[0]);
        assert!(is_measure(&stage));
        for plan in [whole, stage] {
            assert_eq!(measured(&planned(plan, &config), &context).await, once(&all), "{target_partitions}");
        }
    }

    let ranges = |config: SessionConfig| async move {
        let scan = scan(&SessionContext::new_with_config(config.clone())).await;
        input_of_measure(&planned(scan, &config)).output_partitioning().partition_count()
    };
    assert_eq!(ranges(as_it_comes(16)).await, 16);
    assert_eq!(ranges(as_we_set_it(16)).await, FILES);
}

/// Where the final stage has several partitions, those of an executor that was lost stay beside those of its successor, and
/// the client is given both without an error: runs with an executor killed and back on its port counted an eighth, and a
/// quarter, too many. Of one partition there is no part to keep. That rows count for nothing is tested beside the handing out.
#[test]
fn the_last_stage_has_one_partition_however_many_buckets_there_are() {
    let all = sixteen();
    for buckets in [&all[..1], &all[3..5], &all[..]] {
        let plan = plan(buckets, RunId::new(), "a definition").unwrap();
        assert!(plan.is::<CoalescePartitionsExec>(), "{}", plan.name());
        assert_eq!(plan.output_partitioning().partition_count(), 1);
        // One bucket a partition, so that a task that fails repeats one.
        assert_eq!(input_of_measure(&plan).output_partitioning().partition_count(), buckets.len());
    }
}

/// Partitions are numbered anew in every task: each of sixteen tasks has partition 0. Whoever names a file or a note by it
/// ends with the last of sixteen buckets, and a sixteenth of the people.
#[tokio::test]
async fn a_task_whose_only_partition_is_0_measures_the_bucket_of_its_row() {
    let (all, context) = (sixteen(), SessionContext::new());
    let mut times = BTreeMap::new();
    for bucket in &all {
        let task = plan(&[*bucket], RunId::new(), "a definition").unwrap();
        assert_eq!(input_of_measure(&task).output_partitioning().partition_count(), 1);
        times.extend(measured(&task, &context).await);
    }
    assert_eq!(times, once(&all));
}

#[test]
fn settings_travel_with_a_job() {
    let config = session(16).unwrap();
    assert!(!config.options().execution.enable_file_stream_work_stealing);
    assert!(!config.options().optimizer.repartition_file_scans);
    assert_eq!(config.options().execution.target_partitions, 16);
    let entries = config.options().entries();
    let told =
        |key: &str| entries.iter().find(|entry| entry.key == key).and_then(|entry| entry.value.clone());
    assert_eq!(told("ballista.scheduler.max_partitions_per_task").as_deref(), Some("1"));
    assert_eq!(told("ballista.client.grpc_http2_keepalive_interval_seconds").as_deref(), Some("30"));
}

#[test]
fn an_item_names_the_run_that_it_is_measured_for() {
    let (all, run) = (sixteen(), RunId::new());
    let source = source(&all[..1], run, "a definition").unwrap();
    let rows = tokio::runtime::Runtime::new().unwrap().block_on(async {
        collect(source.execute(0, SessionContext::new().task_ctx()).unwrap()).await.unwrap()
    });
    let told = items(&rows[0]).unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].bucket.as_str(), told[0].definition.as_str()), ("0/16", "a definition"));
    assert_eq!(told[0].run.parse::<RunId>(), Ok(run));
}

/// Runs a job and tells what was heard of notes: how many buckets had one at each look.
async fn looks_told(
    job: impl Future<Output = Result<&'static str, DataFusionError>>,
    looks: impl Stream<Item = Vec<Bucket>>,
) -> (Result<&'static str, DataFusionError>, Vec<usize>) {
    let mut told = Vec::new();
    let mut tell = |heard: Heard| match heard {
        Heard::Notes(noted) => told.push(noted.len()),
        Heard::Answer(answer) => panic!("{answer:?} came before the end of the job"),
    };
    let all = sixteen();
    let ended = watched(job, looks, (&all[..], Duration::ZERO), &mut tell).await;
    (ended, told)
}

/// The final stage answers when all is measured, so that whoever waits for answers shows nothing for hours.
#[tokio::test]
async fn notes_are_told_while_a_job_runs_and_no_longer() {
    let (end, ended) = tokio::sync::oneshot::channel();
    let looks = stream::iter([0, 1, 1, 3]).map(|count| sixteen()[..count].to_vec());
    let last = stream::once(async move {
        end.send("rows").unwrap();
        sixteen()[..4].to_vec()
    });
    let job = async { ended.await.map_err(|_| DataFusionError::Execution("nobody ended it".to_owned())) };
    let (ended, told) = looks_told(job, looks.chain(last).chain(stream::repeat(Vec::new()))).await;
    assert_eq!(ended.unwrap(), "rows");
    assert_eq!(told, [0, 1, 1, 3, 4]);
}

/// A scheduler that is cut off, or a task that hangs though another executor has measured its bucket, would keep a run whose
/// buckets are all noted for ever.
#[tokio::test]
async fn a_job_that_does_not_end_is_left_when_all_of_its_buckets_have_a_note() {
    let looks = stream::iter([15, 16]).map(|count| sixteen()[..count].to_vec());
    let (ended, told) = looks_told(std::future::pending(), looks.chain(stream::pending())).await;
    let error = ended.unwrap_err().to_string();
    assert!(error.contains("every bucket has its note"), "{error}");
    assert_eq!(told, [15, 16]);
    // Without a look it is waited for as long as it takes.
    let job = async { Ok::<_, DataFusionError>("rows") };
    let (ended, told) = looks_told(job, stream::empty()).await;
    assert_eq!((ended.unwrap(), told.len()), ("rows", 0));
}
