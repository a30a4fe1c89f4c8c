// Rules that are data: what their conditions can say, and what is refused.
#include <gmock/gmock.h>

#include <filesystem>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "tests/paths.h"
#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A rule of a team, as docs/contributor.md shows one, with this for its condition.
std::string team_rule(const std::string& when) {
  return "schema_version: 1\n"
         "rules:\n"
         "  - id: team.node-version\n"
         "    class: lasting\n"
         "    section: files\n"
         "    when: " +
         when +
         "\n"
         "    axis: cleanliness\n"
         "    severity: MEDIUM\n"
         "    deduction: 5\n"
         "    per_item: 2\n"
         "    maximum: 9\n"
         "    excused_by: path\n"
         "    rationale: \"Builds of other projects go by this file.\"\n"
         "    source: \"the team's handbook\"\n"
         "    title: \"The version of Node was pinned: {what}\"\n"
         "    recommendation: \"Leave {what} alone\"\n";
}

/// The shipped rules and one more file of them.
Rubric with_team_rule(const std::string& when) {
  std::vector<RuleFile> files = shipped_rule_files();
  files.push_back({"rules/team.yaml", team_rule(when)});
  return load_rubric(shipped_rubric_file(), files);
}

/// What the team's rule says of the audit.
std::vector<std::string> found(const AuditBuilder& audit, const std::string& when) {
  std::vector<std::string> titles;
  const Rubric rubric = with_team_rule(when);
  for (const Finding& finding : audit.assessed(rubric).findings)
    if (finding.rule == "team.node-version") titles.push_back(finding.title);
  return titles;
}

std::string error_of(const std::string& when) {
  try {
    static_cast<void>(with_team_rule(when));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    return error.what();
  }
  return "no error";
}

// docs/contributor.md, "Add a rule": one file of data, and the rule has findings, costs points and
// is excused by documentation like any other.
TEST(DataRules, ARuleIsOneEntryOfOneFile) {
  const std::string when = "{verb: [create, modify], object: file, path: \"~/.nvmrc\"}";
  AuditBuilder audit;
  audit.added(regular(kHome + "/.nvmrc"));
  const Assessment assessment = audit.assessed(with_team_rule(when));
  const auto finding =
      std::find_if(assessment.findings.begin(), assessment.findings.end(),
                   [](const Finding& each) { return each.rule == "team.node-version"; });
  ASSERT_NE(finding, assessment.findings.end());
  EXPECT_EQ(finding->title, "The version of Node was pinned: `/home/ubuntu/.nvmrc`");
  EXPECT_EQ(finding->recommendation, "Leave `/home/ubuntu/.nvmrc` alone");
  EXPECT_THAT(finding->subjects, ElementsAre("/home/ubuntu/.nvmrc"));
  EXPECT_EQ(finding->axis, Axis::Cleanliness);
  EXPECT_EQ(finding->severity, Severity::Medium);
  EXPECT_EQ(finding->deduction, 5);
  EXPECT_TRUE(finding->is_in(ReportSection::Files));
  ASSERT_EQ(finding->evidence.size(), 1U);
  EXPECT_THAT(finding->evidence[0].text, HasSubstr("added /home/ubuntu/.nvmrc"));

  audit.document("It writes the version of Node to `~/.nvmrc`.\n");
  EXPECT_THAT(found(audit, when), IsEmpty());
}

TEST(DataRules, TheVerbsAreTheOnesThatCount) {
  AuditBuilder audit;
  audit.written(kHome + "/a").added(regular(kHome + "/b")).deleted(regular(kHome + "/c"));
  EXPECT_THAT(found(audit, "{verb: create, object: file, place: user-data}"),
              ElementsAre(HasSubstr("/b")));
  EXPECT_THAT(found(audit, "{verb: [modify, delete], object: file, place: user-data}"),
              ElementsAre(HasSubstr("/a"), HasSubstr("/c")));
}

TEST(DataRules, AnyOfSeveralConditionsFindsAnObjectOnce) {
  AuditBuilder audit;
  audit.added(regular(kHome + "/a")).unit("x.service");
  EXPECT_THAT(found(audit,
                    "[{verb: create, object: file, place: user-data},"
                    " {verb: create, object: file, path: \"*/a\"},"
                    " {verb: create, object: unit, name: \"*.service\"},"
                    " {verb: create, object: unit}]"),
              ElementsAre(HasSubstr("/a"), HasSubstr("x.service")));
}

TEST(DataRules, AnActorIsRootWhereWhatIsDoneTakesRoot) {
  AuditBuilder audit;
  audit.added(regular("/opt/a", 10, 0644, 0)).added(regular("/opt/b"));
  audit.cron("@daily backup");
  EXPECT_THAT(found(audit, "{verb: create, object: file, actor: root}"),
              ElementsAre(HasSubstr("/opt/a")));
  EXPECT_THAT(found(audit, "{verb: create, object: file, actor: user}"),
              ElementsAre(HasSubstr("/opt/b")));
  EXPECT_THAT(found(audit, "{verb: create, object: cron-job, actor: root}"), IsEmpty());
  EXPECT_THAT(found(audit, "{verb: create, object: cron-job, actor: user}"),
              ElementsAre(HasSubstr("@daily backup")));
}

TEST(DataRules, AnExceptionTakesOutWhatItNames) {
  AuditBuilder audit;
  audit.added(regular(kHome + "/a")).added(regular(kHome + "/b"));
  EXPECT_THAT(found(audit,
                    "{verb: create, object: file, place: user-data, "
                    "except: [{reason: \"ours\", path: \"*/a\"}]}"),
              ElementsAre(HasSubstr("/b")));
}

TEST(DataRules, ReportTogetherMakesOneFindingOfAll) {
  AuditBuilder audit;
  audit.added(regular(kHome + "/a")).added(regular(kHome + "/b"));
  const std::vector<std::string> titles =
      found(audit, "{verb: create, object: file, place: user-data}\n    report: together");
  EXPECT_THAT(titles, ElementsAre("The version of Node was pinned: `/home/ubuntu/a` and "
                                  "`/home/ubuntu/b`"));
}

TEST(DataRules, AFileOfAPackageCountsWhereTheConditionSaysSo) {
  AuditBuilder audit;
  audit.added(regular(kHome + "/a"), Origin::Package, "stranger");
  EXPECT_THAT(found(audit, "{verb: create, object: file, place: user-data}"), IsEmpty());
  EXPECT_THAT(found(audit, "{verb: create, object: file, place: user-data, by: [skill, package]}"),
              ElementsAre(HasSubstr("/a")));
}

TEST(DataRules, PermissionsPackagesAndAccountsAreObjectsToo) {
  AuditBuilder audit;
  FileEntry open = regular(kHome + "/a");
  open.mode = 0666;
  audit.modified(regular(kHome + "/a"), open);
  EXPECT_THAT(found(audit, "{verb: modify, object: permissions, is: opened-to-all}"),
              ElementsAre(HasSubstr("/a")));
  audit.package("jq", {"jq"});
  EXPECT_THAT(found(audit, "{verb: install, object: package, name: \"j*\", is: system-wide}"),
              ElementsAre(HasSubstr("jq")));
  User user;
  user.username = "eve";
  audit.changes.users.push_back({ChangeKind::Added, {}, user});
  EXPECT_THAT(found(audit, "{verb: create, object: account, name: eve}"),
              ElementsAre(HasSubstr("eve")));
}

TEST(DataRules, WhatAConditionCannotSayIsRefusedWithItsPlace) {
  EXPECT_THAT(error_of("{verb: send, object: file}"),
              HasSubstr("rules/team.yaml:6:18: \"send\" is none of create, modify, delete"));
  EXPECT_THAT(error_of("{verb: create, object: fil}"), HasSubstr("did you mean \"file\"?"));
  EXPECT_THAT(error_of("{verb: create, object: file, place: user-dat}"),
              HasSubstr("did you mean \"user-data\"?"));
  EXPECT_THAT(error_of("{verb: create, object: unit, place: temp}"),
              HasSubstr("the object unit has no place"));
  EXPECT_THAT(error_of("{verb: create, object: unit, path: /x}"),
              HasSubstr("the object unit has a `name`, no `path`"));
  EXPECT_THAT(error_of("{verb: create, object: file, is: orphan}"),
              HasSubstr("\"orphan\" is none of in-project"));
  EXPECT_THAT(error_of("{verb: stay, object: listener, is: root}"),
              HasSubstr("nothing of the kind can be asked of the object listener"));
  EXPECT_THAT(error_of("{verb: create, object: file, actor: admin}"),
              HasSubstr("\"admin\" is none of any, user, root"));
  EXPECT_THAT(error_of("{verb: create, object: file, except: [{path: \"*\"}]}"),
              HasSubstr("\"reason\" is missing"));
  EXPECT_THAT(error_of("{verb: create, object: file, except: [{reason: x}]}"),
              HasSubstr("does not say what is excepted"));
  EXPECT_THAT(error_of("{verb: create, object: file, seen_in: trace}"),
              HasSubstr("the trace has only files of a `place`"));
  EXPECT_THAT(error_of("{verb: create, object: file, place: cron, seen_in: trace, is: in-project}"),
              HasSubstr("has no `is`, `is_not` or `except`"));
  EXPECT_THAT(error_of("[]"), HasSubstr("expected a condition"));
  EXPECT_THAT(error_of("{verb: create, object: file}\n    when: x"), HasSubstr("is there twice"));
}

TEST(DataRules, AnIdThatIsNoneOrThereTwiceIsRefused) {
  const auto refused = [](const std::string& id) {
    std::string text = team_rule("{verb: create, object: file}");
    text.replace(text.find("team.node-version"), 17, id);
    std::vector<RuleFile> files = shipped_rule_files();
    files.push_back({"rules/team.yaml", text});
    files.push_back({"rules/team.yaml", team_rule("{verb: create, object: file}")});
    try {
      static_cast<void>(load_rubric(shipped_rubric_file(), files));
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_THAT(refused("team.Node"), HasSubstr("\"team.Node\" is no id: write AREA.WHAT"));
  EXPECT_THAT(refused("files.temp-left"), HasSubstr("must be in files.yaml"));
  EXPECT_THAT(refused("team.node-version"),
              HasSubstr("rules/team.yaml:3:9: the rule team.node-version is there already, at "
                        "rules/team.yaml:3:9: give this one another id"));
}

TEST(DataRules, AreDescribedWithEveryWordThatTheyKnow) {
  const std::string page = read_file(fs::path(SKILLAUDIT_SOURCE_DIR) / "docs/rule-files.md");
  const auto expect = [&](std::string_view word) {
    EXPECT_THAT(page, HasSubstr("`" + std::string(word) + "`"));
  };
  for (const Verb each : kVerbs) expect(name_of(each));
  for (const ObjectKind each : kObjectKinds) expect(name_of(each));
  for (const EffectClass each : kEffectClasses) expect(name_of(each));
  for (std::size_t i = 0; i < Traits().size(); ++i) expect(name_of(static_cast<Trait>(i)));
  for (std::size_t i = 0; i < kPlaceCount; ++i) expect(name_of(static_cast<Place>(i)));
}

}  // namespace
}  // namespace skillaudit::testing
