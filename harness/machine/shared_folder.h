#pragma once

#include <filesystem>

namespace skillaudit {

/// A folder of the host that the guest can mount by virtio-9p under the tag kShareTag.
struct SharedFolder {
  std::filesystem::path folder;  ///< absolute, links resolved
  bool read_only = false;
};
inline constexpr const char* kShareTag = "share";

}  // namespace skillaudit
