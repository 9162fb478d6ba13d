//! JDBC drivers, in the versions that `tests/parts/jdbc/pom.xml` and `tests/parts/flight/pom.xml` name. In: nothing.
//! Out: their jars.

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

const FLIGHT_POM: &str = "tests/parts/flight/pom.xml";

/// Downloads the driver of Arrow Flight SQL into `KAYOI_FLIGHT_JDBC_HOME` or the user's cache, unless it is there.
/// Returns the jar, which holds all that it needs.
///
/// # Errors
/// When Maven is missing or fails.
pub fn install_flight() -> Result<PathBuf, PartError> {
    let version = once::version(FLIGHT_POM, "flight.version")?;
    let home = once::cached("KAYOI_FLIGHT_JDBC_HOME", &format!("flight-jdbc-{version}"))?;
    once::fill(&home, &format!("downloading the JDBC driver of Arrow Flight SQL {version}"), |part| {
        once::maven(FLIGHT_POM, &["dependency:copy-dependencies", "-DincludeScope=runtime"], part)
    })?;
    Ok(home.join(format!("flight-sql-jdbc-driver-{version}.jar")))
}
