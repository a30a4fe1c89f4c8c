#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/fd.h"

namespace skillaudit {

/// How a child starts.
struct SpawnSpec {
  std::vector<std::string> argv;
  std::map<std::string, std::string> environment;  ///< added to, or replacing, this process's
  std::filesystem::path directory;                 ///< empty: this process's
  int in = -1, out = -1, err = -1;                 ///< become the child's 0, 1 and 2
  std::vector<int> inherit = {};                   ///< further descriptors that it keeps
};

/// How often to look whether a child has ended where the kernel gives no pidfd.
inline constexpr int kPollWithoutPidfdMs = 20;

/// fork + exec in a new process group, which the kernel kills when this process dies. Reports the
/// child's exec error through a close-on-exec pipe, so that "not found" is an exception here and
/// not an exit code: Error{Environment}.
[[nodiscard]] pid_t spawn(const SpawnSpec& spec);

/// The ends for reading and for writing; closed at exec. Throws Error{Environment}.
[[nodiscard]] std::pair<Fd, Fd> make_pipe();

}  // namespace skillaudit
