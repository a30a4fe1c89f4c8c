#include "harness/analysis/outcome.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Finding finding(const std::string& rule, const std::string& title,
                const std::vector<Source>& sources = {source::after(Table::Files)}) {
  Finding made{
      .rule = rule, .axis = Axis::Cleanliness, .severity = Severity::Medium, .title = title};
  for (const Source& source : sources) made.evidence.push_back({source, "some text"});
  return made;
}

Outcome outcome(const std::vector<Finding>& findings, double cleanliness = 90) {
  Assessment assessment{.findings = findings,
                        .scores = {100.0, cleanliness, 100.0, 100.0, 100.0},
                        .overall = 97.5,
                        .grade = Grade::A,
                        .verdict = Verdict::Approved};
  return outcome_of(assessment);
}

TEST(Outcome, LeavesOutWhichEntryOfATableItWas) {
  const Outcome made =
      outcome({finding("network.unexpected-host", "t",
                       {source::flow(7), source::flow(9), source::request_body(2)})});
  EXPECT_THAT(made.findings.at(0).sources,
              ElementsAre(file_of(source::request_body(7)), source::flows()));
}

TEST(Outcome, EqualAuditsDoNotDiffer) {
  const Outcome first = outcome({finding("files.a", "one"), finding("files.b", "two")});
  EXPECT_THAT(differences(first, first), IsEmpty());
}

TEST(Outcome, NamesDrawnAnewAreNoDifference) {
  const Outcome first = outcome({finding("files.tmp", "Left `/tmp/tmp.qWeRtYuIoP`"),
                                 finding("files.tmp", "Left `/tmp/skill-temp-2481`")});
  const Outcome other = outcome({finding("files.tmp", "Left `/tmp/skill-temp-977`"),
                                 finding("files.tmp", "Left `/tmp/tmp.aSdFgHjKlZ`")});
  EXPECT_THAT(differences(first, other), IsEmpty());
}

TEST(Outcome, AnotherFileIsADifference) {
  EXPECT_THAT(differences(outcome({finding("files.tmp", "Left `/tmp/alpha`")}),
                          outcome({finding("files.tmp", "Left `/tmp/beta`")})),
              ElementsAre("-MEDIUM   cleanliness   files.tmp: Left `/tmp/alpha`",
                          "+MEDIUM   cleanliness   files.tmp: Left `/tmp/beta`"));
}

TEST(Outcome, OneMoreOfAKindIsADifference) {
  EXPECT_THAT(differences(outcome({finding("files.tmp", "Left `/tmp/x-1`")}),
                          outcome({finding("files.tmp", "Left `/tmp/x-2`"),
                                   finding("files.tmp", "Left `/tmp/x-3`")})),
              ElementsAre("+MEDIUM   cleanliness   files.tmp: Left `/tmp/x-3`"));
}

TEST(Outcome, TheSameTitleUnderAnotherSeverityIsADifference) {
  Finding graver = finding("files.tmp", "same");
  graver.severity = Severity::High;
  EXPECT_EQ(differences(outcome({finding("files.tmp", "same")}), outcome({graver})).size(), 2U);
}

TEST(Outcome, EvidenceFromAnotherWitnessIsADifference) {
  EXPECT_EQ(differences(outcome({finding("r", "t", {source::flow(1)})}),
                        outcome({finding("r", "t", {source::network()})}))
                .size(),
            2U);
}

TEST(Outcome, ScoresGradeAndVerdictAreCompared) {
  const Outcome first = outcome({}, 90);
  Outcome other = outcome({}, 75);
  other.verdict = Verdict::Inconclusive;
  other.grade.reset();
  other.overall.reset();
  EXPECT_THAT(
      differences(first, other),
      ElementsAre("-verdict APPROVED", "+verdict INCONCLUSIVE", "-grade A", "+grade none",
                  "-overall 97.5", "+overall not assessed", "-cleanliness 90", "+cleanliness 75"));
}

}  // namespace
}  // namespace skillaudit
