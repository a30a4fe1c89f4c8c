#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/progress.h"
#include "harness/base/requirement.h"
#include "harness/machine/base.h"
#include "harness/machine/first_boot_work.h"
#include "harness/machine/layer_work.h"
#include "harness/machine/machine.h"
#include "harness/machine/shared_folder.h"

namespace skillaudit {

/// More machines at once than any host has use for.
inline constexpr unsigned kMostJobs = 64;

/// A disk of programs that a machine gets besides its own, read-only.
struct ToolsDisk {
  std::filesystem::path disk;  ///< empty: none
  std::string id;              ///< of its content
};

/// What a machine shall be.
struct MachineSpec {
  std::string os = "debian-12";  ///< or the name of an imported image
  int cpus = 2;
  int memory_mib = 1024;
  /// Asked for once the image is there, since it may have to be made; empty: none.
  std::function<ToolsDisk(Progress&)> tools = {};
  std::filesystem::path ca_certificate;  ///< of the proxy; the guest trusts it
  /// Done once in the saved guest that machines start from, each in what the one before left. Not
  /// for cold machines.
  std::vector<std::shared_ptr<const LayerWork>> layers = {};
  /// Boots the image instead of starting from a saved guest: a minute instead of seconds.
  bool cold = false;
  std::optional<SharedFolder> share = {};  ///< not mounted; cold machines only
};

/// Where one machine lives.
struct StartSpec {
  std::filesystem::path work_dir;      ///< for its own files
  std::filesystem::path evidence_dir;  ///< gets network.pcap and console.log
  /// Loopback address and port of its proxy. The guest's connections come from that address too.
  std::string proxy_address;
  std::uint16_t proxy_port = 0;
};

struct MachineImage {
  std::string name;  ///< "debian-12"
  std::string id;    ///< of its content
};

/// Thrown when a machine was started and ended before its guest ran. The saved guest that it
/// started from may be damaged.
class BootError : public Error {
 public:
  using Error::Error;
};

/// Machines of one kind: an image, and the saved guest that each one starts from. Holds the memory
/// that one machine may take until it is destroyed, and keeps what it starts from from being
/// removed.
class MachinePool {
 public:
  virtual ~MachinePool() = default;

  [[nodiscard]] virtual const MachineImage& image() const = 0;
  /// Finds or makes the guest to start from, which takes a minute the first time. Nothing to do for
  /// a cold machine. Throws Error{Environment}.
  virtual void prepare(Progress& progress) = 0;
  /// After prepare(), or the start() of a cold machine.
  [[nodiscard]] virtual const MachineBase& base() const = 0;
  /// Starts a machine whose witness waits at its port. Throws BootError, Error{Environment}.
  [[nodiscard]] virtual std::unique_ptr<Machine> start(const StartSpec& spec,
                                                       Progress& progress) = 0;
  /// Gives up what machines start from; with `broken` it is removed too, unless another process
  /// uses it. prepare() must follow.
  virtual void release(bool broken) = 0;
};

/// A machine that was kept: files in a folder, no process.
struct KeptMachine {
  std::filesystem::path folder;
  std::string checkpoint;   ///< the one that it wakes from
  std::string description;  ///< MachineFiles::description
};

/// The memory that one machine may take; given back when destroyed.
class MemoryReservation {
 public:
  virtual ~MemoryReservation() = default;
};

/// Runs machines, in one way of several. A provider is a folder of harness/providers, and nothing
/// outside of it knows how it does that.
class MachineProvider {
 public:
  virtual ~MachineProvider() = default;

  /// The programs that every machine needs on this host.
  [[nodiscard]] virtual const std::vector<Requirement>& requirements() const = 0;
  /// The user of every guest.
  [[nodiscard]] virtual GuestAccount account() const = 0;
  /// The network of every guest.
  [[nodiscard]] virtual GuestNetwork network() const = 0;
  /// Throws Error{Usage} with what there is when no image is called so and none can be built.
  virtual void require_system(const std::string& os) const = 0;
  /// How many machines to run at once: as many as processors and free memory allow, at least one.
  [[nodiscard]] virtual unsigned machines_at_once(int memory_mib, unsigned processors) const = 0;

  /// Waits until there is memory for one machine more, and finds the image or builds it. `work`
  /// must outlive the pool. Throws Error{Environment} for what the user can fix.
  [[nodiscard]] virtual std::unique_ptr<MachinePool> open(const MachineSpec& spec,
                                                          const FirstBootWork& work,
                                                          Progress& progress) = 0;

  /// Waits until there is memory for one machine of that size; a stage of its own in `progress`
  /// when it has to wait.
  [[nodiscard]] virtual std::unique_ptr<MemoryReservation> reserve(int memory_mib,
                                                                   Progress& progress) = 0;
  /// Moves the files of a machine that has ended into `folder`, and copies there what they depend
  /// on; only its image stays where it is. Throws Error{Environment} (disk full).
  virtual void store(const MachineFiles& files, const std::filesystem::path& folder) const = 0;
  /// A file that the kept machine depends on and that is gone; empty: there is none.
  [[nodiscard]] virtual std::filesystem::path missing_file(const KeptMachine& kept) const = 0;
  /// Starts a kept machine from its checkpoint. Throws Error{Environment}.
  [[nodiscard]] virtual std::unique_ptr<Machine> wake(const KeptMachine& kept,
                                                      const StartSpec& spec) const = 0;
  /// Why a kept machine may not wake on this host although its files are there, to be added to an
  /// error; empty: no reason is known.
  [[nodiscard]] virtual std::string wake_hint(const KeptMachine& kept) const = 0;
  /// Removes a checkpoint of a kept machine that does not run.
  virtual void remove_checkpoint(const std::filesystem::path& folder,
                                 const std::string& tag) const = 0;
};

}  // namespace skillaudit
