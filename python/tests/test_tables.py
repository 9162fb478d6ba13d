"""Tables, outlines and lists. In: a server. Out: nothing, when they are what SQL says of the same."""

import io
import unittest

import pandas

import server

OF_MONTH = "SELECT * FROM connected_monthly WHERE month = $1 AND municipality_code = $2"
ORDER = ["kind", "origin_level", "origin_code"]


class Tables(unittest.TestCase):
    def setUp(self):
        self.kayoi = server.over_http()

    def test_rows_of_a_month_and_a_town_are_those_of_sql(self):
        newest = self.kayoi.sql("SELECT max(month) AS newest FROM connected_monthly")["newest"][0]
        for asked in ({}, {"month": f"{newest:%Y-%m}"}, {"month": newest.date()}):
            rows = self.kayoi.rows("connected_monthly", town=server.TOWN, **asked)
            self.assertEqual(set(rows["month"]), {newest})
            expected = self.kayoi.sql(OF_MONTH, newest, server.TOWN)
            ordered = [frame.sort_values(ORDER, ignore_index=True) for frame in (rows, expected)]
            pandas.testing.assert_frame_equal(*ordered)
        every = self.kayoi.rows("connected_monthly", month="all", town=server.TOWN)
        count = "SELECT count(*) AS n FROM connected_monthly WHERE municipality_code = $1"
        self.assertEqual(len(every), self.kayoi.sql(count, server.TOWN)["n"][0])
        self.assertEqual(len(self.kayoi.rows("connected_monthly", limit=3)), 3)

    def test_rows_carry_credit_and_terms_into_a_file(self):
        rows = self.kayoi.rows("connected_monthly", town=server.TOWN, revision=1)
        self.assertEqual(rows.attrs["revision"], 1)
        self.assertIn("prohibited", rows.attrs["terms_en"])
        self.assertIn("credit", rows.attrs)
        kept = pandas.read_parquet(io.BytesIO(rows.to_parquet()))
        self.assertEqual(kept.attrs, rows.attrs)

    def test_tables_without_months_are_read_whole(self):
        towns = self.kayoi.rows("municipalities")
        self.assertEqual(len(towns), 1741)
        listed = self.kayoi.municipalities()
        self.assertEqual(set(listed["code"]), set(towns["municipality_code"]))

    def test_lists_say_what_each_thing_means(self):
        tables = self.kayoi.tables()
        persons = tables[(tables["table"] == "connected_monthly") & (tables["column"] == "persons")]
        self.assertEqual(list(persons["type"]), ["bigint"])
        self.assertTrue((tables["meaning_ja"].str.len() > 0).all())
        self.assertTrue(self.kayoi.functions()["signature"].str.startswith("h3_cell(").any())

    def test_outlines_are_of_one_town_of_some_and_of_all(self):
        one = self.kayoi.outlines(server.TOWN)
        self.assertEqual(list(one["municipality"]), ["茅野市"])
        self.assertTrue(one.crs.equals("EPSG:4326") and one.geometry.is_valid.all())
        some = self.kayoi.outlines([server.TOWN, "20202"])
        self.assertEqual(list(some["municipality_code"]), [server.TOWN, "20202"])
        every = self.kayoi.outlines()
        self.assertGreaterEqual(len(every), 1741)
        self.assertTrue(every["municipality_code"].is_unique and one.attrs["boundaries"] == every.attrs["boundaries"])


if __name__ == "__main__":
    unittest.main()
