#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/machine/ending.h"
#include "harness/user_vms/control.h"

namespace skillaudit {

/// What the process that a VM belongs to does while it runs.
struct HoldSpec {
  std::filesystem::path folder;
  int machine_fd = -1;  ///< readable when the machine ends
  /// What of the VM has ended; none while all runs.
  std::function<std::optional<Ending>()> ending;
  /// Does what `vm reset` asks for; none: it cannot be reset.
  std::function<void()> reset;
  /// The shell's argument vector; empty: no shell, the VM runs until it is stopped.
  std::vector<std::string> shell;
};

/// Why it ended. At most one of the two is set; neither: `vm stop` asked for it.
struct Held {
  std::optional<int> shell_exit;  ///< of the shell, or the command
  std::optional<Ending> ended;    ///< what of the VM ended by itself
  std::optional<Request> stop;    ///< to be answered once the VM is down
};

/// Runs the shell on this terminal and answers what other processes ask, until the shell ends, `vm
/// stop` asks for the end, or the VM ends by itself. A reset restarts the shell. Throws
/// Error{Interrupted} on a signal; the shell has ended whichever way this is left.
[[nodiscard]] Held hold(ControlSocket& control, const HoldSpec& spec);

}  // namespace skillaudit
