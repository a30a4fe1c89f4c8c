#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "harness/base/error.h"

namespace skillaudit {

/// Runs `body` in a process of its own, since a signal that came stays come; its result is the
/// process's exit code.
inline int in_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 99;
    try {
      code = body();
    } catch (const Error& error) {
      code = error.exit_code();
    } catch (...) {
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace skillaudit
