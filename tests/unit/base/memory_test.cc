#include "harness/base/memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "harness/base/process.h"

namespace skillaudit {
namespace {

TEST(Memory, ReadsTheKernelsForm) {
  const char* text = "MemTotal:       16384 kB\nMemFree:        12 kB\nHugePages_Total:       3\n";
  EXPECT_EQ(kib_field(text, "MemTotal"), 16384U);
  EXPECT_EQ(kib_field(text, "HugePages_Total"), 3U);
  EXPECT_EQ(kib_field(text, "Mem"), 0U);
  EXPECT_EQ(kib_field("MemTotal: many kB\n", "MemTotal"), 0U);
}

TEST(Memory, ThisMachineHasSomeOfIt) {
  const MachineMemory memory = machine_memory();
  EXPECT_GT(memory.total_mib, 0U);
  EXPECT_LE(memory.available_mib, memory.total_mib);
}

TEST(Memory, CountsWhatAChildHolds) {
  const std::uint64_t before = memory_of_children_mib(::getpid());
  // A shell that holds 64 MiB.
  Process child({"/bin/bash", "-c", "x=$(head -c 64M /dev/zero | tr '\\0' x); sleep 60"});
  std::uint64_t now = before;
  for (int tries = 0; tries < 500 && now < before + 60; ++tries) {
    child.wait(std::chrono::milliseconds(20));
    now = memory_of_children_mib(::getpid());
  }
  EXPECT_GE(now, before + 60);
  child.stop();
  EXPECT_LE(memory_of_children_mib(::getpid()), before + 1);
}

}  // namespace
}  // namespace skillaudit
