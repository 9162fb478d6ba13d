"""Dashboards of Grafana: what each panel asks, and whether it says what it shows.

In: deploy/grafana/dashboards. Out: what is missing or wrong, with dashboard and panel.
"""

import json
import re
from pathlib import Path

from checks import alerts
from checks.metrics import documented, series
from checks.promql import read
from checks.tool import DEPLOY

FOLDER = DEPLOY / "grafana/dashboards"
STAGES = {"ingest", "lake", "aggregate", "release", "serve"}
# Of Grafana 12.2 and newer, which compose.yaml runs.
SCHEMA = 42
COLUMNS = 24
LEGEND = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
CHOICES = re.compile(r"label_values\((?P<metric>[a-z_]+), (?P<label>[a-z_]+)\)")


def panels(board: dict) -> list[dict]:
    """Every panel of it."""
    return board.get("panels", [])


def frame(path: Path, board: dict) -> list[str]:
    """What is wrong with a dashboard, but for its panels."""
    variables = board["templating"]["list"]
    found = [] if board.get("schemaVersion") == SCHEMA else [f"schemaVersion is {board.get('schemaVersion')}, not {SCHEMA}"]
    found += [] if board.get("uid") == f"kayoi-{path.stem}" else [f"uid is {board.get('uid')}, not kayoi-{path.stem}"]
    found += [] if board.get("title") and board.get("description") else ["no title or no description"]
    if not any(variable["type"] == "datasource" and variable["name"] == "datasource" for variable in variables):
        found.append("no variable `datasource`")
    ids = [panel.get("id") for panel in panels(board)]
    found += [] if len(set(ids)) == len(ids) > 0 else ["two panels with one id, or none at all"]
    return found + [line for variable in variables if variable["type"] == "query" for line in choices(variable)]


def choices(variable: dict) -> list[str]:
    """Whether a variable's list can be filled."""
    asks = CHOICES.fullmatch(variable["query"]["query"])
    if asks is None:
        return [f"variable `{variable['name']}` asks for something else than label_values(metric, label)"]
    known = series().get(asks["metric"], set())
    return [] if asks["label"] in known else [f"variable `{variable['name']}`: no `{asks['label']}` of `{asks['metric']}`"]


def place(panel: dict, others: list[dict]) -> list[str]:
    """Whether a panel lies on the board, and on no other."""
    grid = panel["gridPos"]
    if grid["x"] + grid["w"] > COLUMNS:
        return ["is wider than the board"]
    return [f"lies on `{other['title']}`" for other in others if other is not panel and overlap(grid, other["gridPos"])]


def overlap(one: dict, other: dict) -> bool:
    """Whether two places have a cell in common."""
    beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
    above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    return not beside and not above


def asks(panel: dict, jobs: set[str], variables: set[str]) -> list[str]:
    """What is wrong with the queries of a panel."""
    found = [] if panel.get("targets") else ["asks nothing"]
    for target in panel.get("targets", []):
        labels, _, wrong = read(target["expr"], jobs)
        wrong += [
            f"its answer has no label `{name}`" for name in LEGEND.findall(target.get("legendFormat", "")) if name not in labels
        ]
        used = set(re.findall(r"\$\{?([a-z]+)\b", target["expr"]))
        wrong += [f"there is no variable `{name}`" for name in sorted(used - variables)]
        found += [f"{target['expr']}: {line}" for line in wrong]
    return found


def said(panel: dict) -> list[str]:
    """What a panel does not say of itself."""
    has = {
        "title": panel.get("title"),
        "description": panel.get("description"),
        "unit": panel["fieldConfig"]["defaults"].get("unit"),
        "datasource by variable": panel.get("datasource") == {"type": "prometheus", "uid": "${datasource}"},
    }
    return [f"has no {what}" for what, value in has.items() if not value]


def boards() -> dict[Path, dict]:
    """Every dashboard."""
    return {path: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def check() -> list[str]:
    """What is wrong with all of them."""
    found, jobs = [], alerts.jobs()
    all_of_them = boards()
    found += [f"there is no dashboard {name}.json" for name in sorted(STAGES - {path.stem for path in all_of_them})]
    for path, board in all_of_them.items():
        variables = {variable["name"] for variable in board["templating"]["list"]}
        found += [f"{path.name}: {line}" for line in frame(path, board)]
        for panel in panels(board):
            wrong = said(panel) + place(panel, panels(board)) + asks(panel, jobs, variables)
            found += [f"{path.name}, {panel.get('title')}: {line}" for line in wrong]
    return found


def shown() -> list[str]:
    """Metrics that no panel shows, so that nobody looks at them."""
    targets = [target for board in boards().values() for panel in panels(board) for target in panel["targets"]]
    seen = {name for target in targets for name in read(target["expr"], alerts.jobs())[1]} | alerts.asked()
    return [f"`{metric.name}` is in no dashboard and no alert" for metric in documented() if metric.name not in seen]
