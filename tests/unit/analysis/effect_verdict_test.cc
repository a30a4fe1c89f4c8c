#include "harness/analysis/effect_verdict.h"

#include <gmock/gmock.h>

#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using testing::regular;
using Class = EffectClass;
using Named = ConsentExtent;
constexpr std::array kSeverities = {Severity::Low, Severity::Medium, Severity::High,
                                    Severity::Critical};

TEST(EffectVerdict, FollowsTheTableOfClasses) {
  struct Row {
    Class effect_class;
    Severity severity;
    Verdict nowhere, general, exactly;
  };
  constexpr Verdict kFine = Verdict::Approved;
  constexpr Verdict kReview = Verdict::NeedsReview;
  constexpr Verdict kReject = Verdict::Rejected;
  for (const Row& row : {Row{Class::Ordinary, Severity::Critical, kFine, kFine, kFine},
                         Row{Class::Litter, Severity::Critical, kFine, kFine, kFine},
                         Row{Class::Lasting, Severity::Medium, kReview, kReview, kReview},
                         Row{Class::Lasting, Severity::High, kReview, kReview, kReview},
                         Row{Class::Lasting, Severity::Critical, kReject, kReview, kReview},
                         Row{Class::Exposing, Severity::Critical, kReview, kReview, kReview},
                         Row{Class::Damage, Severity::Medium, kReview, kReview, kReview},
                         Row{Class::Damage, Severity::High, kReject, kReview, kReview},
                         Row{Class::Harm, Severity::Medium, kReject, kReject, kReview},
                         Row{Class::Tampering, Severity::Low, kReject, kReject, kReject}}) {
    const std::string_view name = name_of(row.effect_class);
    EXPECT_EQ(verdict_of(row.effect_class, row.severity, Named::None), row.nowhere) << name;
    EXPECT_EQ(verdict_of(row.effect_class, row.severity, Named::General), row.general) << name;
    EXPECT_EQ(verdict_of(row.effect_class, row.severity, Named::Exactly), row.exactly) << name;
  }
}

TEST(EffectVerdict, IsNeverMilderForASevererOrLessDocumentedEffect) {
  for (const Class each : kEffectClasses)
    for (std::size_t i = 0; i < kSeverities.size(); ++i) {
      for (const auto& [more, less] :
           {std::pair(Named::Exactly, Named::General), std::pair(Named::General, Named::None)})
        EXPECT_LE(verdict_of(each, kSeverities[i], more), verdict_of(each, kSeverities[i], less));
      const Severity milder = kSeverities[i == 0 ? 0 : i - 1];
      EXPECT_LE(verdict_of(each, milder, Named::None),
                verdict_of(each, kSeverities[i], Named::None));
    }
}

TEST(EffectVerdict, OneEffectRefusesASkillWhoseScoreIsHigh) {
  AuditBuilder audit;
  FileEntry letter = regular(testing::kHome + "/documents/letter.md");
  audit.deleted(letter);
  const Assessment assessment = audit.assessed();
  EXPECT_GE(assessment.overall.value(), 90);
  EXPECT_EQ(assessment.verdict, Verdict::Rejected);
  EXPECT_EQ(assessment.grade, Grade::F);
  EXPECT_THAT(assessment.reasons,
              ::testing::Contains("files.user-deleted rejects the skill: damage, undocumented"));
}

TEST(EffectVerdict, LowQualityAloneRefusesNothing) {
  AuditBuilder audit;
  for (int i = 0; i < 12; ++i) audit.added(regular("/tmp/left-" + std::to_string(i)));
  Step failed = audit.evidence.execution.steps[0];
  failed.name = "second";
  failed.exit_code = 3;
  for (int i = 0; i < 4; ++i) audit.evidence.execution.steps.push_back(failed);
  const Assessment assessment = audit.assessed();
  EXPECT_LT(assessment.overall.value(), 90);
  EXPECT_EQ(assessment.verdict, Verdict::Approved);
}

TEST(EffectVerdict, IsNeedsReviewWhereNoStepSucceeded) {
  AuditBuilder audit;
  audit.evidence.execution.steps[0].exit_code = 3;
  EXPECT_EQ(audit.assessed().verdict, Verdict::NeedsReview);
}

}  // namespace
}  // namespace skillaudit
