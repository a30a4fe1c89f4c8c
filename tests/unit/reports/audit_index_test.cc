#include "reports/audit_index.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace skillaudit {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

IndexedAudit audit(const std::string& name, Verdict verdict,
                   const std::vector<OutcomeFinding>& findings = {}) {
  return {.name = name,
          .exit_code = 0,
          .outcome = {.verdict = verdict, .grade = Grade::B, .overall = 88, .findings = findings},
          .seconds = 7.25,
          .bundle = name};
}

OutcomeFinding finding(Severity severity, const std::string& title) {
  return {.rule = "a.b", .severity = severity, .title = title};
}

AuditIndex sample() {
  IndexedAudit broken{.name = "broken", .error = "no `SKILL.md` | here", .exit_code = 65};
  IndexedAudit open = audit("open", Verdict::Inconclusive);
  open.reason = "Not exercised: `run.sh`";
  open.coverage.units = {{.place = "a", .ran = true, .lines = 6, .lines_ran = 5},
                         {.place = "b", .ran = true},
                         {.place = "c", .ran = true},
                         {.place = "d"}};
  IndexedAudit cloned = audit("a b", Verdict::Approved);
  cloned.source = GitSource{"https://example.org/x.git", "", std::string(40, 'c'), "a b"};
  return make_index(
      {cloned, audit("mild", Verdict::Rejected, {finding(Severity::High, "It <b>deletes</b>")}),
       open, broken, audit("grave", Verdict::Rejected, {finding(Severity::Critical, "It `rm`s")})},
      65);
}

TEST(AuditIndex, StandsWorstFirst) {
  std::vector<std::string> names;
  for (const IndexedAudit& each : sample().audits) names.push_back(each.name);
  EXPECT_THAT(names, ElementsAre("grave", "mild", "broken", "open", "a b"));
  EXPECT_EQ(counts_of(sample()), "2 REJECTED, 1 not audited, 1 INCONCLUSIVE, 1 APPROVED");
}

TEST(AuditIndex, ShowsTheWorstFindingOrWhyThereIsNone) {
  const AuditIndex index = sample();
  EXPECT_EQ(matter_of(index.audits[0]).text, "It `rm`s");
  EXPECT_EQ(matter_of(index.audits[0]).severity, Severity::Critical);
  EXPECT_EQ(matter_of(index.audits[2]).text, "no `SKILL.md` | here");
  EXPECT_EQ(matter_of(index.audits[3]).text, "Not exercised: `run.sh`");
  EXPECT_EQ(matter_of(index.audits[4]).text, "No findings");
  EXPECT_EQ(coverage_text(index.audits[3]), "3 of 4 parts, 83 % of lines");
}

TEST(AuditIndex, IsMarkdownWithLinks) {
  const std::string page = render_index_markdown(sample());
  EXPECT_THAT(page, HasSubstr("| grave | REJECTED | B | **CRITICAL** It `rm`s |  | 7.2 | "
                              "[html](grave/report.html) [md](grave/report.md) "
                              "[json](grave/report.json) |\n"));
  EXPECT_THAT(page, HasSubstr("| broken | not audited | – | no `SKILL.md` \\| here |  | | |\n"));
  EXPECT_THAT(page, HasSubstr("(a%20b/report.html)"));
  EXPECT_THAT(page, Not(HasSubstr("<b>")));
}

TEST(AuditIndex, IsJsonForPrograms) {
  const auto json = nlohmann::json::parse(render_index_json(sample()));
  EXPECT_EQ(json["exit_code"], 65);
  const auto& broken = json["audits"][2];
  EXPECT_TRUE(broken["verdict"].is_null() && broken["bundle"].is_null());
  EXPECT_EQ(broken["error"], "no `SKILL.md` | here");
  EXPECT_EQ(json["audits"][0]["matter"]["severity"], "CRITICAL");
  EXPECT_EQ(json["audits"][3]["coverage"]["ran"], 3);
  EXPECT_EQ(json["audits"][4]["source"]["commit"], std::string(40, 'c'));
  EXPECT_TRUE(json["audits"][4]["error"].is_null());
}

TEST(AuditIndex, IsAPageInWhichTextIsNoMarkup) {
  const std::string page = render_index_html(sample());
  EXPECT_THAT(page, AllOf(HasSubstr("It &lt;b&gt;deletes&lt;/b&gt;"), Not(HasSubstr("<b>deletes")),
                          HasSubstr("<a href=\"a%20b/report.html\">a b</a>"),
                          HasSubstr("class=\"verdict rejected\""), HasSubstr("NOT AUDITED"),
                          HasSubstr("at <code>cccccccccccc</code>")));
}

}  // namespace
}  // namespace skillaudit
