#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "harness/machine/provider.h"
#include "harness/providers/qemu/running_qemu.h"

namespace skillaudit {

/// A guest under QEMU.
class QemuMachine : public Machine {
 public:
  /// `qemu` runs the guest. `base`: what it started from; null while that is not known yet.
  /// `base_disk`: the disk that its overlay is on; empty: the image's own.
  QemuMachine(RunningQemu qemu, std::string image_id, const MachineBase* base = nullptr,
              std::filesystem::path base_disk = {});

  [[nodiscard]] RunningQemu& qemu() noexcept { return *qemu_; }
  /// Once they are known.
  void set_system(const std::string& os, const std::string& kernel);

  [[nodiscard]] const MachineFacts& facts() const override { return facts_; }
  [[nodiscard]] std::uint16_t ssh_port() const override { return qemu_->ssh_port(); }
  [[nodiscard]] GuestPort& port() override { return qemu_->port(); }
  [[nodiscard]] int trace_fd() const override { return qemu_->trace_fd(); }
  [[nodiscard]] std::unique_ptr<MachineMonitor> monitor() override;
  void freeze_disk(const std::filesystem::path& socket) override;
  void thaw_disk() noexcept override;
  void save_checkpoint(const std::string& tag) override;
  void load_checkpoint(const std::string& tag) override;
  void boot_again(const std::filesystem::path& console,
                  const std::filesystem::path& capture) override;
  [[nodiscard]] std::optional<Ending> ending() override { return qemu_->how_it_ended(); }
  [[nodiscard]] int ended_fd() const override { return qemu_->ended_fd(); }
  void end(std::chrono::milliseconds patience) override { qemu_->quit(patience); }
  [[nodiscard]] MachineFiles files() const override;

 private:
  std::unique_ptr<RunningQemu> qemu_;
  std::string image_id_;
  std::filesystem::path base_disk_;
  MachineFacts facts_;
};

/// What must be known to wake a kept machine: MachineFiles::description. Throws json::exception.
struct QemuDescription {
  std::string qemu_version;  ///< that saved it
  std::string image_id;
  Accelerator accelerator = Accelerator::Tcg;
  int cpus = 0;
  int memory_mib = 0;
  std::filesystem::path kernel, initrd, tools;
};
[[nodiscard]] std::string written(const QemuDescription& description);
[[nodiscard]] QemuDescription read_description(const std::string& text);

/// The QEMU of a machine that QemuProvider started.
[[nodiscard]] RunningQemu& qemu_of(Machine& machine);

}  // namespace skillaudit
