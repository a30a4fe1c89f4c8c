#pragma once

#include <cstdint>
#include <string>

namespace skillaudit {

/// The numbers of a system call of x86: in the 64-bit interface, and in the old one by which the
/// same kernel serves 32-bit programs. -1: the interface has no such call.
struct SyscallNumbers {
  int in_64_bit = -1;
  int in_32_bit = -1;
};

/// Throws Error{Internal} for a name that neither interface has.
[[nodiscard]] SyscallNumbers syscall_numbers(const char* name);

/// "execve" for a number in a record of the kernel's audit system, whose `arch` is AUDIT_ARCH_…;
/// "execve (32-bit)" in the old interface; "call 999" or "32-bit call 999" for one without a name.
[[nodiscard]] std::string syscall_name(std::uint32_t arch, int number);

}  // namespace skillaudit
