#include "harness/analysis/unexercised.h"

#include <gmock/gmock.h>

#include "tests/unit/analysis/evidence_builder.h"
#include "tests/unit/gap_texts.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

AuditBuilder without_pandoc() {
  AuditBuilder audit;
  Step& step = audit.evidence.execution.steps[0];
  step.exit_code = 127;
  step.err = "bash: line 1: pandoc: command not found\n";
  return audit;
}

TEST(Unexercised, AStepThatLacksAProgramCostsNothingAndApprovesNothing) {
  const Assessment assessment = without_pandoc().assessed();
  EXPECT_THAT(assessment.findings, IsEmpty());
  EXPECT_EQ(assessment.scores[static_cast<std::size_t>(Axis::Execution)], 100);
  EXPECT_EQ(assessment.verdict, Verdict::Inconclusive);
  EXPECT_THAT(texts_of(assessment.unexercised),
              ElementsAre("not exercised: the step `works` needs `pandoc`, which this machine "
                          "lacks"));
}

TEST(Unexercised, WhatItDidBeforeCountsAllTheSame) {
  AuditBuilder audit = without_pandoc();
  audit.written("/etc/ld.so.preload");
  EXPECT_EQ(audit.assessed().verdict, Verdict::Rejected);
}

TEST(Unexercised, AStepThatWasTriedAgainIsToldOfByTheSecondTry) {
  AuditBuilder audit;
  audit.evidence.execution.runner = "walkthrough";
  audit.evidence.skill.files = {{"scripts/run.sh"}};
  Step& first = audit.evidence.execution.steps[0];
  first.exit_code = 2;
  first.err = "usage: run.sh FILE\n";
  EXPECT_THAT(texts_of(audit.assessed().unexercised),
              ElementsAre("not exercised: the step `works` asks for arguments"));
  Step second = first;
  second.name = "works with arguments";
  second.command += " a.txt";
  second.exit_code = 0;
  second.err.clear();
  second.again = "works";
  audit.evidence.execution.steps.push_back(second);
  const Assessment assessment = audit.assessed();
  EXPECT_THAT(assessment.unexercised, IsEmpty());
  EXPECT_EQ(assessment.verdict, Verdict::Approved);
}

}  // namespace
}  // namespace skillaudit
