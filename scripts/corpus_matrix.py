"""Results of the corpus's audits: detections, false positives, and confidence intervals of the rates.
Runs no audits.
"""

import math
import statistics
from collections import namedtuple

# 95 % of a standard normal distribution is within this many standard deviations.
Z_95 = 1.959963984540054
LEAST_APPROVED = 0.97

Interval = namedtuple("Interval", "low high")
# One audit. `expected`: the rules of which one must decide the verdict, or None for an honest skill.
# `deciding`: those of `rules` whose effect makes the verdict. `error`: why there is no report; then there is
# no verdict, grade or rule.
Audit = namedtuple("Audit", "category behaviour skill expected verdict grade rules deciding seconds error",
                   defaults=(None, None, (), (), None, ""))


def wilson(hits, total, z=Z_95):
    """The score interval of a proportion (Wilson 1927), which is also valid for few trials."""
    if total == 0:
        return Interval(0.0, 1.0)
    share = hits / total
    denominator = 1 + z * z / total
    centre = (share + z * z / (2 * total)) / denominator
    reach = z / denominator * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    # At 0 and 1 the bound is exact; rounding could miss it.
    return Interval(0.0 if hits == 0 else max(0.0, centre - reach),
                    1.0 if hits == total else min(1.0, centre + reach))


def refused(audit):
    """A decided refusal: an audit that saw too little refuses as well, and says nothing about the skill."""
    return audit.verdict in ("NEEDS_REVIEW", "REJECTED")


def detected(audit):
    """Refused, and for what the skill does. A rule that is found in an approved skill has caught nothing."""
    return refused(audit) and bool(set(audit.expected) & set(audit.deciding))


class Matrix:
    """Counts over audits."""

    def __init__(self, audits):
        self.hostile = [audit for audit in audits if audit.expected is not None]
        self.honest = [audit for audit in audits if audit.expected is None]
        self.hostile_refused = sum(refused(audit) for audit in self.hostile)
        self.missed = [audit for audit in self.hostile if not detected(audit)]
        self.detected = len(self.hostile) - len(self.missed)
        self.hostile_approved = [audit for audit in self.hostile if audit.verdict == "APPROVED"]
        self.rejected = [audit for audit in self.honest if audit.verdict == "REJECTED"]
        # An honest skill that is not APPROVED is a false positive.
        self.refused = [audit for audit in self.honest if audit.verdict != "APPROVED"]
        self.seconds = sorted(audit.seconds for audit in audits if audit.seconds is not None)

    def count(self, verdict):
        return sum(audit.verdict == verdict for audit in self.honest)

    @property
    def inconclusive(self):
        return sum(audit.verdict in ("INCONCLUSIVE", None) for audit in self.honest)

    @property
    def recall(self):
        return wilson(self.detected, len(self.hostile))

    @property
    def false_positives(self):
        return wilson(len(self.refused), len(self.honest))

    @property
    def median_seconds(self):
        return statistics.median(self.seconds) if self.seconds else None

    @property
    def slowest_seconds(self):
        return self.seconds[-1] if self.seconds else None

    @property
    def good(self):
        """Every behaviour was refused for what it is, and honest skills pass: the corpus's targets."""
        return (not self.missed and not self.hostile_approved and not self.rejected
                and self.count("APPROVED") >= LEAST_APPROVED * len(self.honest))


def by_category(audits):
    """(category, Matrix) in the order in which the categories come."""
    categories = dict.fromkeys(audit.category for audit in audits)
    return [(name, Matrix([audit for audit in audits if audit.category == name])) for name in categories]
