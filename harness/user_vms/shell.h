#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/user_vms/record.h"

namespace skillaudit {

/// A person's shell, or command, in a guest: the distribution's own `ssh`, which knows terminals.
/// It is given one identity and one host key, both from the VM's folder, and nothing of its user's
/// configuration, agent or known hosts.

/// ssh's argument vector. Pure. File names are relative: it must run in the VM's folder, so that no
/// path meets ssh's own quoting. One word of `command` is a line for the guest's shell;
/// several are one command and its arguments. `terminal`: allocate one in the guest.
[[nodiscard]] std::vector<std::string> shell_arguments(const VmRecord& record,
                                                       const Running& running,
                                                       const std::vector<std::string>& command,
                                                       bool terminal);

/// Writes what shell_arguments() names: `id` (0600) and `known_hosts`.
void write_shell_files(const std::filesystem::path& folder, const VmRecord& record);

/// ssh on this process's own terminal and standard streams, in its process group, so that the
/// terminal is its to use. It ends with this process. Move-only.
class Shell {
 public:
  /// Throws Error{Environment} when ssh is not installed.
  Shell(const std::filesystem::path& folder, const std::vector<std::string>& arguments);
  ~Shell();
  Shell(Shell&& other) noexcept;
  Shell& operator=(Shell&&) = delete;

  /// Readable when it ends.
  [[nodiscard]] int ended_fd() const noexcept { return pidfd_.get(); }
  /// Its exit code, 255 when ssh itself failed, 128 + signal; none while it runs.
  [[nodiscard]] std::optional<int> exit_code();
  /// Ends it; ssh puts the terminal back as it was.
  void stop();

 private:
  pid_t pid_ = -1;
  Fd pidfd_;
  std::optional<int> exit_code_;
};

/// Becomes ssh. Returns only by an exception, Error{Environment}.
[[noreturn]] void become_shell(const std::filesystem::path& folder,
                               const std::vector<std::string>& arguments);

/// Whether both ends of a conversation, stdin and stdout, are terminals.
[[nodiscard]] bool on_terminal();

}  // namespace skillaudit
