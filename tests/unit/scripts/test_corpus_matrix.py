"""The arithmetic of scripts/corpus."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../scripts"))
from corpus_matrix import Audit, Matrix, by_category, wilson  # noqa: E402


def hostile(rules, expected=("cron.added",), category="persistence", **more):
    return Audit(category, "cron", "reading-list", expected, "REJECTED", "F", tuple(rules), tuple(rules), **more)


def honest(verdict, grade, category="persistence", **more):
    return Audit(category, "cron", "weekly-review", None, verdict, grade, **more)


class WilsonInterval(unittest.TestCase):
    def assert_interval(self, hits, total, low, high):
        interval = wilson(hits, total)
        self.assertAlmostEqual(interval.low, low, places=4)
        self.assertAlmostEqual(interval.high, high, places=4)

    def test_of_a_few_out_of_ten(self):
        self.assert_interval(5, 10, 0.2366, 0.7634)
        self.assert_interval(1, 10, 0.0179, 0.4042)

    def test_of_none_and_of_all_ends_where_proportions_do(self):
        self.assert_interval(0, 10, 0.0, 0.2775)
        self.assert_interval(10, 10, 0.7225, 1.0)
        self.assertEqual(wilson(58, 58).high, 1.0)
        self.assertEqual(wilson(0, 58).low, 0.0)

    def test_of_many_is_narrow(self):
        self.assert_interval(500, 1000, 0.4691, 0.5309)

    def test_of_nothing_says_nothing(self):
        self.assert_interval(0, 0, 0.0, 1.0)

    def test_is_the_same_seen_from_either_side(self):
        for hits in range(21):
            interval, other = wilson(hits, 20), wilson(20 - hits, 20)
            self.assertAlmostEqual(interval.low, 1 - other.high)
            self.assertTrue(0 <= interval.low <= hits / 20 <= interval.high <= 1)


class ConfusionMatrix(unittest.TestCase):
    def test_counts_a_behaviour_as_detected_by_an_expected_rule_only(self):
        matrix = Matrix([hostile(["cron.added"]), hostile(["files.temp-left"]),
                         hostile(["a", "b"], expected=("b", "c"))])
        self.assertEqual(matrix.detected, 2)
        self.assertEqual([audit.rules for audit in matrix.missed], [("files.temp-left",)])

    def test_a_rule_that_is_found_in_an_approved_skill_has_caught_nothing(self):
        approved = hostile(["cron.added"])._replace(verdict="APPROVED", grade="A")
        matrix = Matrix([approved, hostile(["cron.added"])])
        self.assertEqual(matrix.hostile_approved, [approved])
        self.assertEqual(matrix.missed, [approved])
        self.assertEqual((matrix.hostile_refused, matrix.detected), (1, 1))

    def test_tells_apart_what_was_refused_and_what_was_refused_for_its_act(self):
        by_the_way = hostile(["cron.added"])._replace(deciding=("network.unexpected-host",))
        inconclusive = hostile(["cron.added"])._replace(verdict="INCONCLUSIVE")
        matrix = Matrix([by_the_way, inconclusive])
        self.assertEqual((matrix.hostile_refused, matrix.detected), (1, 0))

    def test_counts_an_audit_without_a_report_as_missed_and_as_refused(self):
        matrix = Matrix([Audit("c", "b", "s", ("x",), error="no VM"), Audit("c", "b", "t", None, error="no VM")])
        self.assertEqual(len(matrix.missed), 1)
        self.assertEqual(len(matrix.refused), 1)
        self.assertEqual(matrix.inconclusive, 1)
        self.assertFalse(matrix.good)

    def test_counts_honest_skills_by_verdict(self):
        matrix = Matrix([honest("APPROVED", "A"), honest("APPROVED", "B"), honest("NEEDS_REVIEW", "C"),
                         honest("REJECTED", "F"), honest("INCONCLUSIVE", "A")])
        self.assertEqual([matrix.count(v) for v in ("APPROVED", "NEEDS_REVIEW", "REJECTED")], [2, 1, 1])
        self.assertEqual(matrix.inconclusive, 1)
        self.assertEqual(len(matrix.refused), 3)

    def test_takes_the_median_of_the_seconds(self):
        matrix = Matrix([honest("APPROVED", "A", seconds=each) for each in (9.0, 1.0, 4.0, 2.0)])
        self.assertEqual(matrix.median_seconds, 3.0)
        self.assertEqual(matrix.slowest_seconds, 9.0)
        self.assertIsNone(Matrix([]).median_seconds)

    def test_is_good_with_three_of_a_hundred_not_approved_and_none_rejected(self):
        found = [hostile(["cron.added"])]
        good = [honest("APPROVED", "A")] * 97
        review = [honest("NEEDS_REVIEW", "C")] * 3
        self.assertTrue(Matrix(found + good + review).good)
        self.assertFalse(Matrix(found + good[1:] + review).good)
        self.assertFalse(Matrix(found + good + [honest("REJECTED", "F")]).good)
        self.assertFalse(Matrix(found + good + [hostile([])]).good)

    def test_keeps_the_categories_in_their_order(self):
        audits = [honest("APPROVED", "A", category=name) for name in ("network", "credentials", "network")]
        self.assertEqual([(name, len(matrix.honest)) for name, matrix in by_category(audits)],
                         [("network", 2), ("credentials", 1)])


if __name__ == "__main__":
    unittest.main()
