#pragma once

#include <filesystem>
#include <optional>

#include "harness/machine/provider.h"
#include "harness/providers/qemu/memory_ledger.h"
#include "harness/providers/qemu/template.h"

namespace skillaudit {

/// Clones of one template, or machines that boot their image cold.
class QemuPool : public MachinePool {
 public:
  /// As MachineProvider::open().
  QemuPool(std::filesystem::path cache, const MachineSpec& spec, const FirstBootWork& work,
           Progress& progress);

  [[nodiscard]] const MachineImage& image() const override { return image_; }
  void prepare(Progress& progress) override;
  [[nodiscard]] const MachineBase& base() const override;
  [[nodiscard]] std::unique_ptr<Machine> start(const StartSpec& spec, Progress& progress) override;
  void release(bool broken) override;

 private:
  [[nodiscard]] QemuSpec qemu_spec(const StartSpec& spec) const;
  [[nodiscard]] std::unique_ptr<Machine> start_clone(const StartSpec& spec);
  [[nodiscard]] std::unique_ptr<Machine> start_cold(const StartSpec& spec, Progress& progress);

  std::filesystem::path cache_;
  MemoryShare memory_;  ///< given back last
  MachineSpec spec_;
  TemplateSpec template_spec_;
  MachineImage image_;
  std::optional<Template> template_;
  std::optional<MachineBase> cold_base_;  ///< of the machine that booted cold
};

}  // namespace skillaudit
