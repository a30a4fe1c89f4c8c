#include <gmock/gmock.h>

#include "harness/analysis/verdict.h"
#include "harness/base/error.h"
#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

using ::testing::AllOf;
using testing::AuditBuilder;
using testing::calibration;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using testing::folder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kHome;
using ::testing::Not;
using testing::regular;

double score(const Assessment& assessment, Axis axis) {
  return assessment.scores[static_cast<std::size_t>(axis)].value();
}

std::vector<std::string> rules_of(const Assessment& assessment) {
  std::vector<std::string> rules;
  for (const Finding& finding : assessment.findings) rules.push_back(finding.rule);
  return rules;
}

MATCHER_P2(Recommends, severity, words, "") {
  return arg.severity == severity && arg.text.find(words) != std::string::npos;
}

TEST(Assess, ASkillThatDoesNothingScoresFullMarksWithoutFindings) {
  const Assessment assessment = AuditBuilder().assessed();
  EXPECT_THAT(assessment.findings, IsEmpty());
  for (const Axis axis : kAxes) EXPECT_EQ(score(assessment, axis), 100) << name_of(axis);
  EXPECT_EQ(assessment.overall, 100);
  EXPECT_EQ(assessment.grade, Grade::A);
  EXPECT_EQ(assessment.verdict, Verdict::Approved);
  EXPECT_FALSE(assessment.after_fixing);
}

TEST(Assess, TheCalibrationReportComesOutExactly) {
  const Assessment assessment = calibration().assessed();
  EXPECT_EQ(score(assessment, Axis::Execution), 100);
  EXPECT_EQ(score(assessment, Axis::Cleanliness), 75);
  EXPECT_EQ(score(assessment, Axis::Security), 100);
  EXPECT_EQ(score(assessment, Axis::Portability), 85);
  EXPECT_EQ(score(assessment, Axis::Documentation), 70);
  EXPECT_DOUBLE_EQ(assessment.overall.value(), 89.2);
  EXPECT_EQ(assessment.grade, Grade::B);
  EXPECT_EQ(assessment.verdict, Verdict::Approved);
  EXPECT_TRUE(assessment.after_fixing);
  EXPECT_THAT(
      assessment.recommendations,
      ElementsAre(Recommends(Severity::Critical, "`jq` dependency in README.md"),
                  Recommends(Severity::High, "`/home/ubuntu/.claude/cache` at `scripts/run.sh:67`"),
                  Recommends(Severity::Medium, "/tmp"),
                  Recommends(Severity::Low, "`tree` dependency optional")));
}

TEST(Assess, TheSameEvidenceGivesTheSameFindings) {
  const Assessment one = calibration().assessed();
  const Assessment two = calibration().assessed();
  ASSERT_EQ(one.findings.size(), two.findings.size());
  for (std::size_t i = 0; i < one.findings.size(); ++i) {
    EXPECT_EQ(one.findings[i].rule, two.findings[i].rule);
    EXPECT_EQ(one.findings[i].title, two.findings[i].title);
  }
}

TEST(Assess, AScoreNeverFallsBelowZero) {
  AuditBuilder audit;
  audit.evidence.execution.steps[0].timed_out = true;
  Step other = audit.evidence.execution.steps[0];
  other.timed_out = false;
  other.exit_code = 1;
  audit.evidence.execution.steps.push_back(other);
  EXPECT_EQ(score(audit.assessed(), Axis::Execution), 0);
}

TEST(Assess, AHighSecurityFindingCapsTheGradeAtC) {
  const Assessment assessment = AuditBuilder().cron("*/5 * * * * true").assessed();
  EXPECT_GE(assessment.overall.value(), 90);
  EXPECT_EQ(assessment.grade, Grade::C);
  EXPECT_EQ(assessment.verdict, Verdict::NeedsReview);
}

TEST(Assess, ACriticalSecurityFindingRejects) {
  const Assessment assessment =
      AuditBuilder().added(regular("/etc/sudoers.d/x", 10, 0440, 0)).assessed();
  EXPECT_EQ(assessment.grade, Grade::F);
  EXPECT_EQ(assessment.verdict, Verdict::Rejected);
}

TEST(Assess, ACriticalFindingOfAnotherAxisDoesNotCap) {
  const Assessment assessment = calibration().assessed();
  EXPECT_THAT(rules_of(assessment), Contains("documentation.undocumented-dependency"));
  EXPECT_EQ(assessment.verdict, Verdict::Approved);
}

TEST(Assess, AnyGapMakesTheVerdictInconclusive) {
  for (const int where : {0, 1, 2, 3}) {
    AuditBuilder audit;
    if (where == 0) audit.evidence.gaps = {Gap::lost(GapSource::Flows, "the proxy died")};
    if (where == 1)
      audit.evidence.before.gaps = {
          Gap::lost(GapSource::Snapshot, "cron could not be read", {.table = Table::Cron})};
    if (where == 2)
      audit.evidence.after.gaps = {
          Gap::lost(GapSource::Snapshot, "cron could not be read", {.table = Table::Cron})};
    if (where == 3) audit.evidence.execution.aborted = "the guest stopped answering";
    const Assessment assessment = audit.assessed();
    EXPECT_EQ(assessment.verdict, Verdict::Inconclusive) << where;
    EXPECT_THAT(assessment.reasons, Not(IsEmpty()));
  }
}

TEST(Assess, AGapDoesNotSaveWhatIsSeenToReject) {
  AuditBuilder audit;
  audit.evidence.gaps = {Gap::lost(GapSource::Flows, "the proxy died")};
  audit.added(regular("/etc/ld.so.preload", 10, 0644, 0));
  EXPECT_EQ(audit.assessed().verdict, Verdict::Rejected);
}

TEST(Assess, WithoutAnyStepRunExecutionIsNotAssessed) {
  AuditBuilder audit;
  audit.evidence.execution.steps[0].ran = false;
  audit.evidence.execution.steps[0].reason_not_run = "needs a terminal";
  const Assessment assessment = audit.assessed();
  EXPECT_FALSE(assessment.scores[0].has_value());
  EXPECT_FALSE(assessment.overall.has_value());
  EXPECT_EQ(assessment.verdict, Verdict::Inconclusive);
}

TEST(Assess, WithoutSnapshotsCleanlinessAndSecurityAreNotAssessed) {
  AuditBuilder audit;
  audit.evidence.after.files.clear();
  const Assessment assessment = audit.assessed();
  EXPECT_FALSE(assessment.scores[1].has_value());
  EXPECT_FALSE(assessment.scores[2].has_value());
  EXPECT_EQ(assessment.verdict, Verdict::Inconclusive);
}

TEST(Assess, AHangAndACrashNeedAReview) {
  AuditBuilder hang;
  hang.evidence.execution.steps[0].timed_out = true;
  EXPECT_EQ(hang.assessed().verdict, Verdict::NeedsReview);
  AuditBuilder crash;
  crash.evidence.execution.steps[0].exit_code = 139;
  EXPECT_EQ(crash.assessed().verdict, Verdict::NeedsReview);
  AuditBuilder killed;
  killed.evidence.execution.steps[0].signal = "KILL";
  EXPECT_EQ(killed.assessed().verdict, Verdict::NeedsReview);
}

TEST(Assess, ComparesTheSnapshotsItself) {
  AuditBuilder audit;
  audit.document("Writes `~/notes/journal.md`.\n");
  Evidence& evidence = audit.evidence;
  evidence.after.files.push_back(folder(kHome + "/notes"));
  evidence.after.files.push_back(regular(kHome + "/notes/journal.md"));
  const Rubric rubric = shipped_rubric();
  EXPECT_THAT(assess(evidence, rubric).findings, IsEmpty());
  EXPECT_EQ(assess(evidence, rubric).changes.files.size(), 2U);
  evidence.after.files.push_back(regular(kHome + "/surprise.txt"));
  EXPECT_THAT(rules_of(assess(evidence, rubric)), ElementsAre("files.left-in-home"));
}

TEST(Assess, NoRoundingLiftsAGrade) {
  const Rubric rubric = shipped_rubric();
  EXPECT_EQ(grade_for(89.9, rubric), Grade::B);
  EXPECT_EQ(grade_for(90.0, rubric), Grade::A);
  EXPECT_EQ(grade_for(59.9, rubric), Grade::F);
}

TEST(Assess, TheMostThatARuleTakesIsItsMaximum) {
  AuditBuilder audit;
  for (int i = 0; i < 50; ++i) {
    audit.process({"/opt/worker", std::to_string(i)}, "/opt/worker", 5000 + i);
  }
  const Rubric rubric = shipped_rubric();
  const Assessment assessment = audit.assessed();
  double taken = 0;
  for (const Finding& finding : assessment.findings) {
    if (finding.rule == "processes.orphan") taken += finding.deduction;
  }
  EXPECT_EQ(taken, rubric.rule("processes.orphan").maximum);
  EXPECT_LE(assessment.findings.size(), 20U);
}

/// What is quadratic in the number of changes would not end before the test's time-out.
TEST(Assess, AMillionChangesBecomeOneBoundedFinding) {
  AuditBuilder audit;
  audit.document("It keeps `~/data/*/cache-<name>.bin` and `~/.tool`.\n");
  Changes changes;
  changes.files.reserve(1000000);
  for (int i = 1000000; i < 2000000; ++i) {
    const std::string number = std::to_string(i);
    FileChange& change = changes.files.emplace_back();
    change.after = regular(kHome + "/out/" + number.substr(0, 4) + "/f" + number + ".txt");
  }
  const Assessment assessment =
      assess_changes(audit.evidence, std::move(changes), shipped_rubric());
  ASSERT_EQ(assessment.findings.size(), 1U);
  EXPECT_EQ(assessment.findings[0].rule, "files.left-in-home");
  EXPECT_LE(assessment.findings[0].evidence.size(), 10U);
}

struct ExitCase {
  Verdict verdict;
  Grade grade;
  std::optional<Grade> fail_under;
  int code;
};

TEST(ExitCode, FollowsTheFrozenTable) {
  const std::vector<ExitCase> cases = {
      {Verdict::Approved, Grade::A, {}, 0},       {Verdict::Approved, Grade::B, {}, 0},
      {Verdict::Approved, Grade::A, Grade::A, 0}, {Verdict::Approved, Grade::B, Grade::A, 1},
      {Verdict::Approved, Grade::B, Grade::B, 0}, {Verdict::Approved, Grade::B, Grade::F, 0},
      {Verdict::NeedsReview, Grade::C, {}, 1},    {Verdict::NeedsReview, Grade::C, Grade::D, 1},
      {Verdict::Rejected, Grade::F, {}, 2},       {Verdict::Rejected, Grade::F, Grade::A, 2},
      {Verdict::Inconclusive, Grade::A, {}, 3},   {Verdict::Inconclusive, Grade::A, Grade::F, 3}};
  for (const ExitCase& each : cases) {
    Assessment assessment;
    assessment.verdict = each.verdict;
    assessment.grade = each.grade;
    EXPECT_EQ(exit_code(assessment, {.grade = each.fail_under}), each.code)
        << name_of(each.verdict) << " " << name_of(each.grade);
  }
}

TEST(ExitCode, OfSeveralSkillsIsTheWorst) {
  EXPECT_EQ(worst_exit_code({}), 0);
  EXPECT_EQ(worst_exit_code({0, 0}), 0);
  EXPECT_EQ(worst_exit_code({0, 1}), 1);
  EXPECT_EQ(worst_exit_code({1, 3, 0}), 3);
  EXPECT_EQ(worst_exit_code({3, 2, 1}), 2);
  EXPECT_EQ(worst_exit_code({2, 65}), 65);
  EXPECT_EQ(worst_exit_code({130, 70}), 130);
}

}  // namespace
}  // namespace skillaudit
