//! `kayoi release`: what has been released, what it costs, and the beginning of a real series.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use kayoi_ingest::pseudonymize::PseudonymKey;
use kayoi_lake::{Lake, Manifest, ReleaseWriter};
use kayoi_release::ledger::{Ledger, LineSum};
use kayoi_release::{
    PublicKey, Raised, Real, Record, Series, SigningKey, create_secret, require_reason, retire, verify,
};
use kayoi_schemas::disclosure::{Line, Parameters};
use kayoi_schemas::time::{Clock, Day, DayRule};
use serde_json::{Value, json};

use super::open;
use crate::args::{PresetOfNoise, ReleaseCommand, ReleaseCommandOptions, SeriesOptions};
use crate::coded::{coded, refuse};
use crate::screen::{count, line, note, size};

pub(crate) fn run(options: &ReleaseCommandOptions) -> anyhow::Result<()> {
    let writer = |lake: &Path| -> anyhow::Result<ReleaseWriter> { Ok(open(lake)?.release_writer()) };
    match &options.command {
        ReleaseCommand::Keygen { out } => keygen(out),
        ReleaseCommand::Begin { lake, secret, seeds, signing_key, preset, json } => {
            let files = Files { secret, seeds: seeds.as_deref(), signing_key };
            let found = open(&lake.lake)?;
            apart(&found, &lake.lake, &files)?;
            begin(&found.release_writer(), &files, *preset, *json)
        }
        ReleaseCommand::Ledger { lake, json } => ledger(&writer(&lake.lake)?, *json),
        ReleaseCommand::Budget { line, to, reason, lake } => budget(&writer(&lake.lake)?, line, *to, reason),
        ReleaseCommand::List { lake, json } => list(&writer(&lake.lake)?, *json),
        ReleaseCommand::Show { revision, lake, json } => {
            show(&manifest(&writer(&lake.lake)?, *revision)?, *json)
        }
        ReleaseCommand::Verify { revision, lake, public_key, json } => {
            check(&writer(&lake.lake)?, *revision, public_key.as_deref(), *json)
        }
        ReleaseCommand::Retire { revision, lake, dry_run } => {
            take_out(&writer(&lake.lake)?, *revision, *dry_run)
        }
    }
}

/// The noise and thresholds of a preset.
pub(crate) fn parameters(preset: PresetOfNoise) -> Parameters {
    match preset {
        PresetOfNoise::Standard => Parameters::STANDARD,
        PresetOfNoise::Strict => Parameters::STRICT,
    }
}

/// The series that was asked for: real when a secret is named, else a trial.
pub(crate) fn series(options: &SeriesOptions) -> anyhow::Result<Series> {
    match (&options.secret, &options.signing_key, options.trial_seed) {
        (Some(secret), Some(signing_key), _) => {
            let files = Files { secret, seeds: options.seeds.as_deref(), signing_key };
            Ok(Series::Real(files.read()?))
        }
        (_, _, Some(seed)) => Ok(Series::Trial { seed }),
        _ => Ok(Series::random_trial()?),
    }
}

/// The day that months are judged on.
pub(crate) fn as_of(options: &SeriesOptions) -> anyhow::Result<Option<Day>> {
    let parse = |text: &String| {
        Day::parse(text)
            .with_context(|| coded!(Argument, "`{text}` is no date\nhint: write --as-of as 2026-11-28"))
    };
    options.as_of.as_ref().map(parse).transpose()
}

/// The files of a real series.
struct Files<'a> {
    secret: &'a Path,
    seeds: Option<&'a Path>,
    signing_key: &'a Path,
}

impl Files<'_> {
    fn seeds(&self) -> PathBuf {
        self.seeds.map_or_else(
            || {
                let mut beside = self.secret.as_os_str().to_owned();
                beside.push(".seeds");
                beside.into()
            },
            Path::to_owned,
        )
    }

    fn read(&self) -> anyhow::Result<Real> {
        Ok(Real::read(self.secret, &self.seeds(), self.signing_key)?)
    }
}

fn keygen(out: &Path) -> anyhow::Result<()> {
    let public = SigningKey::create(out)?;
    line(format_args!("{} signs; keep it apart from the lake", out.display()))?;
    line(format_args!("{}.pub verifies; publish it: {public}", out.display()))
}

/// Refuses a secret that lies where readers of the lake, or of its pseudonyms, would find it.
fn apart(lake: &Lake, folder: &Path, files: &Files<'_>) -> anyhow::Result<()> {
    let root = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    for path in [files.secret.to_owned(), files.seeds(), files.signing_key.to_owned()] {
        let whole = std::path::absolute(&path).unwrap_or_else(|_| path.clone());
        // A new file is where its folder is.
        let above = whole.parent().and_then(|above| above.canonicalize().ok()).unwrap_or(whole);
        if above.starts_with(&root) {
            refuse!(
                SecretFile,
                "`{}` lies in the lake\nhint: name another place: whoever reads both can take the noise off",
                path.display()
            );
        }
    }
    let key = std::fs::read_to_string(files.secret).ok();
    let is_pseudonym_key = key.is_some()
        && PseudonymKey::load_or_create(files.secret)
            .is_ok_and(|key| lake.key_fingerprint().ok().flatten().as_deref() == Some(&key.fingerprint()));
    if is_pseudonym_key {
        refuse!(
            SecretFile,
            "`{}` is the key of the lake's pseudonyms\nhint: name a new file, which is then made",
            files.secret.display()
        );
    }
    Ok(())
}

fn begin(
    lake: &ReleaseWriter,
    files: &Files<'_>,
    preset: PresetOfNoise,
    as_json: bool,
) -> anyhow::Result<()> {
    // What is refused leaves no secret behind.
    Record::may_begin(lake)?;
    SigningKey::read(files.signing_key)?;
    let is_new = !files.secret.exists();
    if is_new {
        create_secret(files.secret)?;
    }
    let real = files.read()?;
    let record = Record::begin(lake, &real, parameters(preset), DayRule::JAPAN.day(Clock::System.now()))?;
    if as_json {
        return line(serde_json::to_value(&record)?);
    }
    let made = if is_new { "made" } else { "used" };
    line(format_args!(
        "the real series begins; secret {} ({made}), fingerprint {}",
        files.secret.display(),
        record.secret
    ))?;
    line(format_args!("seeds     {}", files.seeds().display()))?;
    line(format_args!("signed by {}", record.public_key))?;
    note(
        "keep secret and seeds apart from the lake, and back both up; next: kayoi aggregate with --secret and --signing-key",
    );
    Ok(())
}

/// How often the run that made a release in trial drew everything: once by each of its definitions, whether or not all of their
/// releases are listed.
fn times_drawn(manifest: &Manifest, parameters: &Parameters) -> u32 {
    let once = Ledger::new(parameters, 1);
    let of_line = |line: &LineSum| Some(manifest.spent.get(line.line.name())? / line.spent());
    once.lines.first().and_then(of_line).map_or(1, |times| times.round() as u32)
}

fn ledger(lake: &ReleaseWriter, as_json: bool) -> anyhow::Result<()> {
    let record = Record::read(lake)?;
    let newest = lake.newest()?;
    let parameters_of = |manifest: &Manifest| serde_json::from_value(manifest.parameters.clone()).ok();
    let of_release = newest.as_ref().and_then(parameters_of);
    let parameters = record.as_ref().map(Record::parameters).or(of_release).unwrap_or_default();
    let editions = record.as_ref().map_or(1, |record| record.edition);
    let drawn = newest.as_ref().map_or(1, |manifest| times_drawn(manifest, &parameters));
    let ledger = Ledger::new(&parameters, if record.is_some() { editions } else { drawn });
    if as_json {
        let lines: Vec<Value> = ledger.lines.iter().map(line_json).collect();
        return line(json!({
            "series": if record.is_some() { "real" } else { "trial" },
            "least_devices": parameters.least_devices,
            "editions": editions,
            "lines": lines,
        }));
    }
    let series = if record.is_some() { "real series 本番" } else { "trial 試行" };
    line(format_args!(
        "{series}; no figure of fewer than {} phones 最低{}台",
        parameters.least_devices, parameters.least_devices
    ))?;
    for sum in &ledger.lines {
        line(format_args!("\n{} {}", sum.line.name(), sum.line.japanese()))?;
        line(format_args!("  protects {}", sum.line.english()))?;
        let width = sum.entries.iter().map(|(table, ..)| table.len()).max().unwrap_or_default();
        for (table, what, rho) in &sum.entries {
            line(format_args!("  {rho:>6.3}  {table:<width$} {what}"))?;
        }
        if sum.times > 1 {
            let each = if record.is_some() { "in each edition" } else { "by each definition" };
            line(format_args!("  published {} times, once {each}", sum.times))?;
        }
        line(format_args!("  {:>6.3}  rho spent, of {} allowed", sum.spent(), sum.budget))?;
        // Right minus wrong answers; a coin is right half of the time.
        let right = (50.0 + 50.0 * sum.advantage()).round();
        line(format_args!(
            "  Somebody who knows everything else exactly is right in at most {right} of 100 guesses whether such a thing is in the data; a coin in 50."
        ))?;
        line(format_args!(
            "  ほかの全てを正確に知る者でも、それが含まれるかを言い当てるのは100回のうち最大{right}回(硬貨なら50回)。"
        ))?;
    }
    for raised in record.iter().flat_map(|record| &record.raised) {
        line(format_args!(
            "\nraised on {}: {} to {} ({})",
            raised.date, raised.line, raised.to, raised.reason
        ))?;
    }
    Ok(())
}

fn line_json(sum: &kayoi_release::ledger::LineSum) -> Value {
    let entries: Vec<Value> = sum
        .entries
        .iter()
        .map(|(table, what, rho)| json!({ "table": table, "what": what, "rho": rho }))
        .collect();
    json!({
        "line": sum.line.name(),
        "protects_en": sum.line.english(),
        "protects_ja": sum.line.japanese(),
        "entries": entries,
        "times": sum.times,
        "spent": sum.spent(),
        "budget": sum.budget,
        "advantage": sum.advantage(),
    })
}

fn budget(lake: &ReleaseWriter, name: &str, to: f64, reason: &str) -> anyhow::Result<()> {
    let Some(found) = Line::ALL.into_iter().find(|line| line.name() == name) else {
        refuse!(Argument, "there is no line `{name}`\nhint: the ledger has tie-year and tie-month");
    };
    let Some(mut record) = Record::read(lake)? else {
        return Err(kayoi_release::ReleaseError::NotBegun.into());
    };
    require_reason(reason)?;
    let before = found.budget(&record.parameters());
    let date = DayRule::JAPAN.day(Clock::System.now()).to_string();
    record.raised.push(Raised { line: name.to_owned(), to, reason: reason.to_owned(), date });
    record.parameters().checked()?;
    record.write(lake)?;
    line(format_args!("{name}: {before} -> {to}"))
}

fn list(lake: &ReleaseWriter, as_json: bool) -> anyhow::Result<()> {
    let mut manifests = Vec::new();
    for revision in lake.revisions()? {
        match manifest(lake, Some(revision)) {
            Ok(found) => manifests.push(found),
            Err(error) => note(format_args!("release {revision}: {error:#}")),
        }
    }
    if as_json {
        let all: Vec<Value> = manifests.iter().map(summary_json).collect();
        return line(json!({ "releases": all }));
    }
    if manifests.is_empty() {
        note("no release yet; `kayoi aggregate` makes one");
    }
    for manifest in &manifests {
        let (first, last) = manifest.months.clone().unwrap_or_default();
        line(format_args!(
            "{:>4}  {}  {:<5}  edition {}  {first} to {last}, {} final, {} provisional  {}  {}",
            manifest.revision,
            manifest.made_at,
            manifest.series,
            manifest.edition,
            manifest.sealed.len(),
            manifest.provisional.len(),
            manifest.definition,
            size(bytes(manifest)),
        ))?;
    }
    Ok(())
}

fn bytes(manifest: &Manifest) -> u64 {
    manifest.tables.values().flat_map(|table| &table.files).map(|file| file.bytes).sum()
}

fn summary_json(manifest: &Manifest) -> Value {
    json!({
        "revision": manifest.revision,
        "made_at": manifest.made_at,
        "series": manifest.series,
        "edition": manifest.edition,
        "months": manifest.months,
        "sealed": manifest.sealed.keys().collect::<Vec<_>>(),
        "provisional": manifest.provisional.keys().collect::<Vec<_>>(),
        "definition": manifest.definition,
        "bytes": bytes(manifest),
    })
}

/// The manifest of a release, of the newest where none is named.
fn manifest(lake: &ReleaseWriter, revision: Option<u64>) -> anyhow::Result<Manifest> {
    let revision = number(lake, revision)?;
    let found = lake.signed(revision)?.ok_or(kayoi_release::ReleaseError::NoRelease { revision })?;
    Ok(kayoi_lake::manifest::parse(revision, &found.0)?)
}

fn number(lake: &ReleaseWriter, revision: Option<u64>) -> anyhow::Result<u64> {
    let newest = lake.revisions()?.last().copied();
    revision
        .or(newest)
        .with_context(|| coded!(NothingYet, "there is no release yet\nhint: `kayoi aggregate` makes one"))
}

fn show(manifest: &Manifest, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        return line(serde_json::to_value(manifest)?);
    }
    let (first, last) = manifest.months.clone().unwrap_or_default();
    line(format_args!(
        "release {} of {} ({}, edition {})",
        manifest.revision, manifest.made_at, manifest.series, manifest.edition
    ))?;
    line(format_args!(
        "months      {first} to {last}; {} final, {} provisional",
        manifest.sealed.len(),
        manifest.provisional.len()
    ))?;
    line(format_args!("definition  {} {}", manifest.definition, manifest.definition_hash))?;
    line(format_args!("borders     {}; codes of {}", manifest.boundaries, manifest.code_date))?;
    for (name, spent) in &manifest.spent {
        line(format_args!("{name:<11} rho {spent:.3}"))?;
    }
    for (name, table) in &manifest.tables {
        line(format_args!("\n{name}  version {}, {} files", table.version, count(table.files.len() as u64)))?;
        for (level, statuses) in manifest.shown.get(name).into_iter().flatten() {
            let words: Vec<String> =
                statuses.iter().map(|(status, rows)| format!("{status} {}", count(*rows))).collect();
            line(format_args!("  {level:<18} {}", words.join(", ")))?;
        }
    }
    Ok(())
}

fn check(
    lake: &ReleaseWriter,
    revision: Option<u64>,
    public_key: Option<&Path>,
    as_json: bool,
) -> anyhow::Result<()> {
    let revision = number(lake, revision)?;
    // Without a key of one's own, that of the series: it shows damage, not who made it.
    let own = Record::read(lake)?.and_then(|record| PublicKey::parse(&record.public_key));
    let named = public_key.map(PublicKey::read).transpose()?;
    let found = verify(lake, revision, named.as_ref().or(own.as_ref()))?;
    let whose = if named.is_some() { "this key" } else { "the lake's own key; name yours with --public-key" };
    if as_json {
        line(json!({
            "revision": revision,
            "series": found.manifest.series,
            "signed": found.is_signed,
            "in_its_place": found.is_in_its_place,
            "files": found.files,
            "damaged": found.damaged,
        }))?;
    } else {
        let words = match found.is_signed {
            Some(true) => format!("the signature is right, by {whose}"),
            Some(false) => format!("the signature is NOT by {whose}"),
            None if found.is_right() => "a trial, which is not signed".to_owned(),
            None => "there is NO signature".to_owned(),
        };
        let place = if found.is_in_its_place { "" } else { "; it is ANOTHER release" };
        line(format_args!(
            "release {revision}: {words}{place}; {} files, {} damaged",
            count(found.files),
            found.damaged.len()
        ))?;
        for path in &found.damaged {
            line(format_args!("  {path}"))?;
        }
    }
    if found.is_right() {
        return Ok(());
    }
    refuse!(
        NotAsPublished,
        "release {revision} is not as it was published\nhint: restore the files from a backup of the lake, or compare the public key with that of who made it"
    )
}

fn take_out(lake: &ReleaseWriter, revision: u64, dry_run: bool) -> anyhow::Result<()> {
    if lake.revisions()?.last() == Some(&revision) {
        return Err(kayoi_release::ReleaseError::Newest { revision }.into());
    }
    let gone = manifest(lake, Some(revision))?;
    let others: BTreeMap<u64, Manifest> = lake
        .revisions()?
        .into_iter()
        .filter(|other| *other != revision)
        .filter_map(|other| manifest(lake, Some(other)).ok().map(|found| (other, found)))
        .collect();
    let kept = |path: &str| {
        others
            .values()
            .flat_map(|manifest| manifest.tables.values())
            .flat_map(|table| &table.files)
            .any(|file| file.path == path)
    };
    let files: Vec<&str> = gone
        .tables
        .values()
        .flat_map(|table| &table.files)
        .map(|file| file.path.as_str())
        .filter(|path| !kept(path))
        .collect();
    for path in &files {
        line(format_args!("a link to {path} ends"))?;
    }
    if dry_run {
        return line(format_args!("{} files of release {revision} would go", files.len()));
    }
    line(format_args!("release {revision} is retired, with {} files", retire(lake, revision)?))
}
