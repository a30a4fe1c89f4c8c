// How a sandbox comes up without a template: the image's own first boot, behind the proxy.
#include <fmt/format.h>

#include "harness/audit/first_boot.h"
#include "harness/audit/sandbox.h"
#include "harness/base/file.h"
#include "harness/traffic/loopback.h"

namespace skillaudit {

namespace fs = std::filesystem;

void Sandbox::start_cold(const SandboxSpec& spec, const TemplateSpec& base, Progress& progress) {
  progress.stage("Booting the VM");
  workspace_ = std::make_unique<Workspace>(cache_dir());
  const fs::path& dir = workspace_->path();
  const LoopbackPlace place = free_loopback_place();
  proxy_ = std::make_unique<Proxy>(Proxy::start({.policy = spec.policy,
                                                 .out_dir = spec.evidence_dir,
                                                 .ca_dir = base.ca_certificate.parent_path(),
                                                 .work_dir = dir,
                                                 .address = place.address,
                                                 .port = place.port,
                                                 .peer = place.address}));
  const BootKeys keys = write_boot_seed(base, dir / "seed.iso");
  create_overlay(image_.disk, disk());
  progress.detail(
      fmt::format("booting {} under {}: about a minute", image_.name, name_of(base.accelerator)));
  const fs::path console_log = spec.evidence_dir / "console.log";
  machine_ = std::make_unique<Machine>(
      Machine::start({.accelerator = base.accelerator,
                      .cpus = base.cpus,
                      .memory_mib = base.memory_mib,
                      .memory_mode = MemoryMode::Private,
                      .kernel = image_.kernel,
                      .initrd = image_.initrd,
                      .disk = disk(),
                      .seed = dir / "seed.iso",
                      .packet_capture = spec.evidence_dir / "network.pcap",
                      .console_log = console_log,
                      .proxy_address = place.address,
                      .proxy_port = place.port,
                      .share = spec.share},
                     dir / "qemu.log"));
  FirstBoot booted = await_first_boot(*machine_, base, keys, console_log, progress);
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
