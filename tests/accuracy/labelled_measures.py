"""Counts of right answers on the labelled stops, the same for every system.

In: `labelled_truth.Person` by user, and a system's lines by user and day. Out: counts; shares are made by the report.
"""

import collections
import datetime

from labelled_truth import DAY_S

LABELS = {"H": "Home", "W": "Work"}
WEEKS = 7
NEAR_DAYS = 14
# What annotators saw at a second home: neither home nor work, work, a home of another house than the first one's, or of it.
SECOND = ("not annotated", "work", "another house", "same house")

Answer = collections.namedtuple("Answer", "loc confidence")


def loc_of(line, label):
    if label == "W":
        return line["work"]
    return line["homes"][0] if line["homes"] else None


def user_answers(lines, label):
    """The loc given on most days, of users who have one; of equal ones the earlier."""
    answers = {}
    for user, days in lines.items():
        given = collections.Counter(loc for _, line in sorted(days.items()) if (loc := loc_of(line, label)) is not None)
        if given:
            loc = given.most_common(1)[0][0]
            sure = [confidence(line, label) for line in days.values() if loc_of(line, label) == loc]
            answers[user] = Answer(loc, sum(sure) / len(sure))
    return answers


def confidence(line, label):
    own = line.get("confidence", 1.0)
    return line.get("work_confidence", own) if label == "W" else own


def user_figures(truth, answers, label):
    """Given, right, the main one, the main one's house, people with an annotated one, and given to those without one."""
    given = right = main = house = people = extra = 0
    for user, person in truth.items():
        answer = answers.get(user)
        if not person.locs(label):
            extra += answer is not None
            continue
        people += 1
        if answer is None:
            continue
        best = person.main(label)
        given += 1
        right += person.labels.get(answer.loc) == label
        main += answer.loc == best
        house += person.house.get(answer.loc, answer.loc) == person.house.get(best, best)
    return given, right, main, house, people, extra


def surest_users(truth, answers, label, wanted):
    """The surest answers, as many as wanted among people with an annotated place; none if there are not so many."""
    asked = [user for user in answers if truth[user].locs(label)]
    if len(asked) < wanted:
        return None
    surest = sorted(asked, key=lambda user: (-answers[user].confidence, int(user)))[:wanted]
    return {user: answers[user] for user in surest}


def surest_days(lines, others):
    """The surest days, as many as the other system gives a home on; none if there are not so many."""
    wanted = sum(bool(line["homes"]) for days in others.values() for line in days.values())
    given = [(-confidence(line, "H"), int(user), day) for user, days in lines.items() for day, line in days.items()
             if line["homes"]]
    if len(given) < wanted:
        return None
    fewer = collections.defaultdict(dict)
    for _, user, day in sorted(given)[:wanted]:
        fewer[str(user)][day] = lines[str(user)][day]
    return fewer


def day_figures(truth, lines, days_a_step):
    """Steps with a stop, with a home given, with one right; with annotated nights near and a home given, in the right house."""
    steps = given = right = known = house = 0
    for user, person in truth.items():
        stood = stood_at(person)
        nights = house_nights(person)
        answers = collections.defaultdict(list)
        for day in sorted(person.days()):
            # Weeks begin on Monday; 1970-01-01 was a Thursday.
            step = (day + 3) // days_a_step if days_a_step > 1 else day
            line = lines[user].get(day) if user in lines else None
            answers[step].append((day, loc_of(line, "H") if line else None))
        for said in answers.values():
            steps += 1
            counted = collections.Counter(loc for _, loc in said if loc is not None)
            if not counted:
                continue
            loc = counted.most_common(1)[0][0]
            middle = said[len(said) // 2][0]
            given += 1
            right += any(abs(day - middle) <= NEAR_DAYS for day in stood[person.house.get(loc)])
            near = nights_near(nights, middle)
            if near:
                known += 1
                house += person.house.get(loc) == near.most_common(1)[0][0]
    return steps, given, right, known, house


def stood_at(person):
    """Days of a stop by house; places that are no home have none."""
    stood = collections.defaultdict(set)
    for stop in person.stops:
        if stop.loc in person.house:
            stood[person.house[stop.loc]].update((stop.start // DAY_S, stop.end // DAY_S))
    return stood


def house_nights(person):
    """Seconds by night and house, in annotated homes."""
    nights = collections.defaultdict(collections.Counter)
    for (night, loc), length in person.night_s.items():
        if loc in person.house:
            nights[night][person.house[loc]] += length
    return nights


def nights_near(nights, day):
    near = collections.Counter()
    for night in range(day - NEAR_DAYS, day + NEAR_DAYS + 1):
        if night in nights:
            near.update(nights[night])
    return near


def two_homes(person, days, pairs, by_house):
    """With pairs: whether both of a pair are given on any days, and in one month. Without: what the two in a month are."""
    def name(loc):
        return person.house.get(loc, loc) if by_house else loc

    months = collections.defaultdict(set)
    for day, line in days.items():
        months[month_of(day)].update(name(loc) for loc in line["homes"])
    ever = set().union(*months.values())
    if pairs is not None:
        return any(set(pair) <= ever for pair in pairs), any(set(pair) <= given for pair in pairs for given in months.values())
    many = [given for given in months.values() if len(given) > 1]
    if not many:
        return None
    annotated = set(person.house.values())
    return "annotated houses" if any(len(given & annotated) > 1 for given in many) else "not annotated"


def month_of(day):
    return datetime.date.fromordinal(datetime.date(1970, 1, 1).toordinal() + day).replace(day=1)


def second_homes(truth, lines):
    """Second homes of months, as (user, month, loc), by what annotators saw there; each under the first name that fits."""
    found = {kind: set() for kind in SECOND}
    for user, person in truth.items():
        for day, line in lines.get(user, {}).items():
            for loc in line["homes"][1:]:
                found[seen_as(person, line["homes"][0], loc)].add((user, month_of(day), loc))
    return found


def seen_as(person, first, second):
    if second in person.house:
        return "same house" if person.house[second] == person.house.get(first) else "another house"
    return "work" if person.labels[second] == "W" else "not annotated"


def tutorial_figures(truth, lines, label):
    """People annotated, detected, annotated locs ever given, annotated locs of detected people."""
    people = detected = matches = annotated = 0
    for user, person in truth.items():
        wanted = person.locs(label)
        if not wanted:
            continue
        people += 1
        given = set()
        for line in lines.get(user, {}).values():
            given.update(line["homes"] if label == "H" else [line["work"]] if line["work"] is not None else [])
        if given:
            detected, annotated, matches = detected + 1, annotated + len(wanted), matches + len(wanted & given)
    return people, detected, matches, annotated
