#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/fd.h"

namespace skillaudit {

struct ProcessOptions {
  /// Added to, or replacing, this process's environment.
  std::map<std::string, std::string> environment;
  /// stdout and stderr are appended to this file; empty: /dev/null.
  std::filesystem::path log;
  std::filesystem::path working_directory;
  /// Descriptors that the child keeps, at the same numbers; every other one is closed to it.
  std::vector<int> inherit = {};
};

struct CommandResult;
struct CommandOptions;

/// A long-running child (a hypervisor, mitmdump) in a process group of its own. The kernel kills it
/// when this process dies (PR_SET_PDEATHSIG), and the destructor kills its whole group and reaps
/// it, so no path leaves one behind. When it ends by itself, the rest of its group is killed as
/// soon as running(), wait() or stop() notices. stdin is /dev/null. Move-only.
///
/// The parent-death signal follows the *thread* that started the child (prctl(2)): start children
/// from a thread that lives as long as they should.
class Process {
 public:
  Process() = default;
  /// Throws Error{Environment} when `argv[0]` cannot be executed.
  explicit Process(const std::vector<std::string>& argv, const ProcessOptions& options = {});
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// Reaps without waiting. False once it has ended, or was never started.
  [[nodiscard]] bool running();
  /// "exit code 1", "killed by signal 9 (Killed)"; meaningful once running() is false.
  [[nodiscard]] std::string ending() const;
  /// None while it runs, and when a signal ended it.
  [[nodiscard]] std::optional<int> exit_code() const;
  /// Readable when the process ends (pidfd_open(2)).
  [[nodiscard]] int ended_fd() const noexcept { return pidfd_.get(); }
  /// Waits until it ends; false on time-out.
  bool wait(std::chrono::milliseconds timeout);
  /// SIGTERM, then SIGKILL after `grace`; zero kills at once.
  void stop(std::chrono::milliseconds grace = std::chrono::milliseconds(0));

 private:
  friend CommandResult run_command(const std::vector<std::string>& argv,
                                   const CommandOptions& options);
  explicit Process(pid_t child);

  pid_t pid_ = -1;
  Fd pidfd_;
  std::optional<int> status_;
};

struct CommandResult {
  int exit_code = -1;  ///< 128 + signal when killed by one
  std::string out;
  std::string err;
  bool timed_out = false;
};

struct CommandOptions {
  std::chrono::milliseconds timeout = std::chrono::seconds(60);
  std::string input;
  std::map<std::string, std::string> environment;
  std::filesystem::path working_directory;
  /// Called with each piece of stderr as it comes: for progress.
  void (*on_stderr)(std::string_view) = nullptr;
};

/// Runs a command to its end with stdout and stderr drained together (at most 64 MiB each are
/// kept). The end is the command's own: what it leaves behind in its process group is killed.
/// Throws Error{Environment} when it cannot be executed, Error{Interrupted} on Ctrl-C (the child's
/// group is killed first). A non-zero exit is the caller's to judge.
CommandResult run_command(const std::vector<std::string>& argv, const CommandOptions& options = {});

/// As run_command(), but a non-zero exit throws Error{Environment} with the last lines of stderr.
std::string check_output(const std::vector<std::string>& argv, const CommandOptions& options = {});

/// The program's path as found on PATH (and in /usr/sbin, /sbin), or empty.
[[nodiscard]] std::filesystem::path find_program(const std::string& name);

}  // namespace skillaudit
