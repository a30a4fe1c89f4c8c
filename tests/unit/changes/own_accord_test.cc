// What systemd, cron and others start after the skill began: who asked for it.
#include "harness/changes/own_accord.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/changes/process_tree.h"
#include "tests/unit/analysis/trace_builder.h"

namespace skillaudit {
namespace {

using testing::regular;
using testing::TraceBuilder;

std::string raw(std::string_view name) { return fmt::format("'{}'", name); }

std::size_t last(const TraceBuilder& audit) { return audit.evidence.trace.events.size() - 1; }

class OwnAccord : public ::testing::Test {
 protected:
  /// A file that is the same before and after.
  void keep(const std::string& path) {
    audit_.was(regular(path, 10, 0755, 0));
    audit_.evidence.after.files = audit_.evidence.before.files;
  }
  void starts(std::int64_t starter, const std::string& program, std::vector<std::string> words,
              std::uint32_t uid = 0) {
    audit_.event(TraceKind::Fork, starter).result = 500;
    audit_.evidence.trace.events.back().program = program;
    audit_.exec(500, starter, std::move(words), uid);
  }
  [[nodiscard]] bool of_skill() const {
    return ProcessTree(audit_.evidence).of_skill(last(audit_));
  }

  TraceBuilder audit_;
};

TEST_F(OwnAccord, WhatSystemdStartsOnRequestIsTheSkillsWithTheWayItTook) {
  keep("/usr/bin/cat");
  starts(1, "/usr/lib/systemd/systemd", {"cat", "/etc/shadow"});
  audit_.reads(500, "/etc/shadow");
  const ProcessTree tree(audit_.evidence);
  EXPECT_TRUE(tree.of_skill(last(audit_)));
  EXPECT_EQ(tree.who(last(audit_), raw), "'cat' (started by systemd on request)");
}

TEST_F(OwnAccord, SystemdsForksNeedNotBeInTheTrace) {
  audit_.exec(500, 1, {"cat", "/etc/shadow"}, 0);
  EXPECT_TRUE(of_skill());
  audit_.fork(500, 501).exec(501, 500, {"curl"}, 0);
  EXPECT_TRUE(of_skill());
  ProcessEntry cron;
  cron.pid = 300;
  cron.path = "/usr/sbin/cron";
  audit_.evidence.before.processes = {cron};
  audit_.exec(510, 300, {"/bin/sh", "-c", "/home/u/.x"});
  EXPECT_TRUE(of_skill());
  audit_.exec(520, 350, {"odd"});
  EXPECT_FALSE(of_skill()) << "of nobody knows whom";
}

TEST_F(OwnAccord, UntilItExecutesAProcessActsForSystemd) {
  audit_.event(TraceKind::Fork, 1).result = 500;
  audit_.event(TraceKind::Mount, 500, 1).program = "/usr/lib/systemd/systemd";
  EXPECT_FALSE(of_skill());
  keep("/usr/bin/nc");
  audit_.exec(500, 1, {"/usr/lib/systemd/systemd-executor"}, 0);
  EXPECT_FALSE(of_skill());
  audit_.exec(500, 1, {"nc", "-l"}, 0);
  EXPECT_TRUE(of_skill());
}

TEST_F(OwnAccord, DebiansTimersAreTheMachinesWhileTheirProgramsAreAsTheyWere) {
  keep("/usr/sbin/logrotate");
  starts(1, "/usr/lib/systemd/systemd", {"/usr/sbin/logrotate", "/etc/logrotate.conf"});
  EXPECT_FALSE(of_skill());
  audit_.fork(500, 501).exec(501, 500, {"/opt/planted"}, 0);
  EXPECT_TRUE(of_skill()) << "something new that a job of the machine runs";
}

TEST_F(OwnAccord, AChangedProgramIsNothingOfTheMachines) {
  keep("/usr/sbin/logrotate");
  audit_.evidence.after.files.front().size = 11;
  for (FileEntry& file : audit_.evidence.after.files) file.size = 11;
  starts(1, "/usr/lib/systemd/systemd", {"/usr/sbin/logrotate", "/etc/logrotate.conf"});
  EXPECT_TRUE(of_skill());
}

TEST_F(OwnAccord, LinesOfCronThatWereThereAreTheMachines) {
  keep("/bin/sh");
  keep("/usr/bin/sh");
  audit_.evidence.before.cron = {
      {"/etc/crontab", "root", "17 * * * * root cd / && run-parts --report /etc/cron.hourly"}};
  starts(300, "/usr/sbin/cron", {"/bin/sh", "-c", "cd / && run-parts --report /etc/cron.hourly"});
  EXPECT_FALSE(of_skill());
  audit_.event(TraceKind::Fork, 300).result = 510;
  audit_.evidence.trace.events.back().program = "/usr/sbin/cron";
  audit_.exec(510, 300, {"/bin/sh", "-c", "/home/u/.x"}, 1000);
  EXPECT_TRUE(of_skill());
}

TEST_F(OwnAccord, TheKernelsHelpersAreTheMachinesUnlessTheirArgumentsAreTheProgram) {
  keep("/usr/sbin/modprobe");
  keep("/usr/bin/bash");
  audit_.exec(600, 2, {"/sbin/modprobe", "-q", "--", "net-pf-10"}, 0);
  EXPECT_FALSE(of_skill());
  audit_.exec(601, 2, {"/usr/bin/bash", "-c", "id"}, 0);
  EXPECT_TRUE(of_skill());
}

TEST_F(OwnAccord, WhatWasStartedBeforeTheFirstStepIsNobodys) {
  TraceBuilder audit;
  TraceEvent step = audit.evidence.trace.events.front();
  audit.evidence.trace.events.clear();
  audit.event(TraceKind::Fork, 1).result = 500;
  audit.exec(500, 1, {"/usr/sbin/odd"}, 0);
  audit.evidence.trace.events.push_back(step);
  EXPECT_FALSE(ProcessTree(audit.evidence).of_skill(1));
}

}  // namespace
}  // namespace skillaudit
