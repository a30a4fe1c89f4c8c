#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string_view>

namespace skillaudit {

/// This machine's memory, in MiB. Inside a control group with a limit (a container), the remainder
/// of the limit if that is less.
struct MachineMemory {
  std::uint64_t total_mib = 0;
  std::uint64_t available_mib = 0;  ///< without swapping: MemAvailable of proc(5)
};
/// Throws Error{Environment} when /proc/meminfo cannot be read.
[[nodiscard]] MachineMemory machine_memory();

/// The value of "Key:  123 kB" in the kernel's form, in KiB; 0 where there is none.
[[nodiscard]] std::uint64_t kib_field(std::string_view text, std::string_view key);

/// Memory of the children of `parent` that the kernel cannot reclaim (anonymous pages), in MiB.
/// Children that cannot be inspected, or have just ended, count as 0.
[[nodiscard]] std::uint64_t memory_of_children_mib(pid_t parent);

}  // namespace skillaudit
