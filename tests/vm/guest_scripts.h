#pragma once

#include <string>
#include <vector>

#include "harness/guest/ssh_session.h"

namespace skillaudit {

enum class As { User, Root };

/// Runs tests/vm/guest/`script` in the guest, by Python or Node as its name says.
ExecResult run_script(SshSession& guest, const std::string& script,
                      const std::vector<std::string>& arguments, As user = As::User,
                      std::chrono::seconds timeout = std::chrono::seconds(60));

/// As run_script(), and throws Error{Evidence} unless it exits with 0. Returns what it printed.
std::string output_of(SshSession& guest, const std::string& script,
                      const std::vector<std::string>& arguments, As user = As::User,
                      std::chrono::seconds timeout = std::chrono::seconds(60));

}  // namespace skillaudit
