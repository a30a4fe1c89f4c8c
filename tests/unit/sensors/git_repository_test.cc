// The repository that is written without Git, judged by Git.
#include "harness/sensors/git_repository.h"

#include <gmock/gmock.h>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "harness/sensors/user_project.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Repository : public testing::Test {
 protected:
  Repository() {
    const std::string folder = std::string(kUserProject) + "/";
    for (const HomeFile& file : furnish_home("/home/ubuntu").files) {
      if (!file.path.starts_with(folder)) continue;
      const fs::path path = dir_.path() / file.path.substr(folder.size());
      fs::create_directories(path.parent_path());
      write_file(path, file.content, file.mode);
    }
  }

  std::string git(std::vector<std::string> words) {
    words.insert(words.begin(), "git");
    CommandOptions options;
    options.working_directory = dir_.path();
    options.environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
    options.environment["GIT_CONFIG_NOSYSTEM"] = "1";
    options.environment["HOME"] = dir_.path().string();
    const CommandResult result = run_command(words, options);
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
    return result.out;
  }

  TempDir dir_;
};

TEST_F(Repository, IsWhole) { git({"fsck", "--strict", "--full"}); }

TEST_F(Repository, HasAHistoryAndNothingToCommit) {
  EXPECT_EQ(git({"status", "--porcelain"}), "");
  EXPECT_EQ(git({"log", "--format=%s %aI", "-1"}), "Release 0.4.2 2024-11-18T13:59:00+01:00\n");
  EXPECT_EQ(git({"rev-list", "--count", "HEAD"}), "5\n");
  EXPECT_EQ(git({"status", "-sb"}), "## main...origin/main\n");
  EXPECT_THAT(git({"show", "HEAD"}), HasSubstr("+__version__ = \"0.4.2\""));
}

TEST_F(Repository, HasSourcesAndTestsAndKeepsTheSecretsOut) {
  const std::string files = git({"ls-files"});
  for (const char* file : {"README.md\n", "src/tidewatch/forecast.py\n", "web/chart.js\n",
                           "tests/test_forecast.py\n", "package.json\n"})
    EXPECT_THAT(files, HasSubstr(file));
  EXPECT_THAT(files, testing::Not(HasSubstr(".env\n")));
  EXPECT_TRUE(fs::exists(dir_.path() / ".env"));
}

TEST_F(Repository, HasAMirrorWhereProgramsOfGitHubFindTheProject) {
  EXPECT_EQ(git({"remote", "get-url", "github"}),
            "https://github.com/mira-halvorsen/tidewatch.git\n");
  EXPECT_EQ(git({"config", "branch.main.remote"}), "origin\n");
}

TEST(GitRepository, HasTheSameSizeWhateverStandsInTheFiles) {
  const auto size_of = [](const std::string& text) {
    std::size_t size = 0;
    for (const auto& [path, content] :
         git_repository({{"m", 1, {{"a", text}}}}, "u", "v", "A <a@a.example>"))
      size += content.size();
    return size;
  };
  EXPECT_EQ(size_of(std::string(4000, 'a')),
            size_of(std::string(2000, 'b') + std::string(2000, 'c')));
}

}  // namespace
}  // namespace skillaudit
