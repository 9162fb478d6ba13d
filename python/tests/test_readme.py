"""The example of README. In: a server. Out: nothing, when what people copy runs as it stands, but for the addresses."""

import contextlib
import io
import pathlib
import re
import unittest
from unittest import mock

import server

README = pathlib.Path(__file__).parents[1] / "README.md"


class Readme(unittest.TestCase):
    def test_the_example_runs(self):
        # Opened before its name stands for another address.
        opened = server.over_flight()
        self.addCleanup(opened.close)
        (example,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
        names = {}
        told = contextlib.redirect_stdout(io.StringIO())
        with told as printed, mock.patch("kayoi.connect", return_value=opened):
            exec(compile(example, str(README), "exec"), names)
        self.assertIn("Chino", printed.getvalue())
        for frame in ("answer", "rows", "newest", "towns"):
            self.assertGreater(len(names[frame]), 0, frame)


if __name__ == "__main__":
    unittest.main()
