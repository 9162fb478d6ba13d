//! PostgreSQL's JDBC driver, in the version that `tests/parts/jdbc/pom.xml` names. In: nothing. Out: its jar.

use std::path::PathBuf;

use super::{PartError, once};

const POM: &str = "tests/parts/jdbc/pom.xml";

/// Downloads it into `KAYOI_JDBC_HOME` or the user's cache, unless it is there. Returns the jar.
///
/// # Errors
/// When Maven is missing or fails.
pub fn install() -> Result<PathBuf, PartError> {
    let version = once::version(POM, "jdbc.version")?;
    let home = once::cached("KAYOI_JDBC_HOME", &format!("jdbc-{version}"))?;
    once::fill(&home, &format!("downloading PostgreSQL's JDBC driver {version}"), |part| {
        once::maven(POM, &["dependency:copy-dependencies", "-DincludeScope=runtime"], part)
    })?;
    Ok(home.join(format!("postgresql-{version}.jar")))
}
