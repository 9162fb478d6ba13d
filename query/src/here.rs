//! Work in this process, as that of a command line.
//!
//! In: a bench. Out: [`Here`], which a service sees as one boxed call and no more. What a bench holds reaches every type of
//! a plan; were it part of the futures of the doors, the compiler would prove for each of their methods that all of these
//! may go to another thread, which took it longer than the rest of the crate.

use std::sync::Arc;

use datafusion::error::DataFusionError;
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::error::QueryError;
use crate::job::{Job, Told};
use crate::work::Bench;

/// What becomes of a job, with the bytes of an answer that fits a message.
type Worked = Result<(Told, Vec<u8>), QueryError>;

/// Works on a job in this process.
pub(crate) trait Here: Send + Sync {
    /// Works on the engine's own threads, so that the clock is looked at meanwhile, and gives up when the time is
    /// over. A dropped future stops the task at its next batch.
    fn work(&self, job: Job, values: Vec<u8>) -> BoxFuture<'_, Worked>;
}

/// A bench of this process.
pub(crate) fn here(bench: Bench) -> Arc<dyn Here> {
    Arc::new(OwnBench(Arc::new(bench)))
}

struct OwnBench(Arc<Bench>);

impl Here for OwnBench {
    fn work(&self, job: Job, values: Vec<u8>) -> BoxFuture<'_, Worked> {
        let shared = Arc::clone(&self.0);
        let work = async move { shared.work(&job, &values).await };
        let engine = self.0.engine();
        let timeout = engine.limits().timeout;
        let task = engine.threads().spawn(work).join();
        async move {
            match tokio::time::timeout(timeout, task).await {
                Ok(Ok(done)) => Ok(done),
                Ok(Err(error)) => Err(engine.explain(DataFusionError::ExecutionJoin(Box::new(error)))),
                Err(_) => Err(QueryError::Timeout { seconds: timeout.as_secs() }),
            }
        }
        .boxed()
    }
}
