#include "harness/sensors/syscalls.h"

#include <fmt/format.h>
#include <libaudit.h>

#include <string_view>

#include "harness/base/error.h"

namespace skillaudit {
namespace {

struct Call {
  std::string_view name;
  SyscallNumbers numbers;
};

/// What libaudit 3.0.9 of Debian 12 does not know, or knows by another name.
constexpr Call kOwn[] = {{"fchmodat2", {452, 452}}, {"kexec_load", {246, 283}}};

}  // namespace

SyscallNumbers syscall_numbers(const char* name) {
  for (const Call& call : kOwn)
    if (call.name == name) return call.numbers;
  const SyscallNumbers numbers{::audit_name_to_syscall(name, MACH_86_64),
                               ::audit_name_to_syscall(name, MACH_X86)};
  if (numbers.in_64_bit < 0 && numbers.in_32_bit < 0)
    fail(ErrorKind::Internal, "there is no system call {}", name);
  return numbers;
}

std::string syscall_name(std::uint32_t arch, int number) {
  const bool old = arch == AUDIT_ARCH_I386;
  for (const Call& call : kOwn)
    if ((old ? call.numbers.in_32_bit : call.numbers.in_64_bit) == number)
      return fmt::format("{}{}", call.name, old ? " (32-bit)" : "");
  if (const char* name = ::audit_syscall_to_name(number, old ? MACH_X86 : MACH_86_64))
    return fmt::format("{}{}", name, old ? " (32-bit)" : "");
  return fmt::format("{} {}", old ? "32-bit call" : "call", number);
}

}  // namespace skillaudit
