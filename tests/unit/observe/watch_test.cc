#include "harness/observe/watch.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/base/interrupt.h"
#include "harness/base/temp_dir.h"
#include "tests/unit/observe/fake_machine.h"

namespace skillaudit {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

/// Has one event to report, and a sample whenever it was asked for one.
class FakeMonitor : public MachineMonitor {
 public:
  FakeMonitor() {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    out_ = Fd(ends[0]);
    in_ = Fd(ends[1]);
    EXPECT_EQ(::write(in_.get(), "e", 1), 1);
  }
  [[nodiscard]] int fd() const override { return out_.get(); }
  void request_sample() override { EXPECT_EQ(::write(in_.get(), "s", 1), 1); }
  [[nodiscard]] Taken take() override {
    char what = 0;
    if (::read(out_.get(), &what, 1) != 1) return {};
    if (what == 'e') return {.events = {{0, "SHUTDOWN", "guest-reset"}}, .sample = {}};
    return {.events = {}, .sample = ResourceSample{.cpus = 1.5, .memory_bytes = 4096}};
  }

 private:
  Fd out_, in_;
};

TEST(Watch, KeepsTheTraceAndWhatTheHypervisorReportsOfAnyMachine) {
  const TempDir bundle;
  FakeMachine machine;
  machine.next_monitor = std::make_unique<FakeMonitor>();
  Watch watch(machine, bundle.path());
  watch.expect("mark-4711");
  machine.send_trace("type=EXECVE begins\nmark-4711\n");
  EXPECT_TRUE(watch.await(seconds(20)));
  const std::filesystem::path log = bundle.path() / "machine.jsonl";
  for (int i = 0; i < 400 && read_file(log).find("cpus") == std::string::npos; ++i)
    interruptible_sleep(std::chrono::milliseconds(10));
  watch.stop();
  EXPECT_EQ(read_file(bundle.path() / "trace.log"), "type=EXECVE begins\nmark-4711\n");
  EXPECT_THAT(read_file(log), HasSubstr("\"event\":\"SHUTDOWN\""));
  EXPECT_THAT(read_file(log), HasSubstr("\"cpus\":1.5"));
}

TEST(Watch, TakesTheTraceOfAMachineThatReportsNothing) {
  const TempDir bundle;
  FakeMachine machine;
  Watch watch(machine, bundle.path());
  watch.expect("the end");
  machine.send_trace("the end");
  EXPECT_TRUE(watch.await(seconds(20)));
}

}  // namespace
}  // namespace skillaudit
