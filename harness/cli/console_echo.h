#pragma once

#include <filesystem>
#include <thread>

namespace skillaudit {

/// Copies everything appended to a file, a guest's serial console, to stdout until it is destroyed.
/// Control characters from the guest are shown as escapes. It stops when stdout is closed.
class ConsoleEcho {
 public:
  explicit ConsoleEcho(std::filesystem::path file);

 private:
  std::jthread thread_;
};

}  // namespace skillaudit
