// What the skill started, as reports show it.
#include "reports/process_view.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "reports/render.h"
#include "tests/unit/analysis/trace_builder.h"

namespace skillaudit {
namespace {

using ::testing::HasSubstr;
using testing::TraceBuilder;

TEST(ProcessView, HangsEachProcessBelowTheOneThatStartedIt) {
  TraceBuilder audit;
  audit.fork(TraceBuilder::kShell, 101).exec(101, TraceBuilder::kShell, {"make", "all"});
  // A copy that executes nothing is no process of its own.
  audit.fork(101, 102).fork(102, 103).exec(103, 102, {"cc", "a.c"}, 1000, 0).exit(103);
  audit.evidence.trace.events.back().result = 2;
  const ProcessView view = process_view(audit.evidence, 100);
  EXPECT_TRUE(view.observed);
  EXPECT_EQ(view.total, 3U);
  ASSERT_EQ(view.groups.size(), 1U);
  EXPECT_EQ(view.groups[0].step, audit.evidence.execution.steps.data());
  const ProcessNode& shell = view.groups[0].processes.at(0);
  EXPECT_EQ(shell.command, "bash scripts/run.sh");
  EXPECT_FALSE(shell.exit_code);
  const ProcessNode& compiler = shell.children.at(0).children.at(0);
  EXPECT_EQ(compiler.command, "cc a.c");
  EXPECT_EQ(compiler.user, "root");
  EXPECT_EQ(compiler.exit_code, 2);
  EXPECT_NEAR(compiler.duration_s.value(), 0.2, 1e-6);
}

TEST(ProcessView, ShowsWhatIsAlikeOnceAndCountsWhatThereIsNoRoomFor) {
  TraceBuilder audit;
  for (int i = 0; i < 5000; ++i)
    audit.exec(1000 + i, TraceBuilder::kShell, {"sed", "s/a/b/"}).exit(1000 + i);
  for (int i = 0; i < 30; ++i)
    audit.exec(9000 + i, TraceBuilder::kShell, {"echo", fmt::format("{}", i)}).exit(9000 + i);
  const ProcessView view = process_view(audit.evidence, 10);
  EXPECT_EQ(view.total, 5031U);
  const ProcessNode& shell = view.groups.at(0).processes.at(0);
  EXPECT_EQ(shell.children.at(0).times, 5000U);
  EXPECT_EQ(shell.children.size(), 9U);
  EXPECT_EQ(shell.unlisted, 22U);
}

TEST(ProcessView, EndsADeepChain) {
  TraceBuilder audit;
  for (int i = 0; i < 2000; ++i)
    audit.exec(1000 + i, i == 0 ? TraceBuilder::kShell : 999 + i, {"sh", "-c", "x"});
  const ProcessView view = process_view(audit.evidence, 100);
  EXPECT_EQ(view.total, 2001U);
  std::size_t depth = 0;
  const ProcessNode* at = &view.groups.at(0).processes.at(0);
  for (; !at->children.empty(); at = &at->children[0]) ++depth;
  EXPECT_LE(depth, kDeepestProcess);
  EXPECT_EQ(at->unlisted + depth + 1, view.total);
}

TEST(ProcessView, StandsInTheReportsWithUserTimeAndExitCode) {
  TraceBuilder audit;
  audit.exec(101, TraceBuilder::kShell, {"/usr/bin/tar", "-x"}).exit(101);
  audit.evidence.trace.events.back().result = 1;
  const Assessment assessment = audit.assessed();
  EXPECT_THAT(render_markdown(audit.evidence, assessment),
              HasSubstr("**Started**: 2\n- step `bash scripts/run.sh`\n  - `bash scripts/run.sh` "
                        "(uid 1000)\n    - `/usr/bin/tar -x` (uid 1000, 0.1 s, exit code 1)\n"));
  EXPECT_THAT(render_html(audit.evidence, assessment),
              HasSubstr("<code>/usr/bin/tar -x</code> <span class=\"soft\">uid 1000, 0.1 s, exit "
                        "code 1</span>"));
}

}  // namespace
}  // namespace skillaudit
