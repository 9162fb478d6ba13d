"""The one error of this package.

In: what a server said, or why it could not be asked. Out: a [`KayoiError`]. There is one class and not one for each way of
asking, because who catches it wants to know what is wrong and what to do, whichever way the question took.
"""


class KayoiError(Exception):
    """Why there is no answer.

    `hint` says what to do, `sqlstate` which kind of error it is as PostgreSQL has it, `status` what HTTP said, and
    `position` the place in the SQL, in characters from 1. Each of them is None when nobody knows it.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        sqlstate: str | None = None,
        status: int | None = None,
        position: int | None = None,
    ) -> None:
        # Shown in a notebook, the last line is what the reader looks at.
        super().__init__(message if hint is None else f"{message}\nhint: {hint}")
        self.message = message
        self.hint = hint
        self.sqlstate = sqlstate
        self.status = status
        self.position = position
