"""How often the intervals of a release hold the truth: `make coverage`.

In: the program, a folder, seeds. Out: Markdown, from simulated nations of which everybody's truth is known (`kayoi nation`). Each
world is one nation, one panel of it, one way of coming into the panel, one release. A row counts where it is published, as a
reader sees it; a figure that the truth does not have is true with nought. Counts of worlds are added before anything is divided.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import time

import duckdb

import coverage_report
from activity import active

# Options of `kayoi nation` by the name of a way of coming into the panel. The last two are stresses that no interval can cover.
SELECTIONS = {
    "independent": [],
    "ownership": ["--ownership-sigma", "0.3"],
    "families": ["--families", "0.5"],
    "second phones": ["--second-phones", "0.15"],
    "all three": ["--ownership-sigma", "0.3", "--families", "0.5", "--second-phones", "0.15"],
    "tied 10 % more": ["--tied-factor", "1.1"],
    "tied 20 % more": ["--tied-factor", "1.2"],
}
PANELS = (3, 8, 30)
# Ways for which also what is done in the month is released.
WITH_ACTIVITY = ("independent", "all three")
MOST_WITH_ACTIVITY = 3
# Size classes: the upper end of people that a municipality of about so many has.
SIZES = {"3,000": 5_500, "10,000": 17_300, "30,000": 54_800, "100,000": 173_000, "300,000": 1 << 40}

# Rows of a table as the truth names them: area, kind, origin, level; then where the figure stands.
ROWS = {
    "connected_monthly": "municipality_code, kind, origin_code, origin_level",
    "visitors_monthly": "municipality_code, day_type, origin_code, origin_level",
    "connected_totals_monthly": "area_code, kind, 'all', 'all'",
    "matching_yearly": "municipality_code, side || '/' || kind, other_code, weight_of",
    "dual_regimes_yearly": "municipality_code, regime, 'all', 'all'",
    "stays_monthly": "municipality_code, measure || '/' || class, origin_level, origin_level",
    "presence_hourly": "municipality_code, day_type || '/' || hour || '/' || least_stay_minutes, origin_level, origin_level",
    "flows_monthly": "municipality_code, direction, other_code, if(other_code = 'all', 'all', 'municipality')",
}
# Rows that have a truth: where people slept is told from those of whom it is known.
ONLY = {"stays_monthly": "measure <> 'pattern'"}
# What a table is told apart by; of hours and classes it would be too many lines.
KIND = {
    "presence_hourly": "'an hour'",
    "stays_monthly": "split_part(kind, '/', 1)",
    "connected_totals_monthly": "kind",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kayoi", type=pathlib.Path, required=True)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path(".kayoi/coverage"))
    parser.add_argument("--seeds", default="201 202")
    parser.add_argument("--panels", default=" ".join(map(str, PANELS)))
    parser.add_argument("--selections", default=",".join(SELECTIONS))
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--ties-only", action="store_true", help="without what is done in the month")
    parser.add_argument("--resume", action="store_true", help="keep the worlds that are there")
    options = parser.parse_args()
    worlds = options.folder / "worlds"
    if not options.resume:
        shutil.rmtree(worlds, ignore_errors=True)
    worlds.mkdir(parents=True, exist_ok=True)
    for seed in options.seeds.split():
        for panel in options.panels.split():
            for selection in options.selections.split(","):
                measure(options, worlds, (seed, panel, selection))
    text = coverage_report.document([json.loads(path.read_text(encoding="utf-8")) for path in sorted(worlds.glob("*.json"))])
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    else:
        print(text)


def measure(options, worlds, world):
    seed, panel, selection = world
    path = worlds / f"{panel}-{selection.replace(' ', '_').replace('%', 'percent')}-{seed}.json"
    if path.exists():
        return
    started = time.monotonic()
    lake, truth = options.folder / "lake", options.folder / "truth"
    for folder in (lake, truth):
        shutil.rmtree(folder, ignore_errors=True)
    words = ["nation", "--lake", lake, "--truth", truth, "--seed", seed, "--panel-percent", panel, "--friendships", "0.02"]
    words += SELECTIONS[selection] + ([] if has_activity(options, panel, selection) else ["--ties-only"])
    said = subprocess.run([options.kayoi, *map(str, words)], check=True, capture_output=True, text=True)
    found = {
        "seed": int(seed),
        "panel": float(panel),
        "selection": selection,
        "covered": [row for table in ROWS for row in covered(lake, truth, table)],
        "effects": effects(truth),
        "lifts": lifts(lake, truth),
    }
    path.write_text(json.dumps(found), encoding="utf-8")
    for folder in (lake, truth):
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{path.stem}: {time.monotonic() - started:.0f} s; {' '.join(said.stdout.split())}", file=sys.stderr)


def has_activity(options, panel, selection):
    """Of a large panel nearly all of the millions of pairs and hours are shown: they would take as long as all other worlds."""
    return not options.ties_only and selection in WITH_ACTIVITY and float(panel) <= MOST_WITH_ACTIVITY


def sizes(connection):
    """The size class of each area: of people who live there, which the truth has from the census."""
    whens = " ".join(f"when people < {end} then '{name}'" for name, end in SIZES.items())
    connection.execute(f"create table sizes as select area, case {whens} end as size from residents")


def opened(truth):
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    connection.execute("create view figures as select * from read_parquet(?)".replace("?", f"'{truth / 'figures.parquet'}'"))
    connection.execute("create table residents as select area, people from figures where \"table\" = 'residents'")
    sizes(connection)
    return connection


def covered(lake, truth, table):
    """Counts of published rows by kind, level and size of town."""
    files = active(lake / "release" / table)
    if not files:
        return []
    connection = opened(truth)
    source = "read_parquet([" + ", ".join(f"'{file}'" for file in files) + "], union_by_name = true, hive_partitioning = false)"
    connection.execute(f"""
        create view rows as
        select area, kind, origin, level, size, persons, low, high, phones,
               coalesce(people, 0) as people, coalesce(weighted, 0) as weighted, coalesce(variance, 0) as variance
        from (select {names(table)}, persons, persons_low as low, persons_high as high
              from {source} where status = 'published' and persons is not null and {ONLY.get(table, 'true')}) as released
        left join (select * from figures where "table" = '{table}') as truth using (area, kind, origin)
        left join sizes using (area)""")
    kind = KIND.get(table, "kind")
    rows = connection.execute(f"""
        select {kind} as told, level, coalesce(size, 'areas'), count(*), sum(people between low and high), sum(people < low),
               sum(people > high), median((high - low) / 2 / greatest(persons, 1)), sum(persons), sum(people),
               count(*) filter (phones >= 10),
               sum(abs(weighted - people) <= 1.96 * sqrt(variance)) filter (phones >= 10)
        from rows group by all order by all""").fetchall()
    columns = ("kind", "level", "size", "rows", "inside", "below", "above", "width", "persons", "people", "naive_rows", "naive")
    return [{"table": table, **dict(zip(columns, row, strict=True))} for row in rows]


def names(table):
    area, kind, origin, level = split(ROWS[table])
    return f"{area} as area, {kind} as kind, {origin} as origin, {level} as level"


def split(names):
    """Parts at commas that stand in no bracket."""
    parts, depth = [""], 0
    for letter in names:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def effects(truth):
    """By kind and size: squares of what counts are off by, and what independent selection would make of them."""
    rows = opened(truth).execute("""
        select kind, size, count(*), sum((phones - expected) ** 2), sum(expected * (1 - expected / people))
        from (select kind, size, phones, people, people * phones_of / people_of as expected
              from figures join sizes using (area)
              join (select origin as home, sum(phones) as phones_of, sum(people) as people_of from figures
                    where "table" = 'connected_monthly' and kind = 'visitor' and length(origin) = 2 group by 1) on home = origin
              where "table" = 'connected_monthly' and length(origin) = 2)
        where expected >= 3 group by all order by all""").fetchall()
    return [dict(zip(("kind", "size", "figures", "squares", "variance"), row, strict=True)) for row in rows]


def lifts(lake, truth):
    """Pairs by what their lower bound says and by what they are."""
    files = active(lake / "release" / "matching_yearly")
    if not files:
        return []
    connection = opened(truth)
    source = "read_parquet([" + ", ".join(f"'{file}'" for file in files) + "], union_by_name = true, hive_partitioning = false)"
    rows = connection.execute(f"""
        with friends as (select area, other, true as is_friend from read_parquet('{truth / "friends.parquet"}')),
        rows as (select kind, lift, lift_low, coalesce(is_friend, false) as is_friend from {source}
                 left join friends on area = municipality_code and friends.other = other_code
                 where side = 'residence' and lift is not null)
        select kind, count(*), sum(is_friend::int), sum((lift_low > 1.5)::int), sum((lift_low > 1.5 and is_friend)::int),
               sum((lift > 2)::int), sum((lift > 2 and is_friend)::int), sum((lift_low > 1 and not is_friend)::int)
        from rows group by 1 order by 1""").fetchall()
    columns = ("kind", "pairs", "friends", "flagged", "flagged_friends", "raw", "raw_friends", "others_above_one")
    return [dict(zip(columns, row, strict=True)) for row in rows]


if __name__ == "__main__":
    main()
