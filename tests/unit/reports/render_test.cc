#include "reports/render.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "reports/markdown_text.h"
#include "tests/paths.h"
#include "tests/unit/analysis/evidence_builder.h"
#include "tests/unit/reports/eventful.h"
#include "tests/unit/reports/without_code.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using testing::calibration;
using testing::eventful;
using testing::folder;
using ::testing::HasSubstr;
using testing::kHome;
using ::testing::Not;
using testing::regular;
using ::testing::StartsWith;
using testing::without_code;

/// What validate.py prints of a report: empty when the schema allows it.
std::string schema_errors(const std::string& report) {
  const TempDir folder_of_report;
  const auto path = folder_of_report.path() / "report.json";
  write_file(path, report);
  const CommandResult result =
      run_command({"/usr/bin/python3", SKILLAUDIT_SOURCE_DIR "/tests/unit/reports/validate.py",
                   SKILLAUDIT_SOURCE_DIR "/reports/schema/report.schema.json", path.string()});
  return result.exit_code == 0 ? "" : result.out + result.err + "(validation failed)";
}

std::string json_of(const AuditBuilder& audit) {
  return render_json(audit.evidence, audit.assessed());
}
std::string markdown_of(const AuditBuilder& audit) {
  return render_markdown(audit.evidence, audit.assessed());
}

TEST(ReportJson, OfEveryKindOfAuditIsValid) {
  EXPECT_EQ(schema_errors(json_of(AuditBuilder())), "");
  EXPECT_EQ(schema_errors(json_of(calibration())), "");
  EXPECT_EQ(schema_errors(json_of(eventful("x"))), "");
  EXPECT_EQ(schema_errors(json_of(eventful("a`b\n\"<\xff\xe2\x80\xae\\"))), "");
  AuditBuilder empty;
  empty.evidence = {};
  empty.evidence.environment.files_seen_from = "guest";  // every audit says which
  EXPECT_EQ(schema_errors(json_of(empty)), "");
}

TEST(ReportJson, WhatTheSchemaDoesNotKnowIsRefused) {
  auto report = nlohmann::json::parse(json_of(AuditBuilder()));
  report["surprise"] = 1;
  EXPECT_THAT(schema_errors(report.dump()), HasSubstr("surprise"));
  report.erase("surprise");
  report["verdict"] = "FINE";
  EXPECT_THAT(schema_errors(report.dump()), HasSubstr("FINE"));
  report["verdict"] = "APPROVED";
  report["findings"] = {{{"rule", "a.b"}}};
  EXPECT_THAT(schema_errors(report.dump()), HasSubstr("required"));
}

TEST(ReportJson, HoldsTheCalibration) {
  const auto report = nlohmann::json::parse(json_of(calibration()));
  EXPECT_EQ(report["schema_version"], 5);
  EXPECT_EQ(report["verdict"], "APPROVED");
  EXPECT_EQ(report["after_fixing"], true);
  EXPECT_EQ(report["grade"], "B");
  EXPECT_EQ(report["overall"], 89.2);
  EXPECT_EQ(report["scores"]["documentation"], 70);
  EXPECT_EQ(report["recommendations"].size(), 4U);
  EXPECT_EQ(report["packages"]["installed"].size(), 4U);
  EXPECT_EQ(report["changes"]["files"]["added"]["count"], 12);
  EXPECT_EQ(report["changes"]["files"]["modified"]["count"], 1);
}

/// An audit whose findings are one with a technique of ATT&CK and one without.
AuditBuilder with_and_without_technique() {
  AuditBuilder audit;
  audit.cron("* * * * * /opt/w").added(regular("/tmp/left"));
  return audit;
}

TEST(ReportJson, NamesTheTechniqueOfAFindingOrNull) {
  const std::string text = json_of(with_and_without_technique());
  EXPECT_EQ(schema_errors(text), "");
  auto report = nlohmann::json::parse(text);
  ASSERT_EQ(report["findings"].size(), 2U);
  EXPECT_EQ(report["findings"][0]["rule"], "cron.added");
  EXPECT_EQ(report["findings"][0]["attack"], "T1053.003");
  EXPECT_TRUE(report["findings"][1]["attack"].is_null());
  report["findings"][0]["attack"] = "cron";
  EXPECT_THAT(schema_errors(report.dump()), HasSubstr("findings/0/attack"));
}

TEST(ReportMarkdown, NamesTheTechniqueOfAFindingThatHasOne) {
  const std::string report = markdown_of(with_and_without_technique());
  EXPECT_THAT(report, HasSubstr("- Rule: `cron.added` (security, −25, ATT&CK T1053.003)\n"));
  EXPECT_THAT(report, HasSubstr("- Rule: `files.temp-left` (cleanliness, −10)\n"));
}

TEST(ReportJson, ScoresThatWereNotAssessedAreNull) {
  AuditBuilder audit;
  audit.evidence.execution.steps.clear();
  const auto report = nlohmann::json::parse(json_of(audit));
  EXPECT_TRUE(report["scores"]["execution"].is_null());
  EXPECT_TRUE(report["overall"].is_null());
  EXPECT_EQ(report["verdict"], "INCONCLUSIVE");
}

TEST(ReportJson, WhatDiffersFromRunToRunIsApart) {
  AuditBuilder one = calibration();
  one.process({"/opt/w"}, "/opt/w", 4000);
  AuditBuilder two = calibration();
  two.process({"/opt/w"}, "/opt/w", 5111);
  two.changes.processes[0].after.start_time = 77;
  two.evidence.started_at = "2026-01-02T03:04:05Z";
  two.evidence.timing = {{"boot", 3.25}};
  two.evidence.execution.steps[0].duration_s = 12.5;
  for (Flow& flow : two.evidence.flows) flow.time = 1000;
  auto first = nlohmann::json::parse(json_of(one));
  auto second = nlohmann::json::parse(json_of(two));
  EXPECT_NE(first, second);
  for (auto* report : {&first, &second}) {
    report->erase("timing");
    (*report)["environment"].erase("started_at");
  }
  EXPECT_EQ(first, second);
}

TEST(ReportJson, AListEndsAndSaysHowManyAreLeft) {
  AuditBuilder audit;
  for (int i = 0; i < 1500; ++i) audit.added(regular("/tmp/x" + std::to_string(i)));
  const auto report = nlohmann::json::parse(json_of(audit));
  EXPECT_EQ(report["changes"]["files"]["list"].size(), 1000U);
  EXPECT_EQ(report["changes"]["files"]["list_omitted"], 500);
  EXPECT_EQ(report["changes"]["files"]["added"]["count"], 1500);
}

TEST(Reports, AreTheSameBytesEachTime) {
  const AuditBuilder audit = eventful("a`b");
  EXPECT_EQ(markdown_of(audit), markdown_of(audit));
  EXPECT_EQ(json_of(audit), json_of(audit));
}

TEST(ReportMarkdown, HasTheSectionsOfTheWorkflowInOrder) {
  const std::string report = markdown_of(calibration());
  std::size_t at = 0;
  for (const char* section :
       {"# VM Isolation Test Report: vm-report-sample", "## It Asks For", "## Findings",
        "## Recommendations", "## Environment", "## Execution Results", "## Filesystem Changes",
        "## Package Changes", "## System Modifications", "## Process Analysis", "## Network",
        "## Security Assessment", "## Dependency Analysis", "## Hardcoded Paths",
        "## Overall Grade: B (89.2/100)", "## Final Status", "## Timing",
        "## What was not observed"}) {
    const std::size_t found = report.find(section, at);
    ASSERT_NE(found, std::string::npos) << section << "\n" << report;
    at = found;
  }
}

TEST(ReportMarkdown, ReadsLikeTheSample) {
  const std::string report = markdown_of(calibration());
  for (const char* line : {"**Files Added**: 12 (176 KiB)",
                           "- `/home/ubuntu/.claude/cache/skill-data.json` (15 KiB)",
                           "- `/tmp/skill-temp-*.log` (3 files, 44 KiB)",
                           "- `/home/ubuntu/.cache/skill-assets/` (8 files, 117 KiB)",
                           "**Files Modified**: 1",
                           "- `/home/ubuntu/.claude/config.json`",
                           "**Files Deleted**: 0",
                           "**Installed Packages**: 2",
                           "- `jq` (1.0-1)",
                           "**Removed Packages**: 0",
                           "- ✅ No systemd services or timers added",
                           "- ✅ No cron jobs created",
                           "- ⚠️ Found leftover temp files in /tmp",
                           "**Orphaned Processes**: 0",
                           "- `jq`, not documented",
                           "- ⚠️ `/home/ubuntu/.claude/cache` at `scripts/run.sh:67`",
                           "1. **CRITICAL**: Document the `jq` dependency",
                           "4. **LOW**: Consider making the `tree`",
                           "- **Portability**: 85/100",
                           "- **Cleanliness**: 75/100",
                           "- **Security**: 100/100",
                           "- **Documentation**: 70/100",
                           "✅ **APPROVED** after addressing"}) {
    EXPECT_THAT(report, HasSubstr(line));
  }
}

TEST(ReportMarkdown, ClaimsNothingWithoutAWitness) {
  EXPECT_THAT(markdown_of(AuditBuilder()), HasSubstr("Reads of credentials: not observed"));
  // A trace that was ended shows what happened before, and not that nothing did afterwards.
  AuditBuilder traced;
  traced.evidence.trace.collected = true;
  EXPECT_THAT(markdown_of(traced), HasSubstr("✅ No privileges gained"));
  traced.evidence.trace.silenced = "the process that reads the trace was killed";
  EXPECT_THAT(markdown_of(traced), Not(HasSubstr("✅ No privileges gained")));
  AuditBuilder kept;
  kept.evidence.boot = {.because = {"/etc/fstab"}, .problem = "the machine was to be kept"};
  EXPECT_THAT(markdown_of(kept), HasSubstr("❔ Files that are read at boot were changed"));
  AuditBuilder blind;
  blind.evidence.after.gaps = {
      Gap::lost(GapSource::Snapshot, "the table cron could not be read", {.table = Table::Cron})};
  EXPECT_THAT(markdown_of(blind), HasSubstr("Cron jobs: not observed"));
  EXPECT_THAT(markdown_of(blind), Not(HasSubstr("No cron jobs created")));
  AuditBuilder nothing;
  nothing.evidence.before.files.clear();
  EXPECT_THAT(markdown_of(nothing), Not(HasSubstr("✅ No ")));
}

TEST(ReportMarkdown, SaysOnceThatAStateWasNotCaptured) {
  AuditBuilder lost;
  lost.evidence.after = {};
  for (const Table table : {Table::Files, Table::Cron, Table::Users}) {
    lost.evidence.after.missing.push_back(table);
    lost.evidence.after.gaps.push_back(Gap::lost(
        GapSource::Snapshot, fmt::format("the guest's table '{}' is missing", name_of(table)),
        {.table = table}));
  }
  const std::string report = markdown_of(lost);
  EXPECT_THAT(report, HasSubstr("- The state after the run was not captured\n"));
  EXPECT_THAT(report, HasSubstr("evidence is missing: the state after the run was not captured"));
  EXPECT_THAT(report, Not(HasSubstr("the guest's table")));

  AuditBuilder partly;
  partly.evidence.after.missing = {Table::Cron};
  partly.evidence.after.gaps = {Gap::lost(
      GapSource::Snapshot, "the guest's table 'cron' is missing", {.table = Table::Cron})};
  EXPECT_THAT(markdown_of(partly), HasSubstr("after the run: the guest's table"));
}

TEST(ReportMarkdown, NamesNoRunnerWhereNothingRan) {
  AuditBuilder early;
  early.evidence.execution = {};
  EXPECT_THAT(markdown_of(early),
              HasSubstr("**Runner**: none: the audit ended before the skill could run"));
}

TEST(ReportMarkdown, HostileTextNeverBecomesMarkup) {
  const std::vector<std::string> hostile = {"<script>alert(1)</script>",
                                            "`<script>`",
                                            "``` <script>",
                                            "[x](https://evil.example)",
                                            "![x](y)",
                                            "**bold**",
                                            "a\n# Heading",
                                            "a\n\n```\n<script>",
                                            "{{#findings}}{{{name}}}",
                                            "https://evil.example/",
                                            "a|b",
                                            "\xff\xe2\x80\xae<script>",
                                            "`",
                                            "``",
                                            "a\\`<script>",
                                            "@someone",
                                            "<!-- "};
  for (const std::string& text : hostile) {
    const std::string report = markdown_of(eventful(text));
    const std::string shown = without_code(report);
    for (const char* markup : {"<", "](", "**bold", "\n# Heading", "https://", "@someone"}) {
      const std::size_t at = shown.find(markup);
      // A bracket that is escaped is text: "\](".
      if (at != std::string::npos && at > 0 && shown[at - 1] == '\\') continue;
      EXPECT_EQ(at, std::string::npos)
          << markup << " of " << text
          << " in: " << (at == std::string::npos ? "" : shown.substr(at > 60 ? at - 60 : 0, 160));
    }
    EXPECT_EQ(report.find('\xff'), std::string::npos);
    EXPECT_EQ(report.find("\xe2\x80\xae"), std::string::npos);
  }
}

TEST(ReportMarkdown, LongListsAreCut) {
  AuditBuilder audit;
  for (int i = 0; i < 300; ++i) {
    audit.added(regular("/tmp/" + std::string(1, static_cast<char>('a' + i % 26)) +
                        std::string(1, static_cast<char>('a' + i / 26)) + "x"));
  }
  EXPECT_THAT(markdown_of(audit), HasSubstr("and 250 more; before/files"));
}

TEST(MarkdownText, CodeSpansTakeALongerFence) {
  EXPECT_EQ(markdown_code("a"), "`a`");
  EXPECT_EQ(markdown_code("a`b"), "``a`b``");
  EXPECT_EQ(markdown_code("`a"), "`` `a ``");
  EXPECT_EQ(markdown_code(""), "`  `");
  EXPECT_EQ(markdown_sentence("x_y `a_b` <"), "x\\_y `a_b` &lt;");
  EXPECT_EQ(markdown_sentence("open ` <"), "open \\` &lt;");
}

TEST(MarkdownText, TidyingLeavesFencedBlocksAlone) {
  EXPECT_EQ(tidy_markdown("\n# a\n\n\n- b\n\n- c\n\n\ntext\n\n"), "# a\n\n- b\n- c\n\ntext\n");
  EXPECT_EQ(tidy_markdown("````text\n- x\n\n\n```\n\n- y\n````\n\n\n- z\n"),
            "````text\n- x\n\n\n```\n\n- y\n````\n\n- z\n");
}

TEST(OneLine, SaysVerdictGradeAndFindings) {
  const AuditBuilder clean;
  EXPECT_EQ(one_line(clean.evidence, clean.assessed()),
            "example: APPROVED, grade A (100.0), no findings");
  const AuditBuilder sample = calibration();
  EXPECT_THAT(one_line(sample.evidence, sample.assessed()),
              StartsWith("vm-report-sample: APPROVED after fixing, grade B (89.2), 5 findings"));
}

}  // namespace
}  // namespace skillaudit
