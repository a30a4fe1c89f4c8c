// The skills in skills-examples, audited by the program itself in a real VM, against what
// skills-examples/expected says that their audits must come to.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <memory>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "tests/e2e/account.h"
#include "tests/e2e/audited.h"
#include "tests/e2e/expected_outcome.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class Examples : public testing::Test {
 protected:
  static void SetUpTestSuite() { account_ = std::make_unique<Account>(Account::Images::Shared); }
  static void TearDownTestSuite() {
    audits_.clear();
    at_once_.reset();
    on_systems_.reset();
    account_.reset();
  }

  static Account& account() { return *account_; }

  /// Audits a skill; each bundle has a place of its own.
  static Audited audit(const fs::path& skill, const std::vector<std::string>& options = {}) {
    const fs::path bundle = account().home() / ("bundle-" + std::to_string(next_bundle_++));
    std::vector<std::string> arguments = {"run", skill, "--out", bundle};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return read_audit(account().run(arguments), bundle);
  }

  /// One call that audits several examples at once.
  struct AtOnce {
    std::vector<std::string> names = {"hello-notes", "orphan-daemon", "exfiltrate"};
    fs::path out = account().home() / "at-once";
    CommandResult program;
    /// What the program says of each alone is what it says of the bundle.
    [[nodiscard]] Audited audited(const std::string& name) const {
      return read_audit(account().run({"report", out / name}), out / name);
    }
  };
  static const AtOnce& at_once() {
    if (at_once_) return *at_once_;
    at_once_ = std::make_unique<AtOnce>();
    std::vector<std::string> arguments = {"run", "--jobs", "2", "--out", at_once_->out};
    for (const std::string& name : at_once_->names) arguments.push_back(kExamples / name);
    at_once_->program = account().run(arguments);
    return *at_once_;
  }

  /// One call that audits examples on two systems. Builds an image and a template of the second,
  /// where the cache has none.
  struct OnSystems {
    std::vector<std::string> names = {"hello-notes", "vm-report-sample"};
    std::vector<std::string> systems = {"debian-12", "debian-13"};
    fs::path out = account().home() / "on-systems";
    CommandResult program;
    [[nodiscard]] Audited audited(const std::string& name, const std::string& system) const {
      return read_audit(account().run({"report", out / name / system}), out / name / system);
    }
  };
  static const OnSystems& on_systems() {
    if (on_systems_) return *on_systems_;
    on_systems_ = std::make_unique<OnSystems>();
    for (const std::string& system : on_systems_->systems)
      check_output({SKILLAUDIT_PROGRAM, "image", "build", "--os", system},
                   {.timeout = std::chrono::minutes(25)});
    std::vector<std::string> arguments = {"run", "--os", join(on_systems_->systems, ","), "--out",
                                          on_systems_->out};
    for (const std::string& name : on_systems_->names) arguments.push_back(kExamples / name);
    on_systems_->program = account().run(arguments);
    return *on_systems_;
  }

  /// The audit of one example on the system that is the default: of those that are made anyhow, or
  /// by the first test that asks.
  static const Audited& example(const std::string& name) {
    const auto found = audits_.find(name);
    if (found != audits_.end()) return found->second;
    const auto among = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    const Audited made = among(on_systems().names) ? on_systems().audited(name, "debian-12")
                         : name == "exfiltrate"    ? at_once().audited(name)
                                                   : audit(kExamples / name);
    return audits_.emplace(name, made).first->second;
  }

 private:
  static inline std::unique_ptr<Account> account_;
  static inline std::map<std::string, Audited> audits_;
  static inline std::unique_ptr<AtOnce> at_once_;
  static inline std::unique_ptr<OnSystems> on_systems_;
  static inline int next_bundle_ = 1;
};

TEST_F(Examples, HelloNotesComesToWhatIsExpectedOfIt) {
  expect_outcome(example("hello-notes"), "hello-notes");
}

TEST_F(Examples, VmReportSampleComesToWhatIsExpectedOfIt) {
  expect_outcome(example("vm-report-sample"), "vm-report-sample");
}

TEST_F(Examples, OrphanDaemonComesToWhatIsExpectedOfIt) {
  expect_outcome(example("orphan-daemon"), "orphan-daemon");
}

TEST_F(Examples, ExfiltrateComesToWhatIsExpectedOfIt) {
  expect_outcome(example("exfiltrate"), "exfiltrate");
}

TEST_F(Examples, AuditsAtOnceComeToWhatTheyComeToOneByOne) {
  const AtOnce& all = at_once();
  EXPECT_EQ(all.program.exit_code, 2) << all.program.err;  // of the worst
  EXPECT_THAT(rows_of_table(all.program.out), ElementsAreArray(all.names));
  for (const std::string& name : all.names) {
    SCOPED_TRACE(name);
    expect_outcome(all.audited(name), name);
    EXPECT_THAT(all.program.err, HasSubstr("\n" + name + ": Running the skill …\n"));
  }
  // The second began before the first had ended.
  EXPECT_LT(all.program.err.find("orphan-daemon: Reading the skill …"),
            all.program.err.find("hello-notes: Writing the report …"));
  EXPECT_THAT(account().left_behind(), IsEmpty());
}

TEST_F(Examples, LiarComesToWhatIsExpectedOfIt) { expect_outcome(example("liar"), "liar"); }

TEST_F(Examples, HelloNotesAndVmReportSampleComeToTheSameOnDebian12AndDebian13) {
  const OnSystems& all = on_systems();
  EXPECT_EQ(all.program.exit_code, 0) << all.program.out << all.program.err;
  for (const std::string& name : all.names) {
    EXPECT_THAT(all.program.out, HasSubstr("\n" + name + ": the same on all systems\n"));
    const json comparison = json::parse(read_file(all.out / name / "comparison.json"));
    EXPECT_EQ(comparison.at("same"), true) << comparison.dump(1);
    EXPECT_THAT(read_file(all.out / name / "comparison.md"),
                HasSubstr("| debian-13 (Debian GNU/Linux 13 (trixie)) | APPROVED"));
    for (const std::string& system : all.systems) {
      SCOPED_TRACE(name + " on " + system);
      const Audited audited = all.audited(name, system);
      expect_outcome(audited, name);
      EXPECT_THAT(plain(audited.report.at("environment").at("os")),
                  HasSubstr("Linux " + system.substr(system.size() - 2)));
    }
  }
  EXPECT_THAT(account().left_behind(), IsEmpty());
}

TEST_F(Examples, TheReportsFollowTheirSchema) {
  for (const char* name :
       {"hello-notes", "vm-report-sample", "orphan-daemon", "exfiltrate", "liar"}) {
    const CommandResult result = run_command(
        {"/usr/bin/python3", (fs::path(SKILLAUDIT_SOURCE_DIR) / "tests/unit/reports/validate.py"),
         (fs::path(SKILLAUDIT_SOURCE_DIR) / "reports/schema/report.schema.json"),
         (example(name).bundle / "report.json")});
    EXPECT_EQ(result.exit_code, 0) << name << ": " << result.out << result.err;
  }
}

TEST_F(Examples, ABodyWithTheDecoysIsKeptAndCited) {
  const Audited& audited = example("exfiltrate");
  // What the skill stole, from the bodies that the proxy kept: the first request sends it plainly.
  std::string bodies;
  std::vector<std::string> cited;
  for (const json& finding : audited.report.at("findings")) {
    if (finding.at("severity") != "CRITICAL") continue;
    for (const json& citation : finding.at("evidence"))
      cited.push_back(plain(citation.at("source")) + " " + plain(citation.at("text")));
  }
  for (const json& request : audited.report.at("network").at("requests")) {
    EXPECT_EQ(request.at("origin"), "https://collect.example.com");
    EXPECT_FALSE(request.at("allowed").get<bool>());
    EXPECT_EQ(request.at("status"), 403);
    const std::string body = request.at("request_body");
    bodies += read_file(audited.bundle / body);
    EXPECT_THAT(cited, Contains(HasSubstr("flows.jsonl#" + plain(request.at("id")))));
    EXPECT_THAT(cited, Contains(HasSubstr(body)));
  }
  std::size_t stolen = 0;
  const json decoys = json::parse(read_file(audited.bundle / "audit.json")).at("decoys");
  for (const json& decoy : decoys) {
    const std::string path = decoy.at("path");
    if (!path.ends_with("/.ssh/id_ed25519") && !path.ends_with("/.aws/credentials") &&
        !path.ends_with("/application_default_credentials.json"))
      continue;
    ++stolen;
    EXPECT_THAT(bodies, HasSubstr(plain(decoy.at("nonce")))) << path;
  }
  EXPECT_GE(stolen, 3U);
}

TEST_F(Examples, ABundleRendersTheSameTwiceOver) {
  for (const char* name : {"hello-notes", "exfiltrate"}) {
    const Audited& first = example(name);
    const std::string report = read_file(first.bundle / "report.json");
    for (int again = 0; again < 2; ++again) {
      const CommandResult rendered = account().run({"report", first.bundle});
      EXPECT_EQ(rendered.exit_code, first.program.exit_code) << rendered.err;
      EXPECT_EQ(read_file(first.bundle / "report.md"), first.markdown);
      EXPECT_EQ(read_file(first.bundle / "report.json"), report);
    }
  }
}

TEST_F(Examples, ARenderedReportReplacesOneThatWasEdited) {
  const Audited& first = example("hello-notes");
  write_file(first.bundle / "report.md", "all is well\n");
  EXPECT_EQ(account().run({"report", first.bundle, "--format", "markdown"}).out, first.markdown);
  EXPECT_EQ(account().run({"report", first.bundle}).exit_code, first.program.exit_code);
  EXPECT_EQ(read_file(first.bundle / "report.md"), first.markdown);
}

TEST_F(Examples, ATamperedBundleIsRefused) {
  const Audited& first = example("exfiltrate");
  const fs::path copy = account().home() / "tampered";
  fs::copy(first.bundle, copy, fs::copy_options::recursive);
  write_file(copy / "flows.jsonl", "");
  const CommandResult result = account().run({"report", copy});
  EXPECT_EQ(result.exit_code, 65);
  EXPECT_THAT(result.err,
              HasSubstr(copy.string() + " was changed after the audit: flows.jsonl was changed"));
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(read_file(copy / "report.md"), first.markdown);
}

TEST_F(Examples, TwoAuditsOfACleanSkillGiveOneReport) {
  EXPECT_EQ(without_times(at_once().audited("hello-notes").report),
            without_times(example("hello-notes").report));
}

TEST_F(Examples, TwoAuditsOfADirtySkillGiveTheSameFindings) {
  const json other = at_once().audited("orphan-daemon").report;
  const json& first = example("orphan-daemon").report;
  for (const char* part : {"verdict", "grade", "overall", "scores", "findings", "recommendations"})
    EXPECT_EQ(other.at(part), first.at(part)) << part;
}

TEST_F(Examples, ASkillThatDoesNothingIsPerfect) {
  const Audited audited = audit(account().skill("does-nothing"), {"--cmd", "true"});
  EXPECT_EQ(audited.program.exit_code, 0);
  EXPECT_EQ(audited.report.at("grade"), "A");
  EXPECT_THAT(audited.report.at("findings"), IsEmpty()) << all_findings(audited.report);
  for (const auto& [axis, score] : audited.report.at("scores").items())
    EXPECT_EQ(score, 100.0) << axis;
}

TEST_F(Examples, WithoutANetworkAnInstallationFailsAndTheAuditDoesNot) {
  const Audited audited =
      audit(account().skill("needs-a-package"),
            {"--network", "none", "--cmd", "sudo apt-get update && sudo apt-get install --yes jq"});
  const json& step = audited.report.at("execution").at("steps").at(0);
  EXPECT_TRUE(step.at("ran").get<bool>());
  EXPECT_FALSE(step.at("timed_out").get<bool>());
  EXPECT_NE(step.at("exit_code"), 0) << step.dump(1);
  EXPECT_THAT(audited.report.at("packages").at("installed"), IsEmpty());
  const json& network = audited.report.at("network");
  EXPECT_GT(network.at("flows").get<int>(), 0);
  EXPECT_EQ(network.at("blocked"), network.at("flows"));
  // Nobody's fault, and nothing to approve.
  EXPECT_EQ(audited.program.exit_code, 3) << audited.program.err;
  EXPECT_THAT(all_findings(audited.report), Not(HasSubstr("No step succeeded")));
  ASSERT_THAT(audited.report.at("gaps"), SizeIs(1));
  EXPECT_THAT(audited.report.at("gaps")[0].at("text").get<std::string>(),
              HasSubstr("needs a host that cannot be reached from here"));
}

TEST_F(Examples, TheirAuditsLeaveNothingBehind) {
  (void)example("orphan-daemon");
  EXPECT_THAT(account().left_behind(), IsEmpty());
}

}  // namespace
}  // namespace skillaudit
