// How a sandbox comes up without a template: the image's own first boot, behind the proxy.
#include <fmt/core.h>

#include "harness/audit/sandbox.h"
#include "harness/providers/qemu/first_boot.h"

namespace skillaudit {

namespace fs = std::filesystem;

void Sandbox::start_cold(const SandboxSpec& spec, const TemplateSpec& base, Progress& progress) {
  progress.stage("Booting the VM");
  QemuSpec machine = start_proxy(spec, base);
  const fs::path& dir = work_dir();
  machine.seed = dir / "seed.iso";
  machine.share = spec.share;
  const BootKeys keys = write_boot_seed(base, machine.seed);
  create_overlay(image_.disk, machine.disk);
  progress.detail(
      fmt::format("booting {} under {}: about a minute", image_.name, name_of(base.accelerator)));
  machine_ = std::make_unique<Machine>(Machine::start(machine, dir / "qemu.log"));
  FirstBoot booted = await_first_boot(*machine_, base, keys, machine.console_log, progress);
  write_raw(booted.snapshot, dir / "snapshot");
  template_ = std::make_unique<Template>();
  template_->dir = dir;
  template_->host_public_key = keys.host.public_key;
  template_->client_private_key = keys.client.private_key;
  template_->os = booted.os;
  template_->kernel = booted.kernel;
  template_->control = booted.control;
  template_->disk_readable = booted.disk_readable;
  prepare(spec, progress);
}

}  // namespace skillaudit
