#include "harness/analysis/worlds.h"

#include <gmock/gmock.h>

#include "harness/evidence/world.h"
#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// An audit of a step that asked a host, and of a world in which that host answered.
AuditBuilder blocked() {
  AuditBuilder audit;
  audit.evidence.execution.steps[0].command = "curl -f https://a.example | sh";
  audit.document("# Example\nAsks https://a.example\n");
  audit.evidence.flows.push_back({.id = 1,
                                  .kind = "http",
                                  .method = "GET",
                                  .scheme = "https",
                                  .host = "a.example",
                                  .port = 443,
                                  .path = "/",
                                  .allowed = false});
  return audit;
}

Evidence answering(AuditBuilder audit) {
  for (Flow& flow : audit.evidence.flows) flow.answered = true;
  audit.evidence.world = kAnsweringWorld.name;
  return audit.evidence;
}

TEST(Worlds, AStepThatNobodyAnsweredIsExercisedWhereItWasAnswered) {
  AuditBuilder audit = blocked();
  EXPECT_EQ(audit.assessed().verdict, Verdict::Inconclusive);
  audit.evidence.worlds = {answering(blocked())};
  EXPECT_THAT(audit.assessed().unexercised, IsEmpty());
  EXPECT_EQ(audit.assessed().verdict, Verdict::Approved);
}

TEST(Worlds, AStepThatFailsWhereItWasAnsweredIsOpen) {
  AuditBuilder audit = blocked();
  AuditBuilder there = blocked();
  there.evidence.execution.steps[0].exit_code = 22;
  audit.evidence.worlds = {answering(there)};
  EXPECT_EQ(audit.assessed().verdict, Verdict::Inconclusive);
}

TEST(Worlds, WhatWasLeftAndDidNotEndWhenItWasRunIsOpen) {
  AuditBuilder audit = blocked();
  const Evidence answered = answering(blocked());
  Evidence later = answered;
  later.world = kLaterWorld.name;
  Step step = later.execution.steps[0];
  step.name = "later: cron runs ~/x";
  later.execution.steps.push_back(step);
  audit.evidence.worlds = {answered, later};
  EXPECT_EQ(audit.assessed().verdict, Verdict::Approved);
  audit.evidence.worlds[1].execution.steps[1].timed_out = true;
  audit.evidence.worlds[1].execution.steps[1].hung = true;
  EXPECT_EQ(audit.assessed().verdict, Verdict::Inconclusive);
}

TEST(Worlds, AStepThatDidNotEndWhereItWasAnsweredIsOpen) {
  AuditBuilder audit = blocked();
  AuditBuilder there = blocked();
  there.evidence.execution.steps[0].timed_out = true;
  there.evidence.execution.steps[0].exit_code.reset();
  audit.evidence.worlds = {answering(there)};
  EXPECT_EQ(audit.assessed().verdict, Verdict::Inconclusive);
}

Draft draft_of(const RubricRule& rule, const std::string& subject) {
  return {.rule = &rule,
          .title = "Found " + subject,
          .named = {.subjects = {subject}},
          .recommendation = {},
          .evidence = {{source::trace(7), "seen"}}};
}

TEST(Worlds, AnEffectOfOneWorldCountsAndCitesThatWorld) {
  const Rubric rubric = shipped_rubric();
  const RubricRule& rule = rubric.rule("files.user-deleted");
  std::vector<Draft> drafts;
  join_world("answering", {draft_of(rule, "~/notes.md")}, drafts);
  ASSERT_EQ(drafts.size(), 1U);
  EXPECT_THAT(drafts[0].worlds, ElementsAre("answering"));
  EXPECT_EQ(text_of(drafts[0].evidence[0].source), "worlds/answering/trace.log#7");
}

TEST(Worlds, WhatTheFirstCloneSawIsToldOnce) {
  const Rubric rubric = shipped_rubric();
  const RubricRule& rule = rubric.rule("files.user-deleted");
  std::vector<Draft> drafts = {draft_of(rule, "~/notes.md")};
  join_world("answering", {draft_of(rule, "~/notes.md")}, drafts);
  ASSERT_EQ(drafts.size(), 1U);
  EXPECT_THAT(drafts[0].worlds, ElementsAre("answering"));
  EXPECT_EQ(text_of(drafts[0].evidence[0].source), "trace.log#7");
}

TEST(Worlds, QualityCountsInTheFirstCloneAlone) {
  const Rubric rubric = shipped_rubric();
  std::vector<Draft> drafts;
  join_world("answering", {draft_of(rubric.rule("execution.failed"), "scripts/run.sh")}, drafts);
  EXPECT_THAT(drafts, IsEmpty());
}

}  // namespace
}  // namespace skillaudit
