"""関係人口 from a Kayoi server, as DataFrames.

In: the address of a server. Out: a [`Connection`], which is asked in named questions, in SQL or for the rows of a table.
Every figure is an estimate after disclosure control. One that is withheld is a missing value, and nothing here makes a
number of it.
"""

from .answer import Answer
from .connection import Connection, connect
from .errors import KayoiError

__all__ = ["Answer", "Connection", "KayoiError", "connect"]
__version__ = "0.1.0"
