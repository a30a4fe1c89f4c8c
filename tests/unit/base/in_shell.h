#pragma once

#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <string>

#include "harness/base/error.h"
#include "harness/base/process.h"

namespace skillaudit {

inline CommandResult shell(const std::string& script, CommandOptions options = {}) {
  return run_command({"/bin/sh", "-c", script}, options);
}

/// Whether the process runs; one that has ended and was not waited for does not.
inline bool alive(pid_t pid) {
  if (::kill(pid, 0) != 0) return false;
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(stat, text);
  const std::size_t name_end = text.rfind(')');
  return name_end != std::string::npos && text.substr(name_end + 2, 1) != "Z";
}

/// True as soon as `condition` holds; false when it does not within ten seconds.
template <typename Condition>
bool eventually(Condition condition) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::seconds(10);
  while (Clock::now() < deadline) {
    if (condition()) return true;
    ::poll(nullptr, 0, 5);
  }
  return condition();
}

/// The message of the Error that `call` throws.
template <typename Call>
std::string error_of(Call call, ErrorKind kind = ErrorKind::Environment) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

}  // namespace skillaudit
