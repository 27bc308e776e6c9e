"""The measures of bench/ on cases small enough to count by hand."""

import math
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import measures  # noqa: E402

# A day in samples of 300 s; labelled: 3000 <= t < 6000, and the last two samples.
TIMESTAMPS = [300.0 * i for i in range(288)]
LABELS = [int(10 <= i < 20 or i >= 286) for i in range(288)]


class Measures(unittest.TestCase):
    def test_runs_end_at_the_first_sample_after_them(self):
        runs = measures.labelled_runs(TIMESTAMPS, LABELS)
        self.assertEqual(runs, [(3000, 6000), (85800, 86400)])
        self.assertEqual(measures.labelled_runs(TIMESTAMPS, [0] * 288), [])

    def test_samples_near_a_run_are_not_distant(self):
        kept = measures.distant(TIMESTAMPS, LABELS, 600)
        self.assertEqual(kept, [*range(8), *range(22, 284)])

    def test_an_alert_is_true_when_it_opens_in_a_widened_run(self):
        for opened_at, found, false_alerts in ((2100, 0, 1), (2400, 0.5, 0), (6300, 0.5, 0), (6600, 0, 1)):
            result = measures.alert_measures([(opened_at, opened_at + 300)], TIMESTAMPS, LABELS)
            self.assertEqual((result["found"], result["false_alerts"]), (found, false_alerts), opened_at)

    def test_two_alerts_in_a_run_find_it_once(self):
        result = measures.alert_measures([(3000, 3300), (4500, 4800)], TIMESTAMPS, LABELS)
        self.assertEqual(result, {"found": 0.5, "false_alerts": 0, "false_minutes": 0})

    def test_minutes_in_false_alert_are_those_outside_widened_runs(self):
        # The tail of a true alert, and a false one that stays open until the widened last run.
        result = measures.alert_measures([(5700, 7200), (84600, None)], TIMESTAMPS, LABELS)
        self.assertEqual(result["false_minutes"], 10 + 10)
        self.assertEqual(result["false_alerts"], 1)

    def test_without_labelled_runs_no_share_is_known(self):
        self.assertTrue(math.isnan(measures.alert_measures([], TIMESTAMPS, [0] * 288)["found"]))

    def test_a_mean_leaves_out_what_is_not_known(self):
        self.assertEqual(measures.mean([1.0, math.nan, 3.0]), 2)
        self.assertTrue(math.isnan(measures.mean([math.nan])))

    def test_evenly_spread_items_cover_all(self):
        self.assertEqual(measures.evenly(range(10), 5), [0, 2, 4, 6, 8])
        self.assertEqual(measures.evenly([1, 2], 5), [1, 2])

    def test_wins_count_pairs(self):
        self.assertEqual(measures.wins([1, 2, math.nan, 4], [1, 1, 1, 5]), (1, 1))


if __name__ == "__main__":
    unittest.main()
