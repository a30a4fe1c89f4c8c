// What a person in a hurry reads: the facts, what is asked for, what was not exercised, the
// findings.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "reports/asks.h"
#include "reports/finding_groups.h"
#include "reports/not_exercised.h"
#include "reports/render.h"
#include "reports/render_terminal.h"
#include "reports/telling_facts.h"
#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

using ::testing::AllOf;
using testing::AuditBuilder;
using testing::calibration;
using ::testing::HasSubstr;
using testing::kHome;
using ::testing::Not;
using testing::regular;
using ::testing::StartsWith;

std::string facts_of(const AuditBuilder& audit) {
  return facts_in_a_line(audit.evidence, audit.assessed());
}

std::vector<std::string> all_reports(const AuditBuilder& audit) {
  const Assessment assessment = audit.assessed();
  return {render_markdown(audit.evidence, assessment), render_html(audit.evidence, assessment),
          render_terminal(audit.evidence, assessment, {.columns = 120})};
}

TEST(TellingFacts, SayOfASkillThatDidNothingWhatItLeftAlone) {
  EXPECT_EQ(facts_of(AuditBuilder()),
            "changed and deleted none of your files · contacted nobody · 1 of 1 command ran, "
            "lines not measured");
}

TEST(TellingFacts, TellTheWorstFirstAndCountWhatIsMany) {
  AuditBuilder audit;
  for (int i = 0; i < 6; ++i) audit.deleted(regular(fmt::format("{}/Documents/{}.odt", kHome, i)));
  audit.added(regular(kHome + "/.claude/skills/x/SKILL.md"));
  audit.added(regular(kHome + "/out.txt"));
  audit.add(AuditBuilder::request("POST", "evil.example", "/x"));
  const std::string facts = facts_of(audit);
  EXPECT_THAT(facts, StartsWith("deleted 6 of your files · "));
  EXPECT_THAT(facts,
              AllOf(HasSubstr("wrote ~/.claude/skills/x/SKILL.md"),
                    HasSubstr("contacted https://evil.example"), HasSubstr("1 of 1 command ran"),
                    Not(HasSubstr("nobody")), Not(HasSubstr("none of your files"))));
  EXPECT_EQ(facts.find("evil.example"), facts.rfind("evil.example")) << facts;
  EXPECT_EQ(telling_facts(audit.evidence, audit.assessed()).front().tone, Tone::Grave);
}

TEST(TellingFacts, CountAllOfAMillionAndListFew) {
  AuditBuilder audit;
  for (int i = 0; i < 500; ++i) audit.added(regular(fmt::format("{}/out/{:03}", kHome, i)));
  for (int i = 0; i < 200; ++i) audit.added(regular(fmt::format("/opt/out/{:03}", i)));
  EXPECT_THAT(facts_of(audit), AllOf(HasSubstr("wrote 500 files in your home"),
                                     HasSubstr("wrote 200 files outside your home")));
}

TEST(TellingFacts, PraiseNothingWhereNothingRanOrNobodyLooked) {
  AuditBuilder idle;
  idle.evidence.execution.steps.clear();
  EXPECT_EQ(facts_of(idle), "nothing ran");
  AuditBuilder blind;
  blind.evidence.gaps = {Gap::lost(GapSource::Flows, "the proxy ended")};
  EXPECT_THAT(facts_of(blind), AllOf(HasSubstr("whom it contacted was not observed"),
                                     Not(HasSubstr("contacted nobody"))));
}

TEST(TellingFacts, StandInEveryReportForPeople) {
  AuditBuilder audit;
  audit.cron("@daily backup");
  for (const std::string& report : all_reports(audit))
    EXPECT_THAT(report, AllOf(HasSubstr("set up"), HasSubstr("to run by itself"),
                              HasSubstr("contacted nobody"), HasSubstr("1 of 1 command ran")));
}

TEST(Asks, AreWhatADocumentNamesOfWhatLastsOrIsWorse) {
  AuditBuilder audit;
  Assessment assessment = audit.assessed();
  const auto add = [&](Verb verb, const char* object, EffectClass effect_class, const char* says) {
    assessment.consented.push_back({verb, object, effect_class, "a.rule", says, "SKILL.md:3"});
  };
  add(Verb::Create, "~/.cache/x", EffectClass::Litter, "Makes x.");
  add(Verb::Create, "a.timer", EffectClass::Lasting, "Adds `a.timer` and `b.timer`.");
  add(Verb::Create, "b.timer", EffectClass::Lasting, "Adds `a.timer` and `b.timer`.");
  add(Verb::Send, "api.example.org", EffectClass::Exposing, "Sends to api.example.org.");
  const std::vector<Ask> asks = asks_of(assessment);
  ASSERT_EQ(asks.size(), 2U);
  EXPECT_EQ(asks[0].statement, "Sends to api.example.org.");
  EXPECT_EQ(objects_in_words(asks[1]), "`a.timer`, `b.timer`");
  EXPECT_THAT(render_markdown(audit.evidence, assessment),
              HasSubstr("- create `a.timer`, `b.timer` (lasting): "
                        "``Adds `a.timer` and `b.timer`.`` (`SKILL.md:3`)"));
}

/// A step that ended as its message tells.
AuditBuilder failing(const std::string& message, const std::string& script) {
  AuditBuilder audit;
  audit.evidence.execution.runner = "walkthrough";
  audit.evidence.skill.name = "my-skill";
  audit.evidence.skill.files = {{.path = "scripts/run.sh", .mode = 0755}};
  audit.script(script);
  Step& step = audit.evidence.execution.steps[0];
  step.name = "scripts/run.sh";
  step.command = "bash scripts/run.sh";
  step.exit_code = 2;
  step.err = message;
  return audit;
}

TEST(NotExercised, HasTheCommandThatWouldExerciseEach) {
  const AuditBuilder audit =
      failing("usage: run.sh FILE\n", "#!/bin/bash\n[ $# -gt 0 ] || exit 2\nrm -rf ~/notes\n");
  const auto parts = not_exercised(audit.evidence, audit.assessed());
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].what, "the step `scripts/run.sh`");
  EXPECT_EQ(parts[0].why, "asks for arguments");
  EXPECT_EQ(parts[0].option, "--arg 'scripts/run.sh=ARGUMENTS'");
  const std::string command = exercise_command(audit.evidence, {parts[0].option});
  EXPECT_THAT(command, StartsWith("skillaudit run my-skill --"));
  EXPECT_THAT(command, HasSubstr("scripts/run.sh"));
  for (const std::string& report : all_reports(audit))
    EXPECT_THAT(report, HasSubstr("asks for arguments; its code could reach"));
  EXPECT_THAT(render_markdown(audit.evidence, audit.assessed()), HasSubstr("`" + command + "`"));
  EXPECT_THAT(render_terminal(audit.evidence, audit.assessed(), {.program = "scripts/skillaudit"}),
              HasSubstr("scripts/skillaudit run my-skill"));
}

TEST(NotExercised, NamesTheOptionThatGivesAStepWhatItLacks) {
  AuditBuilder audit = failing("bash: line 1: pandoc: command not found\n",
                               "#!/bin/bash\npandoc a.md | curl -d @- https://a.example\n");
  audit.evidence.execution.steps[0].exit_code = 127;
  const auto parts = not_exercised(audit.evidence, audit.assessed());
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].option, "--package pandoc");
  EXPECT_EQ(exercise_all_command(audit.evidence,
                                 {{.option = "--package pandoc"}, {.option = "--env A=VALUE"}}),
            "skillaudit run my-skill --package pandoc --env A=VALUE");
}

TEST(NotExercised, GivesAShellNoWordOfTheSkillsThatIsNotQuoted) {
  AuditBuilder audit = failing("", "");
  for (const char* name : {"a; rm -rf ~", "-x", "$(id)", "a\nb", "\xff", ""}) {
    audit.evidence.skill.name = name;
    EXPECT_EQ(exercise_command(audit.evidence, {}), "skillaudit run SKILL") << name;
  }
  Step& step = audit.evidence.execution.steps[0];
  step.tentative = true;
  step.name = "x";
  step.command = "rm '$(touch ~/owned)' ~/notes";
  const auto parts = not_exercised(audit.evidence, audit.assessed());
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].option, "--cmd 'rm '\\''$(touch ~/owned)'\\'' ~/notes'");
  step.command = "rm ~/notes\nid";
  EXPECT_EQ(not_exercised(audit.evidence, audit.assessed())[0].option, "--cmd 'COMMAND'");
}

TEST(FindingGroups, AreOneForWhatIsAlike) {
  AuditBuilder audit;
  for (int i = 0; i < 12; ++i)
    audit.evidence.skill.hard_coded_paths.push_back(
        {fmt::format("scripts/{}.sh", i), 3, "/home/me/x", "$HOME/x"});
  audit.cron("@daily backup");
  const Assessment assessment = audit.assessed();
  const auto groups = grouped(assessment.findings);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[1].findings.size(), 12U);
  EXPECT_THAT(title_of(groups[1]), HasSubstr("(and 11 more like it)"));
  double points = 0;
  for (const Finding& finding : assessment.findings) points += finding.deduction;
  EXPECT_DOUBLE_EQ(groups[0].deduction + groups[1].deduction, points);
  const std::string page = render_html(audit.evidence, assessment);
  EXPECT_THAT(page, AllOf(HasSubstr("× 12</span>"), HasSubstr("11 more like it"),
                          HasSubstr("id=\"finding-2\""), Not(HasSubstr("id=\"finding-3\""))));
}

TEST(Findings, LeadToTheirEvidenceAndToWhyTheirRuleCounts) {
  AuditBuilder audit;
  audit.cron("@daily backup").add(AuditBuilder::request("POST", "evil.example", "/x"));
  const std::string page = render_html(audit.evidence, audit.assessed());
  for (const char* part :
       {"<a href=\"#rule-cron.added\">", "<h3 id=\"rule-cron.added\">",
        "<a class=\"at\" href=\"#system\">after/cron</a>", "<section id=\"system\"",
        "<a class=\"at\" href=\"#network\">flows.jsonl#1</a>", "<section id=\"network\""})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_THAT(render_markdown(audit.evidence, audit.assessed()), HasSubstr("\n- Why: "));
}

TEST(Verdicts, HaveNoNumberBesideThemThatReadsLikePraise) {
  AuditBuilder audit;
  audit.cron("@daily backup");
  const Assessment review = audit.assessed();
  EXPECT_EQ(one_line(audit.evidence, review), "example: NEEDS_REVIEW, grade C, 1 finding");
  audit.deleted(regular(kHome + "/Documents/a.odt")).deleted(regular(kHome + "/Documents/b.odt"));
  const Assessment rejected = audit.assessed();
  ASSERT_EQ(rejected.verdict, Verdict::Rejected);
  EXPECT_THAT(one_line(audit.evidence, rejected), StartsWith("example: REJECTED, grade F, "));
  const std::string page = render_html(audit.evidence, rejected);
  const std::string head = page.substr(0, page.find("</header>"));
  EXPECT_THAT(head, AllOf(HasSubstr("Grade F"), Not(HasSubstr(" of 100"))));
  EXPECT_THAT(page, Not(HasSubstr("<rect class=\"good\"")));
  EXPECT_THAT(render_markdown(audit.evidence, rejected), HasSubstr("## Overall Grade: F\n"));
  EXPECT_THAT(render_terminal(audit.evidence, rejected, {}), HasSubstr("[REJECTED]  grade F\n"));
}

TEST(Checks, ThatHadNothingToLookAtAreNotPassed) {
  AuditBuilder idle;
  idle.evidence.execution.steps.clear();
  const std::string report = render_markdown(idle.evidence, idle.assessed());
  EXPECT_THAT(report, AllOf(HasSubstr("❔ Cron jobs: not observed"), Not(HasSubstr("✅ No ")),
                            Not(HasSubstr("✅ All files"))));
  AuditBuilder silent;
  silent.evidence.decoys = {{"aws-secret-key", kHome + "/.aws/credentials", "nonce"}};
  EXPECT_THAT(render_markdown(silent.evidence, silent.assessed()),
              HasSubstr("❔ Credentials sent out: nothing was sent"));
  silent.add(AuditBuilder::request("GET", "host.example", "/"));
  EXPECT_THAT(render_markdown(silent.evidence, silent.assessed()),
              HasSubstr("✅ No decoy credential was found"));
}

}  // namespace
}  // namespace skillaudit
