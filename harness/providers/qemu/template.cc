#include "harness/providers/qemu/template.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/interrupt.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/base/workspace.h"
#include "harness/providers/qemu/first_boot.h"
#include "harness/providers/qemu/qemu_machine.h"
#include "harness/providers/qemu/seed.h"
#include "harness/providers/qemu/template_sweep.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kTemplateVersion = 5;
constexpr std::uint64_t kSpaceBesideMemory = 1ULL << 30;

/// Boots, waits, observes, saves: all into `dir`.
void build(const TemplateSpec& spec, const fs::path& dir, Progress& progress) {
  const BootKeys keys = write_boot_seed(spec, dir / "seed.iso");
  create_overlay(spec.image.disk, dir / "disk.qcow2");
  progress.detail(
      fmt::format("booting {} once under {}: takes about a minute, reused by later audits",
                  spec.image.name, name_of(spec.accelerator)));
  QemuMachine machine(RunningQemu::start(template_machine(spec, dir), dir / "qemu.log"),
                      spec.image.id);
  const FirstBoot booted = await_first_boot(machine, spec, keys, dir / "console.log", progress);
  save_template(spec, booted, keys, machine, dir, {}, progress);
}

/// None when there is none, or one that is not whole.
std::optional<json> read_facts(const fs::path& dir) {
  try {
    json facts = parse_json(read_file(dir / "template.json", 1 << 24));
    for (const auto& [file, size] : facts.at("sizes").items())
      if (fs::file_size(dir / file) != size.get<std::uint64_t>()) return std::nullopt;
    return facts;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

QemuSpec template_machine(const TemplateSpec& spec, const fs::path& dir) {
  return {.accelerator = spec.accelerator,
          .cpus = spec.cpus,
          .memory_mib = spec.memory_mib,
          .memory_mode = MemoryMode::Saved,
          .memory_file = dir / "memory",
          .kernel = spec.image.kernel,
          .initrd = spec.image.initrd,
          .disk = dir / "disk.qcow2",
          .seed = dir / "seed.iso",
          .tools = spec.tools.disk,
          .packet_capture = dir / "boot.pcap",
          .console_log = dir / "console.log",
          // Nothing listens there: a boot needs no network, and a proxy comes with each clone.
          .proxy_address = "127.0.0.1",
          .proxy_port = 1};
}

void save_template(const TemplateSpec& spec, const FirstBoot& booted, const BootKeys& keys,
                   QemuMachine& machine, const fs::path& dir, const LayerFacts& layer,
                   Progress& progress) {
  const MachineBase base = write_base(booted, keys, dir);
  json facts = {{"os", base.os},
                {"kernel", base.kernel},
                {"control", base.control},
                {"disk_readable", base.disk_readable}};
  if (!layer.key.empty()) {
    facts["layer"] = layer.key;
    facts["added"] = layer.added;
    facts["not_added"] = layer.not_added;
  }
  for (const auto& [table, bytes] : booted.state.snapshot.tables)
    facts["sizes"]["snapshot/" + table] = bytes.size();
  // The session's own processes are gone before the guest is frozen.
  interruptible_sleep(std::chrono::milliseconds(700));
  progress.detail("saving the template");
  machine.qemu().save(dir / "state");
  std::error_code ignored;
  for (const char* file : {"boot.pcap", "qemu.log"}) fs::remove(dir / file, ignored);
  facts["version"] = kTemplateVersion;
  facts["image"] = spec.image.id;
  facts["host_public_key"] = base.host_public_key;
  facts["client_private_key"] = base.client_private_key;
  for (const char* file : {"memory", "state", "disk.qcow2", "seed.iso", "digests"})
    facts["sizes"][file] = fs::file_size(dir / file);
  write_file(dir / "template.json", json_text(facts, 1), 0600);
}

std::string template_key(const TemplateSpec& spec) {
  const QemuSpec machine = template_machine(spec, "-");
  return sha256(fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", kTemplateVersion,
                            spec.image.id, qemu_version(), machine_identity(machine),
                            seed_templates(), read_file(spec.ca_certificate), spec.npm_registry,
                            spec.memory_mib, spec.work->key(), spec.tools.id))
      .substr(0, 16);
}

namespace {

/// Builds the template in `folder`. Others that want it wait meanwhile, and then find it.
std::optional<json> build_once(const fs::path& cache, int memory_mib, const fs::path& folder,
                               const std::function<void(const fs::path&)>& build,
                               Progress& progress) {
  const fs::path root = folder.parent_path();
  const FileLock building = FileLock::acquire(folder.string() + ".build", false, [&] {
    progress.detail("waiting for another audit that is preparing this VM");
  });
  if (std::optional<json> facts = read_facts(folder)) return facts;
  const std::uint64_t needed = (static_cast<std::uint64_t>(memory_mib) << 20) + kSpaceBesideMemory;
  if (const std::uint64_t free = free_bytes(root); free < needed)
    fail(
        ErrorKind::Environment,
        "a VM template needs {} in {}, but only {} is free: free some space, or set XDG_CACHE_HOME",
        human_bytes(needed), root.string(), human_bytes(free));
  const Workspace workspace(cache);
  const fs::path staging = workspace.path() / "template";
  fs::create_directory(staging);
  build(staging);
  std::error_code error;
  fs::remove_all(folder, error);
  fs::rename(staging, folder, error);
  if (error)
    fail(ErrorKind::Environment, "cannot store the template in {}: {}", folder.string(),
         error.message());
  return read_facts(folder);
}

}  // namespace

Template open_template(const fs::path& cache, const TemplateSpec& spec, Progress& progress) {
  return open_saved(
      cache, template_key(spec), spec.memory_mib,
      [&](const fs::path& dir) { build(spec, dir, progress); }, progress);
}

Template open_saved(const fs::path& cache, const std::string& key, int memory_mib,
                    const std::function<void(const fs::path&)>& build, Progress& progress) {
  const fs::path root = cache / "templates";
  fs::create_directories(root);
  const fs::path folder = root / key;
  for (;;) {
    std::optional<json> facts = read_facts(folder);
    if (!facts) facts = build_once(cache, memory_mib, folder, build, progress);
    if (!facts)
      fail(ErrorKind::Environment, "the template in {} is damaged: delete the folder",
           folder.string());
    FileLock in_use = FileLock::acquire(folder.string() + ".lock", true);
    // A sweep, or another build, may have been faster than the lock.
    facts = read_facts(folder);
    if (!facts) continue;
    note_template_use(folder);
    sweep_templates(cache);
    return {.key = key,
            .base = {.folder = folder,
                     .os = facts->value("os", ""),
                     .kernel = facts->value("kernel", ""),
                     .host_public_key = facts->value("host_public_key", ""),
                     .client_private_key = facts->value("client_private_key", ""),
                     .control = facts->value("control", std::vector<std::string>{}),
                     .disk_readable = facts->value("disk_readable", false),
                     .added = facts->value("added", std::vector<std::string>{}),
                     .not_added = facts->value("not_added", std::vector<std::string>{})},
            .in_use = std::move(in_use)};
  }
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
