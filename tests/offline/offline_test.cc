// What `skillaudit report` and `skillaudit gate` do with a bundle, and `skillaudit test` with
// --gtest_list_tests, in a program that links neither SSH nor anything that runs a guest.
#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdio>

#include "fixtures/matchers/scenario_cases.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "harness/bundle/layout.h"
#include "harness/gate/gate.h"
#include "harness/rules/rubric.h"
#include "reports/formats.h"
#include "reports/report_bundle.h"
#include "tests/unit/bundle/changed_bundle.h"

namespace skillaudit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Offline : public ::testing::Test {
 protected:
  Offline() { (void)testing::write_changed_bundle(40, bundle); }

  const TempDir dir;
  const std::filesystem::path bundle = dir.path() / "bundle";
};

TEST_F(Offline, ABundleIsGradedAndRendered) {
  const AuditResult audit = report_bundle(bundle, shipped_rubric());
  EXPECT_TRUE(audit.assessment.grade.has_value());
  const auto report = [&](std::string_view format) {
    return read_file(path_in(bundle, BundleFile::Report, format));
  };
  EXPECT_THAT(report("json"), HasSubstr("\"verdict\""));
  EXPECT_THAT(report("md"), HasSubstr("simulation"));
  EXPECT_THAT(report("html"), HasSubstr("simulation"));
  for (const Format& format : formats())
    EXPECT_NE(format.render(audit.evidence, audit.assessment, nullptr, {}), "") << format.name;
}

TEST_F(Offline, ABundleIsGated) {
  const AuditResult audit = assess_bundle(bundle, shipped_rubric());
  const GateResult result =
      pass_gate(audit.evidence, audit.assessment, shipped_rubric(), GateRules{});
  EXPECT_EQ(result.passed, audit.assessment.verdict == Verdict::Approved);
}

TEST_F(Offline, SnapshotsThatAreHandedOverGiveTheSameAudit) {
  const AuditResult read = report_bundle(bundle, shipped_rubric());
  const std::string report = read_file(path_in(bundle, BundleFile::Report, "json"));
  ParsedSnapshots parsed{.before = read.evidence.before, .after = read.evidence.after};
  (void)report_bundle(bundle, shipped_rubric(), std::move(parsed));
  EXPECT_EQ(read_file(path_in(bundle, BundleFile::Report, "json")), report);
}

TEST_F(Offline, TheTestsOfASkillAreListed) {
  const std::filesystem::path skill = dir.path() / "to-do";
  std::filesystem::create_directory(skill);
  write_file(skill / "SKILL.md", "---\nname: to-do\ndescription: Notes.\n---\nRun `x`.\n");
  write_file(skill / "audit.yaml",
             "scenarios:\n  - name: adds one\n    command: x\n    expect: {writes: [~/todo]}\n"
             "  - {name: removes one, command: x}\n");
  const auto refuse = [](const std::string& note) { ADD_FAILURE() << note; };
  const std::vector<ScenarioCase> cases =
      scenario_cases(load_tested_skills({skill.string()}, refuse), shipped_rubric());
  // In a process of its own, since GoogleTest is running this one; what it prints is expected of
  // stderr.
  EXPECT_EXIT(
      {
        ::dup2(STDERR_FILENO, STDOUT_FILENO);
        GTEST_FLAG_SET(filter, "to_do.*");
        const int code = list_cases(cases);
        std::fflush(stdout);
        ::_exit(code);
      },
      ::testing::ExitedWithCode(0),
      ::testing::AllOf(HasSubstr("to_do.  # TypeParam = "),
                       HasSubstr("\n  adds_one  # GetParam() = adds one\n  removes_one  # ")));
}

}  // namespace
}  // namespace skillaudit
