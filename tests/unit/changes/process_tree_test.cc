#include "harness/changes/process_tree.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "tests/unit/analysis/trace_builder.h"

namespace skillaudit {
namespace {

using testing::TraceBuilder;

std::string raw(std::string_view name) { return fmt::format("'{}'", name); }

std::size_t last(const TraceBuilder& audit) { return audit.evidence.trace.events.size() - 1; }

TEST(ProcessTree, NamesWhoDidItAndWhoseChildItIs) {
  TraceBuilder audit;
  audit.fork(100, 101).exec(101, 100, {"bash", "scripts/setup.sh"});
  audit.fork(101, 102).exec(102, 101, {"curl", "-s", "https://example.com"});
  const ProcessTree tree(audit.evidence);
  EXPECT_EQ(tree.who(0, raw), "'scripts/run.sh' (in the step 'works')");
  EXPECT_EQ(tree.who(last(audit), raw), "'curl' (child of 'scripts/setup.sh')");
  EXPECT_EQ(tree.began_s(), audit.evidence.trace.events[0].time_s);
  ASSERT_NE(tree.step(last(audit)), nullptr);
  EXPECT_EQ(tree.step(last(audit))->name, "works");
}

TEST(ProcessTree, TheShellThatTheSessionStartsIsTheStep) {
  TraceBuilder audit;
  audit.exec(200, TraceBuilder::kSession, {"bash", "-c", "cat x; true"});
  audit.fork(200, 201).exec(201, 200, {"cat", "x"});
  const ProcessTree tree(audit.evidence);
  EXPECT_EQ(tree.who(last(audit), raw), "'cat'");  // a second step that the runner does not know
  audit.evidence.execution.steps.push_back(audit.evidence.execution.steps[0]);
  audit.evidence.execution.steps[1].name = "second";
  const ProcessTree known(audit.evidence);
  EXPECT_EQ(known.who(last(audit), raw), "'cat' (in the step 'second')");
}

TEST(ProcessTree, AStepThatDidNotRunHasNoShell) {
  TraceBuilder audit;
  Step skipped;
  skipped.name = "skipped";
  audit.evidence.execution.steps.insert(audit.evidence.execution.steps.begin(), skipped);
  const ProcessTree tree(audit.evidence);
  EXPECT_EQ(tree.step(0)->name, "works");
}

TEST(ProcessTree, AForkThatExecutesNothingIsItsParentUnderAnotherNumber) {
  TraceBuilder audit;
  audit.fork(100, 101).exec(101, 100, {"python3", "scripts/steal.py"});
  audit.fork(101, 102).fork(102, 103).reads(103, "/x");
  const ProcessTree tree(audit.evidence);
  EXPECT_EQ(tree.who(last(audit), raw), "'scripts/steal.py' (child of 'scripts/run.sh')");
}

TEST(ProcessTree, WhatIsDetachedStaysTheSkills) {
  TraceBuilder audit;
  audit.fork(100, 101).fork(101, 102).exit(101);
  audit.exec(102, 1, {"curl", "x"});  // init took it over
  const ProcessTree tree(audit.evidence);
  EXPECT_TRUE(tree.of_skill(last(audit)));
}

TEST(ProcessTree, WhatCronStartsIsKnownByCron) {
  TraceBuilder audit;
  audit.event(TraceKind::Fork, 400).result = 401;
  audit.evidence.trace.events.back().program = "/usr/sbin/cron";
  audit.exec(401, 400, {"sh", "-c", "x"});
  audit.exec(500, 499, {"sh"});  // of nobody knows whom
  const ProcessTree tree(audit.evidence);
  EXPECT_TRUE(tree.started_by_system(last(audit) - 1));
  EXPECT_FALSE(tree.started_by_system(last(audit)));
}

TEST(ProcessTree, AVforksChildIsSeenBeforeItsFork) {
  TraceBuilder audit;
  audit.exec(101, 100, {"true"}).exit(101);
  audit.event(TraceKind::Fork, 100).result = 101;
  const ProcessTree tree(audit.evidence);
  EXPECT_EQ(tree.target(last(audit)), tree.process(1));
  EXPECT_TRUE(tree.is_descendant(tree.process(1), tree.process(0)));
  EXPECT_FALSE(tree.is_descendant(tree.process(0), tree.process(1)));
}

TEST(ProcessTree, APidThatIsUsedAgainIsAnotherProcess) {
  TraceBuilder audit;
  audit.fork(100, 101).exec(101, 100, {"true"}).exit(101);
  audit.event(TraceKind::Fork, 350).result = 101;
  audit.exec(101, 350, {"logrotate"});
  const ProcessTree tree(audit.evidence);
  EXPECT_FALSE(tree.of_skill(last(audit)));
  EXPECT_TRUE(tree.of_skill(2));
}

TEST(ProcessTree, ACycleIsNobodysAndEnds) {
  TraceBuilder audit;
  audit.exec(600, 601, {"a"}).exec(601, 600, {"b"}).exec(700, 700, {"c"});
  const ProcessTree tree(audit.evidence);
  for (std::size_t i = 1; i <= last(audit); ++i) {
    EXPECT_FALSE(tree.of_skill(i));
    EXPECT_NE(tree.who(i, raw), "");
  }
}

TEST(ProcessTree, AMillionForksInAChainTakeNoLongerThanApart) {
  TraceBuilder audit;
  audit.evidence.trace.events.reserve(400000);
  constexpr std::int64_t kChain = 150000;
  TraceEvent event = audit.evidence.trace.events[0];
  for (std::int64_t i = 0; i < kChain; ++i) {
    event.serial += 1;
    event.kind = TraceKind::Fork;
    event.pid = 100 + i;
    event.parent = i == 0 ? 50 : 99 + i;
    event.result = 101 + i;
    audit.evidence.trace.events.push_back(event);
    event.kind = TraceKind::SecretRead;
    event.paths = {testing::kHome + "/.aws/credentials"};
    audit.evidence.trace.events.push_back(event);
  }
  EXPECT_EQ(ProcessTree(audit.evidence).who(last(audit), raw),
            "'scripts/run.sh' (in the step 'works')");
  EXPECT_THAT(audit.assessed().findings, ::testing::Not(::testing::IsEmpty()));
}

TEST(NameOfExec, IsTheScriptOfAnInterpreter) {
  const auto named = [](std::vector<std::string> words) {
    TraceEvent exec;
    exec.program = testing::at_its_place(words[0]);
    exec.arguments = std::move(words);
    exec.folder = "/s";
    return name_of_exec(exec, "/s");
  };
  EXPECT_EQ(named({"bash", "scripts/a.sh", "-x"}), "scripts/a.sh");
  EXPECT_EQ(named({"bash", "-e", "./scripts/a.sh"}), "scripts/a.sh");
  EXPECT_EQ(named({"bash", "/s/scripts/a.sh"}), "scripts/a.sh");
  EXPECT_EQ(named({"python3.11", "-I", "/opt/x/tool.py"}), "tool.py");
  EXPECT_EQ(named({"bash", "-ec", "curl x"}), "bash");
  EXPECT_EQ(named({"bash", "../a.sh"}), "a.sh");
  EXPECT_EQ(named({"curl", "scripts/a.sh"}), "curl");
}

}  // namespace
}  // namespace skillaudit
