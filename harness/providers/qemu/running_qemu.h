#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "harness/base/process.h"
#include "harness/machine/ending.h"
#include "harness/machine/guest_port.h"
#include "harness/providers/qemu/qemu_spec.h"
#include "harness/providers/qemu/qmp.h"

namespace skillaudit {

/// A running QEMU. Destroying it kills QEMU and what QEMU started. Its files (overlay, pcap,
/// console log) belong to the caller's folder.
class RunningQemu {
 public:
  /// Starts QEMU as `spec` says, with its control sockets and serial ports (their descriptors in
  /// `spec` are set here). `log` gets QEMU's own messages. Throws Error{Environment} with them when
  /// it ends at once.
  static RunningQemu start(QemuSpec spec, const std::filesystem::path& log);

  [[nodiscard]] bool running() { return process_.running(); }
  /// "exit code 1", "killed by signal 9 (Killed)".
  [[nodiscard]] std::string ending() const { return process_.ending(); }
  /// How it ended; none while it runs.
  [[nodiscard]] std::optional<Ending> how_it_ended();
  [[nodiscard]] int ended_fd() const noexcept { return process_.ended_fd(); }
  [[nodiscard]] pid_t pid() const noexcept { return process_.pid(); }
  [[nodiscard]] Qmp& qmp() noexcept { return qmp_; }
  /// Our end of the guest's serial port.
  [[nodiscard]] GuestPort& port() noexcept { return port_; }
  /// Our ends of a second control socket, its greeting unread, and of the port of the trace: of
  /// the watcher of the machine while the other two are in use.
  [[nodiscard]] int events_fd() const noexcept { return events_.get(); }
  [[nodiscard]] int trace_fd() const noexcept { return trace_.get(); }
  [[nodiscard]] std::uint16_t ssh_port() const noexcept { return ssh_port_; }
  /// Size of the disk that the guest sees.
  [[nodiscard]] int disk_mib();
  [[nodiscard]] const QemuSpec& spec() const noexcept { return spec_; }
  /// Waits until QEMU has ended; false if it still runs after `patience`.
  [[nodiscard]] bool wait_ended(std::chrono::milliseconds patience) {
    return process_.wait(patience);
  }
  /// Kills QEMU at once. Whatever it was writing may end in the middle.
  void stop() { process_.stop(); }
  /// Has QEMU end by itself, so that its overlay, the capture of its network and its console are
  /// whole; kills it where it does not within `patience`.
  void quit(std::chrono::milliseconds patience = std::chrono::seconds(20));

  /// The guest stands still, its clock too, until resume().
  void pause();
  void resume();
  /// Offers the disk as it is now, read-only, by NBD on the Unix socket `socket` under the name
  /// "disk". The guest should be paused.
  void export_disk(const std::filesystem::path& socket);
  void end_export();

  /// Stops the guest, writes device state to `state` (memory is in spec.memory_file, shared), and
  /// ends QEMU. Throws Error{Environment} (disk full).
  void save(const std::filesystem::path& state);
  /// Of a machine started with `incoming`: loads the state and lets the guest run.
  void load(const std::filesystem::path& state);

 private:
  RunningQemu() = default;
  Process process_;
  Qmp qmp_;
  GuestPort port_;
  Fd events_;
  Fd trace_;
  QemuSpec spec_;
  std::filesystem::path log_;
  std::uint16_t ssh_port_ = 0;
};

/// A qcow2 overlay over `backing` (qcow2), created empty. It names the real file, links resolved: a
/// template outlives the way by which its image was reached.
void create_overlay(const std::filesystem::path& backing, const std::filesystem::path& overlay);

}  // namespace skillaudit
