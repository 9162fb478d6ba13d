"""What cannot be asked. In: a server. Out: nothing, when each error says what is wrong and what to do, at either door."""

import sys
import unittest
from unittest import mock

import kayoi
import server

WRONG = [
    ("SELECT person FROM connected_monthly", "42703", "person"),
    ("SELECT * FROM pings", "42P01", "connected_monthly"),
    ("SELECT 1 / 0 AS n", "22012", "NULLIF"),
    ("DROP TABLE connected_monthly", "25006", "SELECT"),
    ("SELECT 1 +", "42601", "PostgreSQL"),
]


class Errors(unittest.TestCase):
    def refused(self, ask):
        with self.assertRaises(kayoi.KayoiError) as refused:
            ask()
        error = refused.exception
        self.assertTrue(error.hint and str(error) == f"{error.message}\nhint: {error.hint}", error)
        return error

    def test_both_doors_say_the_same(self):
        http, flight = server.over_http(), server.over_flight()
        self.addCleanup(flight.close)
        for sql, state, words in WRONG:
            told = [self.refused(lambda door=door, sql=sql: door.sql(sql)) for door in (http, flight)]
            self.assertEqual([error.sqlstate for error in told], [state, state])
            self.assertEqual(told[0].message, told[1].message)
            self.assertEqual(told[0].hint, told[1].hint)
            self.assertIn(words, told[0].hint)
            self.assertIn(told[0].status, (400, 403, 404))
        self.assertEqual(self.refused(lambda: http.sql(WRONG[0][0])).position, 8)

    def test_a_wrong_name_is_told_what_is_near(self):
        asked = server.over_http()
        self.assertIn("origins-top5", self.refused(lambda: asked.ask("origins-top", town=server.TOWN)).hint)
        self.assertEqual(self.refused(lambda: asked.ask("origins-top5", town="20999")).status, 404)
        self.assertIn("town=", self.refused(lambda: asked.ask("origins-top5")).hint)
        self.assertIn("month=", self.refused(lambda: asked.rows("connected_monthly", month="May")).hint)
        self.refused(lambda: asked.rows("pings"))
        self.refused(lambda: asked.outlines("99999"))
        self.refused(lambda: asked.outlines([]))

    def test_a_release_that_there_is_not_is_refused(self):
        asked = server.over_http()
        unknown = asked.release()["revision"] + 1
        for ask in (
            lambda: asked.sql("SELECT 1 AS n", revision=unknown),
            lambda: asked.ask("connected-people", revision=unknown),
        ):
            self.assertEqual(self.refused(ask).status, 404)

    def test_what_is_no_address_or_no_way_to_sign_in_is_refused_at_once(self):
        for wrong in (
            lambda: kayoi.connect("127.0.0.1:8080"),
            lambda: kayoi.connect(flight="http://127.0.0.1:8815"),
            lambda: kayoi.connect(token="kayoi_x", user="taro", password="x"),
            lambda: kayoi.connect(user="taro"),
            lambda: kayoi.connect("https://127.0.0.1:8080", ca="/no/such/file.pem"),
            lambda: server.over_http().sql("SELECT $1", object()),
        ):
            self.refused(wrong)

    def test_nobody_there_is_told_as_such(self):
        self.assertIn("no server answers", self.refused(lambda: kayoi.connect("http://127.0.0.1:1").release()).message)
        nowhere = kayoi.connect(server.address("KAYOI_URL"), flight="grpc://127.0.0.1:1")
        self.assertIn("kayoi serve", self.refused(lambda: nowhere.sql("SELECT 1")).hint)

    def test_what_is_not_installed_is_named(self):
        with mock.patch.dict(sys.modules, {"geopandas": None, "adbc_driver_flightsql": None}):
            self.assertIn("geopandas", self.refused(lambda: server.over_http().outlines()).hint)
            self.assertIn("adbc-driver-flightsql", self.refused(server.over_flight).hint)


if __name__ == "__main__":
    unittest.main()
