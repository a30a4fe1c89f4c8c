#include "harness/providers/qemu/qemu_provider.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/memory.h"
#include "harness/base/process.h"
#include "harness/evidence/bundle_files.h"
#include "harness/providers/qemu/accelerator.h"
#include "harness/providers/qemu/checkpoint.h"
#include "harness/providers/qemu/image_builder.h"
#include "harness/providers/qemu/memory_ledger.h"
#include "harness/providers/qemu/qemu_machine.h"
#include "harness/providers/qemu/qemu_pool.h"
#include "harness/providers/qemu/requirements.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

// The files of a kept machine, in its folder.
constexpr const char* kDisk = "disk.qcow2";
constexpr const char* kTemplateDisk = "template.qcow2";
constexpr const char* kSeed = "seed.iso";

class HeldShare : public MemoryReservation {
 public:
  explicit HeldShare(MemoryShare share) : share_(std::move(share)) {}

 private:
  MemoryShare share_;
};

QemuDescription described(const KeptMachine& kept) {
  try {
    return read_description(kept.description);
  } catch (const nlohmann::json::exception&) {
    fail(ErrorKind::Environment, "the description of the VM in {} is damaged",
         kept.folder.string());
  }
}

}  // namespace

const std::vector<Requirement>& QemuProvider::requirements() const { return qemu_programs(); }

GuestAccount QemuProvider::account() const { return guest_account(); }

GuestNetwork QemuProvider::network() const { return guest_network(); }

void QemuProvider::require_system(const std::string& os) const {
  if (!ImageStore(cache_).find(os)) (void)find_os(os);
}

unsigned QemuProvider::machines_at_once(int memory_mib, unsigned processors) const {
  return default_jobs(memory_mib, machine_memory(), processors);
}

std::unique_ptr<MachinePool> QemuProvider::open(const MachineSpec& spec, const FirstBootWork& work,
                                                Progress& progress) {
  return std::make_unique<QemuPool>(cache_, spec, work, progress);
}

std::unique_ptr<MemoryReservation> QemuProvider::reserve(int memory_mib, Progress& progress) {
  return std::make_unique<HeldShare>(reserve_vm_memory(cache_, memory_mib, progress));
}

void QemuProvider::store(const MachineFiles& files, const fs::path& folder) const {
  std::error_code error;
  const auto check = [&](const fs::path& file) {
    if (error) fail(ErrorKind::Environment, "cannot keep {}: {}", file.string(), error.message());
  };
  fs::copy_file(files.seed, folder / kSeed, error);
  check(files.seed);
  fs::rename(files.disk, folder / kDisk, error);
  check(files.disk);
  if (files.base_disk.empty()) return;
  fs::copy_file(files.base_disk, folder / kTemplateDisk, error);
  check(files.base_disk);
  // Relative to the overlay. -u (unsafe) is right: the content is the same.
  check_output({"qemu-img", "rebase", "-u", "-f", "qcow2", "-F", "qcow2", "-b", kTemplateDisk,
                (folder / kDisk).string()});
}

fs::path QemuProvider::missing_file(const KeptMachine& kept) const {
  const QemuDescription machine = described(kept);
  const fs::path image_disk = cache_ / "images" / machine.image_id / kDisk;
  std::error_code ignored;
  for (const fs::path& file :
       {machine.kernel, machine.initrd, machine.tools, image_disk, kept.folder / kDisk})
    if (!file.empty() && !fs::exists(file, ignored)) return file;
  return {};
}

std::unique_ptr<Machine> QemuProvider::wake(const KeptMachine& kept, const StartSpec& spec) const {
  const QemuDescription machine = described(kept);
  return std::make_unique<QemuMachine>(
      RunningQemu::start({.accelerator = machine.accelerator,
                          .cpus = machine.cpus,
                          .memory_mib = machine.memory_mib,
                          .memory_mode = MemoryMode::Private,
                          .kernel = machine.kernel,
                          .initrd = machine.initrd,
                          .disk = kept.folder / kDisk,
                          .seed = kept.folder / kSeed,
                          .tools = machine.tools,
                          .packet_capture = spec.evidence_dir / name_of(BundleFile::Network),
                          .console_log = spec.evidence_dir / name_of(BundleFile::Console),
                          .proxy_address = spec.proxy_address,
                          .proxy_port = spec.proxy_port,
                          .checkpoint = kept.checkpoint},
                         spec.work_dir / "qemu.log"),
      machine.image_id);
}

std::string QemuProvider::wake_hint(const KeptMachine& kept) const {
  const std::string saved = described(kept).qemu_version;
  const std::string now = qemu_version();
  if (saved == now) return {};
  return fmt::format("it was saved by QEMU {}, and this is QEMU {}", saved, now);
}

void QemuProvider::remove_checkpoint(const fs::path& folder, const std::string& tag) const {
  skillaudit::remove_checkpoint(folder / kDisk, tag);
}

}  // namespace skillaudit
