"""The named questions of a server, and values for their places that do not repeat.

In: the address of a server, how many older months are asked of, a seed. Out: questions whose SQL this program can fill
as the server does, and fillings in an order that the seed fixes: all towns of the newest month first, then those of
older months. That the SQL is the server's own is tried: it is filled with other values and compared with what the server
says that it ran.
"""

import dataclasses
import itertools
import json
import random
import re
import urllib.error
import urllib.parse
import urllib.request

# Towns and months for trying only, so that no answer which is measured has been given before.
KEPT_TOWNS = 8
# The newest months may lack figures of some tables.
NEWEST_LEFT_OUT = 2
WAIT_S = 120


class Differs(Exception):
    """The SQL as filled here is not what the server ran."""


@dataclasses.dataclass(frozen=True)
class Question:
    """A named question: SQL with `{name}` in its places, of the newest month and of a `{month}`."""

    name: str
    takes: tuple
    newest: str
    of_month: str

    def has_months(self):
        return "{month}" in self.of_month

    def template(self, filling):
        """The SQL with its places, for the month of a filling."""
        month, _ = filling
        return self.newest if month is None else self.of_month.replace("{month}", month)

    def sql(self, filling):
        """The SQL with values in its places."""
        return filled(self.template(filling), filling[1])

    def prepared(self, filling):
        """The SQL with `$1`, `$2` … in its places, and their values."""
        text, values = self.template(filling), []
        for name, value in filling[1]:
            if f"{{{name}}}" in text:
                values.append(value)
                text = text.replace(f"{{{name}}}", f"${len(values)}")
        return text, values


@dataclasses.dataclass(frozen=True)
class Places:
    """What can stand in the places, and what stands there when a question is tried."""

    towns: tuple
    prefectures: tuple
    months: tuple
    kept_towns: tuple
    kept_months: tuple


def filled(text, values):
    for name, value in values:
        text = text.replace(f"{{{name}}}", f"'{value}'")
    return text


def get(url, path, **values):
    """An answer of the server as JSON."""
    query = f"?{urllib.parse.urlencode(values)}" if values else ""
    with urllib.request.urlopen(f"{url.rstrip('/')}{path}{query}", timeout=WAIT_S) as answer:
        return json.load(answer)


def answered_before(url):
    """How many questions the server has answered since it started; `None` where it does not say."""
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/metrics", timeout=WAIT_S) as answer:
            lines = answer.read().decode().splitlines()
    except OSError:
        return None
    return sum(int(float(line.rsplit(" ", 1)[1])) for line in lines if line.startswith("kayoi_query_questions_total{"))


def places(url, older_months):
    codes = [town["code"] for town in get(url, "/v1/municipalities")["municipalities"]]
    months = get(url, "/v1/release")["months"]
    older = months[:-NEWEST_LEFT_OUT][::-1][:older_months]
    return Places(tuple(codes[:-KEPT_TOWNS]), tuple(sorted({code[:2] for code in codes})),
                  tuple(f"{month}-01" for month in older), tuple(codes[-KEPT_TOWNS:]), tuple(months[:2]))


def questions(url, names, where):
    """The questions of these names, or all, and (name, why) of those that cannot be asked."""
    known = {question["name"]: question for question in get(url, "/v1/questions")["questions"]}
    if unknown := [name for name in names if name not in known]:
        raise SystemExit(f"no question is called {', '.join(unknown)}; there are {', '.join(known)}")
    found, left_out = [], []
    for name in names or known:
        try:
            found.append(read(url, known[name], where))
        except (Differs, urllib.error.HTTPError) as error:
            left_out.append((name, str(error)))
    return found, left_out


def read(url, told, where):
    takes = tuple((parameter["name"], parameter["type"], tuple(value["value"] for value in parameter.get("allowed", ())))
                  for parameter in told["parameters"])
    trials = [tuple((name, trial(place, takes[place], at, where)) for place, (name, *_) in enumerate(takes)) for at in (0, 1)]
    path = f"/v1/questions/{told['name']}"

    def ran(values, **more):
        return get(url, path, **dict(values), **more)["sql"]

    # Newer servers list the SQL with its places, which is had without asking.
    newest = told.get("sql") or emptied(ran(trials[0]), trials[0])
    first, second = where.kept_months
    of_month = emptied(ran(trials[0], month=first), trials[0]).replace(f"DATE '{first}-01'", "DATE '{month}'")
    question = Question(told["name"], takes, newest, of_month)
    if takes and question.sql((None, trials[1])) != ran(trials[1]):
        raise Differs("filled here it is not the SQL of the server")
    if question.sql((f"{second}-01", trials[1])) != ran(trials[1], month=second):
        raise Differs("filled here with a month it is not the SQL of the server")
    return question


def trial(place, takes, at, where):
    """A value to try a place with; no two places and trials have the same."""
    _, takes_type, allowed = takes
    match takes_type:
        case "municipality":
            return where.kept_towns[2 * place + at]
        case "municipalities":
            return ",".join(where.kept_towns[4 + 2 * at:6 + 2 * at])
        case "prefecture":
            return where.prefectures[-1 - at]
        case _:
            return allowed[-1 - at]


def emptied(sql, values):
    """The SQL with its places where these values stand."""
    for name, value in values:
        sql = sql.replace(f"'{value}'", f"{{{name}}}")
    return sql


def fillings(question, where, seed):
    """Different fillings, (month, ((name, value), …)), until there are no more."""
    chance = random.Random(f"{seed} {question.name}")
    closed = [[(name, value) for value in allowed] for name, _, allowed in question.takes if allowed]
    for month in (None, *(where.months if question.has_months() else ())):
        for words in itertools.product(*closed):
            pool = list(first_pool(question, where))
            chance.shuffle(pool)
            for place in pool:
                yield month, tuple(values(question, dict(words), place, where, chance))


def first_pool(question, where):
    """What stands in the first open place, each once; one nothing where there is no open place."""
    types = [takes_type for _, takes_type, allowed in question.takes if not allowed]
    if not types:
        return (None,)
    return where.prefectures if types[0] == "prefecture" else where.towns


def values(question, words, place, where, chance):
    for name, takes_type, _ in question.takes:
        if name in words:
            yield name, words[name]
        elif place is not None:
            yield name, place
            place = None
        elif takes_type == "municipalities":
            yield name, ",".join(chance.sample(where.towns, 3))
        else:
            yield name, chance.choice(where.prefectures if takes_type == "prefecture" else where.towns)


def how_many(question, where):
    """How many fillings there are."""
    count = len(first_pool(question, where)) * (1 + len(where.months) * question.has_months())
    for _, _, allowed in question.takes:
        count *= len(allowed) or 1
    return count


def tables(question, names):
    """Those of these tables that the SQL names."""
    words = set(re.findall(r"\w+", question.newest))
    return sorted(words & set(names))
