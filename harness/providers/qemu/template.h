#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/agents/agent_disk.h"
#include "harness/base/lock.h"
#include "harness/base/progress.h"
#include "harness/guest/keys.h"
#include "harness/providers/qemu/accelerator.h"
#include "harness/providers/qemu/image.h"
#include "harness/snapshot/capture.h"

namespace skillaudit {

inline constexpr const char* kGuestUser = "ubuntu";
inline constexpr const char* kGuestHome = "/home/ubuntu";

/// What decides which template an audit uses.
struct TemplateSpec {
  Image image;
  Accelerator accelerator = Accelerator::Tcg;
  int cpus = 2;
  int memory_mib = 1024;
  std::filesystem::path ca_certificate;  ///< of the proxy, trusted by the guest
  std::string npm_registry;
  const Agent* agent = nullptr;  ///< installed in the guest; null: none
  AgentDisk agent_disk = {};     ///< its programs
};

/// A guest that has booted once, let cloud-init finish and been frozen: memory and disk as
/// read-only files that any number of clones start from. Cached as `templates/KEY/`. No skill has
/// ever run in it, so its keys are known to nobody else; a clone gets new ones before anything else
/// happens. Holding a Template keeps its files from being removed.
struct Template {
  std::string key;
  std::filesystem::path dir;
  std::string host_public_key;
  std::string client_private_key;
  std::string os;                    ///< "Debian GNU/Linux 12 (bookworm)"
  std::string kernel;                ///< uname -r
  std::vector<std::string> control;  ///< paths that changed while nothing ran
  bool disk_readable = false;        ///< its file system can be read from outside (disk_view.h)
  bool built_now = false;
  FileLock in_use;

  [[nodiscard]] std::filesystem::path memory() const { return dir / "memory"; }
  [[nodiscard]] std::filesystem::path state() const { return dir / "state"; }
  [[nodiscard]] std::filesystem::path disk() const { return dir / "disk.qcow2"; }
  /// The state in which it was frozen. A clone's is the same but for what its preparation writes.
  [[nodiscard]] RawSnapshot snapshot() const { return read_raw(dir / "snapshot"); }
  [[nodiscard]] std::filesystem::path seed() const { return dir / "seed.iso"; }
};

/// Digest over all that a saved state depends on: image, agent, QEMU's version and arguments, what
/// cloud-init is told, the CA.
[[nodiscard]] std::string template_key(const TemplateSpec& spec);

/// The cached template, or a new one: boots the image, waits for cloud-init (its errors end this
/// with the lines of its log that say why, Error{Environment}), observes an idle period as control,
/// and saves. Two processes at once build it once. A cached one that is cut short is built anew.
/// Others that went out of use are removed (template_sweep.h).
[[nodiscard]] Template open_template(const std::filesystem::path& cache, const TemplateSpec& spec,
                                     Progress& progress);

/// Throws the cached template away: it did not restore.
void discard_template(const std::filesystem::path& cache, const std::string& key);

/// Removes templates whose image is `image_id`, as far as nobody uses them.
void remove_templates_of(const std::filesystem::path& cache, const std::string& image_id);

}  // namespace skillaudit
