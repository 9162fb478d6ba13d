"""Released figures of activity beside the truth of the same world.

In: the folder of a world's truth (`activity.parquet`), and a lake with a release of it. Everybody of the world must be in
the panel and stand for one person, or the figures are not of the same people. Out: for each measure how many published rows
have the truth within their interval, and the sum of these rows as a share of the truth's. A row that the truth does not
have is true with nought.
"""

import argparse
import collections
import json
import pathlib
import urllib.parse

import duckdb

# Rows of the release as the truth names them: month, measure, municipality, day type, hour, group, class, other municipality,
# and which column holds the figure.
STAYS = "month_text, measure, municipality_code, 'all', -1, origin_level, class, ''"
HOURS = "month_text, 'presence_' || least_stay_minutes, municipality_code, day_type, hour, origin_level, '', ''"
FLOWS = "month_text, direction, municipality_code, 'all', -1, 'all', '', other_code"
TRIPS = "month_text, measure, municipality_code, 'all', -1, 'all', coalesce(class, ''), coalesce(other_code, '')"
WORK = "month_text, '{figure}', municipality_code, 'all', -1, 'all', side, ''"
WORK_FIGURES = ("commuters", "teleworkers", "telework_days", "work_days", "km_gross", "rebound_km")
TABLES = {"stays_monthly": STAYS, "presence_hourly": HOURS, "flows_monthly": FLOWS, "trips_monthly": TRIPS}
# Groups that the truth has too; blocks and prefectures are of the release only.
GROUPS = ("resident", "inside", "outside", "all")
# What a column is that a table does without.
ABSENT = {"month_text": "strftime(month, '%Y-%m')", "class": "''", "other_code": "''", "origin_level": "'all'"}
SHOWN = ("published", "provisional")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--truth", type=pathlib.Path, required=True)
    parser.add_argument("--lake", type=pathlib.Path, required=True)
    parser.add_argument("--month", help="as 2026-03; all months of both without it")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    truth = read_truth(options.truth / "activity.parquet", options.month)
    scores, missing = {}, []
    for table, rows in released(options.lake / "release"):
        if rows is None:
            missing.append(table)
            continue
        for name, score in compare(rows, truth).items():
            scores[f"{table} {name}"] = score
    if options.json:
        print(json.dumps({"scores": scores, "missing": missing}, ensure_ascii=False))
        return
    print(text(scores, missing))


def read_truth(path, month):
    """Values by the eight names of a row."""
    if not path.exists():
        raise SystemExit(f"{path}: no such file\nhint: name the truth of a world, as kayoi simulate writes it")
    query = "select month, measure, municipality, day_type, hour, grp, class, other, value from read_parquet(?)"
    truth = {tuple(row[:-1]): row[-1] for row in duckdb.execute(query, [str(path)]).fetchall()}
    return {key: value for key, value in truth.items() if month in (None, key[0])}


def released(folder):
    """Tables with rows (names, status, figure, low, high); without rows where the release has no such table or figure."""
    for table, names in TABLES.items():
        yield table, rows_of(folder / table, names, "persons")
    for figure in WORK_FIGURES:
        yield f"work_monthly {figure}", rows_of(folder / "work_monthly", WORK.format(figure=figure), figure)


def rows_of(folder, names, figure):
    files = active(folder)
    if not files:
        return None
    source = "read_parquet(?, union_by_name = true, hive_partitioning = false)"
    columns = {row[0] for row in duckdb.execute(f"describe select * from {source}", [files]).fetchall()}
    if figure not in columns:
        return None

    def end(side):
        # Where one row has several figures, each has its own ends.
        found = [name for name in (f"{figure}_{side}", f"persons_{side}") if name in columns]
        return found[0] if found else "null"

    absent = "".join(f", {value} as {name}" for name, value in ABSENT.items() if name not in columns)
    query = f"select {names}, status, {figure}, {end('low')}, {end('high')} from (select *{absent} from {source})"
    return duckdb.execute(query, [files]).fetchall()


def active(folder):
    """Files that a Delta table consists of now; of a folder without a log, all."""
    log = folder / "_delta_log"
    if not log.is_dir():
        return [str(path) for path in sorted(folder.rglob("*.parquet"))]
    files, since = set(), -1
    last = log / "_last_checkpoint"
    if last.exists():
        since = json.loads(last.read_text(encoding="utf-8"))["version"]
        query = "select add.path from read_parquet(?) where add.path is not null"
        found = duckdb.execute(query, [str(log / f"{since:020}.checkpoint.parquet")]).fetchall()
        files.update(path for (path,) in found)
    for commit in sorted(log.glob("*.json")):
        if not commit.stem.isdigit() or int(commit.stem) <= since:
            continue
        for action in map(json.loads, commit.read_text(encoding="utf-8").splitlines()):
            if "remove" in action:
                files.discard(action["remove"]["path"])
            if "add" in action:
                files.add(action["add"]["path"])
    return [str(folder / urllib.parse.unquote(path)) for path in sorted(files)]


def compare(rows, truth):
    """Rows published, with the truth inside, and sums, by measure."""
    months = {key[0] for key in truth}
    scores = collections.defaultdict(lambda: {"published": 0, "with_interval": 0, "inside": 0, "released": 0.0, "true": 0.0})
    for *key, status, figure, low, high in rows:
        month, measure, _, _, _, group, _, other = key
        is_comparable = month in months and group in GROUPS and (not other or len(other) == 5)
        if not is_comparable or status not in SHOWN or figure is None:
            continue
        score, true = scores[f"{measure} {group}"], truth.get(tuple(key), 0.0)
        score["published"] += 1
        score["released"] += figure
        score["true"] += true
        if low is not None and high is not None:
            score["with_interval"] += 1
            score["inside"] += low <= true <= high
    return dict(sorted(scores.items()))


def text(scores, missing):
    lines = [f"{'figure':50} {'published':>10} {'inside':>10} {'share':>8} {'released':>14} {'true':>14} {'ratio':>7}"]
    for name, score in scores.items():
        inside = f"{score['inside'] / score['with_interval']:.3f}" if score["with_interval"] else "–"
        ratio = f"{score['released'] / score['true']:.3f}" if score["true"] else "–"
        lines.append(f"{name:50} {score['published']:>10,} {score['inside']:>10,} {inside:>8} {score['released']:>14,.1f} "
                     f"{score['true']:>14,.1f} {ratio:>7}")
    lines.extend(f"{table}: not in this release" for table in missing)
    return "\n".join(lines)


if __name__ == "__main__":
    main()
