"""The plain rule on the labelled stops: home is the loc with most night time of all days, work the one with most working time.

In: the stops' Parquet. Out: lines of JSON as labelled_report.py takes them; `confidence` is the loc's share of that time.
"""

import argparse
import collections
import datetime
import json
import pathlib

import labelled_truth


def modal(spent, without=None):
    total = collections.Counter()
    for (_, loc), length in spent.items():
        if loc != without:
            total[loc] += length
    if not total:
        return None, 0.0
    loc, most = total.most_common(1)[0]
    return loc, round(most / total.total(), 4)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stops", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    epoch = datetime.date(1970, 1, 1)
    with options.out.open("w", encoding="utf-8") as lines:
        for user, person in labelled_truth.people(options.stops).items():
            home, sure = modal(person.night_s)
            work, work_sure = modal(labelled_truth.working_seconds(person.stops), without=home)
            for day in sorted(person.days()):
                lines.write(json.dumps({
                    "user": user, "day": str(epoch + datetime.timedelta(days=day)), "homes": [home] if home else [],
                    "work": work, "confidence": sure, "work_confidence": work_sure}) + "\n")


if __name__ == "__main__":
    main()
