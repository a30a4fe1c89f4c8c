#include "harness/sensors/machine_log.h"

#include <gmock/gmock.h>

#include "harness/base/file.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(Console, TellsOfMemoryThatRanOutAndOfTheKernelsEnd) {
  const auto events = parse_console(
      "[    1.000001] all is well\r\n"
      "[   12.345678] Out of memory: Killed process 812 (hog) total-vm:1kB\r\n"
      "login: Kernel panic, says somebody\r\n"
      "[   13.000000] Kernel panic - not syncing: sysrq triggered crash\r\n"
      "[   14.000000] WARNING: CPU: 0 PID: 1 at kernel/x.c:1\r\n");
  ASSERT_THAT(events, SizeIs(3));
  EXPECT_EQ(events[0].kind, ConsoleEvent::Kind::OutOfMemory);
  EXPECT_DOUBLE_EQ(events[0].uptime_s, 12.345678);
  EXPECT_EQ(events[0].line, 2);
  EXPECT_EQ(events[1].kind, ConsoleEvent::Kind::Panic);
  EXPECT_EQ(events[1].line, 4);
  EXPECT_EQ(events[2].kind, ConsoleEvent::Kind::Warning);
}

TEST(Console, IsBoundedAndEscaped) {
  std::string text;
  for (int i = 0; i < 5000; ++i)
    text += "[    1.000000] BUG: \x1b[31m" + std::string(1000, 'x') + "\n";
  const auto events = parse_console(text);
  ASSERT_THAT(events, SizeIs(1000));
  EXPECT_LE(events[0].text.size(), 410U);
  EXPECT_EQ(events[0].text.find('\x1b'), std::string::npos);
}

TEST(MachineLog, ReadsSamplesAndEventsAndLeavesOutWhatIsNone) {
  const TempDir dir;
  write_file(dir.path() / "machine.jsonl",
             "{\"t\":0.5,\"cpus\":1.25,\"memory\":4096,\"read\":1,\"written\":2,\"network\":3}\n"
             "{\"t\":0.7,\"event\":\"VSERPORT_CHANGE\",\"detail\":\"trace closed\"}\n"
             "{\"t\":0.9,\"cp");
  const MachineLog log = read_machine_log(dir.path());
  ASSERT_THAT(log.samples, SizeIs(1));
  EXPECT_DOUBLE_EQ(log.samples[0].cpus, 1.25);
  EXPECT_EQ(log.samples[0].memory_bytes, 4096U);
  ASSERT_THAT(log.events, SizeIs(1));
  EXPECT_EQ(log.events[0].detail, "trace closed");
  EXPECT_THAT(log.console, IsEmpty());
}

}  // namespace
}  // namespace skillaudit
