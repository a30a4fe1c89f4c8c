#pragma once

#include <filesystem>
#include <thread>

namespace skillaudit {

/// Copies what a growing file gets, a guest's serial console, to stdout until it is destroyed. The
/// guest writes it: control characters are shown as escapes. When stdout is closed it
/// copies nothing.
class ConsoleEcho {
 public:
  explicit ConsoleEcho(std::filesystem::path file);

 private:
  std::jthread thread_;
};

}  // namespace skillaudit
