#pragma once

#include <sys/socket.h>

#include <stdexcept>

#include "harness/base/error.h"
#include "harness/machine/machine.h"

namespace skillaudit {

/// A machine without a hypervisor: a test says what it does.
class FakeMachine : public Machine {
 public:
  FakeMachine() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      throw std::runtime_error("no socket pair");
    trace_ = Fd(ends[0]);
    guest_trace_ = Fd(ends[1]);
  }

  MachineFacts known;
  std::optional<Ending> ended;
  std::unique_ptr<MachineMonitor> next_monitor;
  int thawed = 0;
  /// Sends `bytes` through the port of the trace, as the guest does.
  void send_trace(std::string_view bytes) {
    if (::send(guest_trace_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(bytes.size()))
      throw std::runtime_error("the trace was not sent");
  }

  [[nodiscard]] const MachineFacts& facts() const override { return known; }
  [[nodiscard]] std::uint16_t ssh_port() const override { return 0; }
  [[nodiscard]] GuestPort& port() override { return port_; }
  [[nodiscard]] int trace_fd() const override { return trace_.get(); }
  [[nodiscard]] std::unique_ptr<MachineMonitor> monitor() override {
    return std::move(next_monitor);
  }
  void freeze_disk(const std::filesystem::path&) override {}
  void thaw_disk() noexcept override { ++thawed; }
  void save_checkpoint(const std::string&) override { cannot(); }
  void load_checkpoint(const std::string&) override { cannot(); }
  void boot_again(const std::filesystem::path&, const std::filesystem::path&) override { cannot(); }
  [[nodiscard]] std::optional<Ending> ending() override { return ended; }
  [[nodiscard]] int ended_fd() const override { return -1; }
  void end(std::chrono::milliseconds) override {}
  [[nodiscard]] MachineFiles files() const override { return {}; }

 private:
  static void cannot() { fail(ErrorKind::Evidence, "this machine cannot do that"); }
  GuestPort port_;
  Fd trace_, guest_trace_;
};

}  // namespace skillaudit
