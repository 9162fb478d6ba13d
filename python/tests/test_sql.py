"""SQL. In: a server with both doors. Out: nothing, when Arrow Flight SQL and HTTP give the same frame for the same question."""

import datetime
import unittest

import numpy
import pandas

import server

TOWNS = """
SELECT month, municipality_code, persons, status, persons / 2.0 AS half, month = $2 AS is_asked
FROM connected_monthly WHERE kind = $1 AND month <= $2 AND origin_level = 'all'
ORDER BY month, municipality_code LIMIT 2000"""
NEWEST = "SELECT max(month) AS newest FROM connected_monthly WHERE status = 'published'"


class Sql(unittest.TestCase):
    def setUp(self):
        self.http, self.flight = server.over_http(), server.over_flight()
        self.addCleanup(self.flight.close)

    def test_both_doors_give_the_same_frame(self):
        newest = self.http.sql(NEWEST)["newest"][0]
        for month in (newest, newest.date(), f"{newest:%Y-%m-%d}"):
            over_http = self.http.sql(TOWNS, "connected", month)
            over_flight = self.flight.sql(TOWNS, "connected", month)
            self.assertGreater(len(over_http), 0)
            pandas.testing.assert_frame_equal(over_http, over_flight)
        self.assertEqual(over_flight["persons"].dtype, pandas.Int64Dtype())
        self.assertEqual(over_flight["half"].dtype, pandas.Float64Dtype())
        self.assertEqual(over_flight["month"].dtype.kind, "M")
        hidden = over_flight["persons"].isna()
        self.assertTrue(hidden.any() and not hidden.all(), "some figures are hidden and some are not")
        self.assertFalse(over_flight.loc[hidden, "status"].isin(["published", "provisional"]).any())

    def test_values_are_no_piece_of_the_sql(self):
        for connection in (self.http, self.flight):
            said = connection.sql("SELECT $1 AS said", "x' OR 'a' = 'a")["said"]
            self.assertEqual(list(said), ["x' OR 'a' = 'a"])
            count = "SELECT count(*) AS n FROM connected_monthly WHERE persons > $1"
            for nothing in (None, pandas.NA):
                self.assertEqual(connection.sql(count, nothing)["n"][0], 0)
            self.assertEqual(connection.sql(count, numpy.int64(5))["n"][0], connection.sql(count, 5)["n"][0])

    def test_lists_are_values_at_either_door(self):
        of = "SELECT count(*) AS n FROM connected_monthly WHERE status = ANY($1) AND month < $2"
        day = datetime.date(2100, 1, 1)
        counts = {int(door.sql(of, ["hidden", "rolled_up"], day)["n"][0]) for door in (self.http, self.flight)}
        self.assertEqual(len(counts), 1)
        self.assertGreater(counts.pop(), 0)

    def test_a_release_is_read_by_its_number(self):
        newest = self.http.release()["revision"]
        for revision in {1, newest}:
            read = self.flight.sql("SELECT max(revision) AS revision FROM connected_monthly", revision=revision)
            self.assertEqual(read["revision"][0], revision)
            self.assertEqual(read.attrs["revision"], revision)


if __name__ == "__main__":
    unittest.main()
