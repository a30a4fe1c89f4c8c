// Where `run` takes skills from: Git repositories, and what the user's agents have installed. No
// VM.
#include <gmock/gmock.h>

#include <csignal>

#include "harness/base/file.h"
#include "tests/e2e/command_line.h"
#include "tests/unit/skill/loopback_port.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST_F(CommandLine, ListsWhatTheAgentsOfTheUserHaveInstalled) {
  account.set("HOME", account.home());
  const fs::path home = fs::canonical(account.home());
  (void)account.skill(".claude/skills/notes", "---\nname: notes\ndescription: Text.\n---\n");
  (void)account.skill(".codex/skills/notes", "---\nname: notes\ndescription: Text.\n---\n");
  (void)account.skill(".gemini/skills/notes", "---\nname: notes\ndescription: Another.\n---\n");
  (void)account.skill("plugins/old/skills/left-over");
  (void)account.skill("plugins/new/skills/planner");
  (void)account.skill("somewhere/linked");
  (void)account.skill("project/.claude/skills/of-project");
  fs::create_directories(home / "project/.git");
  fs::create_directories(home / "project/sources");
  fs::create_directory_symlink(home / "somewhere/linked", home / ".claude/skills/linked");
  fs::create_directories(home / ".claude/plugins");
  write_file(home / ".claude/plugins/installed_plugins.json",
             R"({"version": 2, "plugins": {"new@market": [{"installPath": ")" +
                 (home / "plugins/new").string() + R"("}]}})");
  const CommandResult result =
      account.run({"run", "--installed", "--list"}, {"env", "-C", home / "project/sources"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "linked        " + (home / "somewhere/linked").string() +
                            "\nnotes         " + (home / ".claude/skills/notes").string() +
                            "\nplanner       " + (home / "plugins/new/skills/planner").string() +
                            "\nof-project    " +
                            (home / "project/.claude/skills/of-project").string() +
                            "\nnotes-gemini  " + (home / ".gemini/skills/notes").string() + "\n");
  EXPECT_THAT(result.err, AllOf(HasSubstr((home / ".claude/skills").string() + ": 2 skills\n"),
                                HasSubstr(".codex/skills: 1 skill; notes is the same as " +
                                          (home / ".claude/skills/notes").string() + "\n")));
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

TEST_F(CommandLine, SaysThatNothingIsInstalled) {
  account.set("HOME", account.home());
  EXPECT_THAT(run_refusal({"--installed"}, kSkill),
              StartsWith("no agent of this user has a skill installed: "));
}

TEST_F(CommandLine, ListsTheSkillsOfARepository) {
  (void)account.skill("tools/skills/one");
  (void)account.skill("tools/skills/two");
  const std::string folder = account.home() / "tools";
  const auto git = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"git", "-C", folder, "-c", "user.name=x", "-c", "user.email=x@x"});
    return check_output(words);
  };
  git({"init", "--quiet", "--initial-branch=main"});
  git({"add", "--all"});
  git({"commit", "--quiet", "--message=x"});
  const std::string commit = git({"rev-parse", "HEAD"}).substr(0, 12);
  const std::string url = "file://" + folder;
  const CommandResult all = account.run({"run", url, "--list"});
  EXPECT_EQ(all.out, "one  " + url + " at " + commit + ": skills/one\n" + "two  " + url + " at " +
                         commit + ": skills/two\n")
      << all.err;
  EXPECT_THAT(all.err, StartsWith("Cloning " + url + " …\n"));
  EXPECT_THAT(account.run({"run", "--list", url + "#main:skills/two"}).out, StartsWith("two  "));
  EXPECT_THAT(run_refusal({url, "--ref", "gone"}, kSkill),
              AllOf(StartsWith("cannot clone " + url), HasSubstr("gone")));
  EXPECT_THAT(run_refusal({url + "#main:skills/three"}, kSkill), HasSubstr("has no folder"));
  EXPECT_THAT(run_refusal({account.skill("plain"), "--ref", "main"}, kUsage),
              StartsWith("--ref is for the address of a Git repository"));
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

TEST_F(CommandLine, ListsWhatCannotBeOpenedBesideTheOthers) {
  write_file(account.home() / "bad.zip", "text");
  const CommandResult result =
      account.run({"run", "--list", account.home() / "bad.zip", account.skill("plain")});
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("bad.zip"), HasSubstr("(cannot be audited: cannot unpack"),
                    HasSubstr("\nplain")));
}

TEST_F(CommandLine, EndsACloneAtOnceAndLeavesNothing) {
  const LoopbackPort port(LoopbackPort::Kind::Silent);
  RunningProgram program(account, {"run", "git://127.0.0.1:" + port.number() + "/x.git"});
  program.wait_until_it_says("Cloning git://127.0.0.1:");
  (void)program.another_child("git", -1);  // git follows what is said a moment later
  const auto sent = std::chrono::steady_clock::now();
  program.signal(SIGINT);
  EXPECT_EQ(program.ending(), "exit code 130") << program.said();
  EXPECT_LT(std::chrono::steady_clock::now() - sent, std::chrono::seconds(5));
  EXPECT_THAT(program.said(), EndsWith("skillaudit: interrupted\n"));
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

}  // namespace
}  // namespace skillaudit
