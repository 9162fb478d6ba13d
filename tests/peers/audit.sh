#!/usr/bin/env bash
# The audit of a release by tau-argus: a nation is simulated and released, and the tool with which statistical offices
# audit suppressed tables computes for each hidden figure the interval that a reader can derive from all that is published.
# In: the programs `kayoi` and `python3`. Out: a report in JSON, and exit code 1 when a hidden figure or a small
# difference is narrower than 9 devices, or when the audit does not find those of a threshold alone.
set -euo pipefail

kayoi=${KAYOI:-kayoi}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# The newest final month of `kayoi demo --nation`: the manifest prints the constants of that one.
month=2026-09
# Toyama, Shimane and Miyazaki: 60 municipalities.
prefectures="'16', '32', '45'"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=$(python3 "$root/tests/peers/install.py" audit)
"$kayoi" demo --nation --dir "$work/nation" --no-serve >/dev/null
lake=$work/nation/lake

table() { # name, then the columns, then a condition beside the month
  "$kayoi" query --lake "$lake" --format csv --out "$work/$1.csv" "SELECT $2 FROM $1 WHERE $3"
}
of_month="month = DATE '$month-01'"
table connected_monthly "municipality_code, kind, origin_level, origin_code, persons, status" \
  "$of_month AND substr(municipality_code, 1, 2) IN ($prefectures)"
table connected_totals_monthly "area_code, kind, persons, person_municipalities, status" "$of_month"
table connected_rest_monthly "prefecture_code, kind, municipalities, persons, status" "$of_month"
table release_weights "year, prefecture_code, persons_per_device" "true"
"$kayoi" release show --lake "$lake" --json >"$work/manifest.json"
"$python" "$root/tests/peers/audit.py" --tables "$work" --exact "$lake/indicators/month=$month/*.parquet" \
  --year "${month%-*}" "$@"
