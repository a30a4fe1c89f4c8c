// Rules of a team: a folder of files beside the shipped ones.
#include "harness/rules/team_rules.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "harness/analysis/assess.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/temp_dir.h"
#include "tests/paths.h"
#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// A file with one rule, and with this instead of what it says of its id and its condition.
std::string rule_file(const std::string& id, const std::string& when =
                                                 "{verb: create, object: "
                                                 "cron-job}") {
  return "schema_version: 1\n"
         "rules:\n"
         "  - id: " +
         id +
         "\n"
         "    class: lasting\n"
         "    section: cron\n" +
         (when.empty() ? "" : "    when: " + when + "\n") +
         "    axis: security\n"
         "    severity: HIGH\n"
         "    deduction: 20\n"
         "    rationale: \"It runs at night.\"\n"
         "    source: \"the team's handbook\"\n"
         "    title: \"A job was added: {what}\"\n";
}

class TeamRules : public ::testing::Test {
 protected:
  TempDir dir;
  fs::path folder = dir.path() / "team-rules";
  void SetUp() override { fs::create_directory(folder); }
  void write(const std::string& name, const std::string& text) { write_file(folder / name, text); }
  /// Of loading the folder, where `DIR` stands for its path.
  [[nodiscard]] std::string error() const {
    try {
      static_cast<void>(rubric_with(folder));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Usage);
      std::string text = error.what();
      for (std::size_t at = text.find(folder.string()); at != std::string::npos;
           at = text.find(folder.string()))
        text.replace(at, folder.string().size(), "DIR");
      return text;
    }
    return "no error";
  }
  [[nodiscard]] std::string error_of(const std::string& text) {
    write("acme.yaml", text);
    return error();
  }
};

std::vector<std::string> rules_found(const Assessment& assessment) {
  std::vector<std::string> rules;
  for (const Finding& finding : assessment.findings) rules.push_back(finding.rule);
  return rules;
}

TEST_F(TeamRules, AreInForceBesideOursAndTheRubricTellsWhichTheyAre) {
  write("acme.yaml", rule_file("acme.no-crontab"));
  write("README.md", "Ours.");
  const Rubric rubric = rubric_with(folder);
  EXPECT_EQ(rubric.rules.size(), shipped_rubric().rules.size() + 1);
  EXPECT_TRUE(rubric.rule("acme.no-crontab").is_added);
  EXPECT_FALSE(rubric.rule("cron.added").is_added);
  ASSERT_EQ(rubric.added.size(), 1U);
  EXPECT_EQ(rubric.added[0].file, "acme.yaml");
  EXPECT_EQ(rubric.added[0].sha256, sha256(rule_file("acme.no-crontab")));
  EXPECT_EQ(rubric.added[0].rules, 1U);

  AuditBuilder audit;
  audit.cron("@daily backup");
  const Assessment assessment = audit.assessed(rubric);
  EXPECT_THAT(rules_found(assessment), Contains("acme.no-crontab"));
  EXPECT_THAT(rules_found(assessment), Contains("cron.added"));
  EXPECT_EQ(rubric_of(assessment).added.size(), 1U);
}

TEST_F(TeamRules, AddFindingsAndTakeNoneAway) {
  write("acme.yaml", rule_file("acme.no-crontab"));
  AuditBuilder audit = calibration();
  audit.cron("@daily backup");
  std::vector<std::string> before = rules_found(audit.assessed());
  const std::vector<std::string> after = rules_found(audit.assessed(rubric_with(folder)));
  EXPECT_EQ(after.size(), before.size() + 1);
  for (const std::string& each : before) EXPECT_THAT(after, Contains(each));
}

TEST_F(TeamRules, NoFolderIsTheShippedRubricAlone) {
  EXPECT_TRUE(rubric_with({}).added.empty());
  EXPECT_EQ(rubric_with({}).rules.size(), shipped_rubric().rules.size());
}

// docs/team-rules.md has the file that lies beside it.
TEST_F(TeamRules, TheExamplesOfThePageFindSomething) {
  const fs::path docs = fs::path(SKILLAUDIT_SOURCE_DIR) / "docs";
  EXPECT_THAT(read_file(docs / "team-rules.md"),
              HasSubstr(read_file(docs / "team-rules/acme.yaml")));
  const Rubric rubric = rubric_with(docs / "team-rules");
  AuditBuilder audit = calibration();
  audit.cron("@daily backup");
  std::vector<std::string> titles;
  for (const Finding& finding : audit.assessed(rubric).findings)
    if (finding.rule.starts_with("acme.")) titles.push_back(finding.title);
  EXPECT_THAT(titles, ::testing::UnorderedElementsAre(
                          HasSubstr("no skill may do here: `@daily backup`"),
                          "A package that is not on our list was installed: `tree`"));
  EXPECT_EQ(calibration().assessed(rubric).verdict, Verdict::NeedsReview);
}

TEST_F(TeamRules, AMistakeIsNamedWithItsFileLineAndColumn) {
  EXPECT_THAT(error_of("rules: [\n"), StartsWith("DIR/acme.yaml:2:1: "));
  EXPECT_THAT(error_of(""), StartsWith("DIR/acme.yaml:1:1: expected a map"));
  EXPECT_THAT(error_of("schema_version: 1\nrules: []\n"),
              StartsWith("DIR/acme.yaml: it has no rule"));
  EXPECT_THAT(error_of("schema_version: 1\nrulez: []\n"),
              StartsWith("DIR/acme.yaml:2:1: unknown key \"rulez\", did you mean \"rules\"?"));
  EXPECT_THAT(error_of(rule_file("acme.x", "{verbs: create, object: file}")),
              StartsWith("DIR/acme.yaml:6:12: unknown key \"verbs\", did you mean \"verb\"?"));
  EXPECT_THAT(error_of(rule_file("acme.x", "{verb: destroy, object: file}")),
              StartsWith("DIR/acme.yaml:6:18: \"destroy\" is none of create, modify, delete"));
  EXPECT_THAT(error_of(rule_file("acme.x", "")),
              StartsWith("DIR/acme.yaml:3:9: nothing finds the rule acme.x: give it a condition"));
  EXPECT_THAT(error_of(rule_file("globex.x")),
              StartsWith("DIR/acme.yaml:3:9: the rule globex.x must be in globex.yaml"));
  const std::string known = rule_file("acme.x");
  EXPECT_THAT(error_of(known + "    recommendation: \"Ask {who}\"\n"),
              StartsWith("DIR/acme.yaml:13:21: unknown placeholder {who}"));
  EXPECT_THAT(error_of(known + "    recommendation: \"\\e[2J\"\n"),
              StartsWith("DIR/acme.yaml:13:21: expected one line of text that can be shown"));
  EXPECT_THAT(error_of(known + "    per_item: 1000\n"), HasSubstr("is not between"));
  EXPECT_THAT(error_of(known + "    efect: x\n"), StartsWith("DIR/acme.yaml:13:5: unknown key"));
  EXPECT_THAT(error_of(std::string(100000, '[')), StartsWith("DIR/acme.yaml:1:"));
}

TEST_F(TeamRules, AnIdThatIsTakenIsRefusedWithBothPlaces) {
  // Also without a condition: ours must not be taken over by a rule that our code would then find.
  for (const std::string when : {"", "{verb: create, object: cron-job}"}) {
    write("evasion.yaml", rule_file("evasion.clock-changed", when));
    EXPECT_THAT(error(), StartsWith("DIR/evasion.yaml:3:9: the rule evasion.clock-changed is there "
                                    "already, at reports/rules/evasion.yaml:"));
  }
  write("evasion.yaml", rule_file("evasion.of-ours"));
  EXPECT_EQ(error(), "no error");
  write("audit.yaml", rule_file("audit.inconclusive"));
  EXPECT_THAT(error(), StartsWith("DIR/audit.yaml: the area audit is skillaudit's own"));
}

TEST_F(TeamRules, AFolderThatIsMissingOrHasNoRulesIsRefused) {
  EXPECT_THAT(error(), StartsWith("the folder DIR has no file of rules"));
  write("acme.yml", rule_file("acme.x"));
  EXPECT_THAT(error(), StartsWith("DIR/acme.yml is not read: rename it to acme.yaml"));
  folder = dir.path() / "none";
  EXPECT_THAT(error(), StartsWith("there is no folder DIR"));
  folder = dir.path() / "team-rules/acme.yml";
  EXPECT_THAT(error(), StartsWith("there is no folder DIR"));
}

TEST_F(TeamRules, WhatIsNoFileOfTheFolderIsRefused) {
  const fs::path file = folder / "acme.yaml";
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  EXPECT_THAT(error(), StartsWith("DIR/acme.yaml is not a file"));
  fs::remove(file);
  fs::create_directory(file);
  EXPECT_THAT(error(), StartsWith("DIR/acme.yaml is not a file"));
  fs::remove(file);
  write_file(dir.path() / "secret.yaml", "password: x\n");
  fs::create_symlink("../secret.yaml", file);
  EXPECT_THAT(error(), AllOf(StartsWith("DIR/acme.yaml is a link that leads out of the folder"),
                             Not(HasSubstr("password"))));
  fs::remove(file);
  fs::create_symlink("/dev/zero", file);
  EXPECT_THAT(error(), StartsWith("DIR/acme.yaml is a link that leads out of the folder"));
  fs::remove(file);
  fs::create_symlink("acme.yaml", file);
  EXPECT_THAT(error(), StartsWith("cannot read DIR/acme.yaml: "));
  fs::remove(file);
  write(".current", rule_file("acme.x"));
  fs::create_symlink(".current", file);
  EXPECT_EQ(error(), "no error");
}

TEST_F(TeamRules, AFileOfTenMegabytesIsRefusedUnread) {
  EXPECT_THAT(error_of(std::string(10 << 20, '#')), StartsWith("DIR/acme.yaml is larger than "));
  write("acme.yaml", "");
  fs::resize_file(folder / "acme.yaml", 1ULL << 40);
  EXPECT_THAT(error(), StartsWith("DIR/acme.yaml is larger than "));
}

}  // namespace
}  // namespace skillaudit::testing
