#include "harness/skill/git_clone.h"

#include <charconv>
#include <cstdlib>
#include <map>
#include <string_view>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

/// For what needs no network.
constexpr milliseconds kLocalWork = std::chrono::minutes(2);
/// Of the list of files. A tree whose folders are one and the same may name billions.
constexpr const char* kLongestList = "33554432";

/// With the user's own settings, or with none at all.
enum class Settings { Users, None };

/// A stranger's repository must not be read by settings of the place in which we were started: a
/// hook of another repository, say.
constexpr const char* kNotInherited[] = {"GIT_DIR",
                                         "GIT_WORK_TREE",
                                         "GIT_INDEX_FILE",
                                         "GIT_OBJECT_DIRECTORY",
                                         "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                         "GIT_COMMON_DIR",
                                         "GIT_NAMESPACE",
                                         "GIT_TEMPLATE_DIR",
                                         "GIT_TRACE"};
/// These are settings, too.
constexpr const char* kSettingsInherited[] = {"GIT_CONFIG", "GIT_CONFIG_PARAMETERS",
                                              "GIT_CONFIG_COUNT"};

std::vector<std::string> settings_of(Settings settings) {
  std::vector<std::string> all = {
      "core.hooksPath=/dev/null", "core.fsmonitor=false", "gc.auto=0", "maintenance.auto=false",
      "fetch.recurseSubmodules=false", "submodule.recurse=false",
      // One pack, whose large files are streamed: neither many files nor memory for them.
      "transfer.unpackLimit=1", "core.bigFileThreshold=16m", "pack.threads=1"};
  if (settings == Settings::Users) {
    all.emplace_back("http.lowSpeedLimit=1");
    all.emplace_back("http.lowSpeedTime=60");
  }
  return all;
}

std::map<std::string, std::string> environment_of(Settings settings) {
  std::map<std::string, std::string> environment = {
      {"GIT_TERMINAL_PROMPT", "0"},
      {"GIT_ALLOW_PROTOCOL", "https:http:ssh:git:file"},
      {"GIT_LFS_SKIP_SMUDGE", "1"},
      {"GIT_OPTIONAL_LOCKS", "0"},
      {"LC_ALL", "C"}};
  if (std::getenv("GIT_SSH_COMMAND") == nullptr && std::getenv("GIT_SSH") == nullptr)
    environment["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes -o ConnectTimeout=20";
  if (settings == Settings::None) {
    environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
    environment["GIT_CONFIG_NOSYSTEM"] = "1";
    environment["GIT_ATTR_NOSYSTEM"] = "1";
    environment["GIT_LITERAL_PATHSPECS"] = "1";
  }
  return environment;
}

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

class Cloning {
 public:
  Cloning(const GitAddress& address, const fs::path& work, const CloneLimits& limits)
      : address_(address),
        limits_(limits),
        repository_(work / "repository"),
        folder_(work / "cloned" / address.name) {}

  GitClone run() {
    if (find_program("git").empty())
      fail(ErrorKind::Environment,
           "{} is a Git repository, and there is no git on this machine: install it, or give the "
           "folder of a clone",
           address_.shown);
    fs::create_directories(folder_);
    (void)local({"init", "--quiet", "--template="});
    knock();
    fetch();
    const std::string commit(trim(local({"rev-parse", "--verify", "FETCH_HEAD^{commit}"})));
    check_size(commit);
    check_out(commit);
    return {folder_, commit};
  }

 private:
  [[nodiscard]] CommandResult git(const std::vector<std::string>& arguments, Settings settings,
                                  milliseconds timeout, std::vector<std::string> argv = {}) const {
    argv.emplace_back("env");
    for (const char* name : kNotInherited) argv.insert(argv.end(), {"-u", name});
    if (settings == Settings::None)
      for (const char* name : kSettingsInherited) argv.insert(argv.end(), {"-u", name});
    argv.insert(argv.end(),
                {"prlimit", "--fsize=" + std::to_string(limits_.bytes), "--", "git",
                 "--git-dir=" + repository_.string(), "--work-tree=" + folder_.string()});
    for (const std::string& setting : settings_of(settings))
      argv.insert(argv.end(), {"-c", setting});
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return run_command(argv, {.timeout = timeout,
                              .environment = environment_of(settings),
                              .working_directory = repository_.parent_path()});
  }

  /// Its output. Without the user's settings, so that no filter is known to git.
  [[nodiscard]] std::string local(const std::vector<std::string>& arguments,
                                  const std::vector<std::string>& launcher = {}) const {
    CommandResult result = git(arguments, Settings::None, kLocalWork, launcher);
    if (result.timed_out) fail_too_large();
    if (result.exit_code != 0) refuse(result);
    return std::move(result.out);
  }

  [[nodiscard]] std::string host() const {
    return address_.host.empty() ? address_.shown : address_.host;
  }

  [[noreturn]] void fail_too_large() const {
    fail(ErrorKind::Skill,
         "{} has too many files to list: clone it yourself, and give the folder of the skill",
         address_.shown);
  }

  /// What Git says, without the credentials that may be in the address.
  [[noreturn]] void refuse(const CommandResult& result) const {
    std::string said;
    for (const std::string_view line : split(result.err, '\n')) {
      std::string_view words = trim(line);
      for (const std::string_view mark : {"fatal: ", "error: ", "remote: "})
        if (words.starts_with(mark)) words.remove_prefix(mark.size());
      if (!words.empty()) said += (said.empty() ? "" : "; ") + std::string(words);
    }
    replace_all(said, address_.url, address_.shown);
    if (address_.user.find(':') != std::string::npos) replace_all(said, address_.user + "@", "");
    if (said.empty()) said = "git ended with exit code " + std::to_string(result.exit_code);
    if (said.find("File too large") != std::string::npos ||
        said.find("signal 25") != std::string::npos)  // SIGXFSZ
      said += " (the limit is " + human_bytes(limits_.bytes) + ")";
    fail(ErrorKind::Skill,
         "cannot clone {}: {}: check the address, the ref and that you may read it, or clone it "
         "yourself and give the folder",
         address_.shown, shorten(printable(said), 400));
  }

  /// The least that can be asked shows whether somebody answers.
  void knock() const {
    const CommandResult result =
        git({"ls-remote", "--", address_.url, "HEAD"}, Settings::Users, limits_.answer);
    if (result.timed_out)
      fail(ErrorKind::Environment,
           "cannot clone {}: {} did not answer within {} s: check the address and the network of "
           "this machine (a proxy?), or clone it elsewhere and give the folder",
           address_.shown, host(), limits_.answer.count() / 1000);
    if (result.exit_code != 0) refuse(result);
  }

  void fetch() const {
    const CommandResult result =
        git({"fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--",
             address_.url, address_.ref.empty() ? "HEAD" : address_.ref},
            Settings::Users, limits_.transfer);
    if (result.timed_out)
      fail(ErrorKind::Environment,
           "cannot clone {}: {} did not send it within {} min: clone it yourself, and give the "
           "folder of the skill",
           address_.shown, host(), limits_.transfer.count() / 60'000);
    if (result.exit_code != 0) refuse(result);
  }

  /// Adds up the files before one of them is written: a pack of a kilobyte may hold gigabytes.
  void check_size(const std::string& commit) const {
    std::vector<std::string> arguments = {"ls-tree", "-r", "-l", "-z", "--full-tree", commit};
    if (!address_.path.empty()) arguments.insert(arguments.end(), {"--", address_.path + "/"});
    const std::string listed =
        local(arguments, {"sh", "-c", "\"$@\" | head -c " + std::string(kLongestList), "sh"});
    if (std::to_string(listed.size()) == kLongestList) fail_too_large();
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    for (const std::string_view row : split(listed, '\0')) {
      // MODE TYPE ID SIZE<TAB>PATH, the size filled up with blanks
      const std::string_view columns = row.substr(0, row.find('\t'));
      const std::string_view size = columns.substr(columns.rfind(' ') + 1);
      std::uint64_t value = 0;
      std::from_chars(size.data(), size.data() + size.size(), value);
      bytes += value;
      ++files;
    }
    if (files == 0)
      fail(ErrorKind::Skill, "{} has no folder {} with files{}: give one that it has",
           address_.shown, address_.path.empty() ? "" : "`" + printable(address_.path) + "`",
           address_.ref.empty() ? "" : " at " + printable(address_.ref));
    if (files > limits_.files || bytes > limits_.bytes)
      fail(ErrorKind::Skill,
           "{} has {} with {}, the limit is {} with {}: give the folder of the skill, as "
           "URL#REF:FOLDER",
           address_.shown, count_of(files, "file"), human_bytes(bytes), limits_.files,
           human_bytes(limits_.bytes));
  }

  void check_out(const std::string& commit) const {
    fs::create_directories(repository_ / "info");
    // Before the attributes of the repository, which may name a filter or another encoding.
    write_file(repository_ / "info/attributes",
               "* -text -eol -filter -ident -working-tree-encoding\n");
    (void)local({"checkout", "--quiet", "--force", commit, "--",
                 address_.path.empty() ? "." : address_.path});
    std::error_code ignored;
    fs::remove_all(repository_, ignored);
  }

  const GitAddress& address_;
  const CloneLimits& limits_;
  fs::path repository_;
  fs::path folder_;
};

}  // namespace

GitClone clone_repository(const GitAddress& address, const fs::path& work,
                          const CloneLimits& limits) {
  return Cloning(address, work, limits).run();
}

}  // namespace skillaudit
