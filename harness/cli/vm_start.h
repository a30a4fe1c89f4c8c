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

/// `skillaudit vm start`: a sandbox in the foreground, with a shell on a terminal, or the serial
/// console on stdout without one. Returns after the VM has ended and its files are removed.
int vm_start(const VmStartArguments& arguments);

}  // namespace skillaudit
