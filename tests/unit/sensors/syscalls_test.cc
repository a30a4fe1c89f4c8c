#include "harness/sensors/syscalls.h"

#include <gmock/gmock.h>
#include <linux/audit.h>

#include "harness/base/error.h"

namespace skillaudit {
namespace {

TEST(Syscalls, HaveANumberInEachInterface) {
  EXPECT_EQ(syscall_numbers("execve").in_64_bit, 59);
  EXPECT_EQ(syscall_numbers("execve").in_32_bit, 11);
  EXPECT_EQ(syscall_numbers("socketcall").in_64_bit, -1);
  EXPECT_EQ(syscall_numbers("socketcall").in_32_bit, 102);
  EXPECT_EQ(syscall_numbers("kexec_file_load").in_32_bit, -1);
  EXPECT_EQ(syscall_numbers("kexec_load").in_32_bit, 283);
  EXPECT_EQ(syscall_numbers("fchmodat2").in_64_bit, 452);
  EXPECT_THROW(static_cast<void>(syscall_numbers("exceve")), Error);
}

TEST(Syscalls, HaveAName) {
  EXPECT_EQ(syscall_name(AUDIT_ARCH_X86_64, 59), "execve");
  EXPECT_EQ(syscall_name(AUDIT_ARCH_X86_64, 280), "utimensat");
  EXPECT_EQ(syscall_name(AUDIT_ARCH_X86_64, 452), "fchmodat2");
  EXPECT_EQ(syscall_name(AUDIT_ARCH_I386, 11), "execve (32-bit)");
  EXPECT_EQ(syscall_name(AUDIT_ARCH_I386, 283), "kexec_load (32-bit)");
  EXPECT_EQ(syscall_name(AUDIT_ARCH_X86_64, 99999), "call 99999");
  EXPECT_EQ(syscall_name(AUDIT_ARCH_I386, -1), "32-bit call -1");
}

}  // namespace
}  // namespace skillaudit
