//! The score as a table for people.
//!
//! In: a score. Out: lines of at most 100 columns, apart from the matrix of kinds.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::report::{
    Classes, Confusion, Detection, DualCounts, Kinds, NightStatus, Nights, Primary, Score, Stays, Work,
};

/// A share as `0.953`, or a dash.
struct Share(Option<f64>);

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(share) => write!(f, "{share:5.3}"),
            None => f.write_str("    -"),
        }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "truth against tables, {}, {} devices", self.month, self.devices)?;
        nights(f, &self.nights)?;
        primary(f, &self.primary)?;
        let Classes { equal_share, equal_coarse_share, .. } = &self.classes;
        writeln!(f, "{:<34}{}", "visit-day class right", Share(*equal_share))?;
        writeln!(f, "{:<34}{}", "  in classes 1, 2-7, 8+", Share(*equal_coarse_share))?;
        stays(f, &self.stays)?;
        work(f, &self.work)?;
        writeln!(f, "{:<34}precision recall  F1      found  invented  missed", "")?;
        line(f, "visits on 3 days or more", &self.classes.often)?;
        line(f, "second residence", &self.dual)?;
        line(f, "  devices with any", &self.dual_devices)?;
        for (regime, detection) in &self.dual_recall_by_regime {
            let Detection { found, missed, recall, .. } = detection;
            writeln!(f, "  {regime:<32}        {}        {found:>9}{:>10}{missed:>8}", Share(*recall), "")?;
        }
        personas(f, "  invented for", &self.dual_false_positives)?;
        line(f, "workation", &self.workation)?;
        personas(f, "  invented for", &self.workation_false_positives)?;
        let Kinds { confusion, by_kind, repeat_or_stronger } = &self.kinds;
        line(f, "repeat or stronger", repeat_or_stronger)?;
        by_kind.iter().try_for_each(|(kind, detection)| line(f, &format!("kind {kind}"), detection))?;
        dual_counts(f, &self.dual_counts)?;
        matrix(f, "true regime, seen as", &self.dual_regimes)?;
        matrix(f, "true kind, seen as", confusion)?;
        self.people.as_ref().map_or(Ok(()), |people| write!(f, "{people}"))
    }
}

fn nights(f: &mut fmt::Formatter<'_>, nights: &Nights) -> fmt::Result {
    let Nights { truth, given_share, right_share, by_status, .. } = nights;
    writeln!(f, "{:<34}{} of {truth}", "nights given as known", Share(*given_share))?;
    writeln!(f, "{:<34}{}", "  of these right", Share(*right_share))?;
    for (status, NightStatus { given, right_share, .. }) in by_status {
        writeln!(f, "  {status:<32}{} of {given}", Share(*right_share))?;
    }
    Ok(())
}

fn primary(f: &mut fmt::Formatter<'_>, primary: &Primary) -> fmt::Result {
    let Primary { truth, located, nearly_even, precision, recall, right_among_located, .. } = primary;
    writeln!(f, "{:<34}{located} of {truth}", "primary residence located")?;
    let (precision, recall) = (Share(*precision), Share(*recall));
    writeln!(f, "{:<34}precision {precision}, recall {recall}", "  right")?;
    writeln!(f, "{:<34}{}", "  right among located", Share(*right_among_located))?;
    writeln!(f, "{:<34}{nearly_even}", "  two nearly even, either right")
}

fn stays(f: &mut fmt::Formatter<'_>, stays: &Stays) -> fmt::Result {
    let Stays { devices, truth, seen, precision, recall, f1, missed, merged, split, .. } = stays;
    writeln!(f, "{:<34}{truth} true, {seen} seen, {devices} devices", "stays")?;
    let (precision, recall, f1) = (Share(*precision), Share(*recall), Share(*f1));
    writeln!(f, "{:<34}precision {precision}, recall {recall}, F1 {f1}", "  minutes at the right place")?;
    writeln!(f, "{:<34}{missed} missed, {merged} merged, {split} split", "")
}

fn work(f: &mut fmt::Formatter<'_>, work: &Work) -> fmt::Result {
    let Work { commuters, found_share, telework_days_truth, telework_days_seen, .. } = work;
    writeln!(f, "{:<34}{} of {commuters}", "workplaces found", Share(*found_share))?;
    let (ratio, error) = (Share(work.telework_ratio), Share(work.telework_mean_absolute_error));
    writeln!(f, "{:<34}{telework_days_seen} of {telework_days_truth}, ratio {ratio}", "telework days seen")?;
    writeln!(f, "{:<34}{error} days", "  mean error of a device and month")
}

fn dual_counts(f: &mut fmt::Formatter<'_>, counts: &DualCounts) -> fmt::Result {
    let DualCounts { truth, seen, bias, municipalities, mean_absolute_difference } = counts;
    let bias = bias.map_or("-".to_owned(), |bias| format!("{bias:+.3}"));
    writeln!(f, "{:<34}{seen} of {truth}, bias {bias}", "dual residents counted")?;
    let difference = Share(*mean_absolute_difference);
    writeln!(f, "{:<34}{difference} over {municipalities} municipalities", "  mean difference")
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, detection: &Detection) -> fmt::Result {
    let Detection { found, invented, missed, precision, recall, f1 } = detection;
    let (precision, recall, f1) = (Share(*precision), Share(*recall), Share(*f1));
    writeln!(f, "{name:<34}{precision}   {recall}   {f1}{found:>9}{invented:>10}{missed:>8}")
}

fn personas(f: &mut fmt::Formatter<'_>, name: &str, counts: &BTreeMap<String, u64>) -> fmt::Result {
    let list: Vec<String> = counts.iter().map(|(persona, count)| format!("{persona} {count}")).collect();
    writeln!(f, "{name:<34}{}", if list.is_empty() { "none".to_owned() } else { list.join(", ") })
}

fn matrix(f: &mut fmt::Formatter<'_>, name: &str, confusion: &Confusion) -> fmt::Result {
    let words: BTreeSet<&str> = confusion.values().flat_map(BTreeMap::keys).map(String::as_str).collect();
    let width = |word: &str| word.len().max(5) + 2;
    write!(f, "{name:<22}")?;
    words.iter().try_for_each(|word| write!(f, "{word:>width$}", width = width(word)))?;
    writeln!(f)?;
    for (truth, seen) in confusion {
        write!(f, "  {truth:<20}")?;
        for word in &words {
            let count = seen.get(*word).copied().unwrap_or_default();
            write!(f, "{count:>width$}", width = width(word))?;
        }
        writeln!(f)?;
    }
    Ok(())
}
