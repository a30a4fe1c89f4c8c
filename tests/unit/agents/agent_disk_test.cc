// Disks that are really built, by npm from a registry on this machine's loopback.
#include "harness/agents/agent_disk.h"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "harness/base/text.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

/// A variable of this process's environment while the object lives.
class Variable {
 public:
  Variable(std::string name, const std::string& value) : name_(std::move(name)) {
    if (const char* before = std::getenv(name_.c_str())) before_ = before;
    ::setenv(name_.c_str(), value.c_str(), 1);
  }
  ~Variable() {
    before_ ? ::setenv(name_.c_str(), before_->c_str(), 1) : ::unsetenv(name_.c_str());
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  std::string name_;
  std::optional<std::string> before_;
};

class Registry {
 public:
  explicit Registry(const std::string& kind)
      : process_({"/usr/bin/python3", SKILLAUDIT_SOURCE_DIR "/tests/unit/agents/registry.py", kind},
                 {.log = folder_.path() / "log"}) {
    const fs::path log = folder_.path() / "log";
    while (!fs::exists(log) || !read_file(log, 1 << 16).ends_with("\n")) {
      if (!process_.running()) throw std::runtime_error("the registry ended");
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    url_ = "http://127.0.0.1:" + std::string(trim(read_file(log, 1 << 16))) + "/";
  }
  [[nodiscard]] const std::string& url() const { return url_; }
  void stop() { process_.stop(); }

 private:
  TempDir folder_;
  Process process_;
  std::string url_;
};

Agent tiny_agent() {
  Agent agent;
  agent.name = "tiny";
  agent.title = "Tiny";
  agent.packages = {{"tiny-agent", "1.2.3"}};
  agent.start = {"tiny-agent/index.js"};
  return agent;
}

class AgentDiskTest : public testing::Test {
 protected:
  AgentDisk build(const Agent& agent = tiny_agent(), bool rebuild = false) {
    said_.clear();
    return agent_disk(
        cache_, agent, [&](const std::string& line) { said_.push_back(line); }, rebuild);
  }
  std::string error_of(const Agent& agent) {
    try {
      (void)build(agent);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Environment);
      return error.what();
    }
    ADD_FAILURE() << "a disk was built";
    return {};
  }
  /// What lies in the cache but locks and empty folders.
  std::vector<std::string> left_behind() {
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(cache_)) {
      const bool lock = entry.path().extension() == ".lock";
      const bool folder = entry.path() == cache_ / "agents" || entry.path() == cache_ / "runs";
      if (!lock && !folder) found.push_back(entry.path().string());
    }
    return found;
  }
  static std::string debugfs(const AgentDisk& disk, const std::string& request) {
    return check_output({find_program("debugfs"), "-R", request, disk.disk.string()});
  }

  TempDir folder_;
  fs::path cache_ = folder_.path() / "cache";
  std::vector<std::string> said_;
  Registry registry_{"honest"};
  Variable url_{"npm_config_registry", registry_.url()};
  Variable npm_cache_{"npm_config_cache", (folder_.path() / "npm").string()};
  Variable retries_{"npm_config_fetch_retries", "0"};
  Variable direct_{"npm_config_noproxy", "127.0.0.1"};
};

TEST_F(AgentDiskTest, HoldsThePackageAsRootsFilesUnderItsLabel) {
  const AgentDisk disk = build();
  EXPECT_EQ(disk.agent, "tiny");
  EXPECT_EQ(disk.version, "1.2.3");
  EXPECT_EQ(disk.disk, cache_ / "agents" / ("tiny-" + agent_disk_id(tiny_agent())) / "disk.raw");
  EXPECT_EQ(disk.bytes, fs::file_size(disk.disk));
  EXPECT_THAT(
      said_, ElementsAre("downloading tiny-agent 1.2.3 with npm", "making the disk of Tiny 1.2.3"));
  EXPECT_THAT(
      check_output({find_program("dumpe2fs"), "-h", disk.disk.string()}),
      AllOf(HasSubstr("Filesystem volume name:   agents\n"), Not(HasSubstr("has_journal"))));
  EXPECT_THAT(debugfs(disk, "cat /tiny-agent/index.js"), HasSubstr("console.log('tiny '"));
  for (const char* path : {"/", "/tiny-agent", "/tiny-agent/index.js", "/tiny-agent/lib/deep",
                           "/tiny-agent/lib/deep/data.txt", "/.bin", "/.bin/tiny"})
    EXPECT_THAT(debugfs(disk, "stat " + std::string(path)),
                testing::ContainsRegex("User: +0 +Group: +0 "))
        << path;
  // Whoever logs in there may read and start all of it, and change nothing.
  EXPECT_THAT(debugfs(disk, "stat /tiny-agent/index.js"), HasSubstr("Mode:  0755"));
  EXPECT_THAT(debugfs(disk, "stat /tiny-agent/lib/deep/data.txt"), HasSubstr("Mode:  0644"));
  EXPECT_THAT(debugfs(disk, "stat /tiny-agent/lib"), HasSubstr("Mode:  0755"));
  EXPECT_THAT(debugfs(disk, "stat /.bin/tiny"),
              HasSubstr("Fast link dest: \"../tiny-agent/index.js\""));
}

TEST_F(AgentDiskTest, StartsAnInterpreterWithItsProgramByAScript) {
  Agent agent = tiny_agent();
  agent.start = {"tiny-agent/lib/deep/data.txt", "tiny-agent/index.js"};
  const AgentDisk disk = build(agent);
  EXPECT_EQ(debugfs(disk, "cat /.bin/tiny"),
            "#!/bin/sh\nexec /usr/local/lib/node_modules/tiny-agent/lib/deep/data.txt "
            "/usr/local/lib/node_modules/tiny-agent/index.js \"$@\"\n");
  EXPECT_THAT(debugfs(disk, "stat /.bin/tiny"), HasSubstr("Mode:  0755"));
}

TEST_F(AgentDiskTest, PutsOtherProgramsBesideTheAgents) {
  Agent agent = tiny_agent();
  agent.programs = {{"data", "tiny-agent/lib/deep/data.txt"}};
  const AgentDisk disk = build(agent);
  EXPECT_THAT(debugfs(disk, "stat /.bin/data"),
              HasSubstr("Fast link dest: \"../tiny-agent/lib/deep/data.txt\""));
  EXPECT_THAT(debugfs(disk, "stat /tiny-agent/lib/deep/data.txt"), HasSubstr("Mode:  0755"));
}

TEST_F(AgentDiskTest, IsFetchedOnce) {
  const AgentDisk first = build();
  registry_.stop();
  const AgentDisk second = build();
  EXPECT_THAT(said_, IsEmpty());
  EXPECT_EQ(second.disk, first.disk);
  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(second.bytes, first.bytes);
}

TEST_F(AgentDiskTest, IsFetchedAgainWhereThatIsWanted) {
  (void)build();
  (void)build(tiny_agent(), true);
  EXPECT_THAT(said_, Not(IsEmpty()));
}

TEST_F(AgentDiskTest, ADamagedOneIsMadeAnew) {
  const AgentDisk disk = build();
  const fs::path about = disk.disk.parent_path() / "agent.json";
  const std::string good = read_file(about, 1 << 16);
  for (const std::string& damaged :
       {std::string(), std::string("{"), std::string("[]"), good.substr(0, good.size() / 2)}) {
    write_file(about, damaged);
    EXPECT_EQ(build().bytes, disk.bytes);
    EXPECT_THAT(said_, Not(IsEmpty())) << damaged;
    EXPECT_EQ(read_file(about, 1 << 16), good);
  }
  fs::resize_file(disk.disk, disk.bytes / 2);
  EXPECT_EQ(fs::file_size(build().disk), disk.bytes);
  fs::remove(disk.disk);
  EXPECT_EQ(fs::file_size(build().disk), disk.bytes);
}

TEST_F(AgentDiskTest, SaysWhatToTryWhereTheRegistryIsNotReached) {
  registry_.stop();
  EXPECT_EQ(error_of(tiny_agent()),
            "npm could not download tiny-agent@1.2.3: check that `npm view tiny-agent@1.2.3 "
            "version` works on this host");
  EXPECT_THAT(left_behind(), IsEmpty());
}

TEST_F(AgentDiskTest, SaysWhatToTryWhereTheRegistryDoesNotHaveThePackage) {
  Agent agent = tiny_agent();
  agent.packages[0].version = "9.9.9";
  EXPECT_THAT(error_of(agent), StartsWith("npm could not download tiny-agent@9.9.9: "));
  EXPECT_THAT(left_behind(), IsEmpty());
}

TEST_F(AgentDiskTest, RefusesAnArchiveThatIsNotTheOneOfTheRegistrysDigest) {
  const Registry spoiled("spoiled");
  const Variable url("npm_config_registry", spoiled.url());
  EXPECT_THAT(error_of(tiny_agent()), StartsWith("npm could not download tiny-agent@1.2.3: "));
  EXPECT_THAT(left_behind(), IsEmpty());
}

TEST_F(AgentDiskTest, APackageWithoutTheProgramThatItShouldHaveIsADefect) {
  Agent agent = tiny_agent();
  agent.start = {"tiny-agent/bin/elsewhere.js"};
  try {
    (void)build(agent);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Internal);
    EXPECT_STREQ(error.what(), "the packages of tiny 1.2.3 have no tiny-agent/bin/elsewhere.js");
  }
  EXPECT_THAT(left_behind(), IsEmpty());
}

TEST_F(AgentDiskTest, AFailureLeavesTheDiskThatIsThere) {
  const AgentDisk disk = build();
  registry_.stop();
  const Variable cold("npm_config_cache", (folder_.path() / "npm-2").string());
  EXPECT_THROW((void)build(tiny_agent(), true), Error);
  EXPECT_EQ(fs::file_size(build().disk), disk.bytes);
}

TEST_F(AgentDiskTest, NamesThePackageToInstallWhereNpmIsMissing) {
  const fs::path programs = folder_.path() / "bin";
  fs::create_directories(programs);
  const Variable path("PATH", programs.string());
  EXPECT_EQ(error_of(tiny_agent()), "the agent tiny comes from npm: apt-get install npm");
  EXPECT_THAT(left_behind(), IsEmpty());
}

TEST_F(AgentDiskTest, RemovesTheDisksOfOneAgentAlone) {
  (void)build();
  Agent older = tiny_agent(), other = tiny_agent();
  older.start.push_back("tiny-agent/package.json");
  other.name = "another";
  (void)build(older);
  const AgentDisk kept = build(other);
  EXPECT_TRUE(remove_agent_disks(cache_, tiny_agent()));
  EXPECT_FALSE(remove_agent_disks(cache_, tiny_agent()));
  EXPECT_TRUE(fs::exists(kept.disk));
  EXPECT_THAT(agent_disks(cache_), IsEmpty()) << "none of these is an agent that is known";
}

TEST(AgentDisks, AreNotThereBeforeTheyAreBuilt) {
  const TempDir folder;
  EXPECT_THAT(agent_disks(folder.path()), IsEmpty());
}

}  // namespace
}  // namespace skillaudit
