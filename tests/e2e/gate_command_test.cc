// The gate by its commands, over bundles that were made without a VM.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/bundle/manifest.h"
#include "tests/e2e/account.h"
#include "tests/unit/bundle/changed_bundle.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class GateCommand : public ::testing::Test {
 protected:
  Account account{Account::Images::None};

  /// The bundle of a skill that did nothing but ask these hosts for something, and was refused.
  fs::path bundle(const std::string& name, const std::vector<std::string>& hosts = {},
                  std::size_t changes = 0) const {
    fs::path folder = account.home() / name;
    (void)testing::write_changed_bundle(changes, folder);
    std::string flows = read_file(folder / "flows.jsonl");
    int id = 1 + static_cast<int>(std::count(flows.begin(), flows.end(), '\n'));
    for (const std::string& host : hosts) {
      nlohmann::json flow =
          nlohmann::json::parse(flows.substr(0, flows.find('\n')));  // the probe's, as a pattern
      flow["id"] = id++;
      flow["scheme"] = "https";
      flow["port"] = 443;
      flow["host"] = host;
      flows += flow.dump() + "\n";
    }
    write_file(folder / "flows.jsonl", flows);
    seal_bundle(folder);
    return folder;
  }
  fs::path file(const std::string& name, const std::string& text) const {
    fs::path path = account.home() / name;
    write_file(path, text);
    return path;
  }
  CommandResult gate(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "gate");
    return account.run(arguments);
  }
  void expect_refusal(const std::vector<std::string>& arguments, int code,
                      const ::testing::Matcher<std::string>& sentence) const {
    const CommandResult result = account.run(arguments);
    EXPECT_EQ(result.exit_code, code) << result.out;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, AllOf(StartsWith("skillaudit: "), sentence));
  }
};

TEST_F(GateCommand, LetsAReleasePassThatDoesWhatTheLastOneDid) {
  const CommandResult result = gate({bundle("new"), "--baseline", bundle("old"), "--fail-on-new"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("simulation: passes the gate: APPROVED"));
}

TEST_F(GateCommand, FlipsWhenASkillStartsToContactAHostAndNamesIt) {
  const fs::path policy =
      file("gate.yaml", "schema_version: 1\nverdicts: [APPROVED, NEEDS_REVIEW]\n");
  const fs::path old = bundle("old", {"api.example.org"});
  const fs::path now = bundle("now", {"api.example.org", "evil.example"});
  EXPECT_EQ(gate({now, "--policy", policy}).exit_code, 0);
  const CommandResult result = gate({now, "--policy", policy, "--baseline", old});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("new host: https://evil.example\n"));
  EXPECT_EQ(gate({old, "--policy", policy, "--baseline", old}).exit_code, 0);
}

TEST_F(GateCommand, ComparesWithAReportAsWithItsBundle) {
  const fs::path old = bundle("old", {"api.example.org"});
  ASSERT_EQ(account.run({"report", old}).exit_code, 1);
  const fs::path report = account.home() / "old.json";
  fs::copy_file(old / "report.json", report);
  const fs::path now = bundle("now", {"api.example.org", "evil.example"});
  EXPECT_EQ(account.run({"report", "diff", report, now}).out,
            account.run({"report", "diff", old, now}).out);
  EXPECT_THAT(account.run({"report", "diff", report, now}).out,
              HasSubstr("+ hosts       https://evil.example\n"));
  EXPECT_EQ(account.run({"report", "diff", report, now, "--exit-code"}).exit_code, 1);
  EXPECT_EQ(account.run({"report", "diff", report, old, "--exit-code"}).exit_code, 0);
}

TEST_F(GateCommand, TellsOfNewsWhereTheyAreNotRefused) {
  const fs::path old = bundle("old");
  const fs::path now = bundle("now", {"evil.example"});
  const std::vector<std::string> arguments = {"report", now, "--baseline", old};
  const CommandResult told = account.run(arguments);
  EXPECT_EQ(told.exit_code, 1) << "a HIGH finding needs review";
  EXPECT_THAT(told.out, Not(HasSubstr("\n  new host: ")));
  EXPECT_THAT(told.out, HasSubstr("since the baseline: new host: https://evil.example"));
}

TEST_F(GateCommand, TakesAnAcceptedFindingOutOfTheCountUntilItExpires) {
  const fs::path now = bundle("now", {"api.example.org"});
  const fs::path accepted = file("accept.yaml", R"(schema_version: 1
accept:
  - rule: network.unexpected-host
    what: https://api.example.org
    reason: the weather
    expires: 2027-01-31
)");
  const CommandResult result = gate({now, "--accept", accepted, "--date", "2027-01-31"});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("accepted until 2027-01-31: network.unexpected-host: "));
  const CommandResult late = gate({now, "--accept", accepted, "--date", "2027-02-01"});
  EXPECT_EQ(late.exit_code, 1);
  EXPECT_THAT(late.err, HasSubstr("accept.yaml:3: the acceptance of network.unexpected-host "
                                  "expired on 2027-01-31"));
  EXPECT_THAT(gate({bundle("quiet"), "--accept", accepted, "--date", "2027-01-31"}).err,
              HasSubstr("is not needed"));
}

TEST_F(GateCommand, SaysTheSameAsJson) {
  const CommandResult result = gate({bundle("now", {"evil.example"}), "--json"});
  EXPECT_EQ(result.exit_code, 1);
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["passed"], false);
  EXPECT_EQ(json["audits"][0]["verdict"], "NEEDS_REVIEW");
  EXPECT_EQ(json["audits"][0]["findings"][0]["rule"], "network.unexpected-host");
  EXPECT_EQ(json["audits"][0]["since"], nullptr);
}

TEST_F(GateCommand, ChangesNothingInABundle) {
  const fs::path now = bundle("now", {"evil.example"});
  EXPECT_FALSE(fs::exists(now / "report.json"));
  EXPECT_EQ(gate({now}).exit_code, 1);
  EXPECT_FALSE(fs::exists(now / "report.json"));
}

TEST_F(GateCommand, RefusesEvidenceThatWasTamperedWith) {
  const fs::path now = bundle("now", {"evil.example"});
  write_file(now / "flows.jsonl", "");
  expect_refusal({"gate", now}, 65,
                 HasSubstr("was changed after the audit: flows.jsonl was changed"));
  const fs::path kept = file("kept.sarif", "of yesterday");
  expect_refusal({"report", now, "--format", "sarif", "-o", kept}, 65,
                 HasSubstr("was changed after the audit"));
  EXPECT_EQ(read_file(kept), "of yesterday");
  fs::remove(now / "manifest.json");
  expect_refusal({"gate", now}, 65, HasSubstr("is not a complete bundle"));
  expect_refusal({"report", "diff", now, now}, 65, HasSubstr("is not a complete bundle"));
}

TEST_F(GateCommand, NamesTheFileOfTheGateThatIsWrong) {
  const fs::path now = bundle("now");
  expect_refusal({"gate", now, "--policy", "none.yaml"}, 64,
                 HasSubstr("the policy none.yaml does not exist"));
  expect_refusal({"gate", now, "--policy", file("p.yaml", "schema_version: 1\nverdict: X\n")}, 64,
                 HasSubstr("p.yaml:2:1: unknown key `verdict` in the policy: did you mean "
                           "`verdicts`?"));
  expect_refusal({"gate", now, "--accept",
                  file("a.yaml",
                       "schema_version: 1\naccept:\n- {rule: network.unexpected-hosts, reason: x, "
                       "expires: 2027-01-31}\n")},
                 64, HasSubstr("did you mean `network.unexpected-host`?"));
  expect_refusal({"gate", now, "--date", "soon"}, 64, HasSubstr("--date is 'soon'"));
  expect_refusal({"gate", now, "--fail-on-new"}, 64, HasSubstr("needs --baseline"));
  expect_refusal({"gate", now, "--baseline", now, "--fail-on-new=host"}, 64,
                 HasSubstr("--fail-on-new is 'host': give kinds"));
  expect_refusal({"gate", "missing"}, 64, HasSubstr("there is no bundle missing"));
}

TEST_F(GateCommand, JudgesNoTwoSkillsByOneName) {
  const fs::path now = bundle("now");
  const fs::path again = bundle("again");
  EXPECT_EQ(gate({now, again}).exit_code, 0) << "two audits of one skill";
  auto skill = nlohmann::json::parse(read_file(again / "skill.json"));
  skill["sha256"] = std::string(64, '1');
  write_file(again / "skill.json", skill.dump());
  seal_bundle(again);
  expect_refusal({"gate", now, again}, 65,
                 HasSubstr("two audits are of skills named simulation with different files"));
}

// One folder for all commands: report, gate, diff and explain know the same rules.
TEST_F(GateCommand, GoesByTheRulesOfATeamAsTheReportDoes) {
  const fs::path now = bundle("now", {}, 40);
  const fs::path rules = account.home() / "team-rules";
  fs::create_directory(rules);
  const std::string text =
      "schema_version: 1\nrules:\n  - id: acme.measurements\n    class: lasting\n"
      "    section: files\n    when: {verb: create, object: file, path: "
      "\"~/projects/simulation/*\"}\n"
      "    report: together\n    axis: security\n    severity: HIGH\n    deduction: 20\n"
      "    rationale: \"Others read them.\"\n    source: \"the handbook\"\n"
      "    title: \"Measurements were added: {what}\"\n";
  write_file(rules / "acme.yaml", text);
  const fs::path policy = file("gate.yaml",
                               "schema_version: 1\nrules: [{rule: acme.measurements, off: true, "
                               "reason: known}]\n");

  ASSERT_NE(account.run({"report", now, "--rules", rules}).exit_code, 0);
  const auto report = nlohmann::json::parse(read_file(now / "report.json"));
  EXPECT_EQ(report["added_rules"][0]["file"], "acme.yaml");
  EXPECT_THAT(report["findings"].dump(), HasSubstr("acme.measurements"));
  EXPECT_THAT(gate({now, "--rules", rules}).out, HasSubstr("acme.measurements needs a review"));
  EXPECT_THAT(gate({now}).out, ::testing::Not(HasSubstr("acme.measurements needs a review")));
  EXPECT_THAT(gate({now, "--rules", rules, "--policy", policy}).err, IsEmpty());
  expect_refusal({"gate", now, "--policy", policy}, 64, HasSubstr("acme.measurements"));
  const std::string old = file("old.json", read_file(now / "report.json"));
  EXPECT_THAT(account.run({"report", "diff", old, now}).out, HasSubstr("acme.measurements"));
  EXPECT_THAT(account.run({"report", "diff", old, now, "--rules", rules}).out,
              ::testing::Not(HasSubstr("acme.measurements")));
  EXPECT_THAT(account.run({"explain", "measurements", "--rules", rules}).out,
              HasSubstr("team-rules/acme.yaml:3:9"));

  expect_refusal({"gate", now, "--rules", ""}, 64, HasSubstr("--rules: the value is empty"));
  write_file(rules / "acme.yaml", text + "    titel: x\n");
  for (const std::string command : {"report", "gate", "run", "test"})
    expect_refusal({command, now, "--rules", rules}, 64,
                   HasSubstr("acme.yaml:14:5: unknown key \"titel\", did you mean \"title\"?"));
}

TEST_F(GateCommand, RefusesABaselineThatIsNoneOfThisSkill) {
  const fs::path now = bundle("now");
  ASSERT_EQ(account.run({"report", now}).exit_code, 0);
  auto report = nlohmann::json::parse(read_file(now / "report.json"));
  report["skill"]["name"] = "another";
  expect_refusal({"gate", now, "--baseline", file("other.json", report.dump())}, 65,
                 HasSubstr("no baseline for the skill simulation"));
  expect_refusal({"report", "diff", account.home() / "other.json", now}, 65,
                 HasSubstr("for the skill another"));
  report["schema_version"] = 1;
  expect_refusal({"gate", now, "--baseline", file("old.json", report.dump())}, 65,
                 HasSubstr("old.json is a report of schema version 1"));
  expect_refusal({"gate", now, "--baseline", file("x.json", "{}")}, 65,
                 HasSubstr("is not a skillaudit report"));
  expect_refusal({"gate", now, "--baseline", "none.json"}, 64, HasSubstr("there is no report"));
}

}  // namespace
}  // namespace skillaudit
