#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/base/process.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {

/// Everything on one machine that one user of the program has to themselves: a working folder, a
/// folder for temporary files and a cache. So whatever a run leaves behind, in files or in
/// processes, can be told from what other runs do at the same time.
class Account {
 public:
  enum class Images {
    None,    ///< the cache is empty
    Shared,  ///< images, templates and the authority are those of whoever runs the tests
  };
  explicit Account(Images images);

  /// Where the program is run.
  [[nodiscard]] std::filesystem::path cwd() const { return root_.path() / "work"; }
  /// `skillaudit`'s own folder in this account's cache.
  [[nodiscard]] std::filesystem::path cache() const { return root_.path() / "cache/skillaudit"; }
  /// For what the user has besides: skills, policies, bundles. Never counted as left behind.
  [[nodiscard]] std::filesystem::path home() const { return root_.path() / "home"; }
  [[nodiscard]] const std::map<std::string, std::string>& environment() const {
    return environment_;
  }
  /// Sets a variable for the program: PATH.
  void set(const std::string& name, const std::string& value) { environment_[name] = value; }

  /// Runs `skillaudit ARGUMENTS` to its end. `launcher` goes before the program: {"setpriv", …}.
  [[nodiscard]] CommandResult run(const std::vector<std::string>& arguments,
                                  const std::vector<std::string>& launcher = {}) const;

  /// A skill `name` in home(); `front_matter` replaces its whole front matter.
  [[nodiscard]] std::filesystem::path skill(const std::string& name,
                                            const std::string& front_matter = {}) const;

  /// One line for each file in the working folder, among the temporary files and among the VMs'
  /// files, and for each process that was started for this account and still runs.
  [[nodiscard]] std::vector<std::string> left_behind() const;
  /// The processes alone.
  [[nodiscard]] std::vector<std::string> processes() const;
  /// The folders of VMs: `runs/` of the cache.
  [[nodiscard]] std::vector<std::string> workspaces() const;

 private:
  TempDir root_;
  std::map<std::string, std::string> environment_;
};

/// True as soon as `condition` holds; false when it does not in time.
bool eventually(const std::function<bool()>& condition,
                std::chrono::seconds limit = std::chrono::seconds(10));

/// `skillaudit ARGUMENTS` while it runs.
class RunningProgram {
 public:
  RunningProgram(const Account& account, const std::vector<std::string>& arguments);

  /// Waits until what it printed (stdout and stderr) contains `text`. Throws when it ends before.
  void wait_until_it_says(const std::string& text);
  void signal(int number) const;
  /// The pid of its child with that name; throws when it has none.
  [[nodiscard]] pid_t child(const std::string& name) const;
  /// Waits for a child of that name that is another than `former`.
  [[nodiscard]] pid_t another_child(const std::string& name, pid_t former) const;
  /// Waits for its end: "exit code 3", "killed by signal 9 (Killed)".
  [[nodiscard]] std::string ending();
  [[nodiscard]] std::string said() const;

 private:
  [[nodiscard]] std::vector<pid_t> children(const std::string& name) const;

  TempDir log_folder_;
  std::filesystem::path log_;
  Process process_;
};

}  // namespace skillaudit
