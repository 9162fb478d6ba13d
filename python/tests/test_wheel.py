"""The wheel. In: this folder. Out: nothing, when what people install has every module, the marker of types and the licence."""

import pathlib
import subprocess
import sys
import tempfile
import unittest
import zipfile

PACKAGE = pathlib.Path(__file__).parents[1]


class Wheel(unittest.TestCase):
    def test_the_wheel_has_every_module_the_marker_of_types_and_the_licence(self):
        with tempfile.TemporaryDirectory() as folder:
            build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
            built = subprocess.run(build, cwd=PACKAGE, capture_output=True, text=True)
            self.assertEqual(built.returncode, 0, built.stderr)
            (wheel,) = pathlib.Path(folder).glob("*.whl")
            names = zipfile.ZipFile(wheel).namelist()
        modules = [f"kayoi/{path.name}" for path in (PACKAGE / "src/kayoi").glob("*.py")]
        for name in [*modules, "kayoi/py.typed"]:
            self.assertIn(name, names)
        self.assertTrue(any(name.endswith("licenses/LICENSE") for name in names), names)


if __name__ == "__main__":
    unittest.main()
