#include "harness/providers/qemu/template.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/base/workspace.h"
#include "harness/observe/witness_client.h"
#include "harness/providers/qemu/first_boot.h"
#include "harness/providers/qemu/machine.h"
#include "harness/providers/qemu/seed.h"
#include "harness/providers/qemu/template_sweep.h"
#include "harness/snapshot/capture.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kTemplateVersion = 4;
constexpr std::uint64_t kSpaceBesideMemory = 1ULL << 30;

QemuSpec boot_spec(const TemplateSpec& spec, const fs::path& dir) {
  return {.accelerator = spec.accelerator,
          .cpus = spec.cpus,
          .memory_mib = spec.memory_mib,
          .memory_mode = MemoryMode::Saved,
          .memory_file = dir / "memory",
          .kernel = spec.image.kernel,
          .initrd = spec.image.initrd,
          .disk = dir / "disk.qcow2",
          .seed = dir / "seed.iso",
          .tools = spec.agent_disk.disk,
          .packet_capture = dir / "boot.pcap",
          .console_log = dir / "console.log",
          // Nothing listens there: a boot needs no network, and a proxy comes with each clone.
          .proxy_address = "127.0.0.1",
          .proxy_port = 1};
}

/// Boots, waits, observes, saves: all into `dir`.
void build(const TemplateSpec& spec, const fs::path& dir, Progress& progress) {
  const BootKeys keys = write_boot_seed(spec, dir / "seed.iso");
  create_overlay(spec.image.disk, dir / "disk.qcow2");
  progress.detail(fmt::format("booting {} once under {}: about a minute, kept for later audits",
                              spec.image.name, name_of(spec.accelerator)));
  Machine machine = Machine::start(boot_spec(spec, dir), dir / "qemu.log");
  const FirstBoot booted = await_first_boot(machine, spec, keys, dir / "console.log", progress);
  json facts = {{"os", booted.os},
                {"kernel", booted.kernel},
                {"control", booted.control},
                {"disk_readable", booted.disk_readable}};
  write_raw(booted.snapshot, dir / "snapshot");
  for (const auto& [table, bytes] : booted.snapshot.tables)
    facts["sizes"]["snapshot/" + table] = bytes.size();
  // The session's own processes are gone before the guest is frozen.
  interruptible_sleep(std::chrono::milliseconds(700));
  progress.detail("saving the template");
  machine.save(dir / "state");
  std::error_code ignored;
  for (const char* file : {"boot.pcap", "qemu.log"}) fs::remove(dir / file, ignored);
  facts["version"] = kTemplateVersion;
  facts["image"] = spec.image.id;
  facts["host_public_key"] = keys.host.public_key;
  facts["client_private_key"] = keys.client.private_key;
  for (const char* file : {"memory", "state", "disk.qcow2", "seed.iso"})
    facts["sizes"][file] = fs::file_size(dir / file);
  write_file(dir / "template.json", facts.dump(1), 0600);
}

/// None when there is none, or one that is not whole.
std::optional<json> read_facts(const fs::path& dir) {
  try {
    json facts = json::parse(read_file(dir / "template.json", 1 << 24));
    for (const auto& [file, size] : facts.at("sizes").items())
      if (fs::file_size(dir / file) != size.get<std::uint64_t>()) return std::nullopt;
    return facts;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::string template_key(const TemplateSpec& spec) {
  QemuSpec machine = boot_spec(spec, "-");
  return sha256(fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", kTemplateVersion,
                            spec.image.id, qemu_version(), machine_identity(machine),
                            seed_templates(), read_file(spec.ca_certificate), spec.npm_registry,
                            spec.memory_mib, sha256(witness_program()), spec.agent_disk.id))
      .substr(0, 16);
}

Template open_template(const fs::path& cache, const TemplateSpec& spec, Progress& progress) {
  const fs::path root = cache / "templates";
  fs::create_directories(root);
  Template result;
  result.key = template_key(spec);
  result.dir = root / result.key;
  std::optional<json> facts = read_facts(result.dir);
  if (!facts) {
    // One process builds; the others wait here and then find it.
    const FileLock building = FileLock::acquire(root / (result.key + ".build"), false, [&] {
      progress.detail("another audit is preparing this VM; waiting for it");
    });
    facts = read_facts(result.dir);
    if (!facts) {
      const std::uint64_t needed =
          (static_cast<std::uint64_t>(spec.memory_mib) << 20) + kSpaceBesideMemory;
      if (const std::uint64_t free = free_bytes(root); free < needed)
        fail(ErrorKind::Environment,
             "a VM template needs {} in {}, and {} is free: make room, or set XDG_CACHE_HOME",
             human_bytes(needed), root.string(), human_bytes(free));
      const Workspace workspace(cache);
      const fs::path staging = workspace.path() / "template";
      fs::create_directory(staging);
      build(spec, staging, progress);
      std::error_code error;
      fs::remove_all(result.dir, error);
      fs::rename(staging, result.dir, error);
      if (error)
        fail(ErrorKind::Environment, "cannot store the template in {}: {}", result.dir.string(),
             error.message());
      facts = read_facts(result.dir);
      result.built_now = true;
    }
  }
  if (!facts)
    fail(ErrorKind::Environment, "the template in {} is damaged: remove the folder",
         result.dir.string());
  result.in_use = FileLock::acquire(root / (result.key + ".lock"), true);
  // A sweep, or another build, may have been faster than the lock.
  facts = read_facts(result.dir);
  if (!facts) {
    result.in_use = {};
    return open_template(cache, spec, progress);
  }
  note_template_use(result.dir);
  sweep_templates(cache);
  result.host_public_key = facts->value("host_public_key", "");
  result.client_private_key = facts->value("client_private_key", "");
  result.os = facts->value("os", "");
  result.kernel = facts->value("kernel", "");
  result.disk_readable = facts->value("disk_readable", false);
  result.control = facts->value("control", std::vector<std::string>{});
  return result;
}

void discard_template(const fs::path& cache, const std::string& key) {
  // Whoever restores from it this moment shows that it is not at fault.
  std::error_code ignored;
  const fs::path root = cache / "templates";
  if (const auto lock = FileLock::try_acquire(root / (key + ".lock")))
    fs::remove_all(root / key, ignored);
}

void remove_templates_of(const fs::path& cache, const std::string& image_id) {
  const fs::path root = cache / "templates";
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(root, ignored)) {
    if (!entry.is_directory()) continue;
    const auto facts = read_facts(entry.path());
    if (facts && facts->value("image", "") != image_id) continue;
    const std::string key = entry.path().filename().string();
    if (const auto lock = FileLock::try_acquire(root / (key + ".lock")))
      fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace skillaudit
