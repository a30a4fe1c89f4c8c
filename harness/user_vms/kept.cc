#include "harness/user_vms/kept.h"

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/evidence/bundle_files.h"
#include "harness/guest/ssh_session.h"
#include "harness/traffic/certificate_authority.h"
#include "harness/traffic/loopback.h"
#include "harness/user_vms/shell.h"
#include "harness/user_vms/wake.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A lister takes the lock for a moment to see whether it is free.
FileLock lock_vm(const Vm& vm) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    if (auto lock = FileLock::try_acquire(vm.folder / "lock")) return std::move(*lock);
    interruptible_sleep(milliseconds(50));
  }
  fail(ErrorKind::Environment,
       "the VM {} is in use by another process: exit its shell there, or `skillaudit vm stop {}`",
       vm.record.name, vm.record.name);
}

KeptMachine kept_machine(const Vm& vm) {
  return {vm.folder, vm.record.kept->checkpoint, vm.record.kept->machine};
}

void require_files(const MachineProvider& provider, const Vm& vm) {
  const fs::path missing = provider.missing_file(kept_machine(vm));
  if (!missing.empty())
    fail(ErrorKind::Environment,
         "the VM {} cannot be resumed: {}, which it needs, was deleted; `skillaudit vm rm {}` "
         "deletes the rest of the VM",
         vm.record.name, missing.string(), vm.record.name);
}

}  // namespace

void require_room_to_keep(const fs::path& cache, int memory_mib) {
  const std::uint64_t needed = (2ULL * static_cast<unsigned>(memory_mib) + 256) << 20;
  if (const std::uint64_t free = free_bytes(cache); free < needed)
    fail(ErrorKind::Environment,
         "keeping a VM needs up to {} in {}, but only {} is free: free some space, or audit "
         "without --keep",
         human_bytes(needed), cache.string(), human_bytes(free));
}

std::string store_kept(const fs::path& cache, const MachineProvider& provider, GuestToKeep guest) {
  const fs::path root = cache / "kept";
  std::error_code error;
  fs::create_directories(root, error);
  if (error) fail(ErrorKind::Environment, "cannot create {}: {}", root.string(), error.message());
  // Made whole under a name that no VM can have.
  const Workspace workspace(cache);
  const fs::path staging = workspace.path() / "kept";
  fs::create_directory(staging);
  fs::permissions(staging, fs::perms::owner_all);
  provider.store(guest.files, staging);
  // The models' keys and those who answered for them are gone with the audit.
  guest.policy.models.clear();
  write_file(staging / "policy.yaml", to_yaml(guest.policy), 0600);
  const FileLock naming = lock_names(cache);
  guest.record.name = free_name(list_vms(cache), guest.record.name);
  write_record(staging, guest.record);
  fs::rename(staging, root / guest.record.name, error);
  if (error)
    fail(ErrorKind::Environment, "cannot keep {}: {}", (root / guest.record.name).string(),
         error.message());
  return guest.record.name;
}

AwakeVm AwakeVm::open(const fs::path& cache, const MachineProvider& provider, const Vm& vm,
                      const std::function<void(const std::string&)>& detail) {
  AwakeVm awake(provider);
  awake.vm_ = vm;
  awake.lock_ = lock_vm(vm);
  require_files(provider, vm);
  awake.workspace_ = std::make_unique<Workspace>(cache);
  const fs::path& work = awake.workspace_->path();
  const LoopbackPlace place = free_loopback_place();
  ensure_certificate_authority(cache / "ca");
  awake.proxy_ =
      std::make_unique<Proxy>(Proxy::start({.policy = load_policy_file(vm.folder / "policy.yaml"),
                                            .out_dir = work,
                                            .ca_dir = cache / "ca",
                                            .work_dir = work,
                                            .address = place.address,
                                            .port = place.port,
                                            .peer = place.address,
                                            .network = provider.network()}));
  detail(fmt::format("resuming {}", vm.record.name));
  try {
    awake.machine_ = provider.wake(kept_machine(vm), {.work_dir = work,
                                                      .evidence_dir = work,
                                                      .proxy_address = place.address,
                                                      .proxy_port = place.port});
    awake.proxy_->wait_ready(seconds(30));
    awake.running_ = {.pid = ::getpid(), .ssh_port = awake.machine_->ssh_port()};
    SshSession guest = SshSession::connect({.port = awake.running_.ssh_port,
                                            .user = vm.record.user,
                                            .client_private_key = vm.record.client_private_key,
                                            .host_public_key = vm.record.host_public_key},
                                           seconds(60), [&] { return awake.machine_->running(); });
    skillaudit::wake(guest);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    const std::string hint = provider.wake_hint(kept_machine(vm));
    fail(ErrorKind::Environment, "the VM {} cannot be resumed: {}{}", vm.record.name, error.what(),
         hint.empty() ? "" : "; " + hint);
  }
  write_shell_files(vm.folder, vm.record);
  write_running(vm.folder, awake.running_);
  return awake;
}

std::optional<Ending> AwakeVm::ending() {
  if (auto ended = machine_->ending()) return ended;
  if (!proxy_->running()) return Ending{Ending::By::Proxy, "the proxy ended"};
  return std::nullopt;
}

void AwakeVm::suspend() {
  const std::string old = vm_.record.kept->checkpoint;
  const std::string left = "left-" + random_hex(4);
  machine_->save_checkpoint(left);
  machine_->end();
  vm_.record.kept->checkpoint = left;
  vm_.record.kept->machine = machine_->files().description;
  write_record(vm_.folder, vm_.record);
  if (old != kBefore) provider_->remove_checkpoint(vm_.folder, old);
}

AwakeVm::~AwakeVm() {
  if (!workspace_) return;
  remove_running(vm_.folder);
  std::error_code ignored;
  fs::remove(vm_.folder / "control", ignored);
  // The VM first, as everywhere: the proxy then sees every connection end.
  machine_.reset();
  proxy_.reset();
}

void roll_back(const MachineProvider& provider, const Vm& vm) {
  const FileLock lock = lock_vm(vm);
  VmRecord record = vm.record;
  const std::string old = record.kept->checkpoint;
  if (old == kBefore) return;
  record.kept->checkpoint = kBefore;
  write_record(vm.folder, record);
  provider.remove_checkpoint(vm.folder, old);
}

void remove_kept(const fs::path& cache, const Vm& vm) {
  const FileLock lock = lock_vm(vm);
  // Gone at once under its name; what a crash leaves of it, the next VM's start sweeps.
  const Workspace grave(cache);
  std::error_code error;
  fs::rename(vm.folder, grave.path() / "kept", error);
  if (error)
    fail(ErrorKind::Environment, "cannot remove {}: {}", vm.folder.string(), error.message());
}

std::uint64_t size_on_disk(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    struct stat info {};
    if (::lstat(entry->path().c_str(), &info) == 0)
      bytes += static_cast<std::uint64_t>(info.st_blocks) * 512;
  }
  return bytes;
}

}  // namespace skillaudit
