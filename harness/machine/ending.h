#pragma once

#include <chrono>
#include <string>

namespace skillaudit {

/// How a running VM ended.
struct Ending {
  enum class By {
    Guest,       ///< its kernel or its user halted or rebooted it
    Hypervisor,  ///< the hypervisor or the host ended it: no act of the guest
    Proxy        ///< its proxy ended, so the VM is of no use
  };
  By by = By::Hypervisor;
  std::string text;  ///< "HYPERVISOR ended: killed by signal 9 (Killed)"
};

/// A dying hypervisor closes its connections a moment before it ends: whoever has just lost
/// one waits this long for the ending.
inline constexpr std::chrono::seconds kDying{2};

}  // namespace skillaudit
