#pragma once

#include <filesystem>

#include "harness/machine/provider.h"

namespace skillaudit {

/// Guests under QEMU on this host, by KVM or emulation. Its images, templates and memory
/// reservations are in `cache`.
class QemuProvider : public MachineProvider {
 public:
  explicit QemuProvider(std::filesystem::path cache) : cache_(std::move(cache)) {}

  [[nodiscard]] const std::vector<Requirement>& requirements() const override;
  [[nodiscard]] GuestAccount account() const override;
  [[nodiscard]] GuestNetwork network() const override;
  void require_system(const std::string& os) const override;
  [[nodiscard]] unsigned machines_at_once(int memory_mib, unsigned processors) const override;
  [[nodiscard]] std::unique_ptr<MachinePool> open(const MachineSpec& spec,
                                                  const FirstBootWork& work,
                                                  Progress& progress) override;
  [[nodiscard]] std::unique_ptr<MemoryReservation> reserve(int memory_mib,
                                                           Progress& progress) override;
  void store(const MachineFiles& files, const std::filesystem::path& folder) const override;
  [[nodiscard]] std::filesystem::path missing_file(const KeptMachine& kept) const override;
  [[nodiscard]] std::unique_ptr<Machine> wake(const KeptMachine& kept,
                                              const StartSpec& spec) const override;
  [[nodiscard]] std::string wake_hint(const KeptMachine& kept) const override;
  void remove_checkpoint(const std::filesystem::path& folder,
                         const std::string& tag) const override;

 private:
  std::filesystem::path cache_;
};

}  // namespace skillaudit
