// docs/samples: one report in each format, kept true.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "harness/base/file.h"
#include "reports/formats.h"
#include "reports/gate_report.h"
#include "reports/render_terminal.h"
#include "tests/paths.h"
#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using ::skillaudit::testing::AuditBuilder;
using ::skillaudit::testing::calibration;

const fs::path kSamples = fs::path(SKILLAUDIT_SOURCE_DIR) / "docs/samples";

/// The calibration of the grading rules, as an audit of a machine that is nobody's.
AuditBuilder sample() {
  AuditBuilder audit = calibration();
  Evidence& evidence = audit.evidence;
  evidence.started_at = "2026-01-31T12:00:00Z";
  Environment& environment = evidence.environment;
  environment.skillaudit_version = "0.1.0";
  environment.os = "Debian GNU/Linux 12 (bookworm)";
  environment.kernel = "6.1.0-40-cloud-amd64";
  environment.accelerator = "tcg";
  environment.hypervisor = "QEMU";
  environment.hypervisor_version = "7.2.17";
  environment.cpus = 2;
  environment.memory_mib = 2048;
  environment.disk_mib = 10240;
  environment.rules = {"GET http://mirror.example.com/*"};
  evidence.skill.description = "Indexes notes for an agent.";
  evidence.skill.files = {{.path = "SKILL.md"}, {.path = "scripts/run.sh", .mode = 0755}};
  Step& step = evidence.execution.steps[0];
  step.name = "indexes the notes";
  step.out = "3 notes indexed\n";
  step.started_s = 0.2;
  step.duration_s = 41.5;
  evidence.timing = {
      {"Restoring the VM", 0.4}, {"Running the skill", 41.7}, {"Looking at the state after", 2.4}};
  return audit;
}

/// By file name in docs/samples.
std::vector<std::pair<std::string, std::string>> samples() {
  const AuditBuilder audit = sample();
  const Assessment assessment = audit.assessed();
  AuditBuilder earlier = sample();
  std::erase_if(earlier.changes.packages,
                [](const RowChange<Package>& change) { return change.after.name == "tree"; });
  const Release before = release_of(earlier.evidence, earlier.assessed());
  const GateRules rules{.accepted = {.file = "skillaudit-accept.yaml",
                                     .entries = {{.rule = "files.temp-left",
                                                  .what = "/tmp/skill-temp-*.log",
                                                  .reason = "our runners are thrown away",
                                                  .expires = "2026-12-31",
                                                  .line = 3}}},
                        .baseline = before,
                        .today = "2026-01-31"};
  const GateResult gate = pass_gate(audit.evidence, assessment, shipped_rubric(), rules);
  std::vector<std::pair<std::string, std::string>> files;
  for (const Format& format : formats())
    files.emplace_back(format.file_name, format.render(audit.evidence, assessment,
                                                       format.shows_gate ? &gate : nullptr,
                                                       {.folder = "skills/vm-report-sample"}));
  files.emplace_back("terminal.txt", render_terminal(audit.evidence, assessment, {.columns = 100}));
  files.emplace_back("gate.txt", render_gate_text(gate));
  files.emplace_back("gate.json", render_gate_json({gate}, {}));
  files.emplace_back("diff.md", render_release_diff_markdown(*gate.since));
  return files;
}

TEST(Samples, StandInTheDocumentationAsTheProgramWritesThem) {
  const bool write = std::getenv("SKILLAUDIT_WRITE_SAMPLES") != nullptr;
  std::set<std::string> names = {"README.md"};
  for (const auto& [name, text] : samples()) {
    names.insert(name);
    if (write) {
      fs::create_directories(kSamples);
      write_file(kSamples / name, text);
    }
    ASSERT_TRUE(fs::exists(kSamples / name)) << name;
    EXPECT_EQ(read_file(kSamples / name), text)
        << "docs/samples/" << name
        << " is out of date: run this test with SKILLAUDIT_WRITE_SAMPLES=1 and look at what "
           "changed";
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(kSamples))
    EXPECT_TRUE(names.contains(entry.path().filename().string()))
        << entry.path() << " is a sample of nothing";
}

}  // namespace
}  // namespace skillaudit
