#include "harness/runner/other_runner.h"

#include <gtest/gtest.h>

namespace skillaudit {
namespace {

std::string instead_of(const std::string& command, const std::string& said) {
  PlannedStep planned;
  planned.command = command;
  Step step;
  step.err = said;
  const auto again = with_other_runner(planned, step);
  return again ? again->command : "";
}

TEST(OtherRunner, StartsTheProgramWithItsLanguage) {
  const std::string uv = "bash: line 1: uv: command not found\n";
  EXPECT_EQ(instead_of("uv run scripts/a.py --all", uv), "python3 scripts/a.py --all");
  EXPECT_EQ(instead_of("uv run --with rich -q python 'x y/a.py'", uv), "");
  EXPECT_EQ(instead_of("cd x && uv run --with rich \"a.py\" | head", uv),
            "cd x && python3 \"a.py\" | head");
  EXPECT_EQ(instead_of("bun run b.js\nbun c.mjs", "sh: 1: bun: not found\n"),
            "node b.js\nnode c.mjs");
}

TEST(OtherRunner, StartsWhatMayNotBeStartedByItself) {
  const auto again_after = [](const std::string& command, const std::string& said, int code) {
    PlannedStep planned;
    planned.command = command;
    Step step;
    step.err = said;
    step.exit_code = code;
    const auto again = with_other_runner(planned, step);
    return again ? again->command : "";
  };
  const std::string denied = "bash: line 1: /s/a.py: Permission denied\n";
  EXPECT_EQ(again_after("/s/a.py x\ncd y && /s/a.py", denied + denied, 126),
            "python3 /s/a.py x\ncd y && python3 /s/a.py");
  EXPECT_EQ(again_after("/s/a.py x", denied, 1), "");
  EXPECT_EQ(again_after("cat /s/a.py", denied, 126), "");
  EXPECT_EQ(again_after("/s/a.bin", "bash: line 1: /s/a.bin: Permission denied\n", 126), "");
}

TEST(OtherRunner, LeavesAllElse) {
  const std::string uv = "bash: line 1: uv: command not found\n";
  EXPECT_EQ(instead_of("uv run pytest", uv), "");
  EXPECT_EQ(instead_of("uv pip install x", uv), "");
  EXPECT_EQ(instead_of("echo uv run a.py", uv), "");
  EXPECT_EQ(instead_of("uv run a.py", "Traceback\n"), "");
}

}  // namespace
}  // namespace skillaudit
