"""Named questions. In: a server. Out: nothing, when a frame says what the server's JSON says."""

import json
import unittest

import pandas

import kayoi
import server


def in_json(value):
    """A cell of a frame as JSON has it."""
    if pandas.isna(value):
        return None
    return value.strftime("%Y-%m-%d") if isinstance(value, pandas.Timestamp) else value


class NamedQuestions(unittest.TestCase):
    def setUp(self):
        self.kayoi = server.over_http()

    def test_a_frame_has_the_rows_of_the_servers_json(self):
        for name, values in [("connected-people", {}), ("origins-top5", {"town": server.TOWN}), ("towns-shown", {})]:
            told = self.kayoi._http.json(f"/v1/questions/{name}", values)
            answer = self.kayoi.ask(name, **values)
            self.assertTrue(told["rows"], name)
            self.assertEqual(list(answer.columns), [column["name"] for column in told["columns"]])
            shown = [{name: in_json(cell) for name, cell in row.items()} for row in answer.to_dict("records")]
            self.assertEqual(shown, told["rows"])

    def test_what_must_be_read_with_the_figures_stands_beside_them(self):
        answer = self.kayoi.ask("origins-top5", town=server.TOWN)
        self.assertIsInstance(answer, pandas.DataFrame)
        self.assertIn("茅野市", answer.sentence["ja"])
        self.assertIn("Chino", answer.sentence["en"])
        self.assertIn("Chino", answer.title["en"])
        self.assertIn("connected_monthly", answer.sql)
        self.assertEqual(answer.revision, self.kayoi.release()["revision"])
        shown = answer._repr_html_()
        for words in (answer.sentence["ja"], answer.does_not_say["en"], "<table"):
            self.assertIn(words, shown)
        # Other rows have another sentence, and the credit stays with them.
        fewer = answer.head(1)
        self.assertNotIsInstance(fewer, kayoi.Answer)
        self.assertEqual(fewer.attrs["definition_hash"], self.kayoi.release()["definition_hash"])
        json.dumps(answer.attrs)

    def test_a_hidden_figure_is_missing_and_no_zero(self):
        answer = self.kayoi.ask("towns-shown")
        shown = answer["connected_status"].isin(["published", "provisional"])
        self.assertTrue(shown.any() and not shown.all(), "some figures are hidden and some are not")
        self.assertEqual(answer["connected"].dtype, pandas.Int64Dtype())
        self.assertTrue(answer.loc[~shown, "connected"].isna().all())
        self.assertTrue((answer.loc[shown, "connected"] > 0).all())

    def test_a_month_and_a_release_are_named(self):
        trend = self.kayoi.ask("town-trend", town=server.TOWN)
        month = trend.loc[(trend["item"] == "connected") & trend["value"].notna(), "month"].min()
        answer = self.kayoi.ask("connected-people", month=month)
        self.assertEqual(set(answer["month"]), {month})
        same = self.kayoi.ask("connected-people", month=pandas.Timestamp(month))
        pandas.testing.assert_frame_equal(answer, same)
        self.assertEqual(self.kayoi.ask("connected-people", revision=1).revision, 1)

    def test_several_codes_are_one_value(self):
        answer = self.kayoi.ask("towns-compared", town=server.TOWN, others=["20202", "20321"])
        self.assertEqual(answer.attrs["parameters"]["others"], "20202,20321")

    def test_the_list_has_every_question_and_what_it_takes(self):
        listed = self.kayoi.questions().set_index("name")
        self.assertEqual(listed.loc["origins-top5", "parameters"], "town")
        self.assertTrue((listed["does_not_say_ja"].str.len() > 0).all())


if __name__ == "__main__":
    unittest.main()
