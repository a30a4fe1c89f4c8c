#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "harness/audit/preparation.h"
#include "harness/audit/user_files.h"
#include "harness/base/progress.h"
#include "harness/base/workspace.h"
#include "harness/guest/ssh_session.h"
#include "harness/providers/qemu/machine.h"
#include "harness/providers/qemu/memory_ledger.h"
#include "harness/providers/qemu/template.h"
#include "harness/sensors/decoys.h"
#include "harness/traffic/policy.h"
#include "harness/traffic/proxy.h"

namespace skillaudit {

struct SandboxSpec {
  std::string os = "debian-12";  ///< or the name of an imported image
  int cpus = 2;
  int memory_mib = 1024;
  Policy policy;
  /// The real keys of the policy's models: for the proxy alone.
  ModelKeys model_keys = {};
  /// Installed in the guest where an agent looks for it, under `skill_name`; empty: none.
  std::filesystem::path skill_folder;
  std::string skill_name;
  const Agent* agent = nullptr;  ///< installed in the guest; null: none
  std::string agent_key = {};    ///< the worthless key that the agent is given
  /// Boots the image instead of cloning the template: a minute instead of seconds.
  bool cold = false;
  /// A folder of the host that the guest can reach by its virtio-9p device; not mounted. Cold only:
  /// a saved state cannot hold such a device in use.
  std::optional<ShareSpec> share = {};
  /// Gets network.pcap, console.log, flows.jsonl and bodies/: the bundle, or a folder of a test.
  std::filesystem::path evidence_dir;
};

/// A clone of the template, or a guest that booted cold, behind a proxy of its own, with one SSH
/// session: ready for work once open() returns. Destroying it stops VM and proxy and removes their
/// files. Move-only.
class Sandbox {
 public:
  /// Builds image and template when there are none. Waits until the machine has memory for one VM
  /// more. Throws Error{Environment} for what the user can mend; a clone that does not start is
  /// tried once more, and then once on a fresh template.
  static Sandbox open(const SandboxSpec& spec, Progress& progress);

  [[nodiscard]] SshSession& guest() noexcept { return *guest_; }
  /// The process in the guest that serves it.
  [[nodiscard]] int session() const noexcept { return session_; }
  [[nodiscard]] Machine& machine() noexcept { return *machine_; }
  [[nodiscard]] Proxy& proxy() noexcept { return *proxy_; }
  /// What the guest was cloned from. Of a cold guest: the same facts, learnt at its own first boot,
  /// without a key, a saved memory or a disk.
  [[nodiscard]] const Template& base() const noexcept { return *template_; }
  [[nodiscard]] const Image& image() const noexcept { return image_; }
  [[nodiscard]] const FurnishedHome& home() const noexcept { return home_; }
  /// What the guest said while it was prepared; with the template's snapshot, the state before.
  [[nodiscard]] const Prepared& prepared() const noexcept { return prepared_; }
  [[nodiscard]] const CloneIdentity& identity() const noexcept { return identity_; }
  [[nodiscard]] const std::filesystem::path& work_dir() const noexcept {
    return workspace_->path();
  }
  [[nodiscard]] bool alive() { return machine_->running() && proxy_->running(); }
  /// From the moment at which a connection breaks until QEMU has ended.
  static constexpr std::chrono::seconds kDying{2};
  /// "QEMU ended: killed by signal 9 (Killed)", or empty while both run. A dying QEMU closes its
  /// connections a moment before it has ended: who has just lost one grants it `patience`.
  [[nodiscard]] std::string what_died(
      std::chrono::milliseconds patience = std::chrono::milliseconds(0));
  /// Of who has just lost a connection: throws Error{Evidence} with what died. A machine that died
  /// is missing evidence, and nobody's tampering.
  void expect_alive();
  /// The overlay that the guest writes to, and the policy that its proxy applies.
  [[nodiscard]] std::filesystem::path disk() const { return work_dir() / "disk.qcow2"; }
  [[nodiscard]] const Policy& policy() const noexcept { return policy_; }
  /// Ends the session, so that the guest can be saved without it; connect() opens another.
  void hang_up() { guest_.reset(); }
  /// A second session, as a test of isolation needs.
  [[nodiscard]] SshSession connect();
  /// Boots the guest from its disk as it is now, with its console in `console` and its network in
  /// `capture`, and connects to it. Its machine has ended, or is ended here. Throws Error{Evidence}
  /// when nobody answers within `limit`.
  void boot_again(const std::filesystem::path& console, const std::filesystem::path& capture,
                  std::chrono::seconds limit);
  /// Stops VM and proxy in the order that loses no flow. Idempotent.
  void close();

 private:
  Sandbox() = default;
  /// Makes the work folder and starts the proxy, which gets ready while the VM does. Returns what
  /// every way of starting the VM has in common.
  QemuSpec start_proxy(const SandboxSpec& spec, const TemplateSpec& base);
  void start(const SandboxSpec& spec, const TemplateSpec& base, Progress& progress);
  void start_cold(const SandboxSpec& spec, const TemplateSpec& base, Progress& progress);
  void prepare(const SandboxSpec& spec, Progress& progress);

  MemoryShare memory_;  ///< given back last
  Image image_;
  Policy policy_;
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<Template> template_;
  std::unique_ptr<Proxy> proxy_;
  std::unique_ptr<Machine> machine_;
  std::unique_ptr<SshSession> guest_;
  int session_ = 0;
  CloneIdentity identity_;
  FurnishedHome home_;
  Prepared prepared_;
};

/// The image of that name; a known operating system is built when there is none yet or when what it
/// is built from has changed.
[[nodiscard]] Image image_for(const std::filesystem::path& cache, const std::string& os,
                              Progress& progress, bool rebuild = false);

/// The template that audits on `image` with `agent` (null: without one) use, built when there is
/// none.
[[nodiscard]] Template template_for(const std::filesystem::path& cache, const Image& image,
                                    const Agent* agent, Progress& progress);

/// MiB of memory of a guest: an agent's own programs want some.
[[nodiscard]] int guest_memory(const Agent* agent);

}  // namespace skillaudit
