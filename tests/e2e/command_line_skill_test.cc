// What `run` says of a skill that it cannot read.
#include <gmock/gmock.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "tests/e2e/command_line.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::StartsWith;

TEST_F(CommandLine, NamesTheFolderThatIsNoSkill) {
  const fs::path folder = account.home() / "empty";
  fs::create_directories(folder);
  EXPECT_EQ(
      run_refusal({folder}, kSkill),
      folder.string() +
          " has no SKILL.md, so it is not a skill: add one, or give the folder that contains it");
}

TEST_F(CommandLine, PointsAtTheFaultInAFile) {
  const fs::path folder = account.skill("broken");
  write_file(folder / "audit.yaml", "scenarios: 7\n");
  EXPECT_THAT(run_refusal({folder}, kSkill), StartsWith(folder.string() + "/audit.yaml:1:12: "));
}

TEST_F(CommandLine, ProposesTheFolderThatWasMeant) {
  const fs::path folder = account.skill("weather");
  EXPECT_EQ(run_refusal({account.home() / "wether"}, kSkill),
            "there is no skill at " + (account.home() / "wether").string() + ": did you mean " +
                folder.string() + "?");
}

TEST_F(CommandLine, RefusesThreeGigabytesBeforeReadingThem) {
  const fs::path folder = account.skill("large");
  write_file(folder / "model.bin", "");
  fs::resize_file(folder / "model.bin", 3ULL << 30);
  EXPECT_THAT(run_refusal({folder}, kSkill),
              AllOf(HasSubstr("has 3.0 GiB, the limit is 256 MiB"), HasSubstr("model.bin")));
}

TEST_F(CommandLine, RefusesALinkThatLeadsOutOfTheSkill) {
  const fs::path folder = account.skill("linked");
  fs::create_symlink("/etc/passwd", folder / "notes");
  EXPECT_THAT(run_refusal({folder}, kSkill),
              StartsWith("the link " + folder.string() + "/notes points out of "));
}

TEST_F(CommandLine, NamesTheEntryOfAnArchiveThatItRefuses) {
  const fs::path file = account.home() / "bad.zip";
  write_file(file, "PK\x05\x06" + std::string(18, '\0'));
  EXPECT_THAT(run_refusal({file}, kSkill), HasSubstr("bad.zip"));
  write_file(file, "text");
  EXPECT_THAT(run_refusal({file}, kSkill), StartsWith("cannot unpack " + file.string()));
}

TEST_F(CommandLine, NamesTheFileThatItMayNotRead) {
  const fs::path folder = account.skill("locked");
  write_file(folder / "secret.txt", "x", 0000);
  EXPECT_THAT(
      run_refusal({folder}, kSkill,
                  ::geteuid() == 0 ? kWithoutRootsEyes : std::vector<std::string>{}),
      AllOf(StartsWith("cannot read " + folder.string() + "/secret.txt: Permission denied: "),
            HasSubstr("chmod u+r")));
}

TEST_F(CommandLine, OneBrokenSkillIsNamedBesideAnother) {
  const CommandResult result =
      account.run({"run", "--quiet", account.home() / "nowhere", account.home() / "neither"});
  EXPECT_EQ(result.exit_code, kSkill);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("there is no skill at " + (account.home() / "nowhere").string()),
                    HasSubstr("there is no skill at " + (account.home() / "neither").string())));
  EXPECT_THAT(result.out,
              MatchesRegex("\nAUDIT  .*\nnowhere  error 65 .*\nneither  error 65 .*\n"));
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

TEST_F(CommandLine, RefusesTwoSkillsOfOneName) {
  EXPECT_THAT(
      run_refusal({account.skill("plain"), account.skill("more/../plain"), "--out", "all"}, kUsage),
      HasSubstr("two of the skills are named plain"));
}

}  // namespace
}  // namespace skillaudit
