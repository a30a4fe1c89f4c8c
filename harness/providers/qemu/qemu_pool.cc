#include "harness/providers/qemu/qemu_pool.h"

#include <fmt/core.h>

#include <utility>

#include "harness/base/error.h"
#include "harness/evidence/bundle_files.h"
#include "harness/providers/qemu/first_boot.h"
#include "harness/providers/qemu/image_for.h"
#include "harness/providers/qemu/layer.h"
#include "harness/providers/qemu/qemu_machine.h"
#include "harness/traffic/mirrors.h"

namespace skillaudit {

namespace fs = std::filesystem;

QemuPool::QemuPool(fs::path cache, const MachineSpec& spec, const FirstBootWork& work,
                   Progress& progress)
    : cache_(std::move(cache)),
      memory_(reserve_vm_memory(cache_, spec.memory_mib, progress)),
      spec_(spec) {
  progress.stage("Preparing the VM image");
  const Image image = image_for(cache_, spec.os, progress);
  image_ = {image.name, image.id};
  template_spec_ = {.image = image,
                    .accelerator = choose_accelerator(),
                    .cpus = spec.cpus,
                    .memory_mib = spec.memory_mib,
                    .ca_certificate = spec.ca_certificate,
                    .npm_registry = host_mirrors().npm_registry,
                    .tools = spec.tools ? spec.tools(progress) : ToolsDisk(),
                    .work = &work};
}

void QemuPool::prepare(Progress& progress) {
  if (spec_.cold) return;
  progress.stage("Preparing the VM template");
  template_ = open_template(cache_, template_spec_, progress);
  if (spec_.layers.empty()) return;
  progress.stage("Preparing the packages");
  for (const auto& layer : spec_.layers) {
    const MachineBase below = template_->base;
    template_ = open_layer(cache_, template_spec_, std::move(*template_), *layer, progress);
    MachineBase& base = template_->base;
    const bool is_new = base.folder != below.folder;
    if (is_new) base.added.insert(base.added.begin(), below.added.begin(), below.added.end());
    base.not_added.insert(base.not_added.begin(), below.not_added.begin(), below.not_added.end());
  }
}

const MachineBase& QemuPool::base() const {
  if (cold_base_) return *cold_base_;
  if (!template_) fail(ErrorKind::Internal, "the machine's base was asked for before it was made");
  return template_->base;
}

QemuSpec QemuPool::qemu_spec(const StartSpec& spec) const {
  return {.accelerator = template_spec_.accelerator,
          .cpus = spec_.cpus,
          .memory_mib = spec_.memory_mib,
          .kernel = template_spec_.image.kernel,
          .initrd = template_spec_.image.initrd,
          .disk = spec.work_dir / "disk.qcow2",
          .tools = template_spec_.tools.disk,
          .packet_capture = spec.evidence_dir / name_of(BundleFile::Network),
          .console_log = spec.evidence_dir / name_of(BundleFile::Console),
          .proxy_address = spec.proxy_address,
          .proxy_port = spec.proxy_port};
}

std::unique_ptr<Machine> QemuPool::start(const StartSpec& spec, Progress& progress) {
  return spec_.cold ? start_cold(spec, progress) : start_clone(spec);
}

std::unique_ptr<Machine> QemuPool::start_clone(const StartSpec& spec) {
  QemuSpec clone = qemu_spec(spec);
  create_overlay(template_->disk(), clone.disk);
  clone.memory_mode = MemoryMode::Cloned;
  clone.memory_file = template_->memory();
  clone.seed = template_->seed();
  clone.incoming = true;
  RunningQemu qemu = RunningQemu::start(clone, spec.work_dir / "qemu.log");
  try {
    qemu.load(template_->state());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted || !qemu.wait_ended(kDying)) throw;
    throw BootError(error.kind(), error.what());
  }
  return std::make_unique<QemuMachine>(std::move(qemu), image_.id, &template_->base,
                                       template_->disk());
}

std::unique_ptr<Machine> QemuPool::start_cold(const StartSpec& spec, Progress& progress) {
  QemuSpec booted_cold = qemu_spec(spec);
  const fs::path& dir = spec.work_dir;
  booted_cold.seed = dir / "seed.iso";
  booted_cold.share = spec_.share;
  const BootKeys keys = write_boot_seed(template_spec_, booted_cold.seed);
  create_overlay(template_spec_.image.disk, booted_cold.disk);
  progress.detail(fmt::format("booting {} under {}: about a minute", image_.name,
                              name_of(template_spec_.accelerator)));
  auto machine =
      std::make_unique<QemuMachine>(RunningQemu::start(booted_cold, dir / "qemu.log"), image_.id);
  const FirstBoot booted =
      await_first_boot(*machine, template_spec_, keys, booted_cold.console_log, progress);
  machine->set_system(booted.os, booted.kernel);
  cold_base_ = write_base(booted, keys, dir);
  return machine;
}

void QemuPool::release(bool broken) {
  if (!template_) return;
  const std::string key = template_->key;
  template_.reset();
  if (broken) discard_template(cache_, key);
}

}  // namespace skillaudit
