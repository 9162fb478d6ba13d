//! The jars that Spark needs beside those that come with pyspark. In: Maven Central. Out: a folder of them,
//! made once.

use std::path::PathBuf;
use std::process::Command;

use kayoi_harness::parts::PartError;

use crate::bench::{self, Bench};

/// The version of Spark, as in `tests/peers/pyproject.toml`.
const SPARK: &str = "4.0.0";
const PLUGIN: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
/// Every one is named, because the descriptors of Spark's modules name package servers of their own.
const JARS: [(&str, &str, &str); 7] = [
    ("io.delta", "delta-spark_2.13", "4.0.0"),
    ("io.delta", "delta-storage", "4.0.0"),
    ("org.apache.spark", "spark-sql-kafka-0-10_2.13", SPARK),
    ("org.apache.spark", "spark-avro_2.13", SPARK),
    ("org.apache.spark", "spark-token-provider-kafka-0-10_2.13", SPARK),
    ("org.apache.kafka", "kafka-clients", "3.9.0"),
    ("org.apache.commons", "commons-pool2", "2.12.0"),
];

/// Downloads them unless they are there.
pub(crate) fn install(bench: &Bench) -> Result<PathBuf, PartError> {
    let cache = PathBuf::from(bench::setting("HOME").unwrap_or_default()).join(".cache/kayoi");
    let (jars, part) = (cache.join(format!("spark-{SPARK}")), cache.join(format!("spark-{SPARK}.part")));
    if jars.is_dir() {
        return Ok(jars);
    }
    let pom = bench.file("spark-pom.xml");
    std::fs::write(&pom, project()).map_err(bench::io("write", &pom))?;
    bench::remove(&part)?;
    let mut maven = Command::new("mvn");
    maven.args(["-q", "-B", "-f"]).arg(&pom).arg(PLUGIN).arg("-DincludeScope=runtime");
    bench::run(maven.arg(format!("-DoutputDirectory={}", part.display())))?;
    // Moved in one step, so that a broken download never looks complete.
    std::fs::rename(&part, &jars).map_err(bench::io("move jars to", &jars))?;
    Ok(jars)
}

fn project() -> String {
    let dependencies = JARS.map(|(group, name, version)| {
        format!(
            "<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>\
             <version>{version}</version>\
             <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>\
             </dependency>\n"
        )
    });
    format!(
        "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>\n\
         <groupId>kayoi</groupId><artifactId>bench-spark</artifactId><version>0</version>\n\
         <packaging>pom</packaging>\n\
         <dependencies>\n{}</dependencies></project>\n",
        dependencies.concat()
    )
}
