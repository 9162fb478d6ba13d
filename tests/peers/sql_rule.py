"""The rule that one would write in SQL, and how right it is: the peer of Kayoi's nights and residences.

In: the pings of a lake, the truth of its world, the lake's key. Out: JSON with the names of Kayoi's own score, so
that the two can stand in one table. The rule sees exactly the pings that Kayoi sees, placed by Kayoi, and has its
thresholds; it differs in what it makes of them:

- a night belongs to the municipality that has the most of its ten hours with a fix, whatever was not seen;
- the primary residence is where most of the last 60 nights were, if 10 were seen there;
- a second one, 10 km away or more, has 30 nights or more in twelve months, scaled by the nights that were seen.

The rule comes in two variants, because neither is better at everything: `regular` wants nights in six different months
besides, which spares some movers and loses every seasonal residence; `any` does not.
"""

import argparse
import collections
import datetime
import json
import pathlib
import urllib.parse

import blake3
import duckdb

EPOCH = datetime.date(1970, 1, 1)
REGISTER = pathlib.Path(__file__).resolve().parents[2] / "geography/data/municipalities.csv"
# An id that was replaced counts, on both sides of the table, when it was in use for so long.
REPLACED_MIN_DAYS = 60
# Least months with nights at a second residence.
VARIANTS = {"regular": 6, "any": 1}

# Codes of wards (third digit 1) are no municipalities: each follows its city's own code within the prefecture. Tokyo's
# special wards are in the register and stay. Some fixes lie in the sea and have no code.
CITIES = """
create table cities as
with seen as (select distinct municipality_code as code from pings where municipality_code is not null)
select seen.code, coalesce(any_value(own.code), max(city.code), seen.code) as city
from seen
left join register own on own.code = seen.code
left join register city on own.code is null and substr(seen.code, 3, 1) = '1'
    and substr(city.code, 1, 2) = substr(seen.code, 1, 2) and city.code <= seen.code
    and substr(city.code, 3) in ('100', '130', '140', '150')
group by seen.code
"""

# Hours since the epoch in Japan, which has no summer time; eight hours earlier, a night lies within its evening's date.
NIGHTS = """
create table nights as
with hours as (
    select distinct device_id, city as code, (epoch_ms(timestamp) + 9 * 3600000) // 3600000 as hour
    from pings join cities on cities.code = pings.municipality_code
),
night_hours as (
    select device_id, (hour - 8) // 24 as night, code, count(*) as hours
    from hours where hour % 24 >= 22 or hour % 24 < 8
    group by all
)
select device_id, night, code from night_hours
qualify row_number() over (partition by device_id, night order by hours desc, code) = 1
"""

PRIMARIES = """
create table primaries as
select device_id, code, count(*) as nights from nights
where night between $last - 60 + 1 and $last
group by device_id, code having count(*) >= 10
qualify row_number() over (partition by device_id order by count(*) desc, code) = 1
"""

# An id that came late or went early is scaled to the days from its first to its last night, not to twelve months.
SECONDS = """
create or replace table seconds as
with year as (
    select *, strftime(date '1970-01-01' + night::integer, '%Y-%m') as month from nights
    where night between $year_first and $last
),
coverage as (
    select device_id, (max(night) - min(night) + 1) / count(*) as scale from year group by device_id
),
places as (
    select device_id, code, count(*) as nights, count(distinct month) as months from year group by device_id, code
)
select device_id, places.code, places.nights * scale as nights
from places
join coverage using (device_id)
join primaries using (device_id)
join register here on here.code = primaries.code
join register there on there.code = places.code
where places.code <> primaries.code and places.nights * scale >= 30 and months >= $min_months
    and 2 * 6371.0 * asin(sqrt(
        sin(radians(there.latitude - here.latitude) / 2) ** 2 + cos(radians(here.latitude)) * cos(radians(there.latitude))
        * sin(radians(there.longitude - here.longitude) / 2) ** 2)) >= 10
qualify row_number() over (partition by device_id order by places.nights * scale desc, places.code) = 1
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lake", required=True, type=pathlib.Path)
    parser.add_argument("--truth", required=True, type=pathlib.Path)
    parser.add_argument("--key-file", type=pathlib.Path, help="default: beside the lake, its name with .key")
    parser.add_argument("--register", type=pathlib.Path, default=REGISTER)
    parser.add_argument("--month", help="YYYY-MM (default: the last of the truth)")
    parser.add_argument("--memory", default="4GB")
    options = parser.parse_args()
    key_file = options.key_file or options.lake.with_name(options.lake.name + ".key")
    database = duckdb.connect(config={"memory_limit": options.memory, "preserve_insertion_order": "false",
                                      "temp_directory": str(options.lake.with_name("duckdb"))})
    truth = Truth(database, options.truth, bytes.fromhex(key_file.read_text().strip()), options.month)
    load(database, options)
    for statement, names in ((CITIES, ""), (NIGHTS, ""), (PRIMARIES, "last")):
        database.execute(statement, {name: getattr(truth, name) for name in names.split()})
    scores = {}
    for variant, min_months in VARIANTS.items():
        database.execute(SECONDS, {"year_first": truth.year_first, "last": truth.last, "min_months": min_months})
        scores[variant] = score(database, truth)
    print(json.dumps(scores, indent=2))


def pseudonym(key, identifier):
    """What ingest makes of an id of the partner: the upper 63 of the first 64 bits of a keyed BLAKE3."""
    digest = blake3.blake3(identifier.strip().lower().encode(), key=key).digest()
    return int.from_bytes(digest[:8], "little") >> 1


def live_files(table):
    """The files of a Delta table's newest version. Kayoi keeps all entries of a log, so no checkpoint is needed."""
    files = set()
    for entry in sorted((table / "_delta_log").glob("*.json")):
        for line in entry.read_text(encoding="utf-8").splitlines():
            action = json.loads(line)
            if "add" in action:
                files.add(action["add"]["path"])
            elif "remove" in action:
                files.discard(action["remove"]["path"])
    return [str(table / urllib.parse.unquote(path)) for path in sorted(files)]


def day_number(date):
    return (date - EPOCH).days


class Truth:
    """The truth of a month, by Kayoi's pseudonyms: only devices that count."""

    def __init__(self, database, folder, key, month):
        def rows(name, columns, where="true"):
            return database.execute(f"select {columns} from read_parquet(?) where {where}",
                                    [str(folder / f"{name}.parquet")]).fetchall()

        self.month = month or rows("residences", "max(month)")[0][0]
        year, number = map(int, self.month.split("-"))
        self.first = day_number(datetime.date(year, number, 1))
        self.last = day_number(datetime.date(year + number // 12, number % 12 + 1, 1)) - 1
        self.year_first = day_number(datetime.date(year - (number < 12), number % 12 + 1, 1))
        people = rows("people", "person, device_id, from_day, until_day, persona")
        ids = {text: pseudonym(key, text) for _, text, *_ in people}
        ids_of = collections.Counter(person for person, *_ in people)
        self.persona = {}
        for person, text, start, end, persona in people:
            start, end = day_number(start), day_number(end)
            replaced = ids_of[person] > 1
            if start <= self.last and end >= self.first and (
                    not replaced or min(end, self.last) - start + 1 >= REPLACED_MIN_DAYS):
                self.persona[ids[text]] = persona
        first, last = EPOCH + datetime.timedelta(self.first), EPOCH + datetime.timedelta(self.last)
        nights = rows("nights", "device_id, night, municipality_code",
                      f"municipality_code is not null and night between date '{first}' and date '{last}'")
        self.nights = {(ids[text], day_number(night)): code for text, night, code in nights if ids[text] in self.persona}
        found = rows("residences", "*", f"month = '{self.month}'")
        names = [column[0] for column in database.description]
        self.primary, self.seconds, self.nearly_even = {}, {}, set()
        for row in (dict(zip(names, values, strict=True)) for values in found):
            device = ids[row["device_id"]]
            if device not in self.persona:
                continue
            if row["rank"] == 1:
                self.primary[device] = row["municipality_code"]
            else:
                self.seconds[device, row["municipality_code"]] = row["regime"]
            # Which of two even residences is called the primary one is arbitrary.
            if row.get("nearly_even"):
                self.nearly_even.add(device)


def load(database, options):
    """Leaves the view `pings` and the table `register`."""
    database.read_parquet(live_files(options.lake / "pings"), hive_partitioning=False).create_view("pings")
    register = "select code, latitude, longitude from read_csv(?, types = {'code': 'varchar'})"
    database.execute(f"create table register as {register}", [str(options.register)])


def score(database, truth):
    """The same counts as in `simulate/src/score`, as far as the rule says anything."""
    def rows(table, columns):
        return [row for row in database.execute(f"select {columns} from {table}").fetchall() if row[0] in truth.persona]

    nights = [(truth.nights[device, night], code) for device, night, code in rows("nights", "device_id, night, code")
              if (device, night) in truth.nights]
    given, right = len(nights), sum(true == code for true, code in nights)
    primary = dict(rows("primaries", "device_id, code"))
    seconds = set(rows("seconds", "device_id, code"))
    true_second = {device: code for device, code in truth.seconds}
    # Two even residences that are exchanged are both right.
    for device in truth.nearly_even:
        code, second = truth.primary.get(device), true_second.get(device)
        if primary.get(device) == second and (device, code) in seconds:
            primary[device] = code
            seconds = seconds - {(device, code)} | {(device, second)}
    either = {device: {code, true_second.get(device) if device in truth.nearly_even else code}
              for device, code in truth.primary.items()}
    both = [device for device in primary if device in truth.primary]
    right_primary = sum(primary[device] in either[device] for device in both)
    true_seconds = set(truth.seconds)
    regimes = {regime: {pair for pair, of in truth.seconds.items() if of == regime} for regime in truth.seconds.values()}
    wrong = [truth.persona[device] for device, _ in seconds - true_seconds]
    return {
        "month": truth.month,
        "devices": len(truth.persona),
        "personas": dict(sorted(collections.Counter(truth.persona.values()).items())),
        "nights": {"truth": len(truth.nights), "given": given, "right": right,
                   "given_share": share(given, len(truth.nights)), "right_share": share(right, given)},
        "primary": {"truth": len(truth.primary), "located": len(primary), "right": right_primary,
                    "precision": share(right_primary, len(primary)), "recall": share(right_primary, len(truth.primary)),
                    "right_among_located": share(right_primary, len(both)), "nearly_even": len(truth.nearly_even)},
        "dual": detection(true_seconds, seconds),
        "dual_devices": detection({device for device, _ in true_seconds}, {device for device, _ in seconds}),
        "dual_recall_by_regime": {regime: detection(pairs, seconds & pairs) for regime, pairs in sorted(regimes.items())},
        "dual_false_positives": {persona: wrong.count(persona) for persona in sorted(set(wrong))},
        "dual_counts": counted(true_seconds, seconds),
    }


def share(part, whole):
    return part / whole if whole else None


def detection(truth, seen):
    found, invented, missed = len(truth & seen), len(seen - truth), len(truth - seen)
    return {"found": found, "invented": invented, "missed": missed, "precision": share(found, found + invented),
            "recall": share(found, found + missed), "f1": share(2 * found, 2 * found + invented + missed)}


def counted(truth, seen):
    """How far the number of dual residents is off."""
    return {"truth": len(truth), "seen": len(seen), "bias": share(len(seen) - len(truth), len(truth))}


if __name__ == "__main__":
    main()
