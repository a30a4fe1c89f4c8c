#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/audit/package_layer.h"
#include "harness/audit/user_files.h"
#include "harness/base/progress.h"
#include "harness/base/workspace.h"
#include "harness/guest/ssh_session.h"
#include "harness/machine/provider.h"
#include "harness/observe/preparation.h"
#include "harness/observe/subject.h"
#include "harness/sensors/asked_variables.h"
#include "harness/sensors/decoys.h"
#include "harness/traffic/policy.h"
#include "harness/traffic/proxy.h"

namespace skillaudit {

/// A folder of the host that is copied into the guest user's home, without a repository's `.git`.
struct CopiedFolder {
  std::filesystem::path from;
  std::string place;  ///< relative to the home
};

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
  /// What the skill asks the machine for.
  std::vector<AskedVariable> variables = {};
  std::vector<std::string> folders = {};  ///< "/srv/app", "~/work/app": copies of the project
  std::string project = {};  ///< absolute, in the guest: what variables for a folder name
  std::vector<std::string> documents = {};  ///< made in the project, relative to it
  std::vector<CopiedFolder> copied = {};
  std::vector<PlacedEntry> placed = {};  ///< files that somebody asked for
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< set for all programs
  /// Credentials that single steps are given: what to look for in what leaves.
  std::vector<std::pair<std::string, std::string>> credentials = {};
  PackageRounds packages = {};  ///< installed before machines start
  /// What is drawn for the home follows from it; empty: at random.
  std::string seed = {};
  Persona persona = {};  ///< whose home it is
  /// Of another sandbox, where two shall not be told apart; none: drawn.
  std::optional<CloneIdentity> identity = {};
  const Agent* agent = nullptr;  ///< installed in the guest; null: none
  std::string agent_key = {};    ///< the worthless key that the agent is given
  /// Boots the image instead of cloning the template: a minute instead of seconds.
  bool cold = false;
  /// A folder of the host that the guest can mount; not mounted. Cold only: a saved state cannot
  /// hold such a device in use.
  std::optional<SharedFolder> share = {};
  /// Gets network.pcap, console.log, flows.jsonl and bodies/: the bundle, or a folder of a test.
  std::filesystem::path evidence_dir;
  /// Nobody wants it any more once this is true: ending() says so, and what runs in it is left.
  const std::atomic<bool>* dropped = nullptr;
};

/// A machine behind a proxy of its own, with one SSH session: ready for work once open() returns.
/// Destroying it stops machine and proxy and removes their files. Move-only.
class Sandbox {
 public:
  /// Builds image and template when there are none. Waits until the host has memory for one
  /// machine more. Throws Error{Environment} for what the user can fix; a clone that does not start
  /// is tried once more, and then once on a fresh template. `provider` must outlive it.
  static Sandbox open(MachineProvider& provider, const SandboxSpec& spec, Progress& progress);

  [[nodiscard]] SshSession& guest() noexcept { return *guest_; }
  /// The process in the guest that serves it.
  [[nodiscard]] int session() const noexcept { return session_; }
  [[nodiscard]] Machine& machine() noexcept { return *machine_; }
  [[nodiscard]] Proxy& proxy() noexcept { return *proxy_; }
  /// The guest that the machine started from.
  [[nodiscard]] const MachineBase& base() const noexcept { return pool_->base(); }
  [[nodiscard]] const MachineImage& image() const noexcept { return pool_->image(); }
  [[nodiscard]] const FurnishedHome& home() const noexcept { return home_; }
  /// What the guest answered while it was prepared; with the base's snapshot, the state before.
  [[nodiscard]] const Prepared& prepared() const noexcept { return prepared_; }
  [[nodiscard]] const CloneIdentity& identity() const noexcept { return identity_; }
  [[nodiscard]] const std::filesystem::path& work_dir() const noexcept {
    return workspace_->path();
  }
  /// What has ended, the machine or its proxy; none while both run. Waits up to `patience` for the
  /// machine's end: after a lost connection, pass kDying.
  [[nodiscard]] std::optional<Ending> ending(
      std::chrono::milliseconds patience = std::chrono::milliseconds(0));
  /// For observers; valid while this sandbox is not moved.
  [[nodiscard]] Subject subject();
  /// The policy that its proxy applies.
  [[nodiscard]] const Policy& policy() const noexcept { return policy_; }
  /// Ends the session, so that the guest can be saved without it; connect() opens another.
  void hang_up() { guest_.reset(); }
  /// A second session, as a test of isolation needs.
  [[nodiscard]] SshSession connect();
  /// Stops machine and proxy in the order that loses no flow. Idempotent. The machine's files()
  /// stay until the sandbox is destroyed.
  void close();

 private:
  Sandbox() = default;
  void start(const MachineProvider& provider, const SandboxSpec& spec, Progress& progress);
  void prepare(const SandboxSpec& spec, Progress& progress);
  [[nodiscard]] SshTarget access() const;

  std::unique_ptr<FirstBootWork> work_;
  std::unique_ptr<MachinePool> pool_;  ///< its memory is given back last
  Policy policy_;
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<Proxy> proxy_;
  std::unique_ptr<Machine> machine_;
  std::unique_ptr<SshSession> guest_;
  int session_ = 0;
  const std::atomic<bool>* dropped_ = nullptr;
  CloneIdentity identity_;
  FurnishedHome home_;
  Prepared prepared_;
};

/// What the machines of audits with `agent` (null: without one) are like, on the system `os`.
[[nodiscard]] MachineSpec machine_spec(const std::string& os, const Agent* agent);

/// The guest that audits with `agent` on `os` start from, made now if there is none yet. Reports
/// details alone.
[[nodiscard]] MachineBase prepare_base(MachineProvider& provider, const std::string& os,
                                       const Agent* agent, Progress& progress,
                                       const PackageRounds& packages = {});

/// MiB of memory of a guest: an agent's own programs need more.
[[nodiscard]] int guest_memory(const Agent* agent);

}  // namespace skillaudit
