"""Values of Python as a server takes them.

In: what a notebook has at hand, be it of Python, numpy or pandas. Out: texts for the address of a named question, and plain
values for `$1`, `$2` …. What was read from one frame is asked for in the next, so its types are taken; anything else is
refused here, before two drivers would find two sets of words for it.
"""

import datetime

import numpy
import pandas

from .errors import KayoiError

Month = str | datetime.date


def month(value: Month) -> str:
    """A month as the server writes it, `2026-05`."""
    return value if isinstance(value, str) else f"{value:%Y-%m}"


def text(value: object) -> str:
    """A value of a named question: a list of codes has commas between."""
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def given(**values: object) -> dict[str, str]:
    """What is not left out."""
    return {name: str(value) for name, value in values.items() if value is not None}


def plain(value: object) -> object:
    """A value of SQL."""
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if value is pandas.NA or value is pandas.NaT:
        return None
    if isinstance(value, numpy.generic):
        return value.item()
    if value is None or isinstance(value, (str, int, float, datetime.date)):
        return value
    raise KayoiError(
        f"`{type(value).__name__}` is no type of a value", hint="a text, a number, a day, None, or a list of one kind"
    )


def of_json(value: object) -> object:
    """The same for JSON, which has no days: a text that the query's type for it reads."""
    if isinstance(value, list):
        return [of_json(one) for one in value]
    return value.isoformat() if isinstance(value, datetime.date) else value
