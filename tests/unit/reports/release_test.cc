#include "harness/gate/release.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "reports/render.h"
#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

using ::skillaudit::testing::AuditBuilder;
using ::skillaudit::testing::calibration;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string report(const AuditBuilder& audit) {
  return render_json(audit.evidence, audit.assessed());
}

std::string complaint(const std::string& text) {
  try {
    (void)read_release(text, "old.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Skill);
    return error.what();
  }
  return "nothing was refused";
}

TEST(Release, IsReadFromAReportAsItStandsInTheAudit) {
  AuditBuilder audit = calibration();
  audit.add(AuditBuilder::request("GET", "api.example.org", "/"))
      .unit("x.service")
      .cron("@daily x");
  const Release read = read_release(report(audit), "report.json");
  const Release seen = release_of(audit.evidence, audit.assessed());
  EXPECT_EQ(read.skill, "vm-report-sample");
  EXPECT_EQ(read.capabilities.names, seen.capabilities.names);
  EXPECT_EQ(read.outcome.verdict, seen.outcome.verdict);
  EXPECT_EQ(read.outcome.scores, seen.outcome.scores);
  const ReleaseDiff diff = compare(read, seen);
  EXPECT_TRUE(diff.empty());
  EXPECT_THAT(what_is_new(diff), IsEmpty());
}

TEST(Release, CountsNamesThatAReportLeavesOut) {
  AuditBuilder audit;
  for (int i = 0; i < 1005; ++i)
    audit.add(AuditBuilder::request("GET", "h" + std::to_string(i) + ".example", "/"));
  const Release read = read_release(report(audit), "report.json");
  EXPECT_EQ(read.capabilities.of(CapabilityKind::Host).size(), 1000u);
  EXPECT_EQ(read.capabilities.omitted[0], 5u);
  const ReleaseDiff diff =
      compare(release_of(AuditBuilder().evidence, AuditBuilder().assessed()), [&] {
        Release same = read;
        same.skill = "example";
        return same;
      }());
  bool told = false;
  for (const News& each : what_is_new(diff))
    told = told || each.sentence == "new host: 5 more that the report does not list";
  EXPECT_TRUE(told);
}

TEST(Release, IsNotReadFromWhatIsNoReport) {
  EXPECT_THAT(complaint(""), HasSubstr("old.json is not a skillaudit report"));
  EXPECT_THAT(complaint("[]"), HasSubstr("is not a skillaudit report"));
  EXPECT_THAT(complaint("{\"a\": 1}"), HasSubstr("is not a skillaudit report"));
}

TEST(Release, IsComparedWithAnOlderReportByTheKindsThatBothHave) {
  AuditBuilder audit = calibration();
  audit.unit("x.service");
  auto json = nlohmann::json::parse(report(audit));
  json["schema_version"] = 4;
  json["surface"] = json["capabilities"];
  json.erase("capabilities");
  json["surface"]["persistence"].push_back("unit system/y.service");
  const Release old = read_release(json.dump(), "old.json");
  EXPECT_EQ(old.kinds, kFirstCapabilityKinds);
  const ReleaseDiff diff = compare(old, release_of(audit.evidence, audit.assessed()));
  EXPECT_THAT(diff.added, IsEmpty());
  ASSERT_EQ(diff.gone.size(), 1u);
  EXPECT_EQ(diff.gone[0].name, "unit system/y.service");
}

TEST(Release, IsNotReadFromAReportOfAnotherSchemaVersion) {
  auto json = nlohmann::json::parse(report(calibration()));
  json["schema_version"] = 1;
  EXPECT_THAT(
      complaint(json.dump()),
      HasSubstr(
          "of schema version 1, but this skillaudit compares versions 2 to 5: generate it again"));
}

TEST(Release, IsNotReadFromHalfAReport) {
  for (const char* key : {"capabilities", "findings", "scores", "skill", "grade"}) {
    auto json = nlohmann::json::parse(report(calibration()));
    json.erase(key);
    EXPECT_THAT(complaint(json.dump()), HasSubstr("is not a complete report")) << key;
  }
  auto json = nlohmann::json::parse(report(calibration()));
  json["verdict"] = "FINE";
  EXPECT_THAT(complaint(json.dump()), HasSubstr("unknown value FINE"));
}

TEST(Release, ShowsNothingOfAReportThatCouldSteerATerminal) {
  auto json = nlohmann::json::parse(report(calibration()));
  json["capabilities"]["hosts"].push_back("https://\u001b[2Jx\u202e\n.example");
  const Release read = read_release(json.dump(), "old.json");
  for (const std::string& host : read.capabilities.of(CapabilityKind::Host)) {
    EXPECT_EQ(host.find('\x1b'), std::string::npos);
    EXPECT_EQ(host.find('\n'), std::string::npos);
    EXPECT_EQ(host.find("\u202e"), std::string::npos);
  }
}

}  // namespace
}  // namespace skillaudit
