// What a person would have to agree to, with the class and the sentence that the rules found.
#include "harness/effects/effects.h"

#include <gmock/gmock.h>

#include "harness/effects/capabilities.h"
#include "tests/unit/analysis/trace_builder.h"

namespace skillaudit {
namespace {

using skillaudit::testing::AuditBuilder;
using skillaudit::testing::kHome;
using skillaudit::testing::regular;
using skillaudit::testing::TraceBuilder;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

SkillEffects effects(const AuditBuilder& audit) {
  return effects_of(audit.evidence, audit.assessed());
}

/// Of that verb and object; fails where there is none, or more than one.
SkillEffect only(const SkillEffects& effects, Verb verb, const std::string& object) {
  std::vector<SkillEffect> found;
  for (const SkillEffect& each : effects.list)
    if (each.verb == verb && each.object == object) found.push_back(each);
  EXPECT_THAT(found, SizeIs(1)) << name_of(verb) << ' ' << object;
  return found.empty() ? SkillEffect{} : found.front();
}

TEST(Effects, AFileOfItsOwnIsOrdinaryAndHasItsEvidence) {
  AuditBuilder audit;
  audit.document("It writes `~/notes/today.md`.\n");
  audit.added(regular(kHome + "/notes/today.md"));
  const SkillEffect effect = only(effects(audit), Verb::Create, "~/notes/today.md");
  EXPECT_EQ(effect.kind, EffectKind::File);
  EXPECT_EQ(effect.effect_class, EffectClass::Ordinary);
  EXPECT_THAT(effect.rules, IsEmpty());
  EXPECT_FALSE(effect.as_root);
  EXPECT_THAT(effect.evidence, ElementsAre(source::after(Table::Files)));
}

TEST(Effects, AFindingGivesAnEffectItsClassAndItsRule) {
  AuditBuilder audit;
  audit.unit("x.service").add(AuditBuilder::request("POST", "collect.example", "/"));
  const SkillEffects all = effects(audit);
  const SkillEffect unit = only(all, Verb::Create, "x.service");
  EXPECT_EQ(unit.effect_class, EffectClass::Lasting);
  EXPECT_THAT(unit.rules, Contains("services.installed"));
  EXPECT_TRUE(unit.as_root);
  const SkillEffect host = only(all, Verb::Send, "https://collect.example");
  EXPECT_EQ(host.kind, EffectKind::Host);
  EXPECT_EQ(host.effect_class, EffectClass::Exposing);
  EXPECT_THAT(host.rules, Contains("network.unexpected-host"));
  EXPECT_THAT(host.evidence, ElementsAre(source::flow(1)));
}

TEST(Effects, WhatADocumentNamesExactlyHasItsSentence) {
  AuditBuilder audit;
  audit.document("It sends the text to https://api.example.com.\n");
  audit.add(AuditBuilder::request("POST", "api.example.com", "/"));
  const SkillEffect host = only(effects(audit), Verb::Send, "https://api.example.com");
  EXPECT_EQ(host.statement, "It sends the text to https://api.example.com.");
  EXPECT_THAT(host.place, StartsWith("SKILL.md:"));
  EXPECT_THAT(capabilities_of(audit.evidence, audit.assessed()).of(CapabilityKind::AsksFor),
              ElementsAre("send api.example.com"));
}

TEST(Effects, TheTraceTellsWhatRanAndWhatWasRead) {
  TraceBuilder audit;
  audit.event(TraceKind::SecretRead, TraceBuilder::kShell).paths = {kHome + "/.netrc"};
  const SkillEffects all = effects(audit);
  const SkillEffect read = only(all, Verb::Read, "~/.netrc");
  EXPECT_EQ(read.kind, EffectKind::Secret);
  EXPECT_FALSE(read.evidence.empty());
  const SkillCapabilities capabilities = capabilities_of(audit.evidence, audit.assessed());
  EXPECT_THAT(capabilities.of(CapabilityKind::Read), ElementsAre("~/.netrc"));
  EXPECT_THAT(capabilities.of(CapabilityKind::Run), Not(IsEmpty()));
}

TEST(Effects, AMillionFilesAreCountedAndNotListed) {
  AuditBuilder audit;
  for (int i = 0; i < 1000; ++i) audit.added(regular(kHome + "/out/f" + std::to_string(i)));
  const SkillEffects all = effects(audit);
  std::size_t created = 0;
  for (const SkillEffect& each : all.list) created += each.verb == Verb::Create ? 1 : 0;
  EXPECT_LE(created, kMostEffectsOfAKind + 32);
  EXPECT_EQ(all.all_omitted(), 1000 - kMostEffectsOfAKind);
}

TEST(Effects, ACommandThatRanOftenTakesNobodysPlaceAndTheRestIsCounted) {
  TraceBuilder audit;
  for (std::int64_t pid = 101; pid < 101 + 150; ++pid)
    audit.exec(pid, TraceBuilder::kShell,
               {"tool-" + std::string(1, static_cast<char>('a' + pid % 26)) +
                static_cast<char>('a' + pid / 26)});
  for (std::int64_t pid = 400; pid < 500; ++pid)
    audit.exec(pid, TraceBuilder::kShell, {"bash", "x"});
  const SkillCapabilities capabilities = capabilities_of(audit.evidence, audit.assessed());
  const std::size_t listed = capabilities.of(CapabilityKind::Run).size();
  EXPECT_EQ(listed, kMostEffectsOfAKind);
  EXPECT_GE(capabilities.omitted[static_cast<std::size_t>(CapabilityKind::Run)], 50u);
}

TEST(Effects, AFindingOfAGroupOfFilesIsAboutEachOfThem) {
  AuditBuilder audit;
  for (const char* name : {"/tmp/x-one.log", "/tmp/x-two.log"}) audit.added(regular(name));
  const SkillEffects all = effects(audit);
  EXPECT_EQ(only(all, Verb::Create, "/tmp/x-one.log").effect_class, EffectClass::Litter);
  EXPECT_THAT(only(all, Verb::Create, "/tmp/x-two.log").rules, ElementsAre("files.temp-left"));
  EXPECT_THAT(all.list, SizeIs(2));
}

TEST(Effects, EveryRuleThatCodeFindsSaysWhatItIsAbout) {
  const Rubric rubric = shipped_rubric();
  for (const RubricRule& rule : rubric.rules) {
    const bool is_quality =
        rule.effect_class == EffectClass::Ordinary || rule.id.starts_with("documentation.");
    EXPECT_TRUE(!rule.when.empty() || is_quality || rule.effect) << rule.id;
  }
}

TEST(Effects, TheKindsOfConditionsComeFirstInTheirOrder) {
  for (std::size_t i = 0; i < kObjectKinds.size(); ++i)
    EXPECT_EQ(name_of(kObjectKinds[i]), name_of(static_cast<EffectKind>(i)));
}

}  // namespace
}  // namespace skillaudit
