"""The answer to a named question.

In: what `/v1/questions/NAME` says. Out: an [`Answer`], which is a DataFrame. It is one and does not hold one, so that it can
be cut, joined and drawn at once; what has to be read with the figures stands in `attrs`, which pandas hands on to frames
made of it and writes into Parquet.
"""

import html
from collections.abc import Mapping
from typing import Any

import pandas

from . import frames

# What is kept of an answer beside its rows.
BESIDE = (
    "name",
    "title",
    "sentence",
    "does_not_say",
    "parameters",
    "sql",
    "revision",
    "definition",
    "definition_hash",
    "series",
    "credit",
    "boundaries",
)


class Answer(pandas.DataFrame):
    """The rows of an answer, with its sentence and what it does not say.

    `sentence`, `title` and `does_not_say` have the keys `ja` and `en`. A column with the name of one of these properties is
    reached with brackets, as `answer["revision"]`.
    """

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Answer":
        """An answer as the server tells it."""
        answer = cls(frames.of_json(told["columns"], told["rows"]))
        answer.attrs.update({name: told[name] for name in BESIDE if name in told})
        return answer

    @property
    def _constructor(self) -> type[pandas.DataFrame]:
        # What is made of an answer has other rows, for which its sentence does not speak.
        return pandas.DataFrame

    @property
    def frame(self) -> pandas.DataFrame:
        """The rows as a plain DataFrame."""
        return self.copy()

    @property
    def sentence(self) -> dict[str, str | None]:
        """The answer in a sentence."""
        return self.attrs["sentence"]

    @property
    def title(self) -> dict[str, str]:
        """The question."""
        return self.attrs["title"]

    @property
    def does_not_say(self) -> dict[str, str]:
        """What must not be read from the figures."""
        return self.attrs["does_not_say"]

    @property
    def sql(self) -> str:
        """The SQL that was asked."""
        return self.attrs["sql"]

    @property
    def revision(self) -> int:
        """The number of the release that was read."""
        return self.attrs["revision"]

    def _repr_html_(self) -> str:
        def paragraphs(words: Mapping[str, str | None]) -> str:
            return "".join(f"<p>{html.escape(text)}</p>" for text in (words.get("ja"), words.get("en")) if text)

        rows = super()._repr_html_() or ""  # type: ignore[misc]
        return f"{paragraphs(self.sentence)}{rows}<small>{paragraphs(self.does_not_say)}</small>"
