//! Starting and stopping the nodes of a cluster.
//!
//! In: a [`Cluster`], or the folder of one. Out: nodes that answer, or none: when one does not, all are
//! ended. The folder of a single node is the cluster's own; three have `node-1` to `node-3`.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::jars::Jars;
use super::settings::{Addresses, Cluster};
use super::{certificates, metadata};
use crate::parts::service::{self, START_TIMEOUT, Service, Stop};
use crate::parts::{PartError, port, program};
use crate::records::base64;

const STOP_TIMEOUT: Duration = Duration::from_secs(20);
/// JVM options of a node, alone and of three.
const HEAP: &str = "-Xms256m -Xmx512m";
const HEAP_OF_THREE: &str = "-Xms128m -Xmx320m";

/// Starts a cluster, new or stopped before, and waits until each node answers.
///
/// # Errors
/// When it cannot be as it says, a port is taken, it runs already, or a node does not answer.
pub fn start(cluster: &Cluster) -> Result<Addresses, PartError> {
    cluster.check()?;
    let jars = Jars::install()?;
    let dir = service::made(&cluster.folder)?;
    let folders = match cluster.nodes {
        1 => vec![dir.clone()],
        nodes => (1..=nodes).map(|node| dir.join(format!("node-{node}"))).collect(),
    };
    check_folder(cluster, &dir)?;
    for folder in &folders {
        expect_stopped(&dir, folder)?;
    }
    for node in 1..=cluster.nodes {
        port::expect_free(cluster.port_of(node))?;
    }
    if cluster.has_tls {
        certificates::make(&dir)?;
    }
    if let Some(password) = &cluster.password {
        write(&dir.join("password"), &format!("{password}\n"))?;
    }
    for (node, folder) in (1..).zip(&folders) {
        service::made(folder)?;
        write(&folder.join("server.properties"), &cluster.properties(&dir, node, folder))?;
        format(&jars, cluster, &dir, folder)?;
    }
    launch(&jars, &dir, &folders)?;
    Ok(cluster.addresses(&dir))
}

/// Starts a node again that was stopped. Returns its address.
///
/// # Errors
/// When the cluster has no such node, it runs already, or it does not answer.
pub fn start_node(folder: &Path, node: u32) -> Result<String, PartError> {
    let jars = Jars::install()?;
    let (dir, folder) = find_node(folder, node)?;
    expect_stopped(&dir, &folder)?;
    let address = format!("127.0.0.1:{}", port_of(&folder)?);
    launch(&jars, &dir, &[folder])?;
    Ok(address)
}

/// Stops all nodes or one, and waits until they have let go of their ports.
///
/// # Errors
/// When there is no such folder or node, or a node cannot be ended.
pub fn stop(folder: &Path, node: Option<u32>, how: Stop) -> Result<(), PartError> {
    let folders = match node {
        Some(node) => vec![find_node(folder, node)?.1],
        None => find_nodes(folder)?.1,
    };
    let deadline = Instant::now() + STOP_TIMEOUT;
    let mut ending = Vec::new();
    // All are told before one is waited for: the last of three does not end while it asks the others.
    for folder in &folders {
        let service = service_of(folder);
        match service.begin_to_stop(how)? {
            Some(process) => ending.push((service, process)),
            None => eprintln!("no node runs in {}", folder.display()),
        }
    }
    ending.iter().try_for_each(|(service, process)| service.await_end(*process, deadline))
}

/// Stops the clock of a node.
///
/// # Errors
/// When there is no such node, or it does not run.
pub fn pause(folder: &Path, node: u32) -> Result<(), PartError> {
    signal(folder, node, "STOP")
}

/// Lets a node go on that was paused.
///
/// # Errors
/// When there is no such node, or it does not run.
pub fn resume(folder: &Path, node: u32) -> Result<(), PartError> {
    signal(folder, node, "CONT")
}

fn signal(folder: &Path, node: u32, name: &str) -> Result<(), PartError> {
    let (_, folder) = find_node(folder, node)?;
    let process = service_of(&folder).process();
    let process = process.ok_or_else(|| PartError::DoesNotRun { what: format!("node `{node}`") })?;
    service::signal(process, name)
}

/// The full path of a cluster's folder, and the folders of its nodes.
fn find_nodes(folder: &Path) -> Result<(PathBuf, Vec<PathBuf>), PartError> {
    let dir = service::existing(folder)?;
    let three: Vec<PathBuf> = (1..=3).map(|node| dir.join(format!("node-{node}"))).collect();
    let folders = if three[0].is_dir() { three } else { vec![dir.clone()] };
    Ok((dir, folders))
}

fn find_node(folder: &Path, node: u32) -> Result<(PathBuf, PathBuf), PartError> {
    let (dir, mut folders) = find_nodes(folder)?;
    let count = folders.len();
    match usize::try_from(node).unwrap_or(usize::MAX).checked_sub(1).filter(|index| *index < count) {
        Some(index) => Ok((dir, folders.swap_remove(index))),
        None => Err(PartError::WrongUse(format!("node `{node}` is not allowed: 1 to {count} is"))),
    }
}

fn service_of(folder: &Path) -> Service {
    let mark = format!("kafka.Kafka {}/server.properties ", folder.display());
    Service::new(folder, "the node", mark)
}

/// Whether what the folder holds can be started like this.
fn check_folder(cluster: &Cluster, dir: &Path) -> Result<(), PartError> {
    let (has_one, has_three) = (dir.join("data").is_dir(), dir.join("node-1").is_dir());
    let other = |difference: String| Err(PartError::OtherFolder { folder: dir.to_path_buf(), difference });
    if has_three && cluster.nodes == 1 || has_one && cluster.nodes > 1 {
        return other(format!("holds another number of nodes than `{}`", cluster.nodes));
    }
    let is_made = has_one || dir.join("node-1/data").is_dir();
    if let Some(password) = cluster.password.as_ref().filter(|_| is_made) {
        let old = std::fs::read_to_string(dir.join("password")).unwrap_or_default();
        // Users are made with the nodes' logs, so another password would be known to nobody.
        if old.trim_end() != password {
            return other("was made without this password".to_owned());
        }
    }
    Ok(())
}

fn expect_stopped(dir: &Path, folder: &Path) -> Result<(), PartError> {
    service_of(folder).process().map_or(Ok(()), |process| {
        Err(PartError::Runs { what: "a node", part: "kafka", folder: dir.to_path_buf(), process })
    })
}

/// Makes the empty log of a new node. SCRAM users go in here: later they would reach the nodes one by one.
fn format(jars: &Jars, cluster: &Cluster, dir: &Path, folder: &Path) -> Result<(), PartError> {
    let data = folder.join("data");
    if data.join("meta.properties").is_file() {
        return Ok(());
    }
    let mut tool = jars.tool("kafka.tools.StorageTool");
    tool.args(["format", "-t", &cluster_id(dir)?, "-c"]).arg(folder.join("server.properties"));
    if let Some(password) = &cluster.password {
        for mechanism in ["SCRAM-SHA-256", "SCRAM-SHA-512"] {
            tool.args(["-S", &format!("{mechanism}=[name=kayoi,password={password}]")]);
        }
    }
    program::run(&format!("format `{}`", data.display()), &mut tool).map(drop)
}

/// The id of a cluster, made with its first node.
fn cluster_id(dir: &Path) -> Result<String, PartError> {
    let path = dir.join("cluster");
    if let Ok(id) = std::fs::read_to_string(&path) {
        return Ok(id.trim().to_owned());
    }
    let random = Path::new("/dev/urandom");
    let mut bytes = [0; 16];
    File::open(random)
        .and_then(|mut file| file.read_exact(&mut bytes))
        .map_err(PartError::on("read", random))?;
    // 16 bytes in URL-safe base64; without the two letters that differ from the usual one, because an id that
    // starts with `-` would read as an option.
    let id = base64(&bytes).replace('+', "A").replace('/', "a").replace('=', "");
    write(&path, &format!("{id}\n"))?;
    Ok(id)
}

/// Starts the nodes of these folders and waits until each answers; ends them all when one does not.
fn launch(jars: &Jars, dir: &Path, folders: &[PathBuf]) -> Result<(), PartError> {
    let deadline = Instant::now() + START_TIMEOUT;
    let mut started = Vec::new();
    let all = launch_each(jars, dir, folders, &mut started).and_then(|()| {
        started.iter().zip(folders).try_for_each(|(process, folder)| {
            let port = port_of(folder)?;
            service_of(folder).await_answer(*process, deadline, || metadata::answers(port))
        })
    });
    if all.is_err() {
        for process in started {
            // What ended before cannot be killed; the first error is what is told.
            let _ = service::signal(process, "KILL");
        }
    }
    all
}

fn launch_each(
    jars: &Jars,
    dir: &Path,
    folders: &[PathBuf],
    started: &mut Vec<u32>,
) -> Result<(), PartError> {
    for folder in folders {
        let heap = if folder == dir { HEAP } else { HEAP_OF_THREE };
        let mut node = jars.node(heap, &folder.join("server.properties"));
        started.push(service_of(folder).launch(&mut node)?);
    }
    Ok(())
}

/// Port of a node's plain listener, from its settings.
fn port_of(folder: &Path) -> Result<u16, PartError> {
    let path = folder.join("server.properties");
    let text = std::fs::read_to_string(&path).map_err(PartError::on("read", &path))?;
    let listener = text.lines().find_map(|line| line.strip_prefix("listeners=PLAINTEXT://127.0.0.1:"));
    let port = listener.and_then(|rest| rest.split(',').next()?.parse().ok());
    port.ok_or_else(|| PartError::WrongUse(format!("`{}` names no plain listener", path.display())))
}

fn write(path: &Path, text: &str) -> Result<(), PartError> {
    std::fs::write(path, text).map_err(PartError::on("write", path))
}
