#pragma once

#include <string>

#include "harness/cli/network_options.h"

namespace skillaudit {

struct VmStartArguments {
  std::string name;  ///< empty: "vm", "vm-2", …
  std::string os = "debian-12";
  std::string share;
  bool cold = false;
  NetworkOptions network;
};

/// `skillaudit vm start`: a sandbox in the foreground, with a shell where there is a terminal and
/// the serial console on stdout where there is none. Returns when it has ended and nothing of it is
/// left.
int vm_start(const VmStartArguments& arguments);

}  // namespace skillaudit
