#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/base/lock.h"
#include "harness/base/progress.h"
#include "harness/machine/provider.h"
#include "harness/providers/qemu/accelerator.h"
#include "harness/providers/qemu/image.h"

namespace skillaudit {

struct BootKeys;
struct FirstBoot;
class QemuMachine;

/// What decides which template an audit uses.
struct TemplateSpec {
  Image image;
  Accelerator accelerator = Accelerator::Tcg;
  int cpus = 2;
  int memory_mib = 1024;
  std::filesystem::path ca_certificate;  ///< of the proxy, trusted by the guest
  std::string npm_registry;
  ToolsDisk tools = {};
  const FirstBootWork* work = nullptr;
};

/// A guest that has booted once, let cloud-init finish and been frozen: a base whose memory and
/// disk are read-only files that any number of clones start from. Cached as `templates/KEY/`.
/// Holding a Template keeps its files from being removed.
struct Template {
  std::string key;
  MachineBase base;
  FileLock in_use;

  [[nodiscard]] std::filesystem::path memory() const { return base.folder / "memory"; }
  [[nodiscard]] std::filesystem::path state() const { return base.folder / "state"; }
  [[nodiscard]] std::filesystem::path disk() const { return base.folder / "disk.qcow2"; }
  [[nodiscard]] std::filesystem::path seed() const { return base.folder / "seed.iso"; }
};

/// Digest over all that a saved state depends on: image, tools, QEMU's version and arguments, the
/// cloud-init seed, the CA, the work of the first boot.
[[nodiscard]] std::string template_key(const TemplateSpec& spec);

/// The cached template, or a new one: boots the image, waits for cloud-init (its errors end this
/// with the lines of its log that say why, Error{Environment}), observes an idle period as control,
/// and saves. Two processes at once build it once. A truncated one is built again.
/// Others that went out of use are removed (template_sweep.h).
[[nodiscard]] Template open_template(const std::filesystem::path& cache, const TemplateSpec& spec,
                                     Progress& progress);

/// The cached template of that key, or the one that `build` makes in a folder. As open_template().
[[nodiscard]] Template open_saved(const std::filesystem::path& cache, const std::string& key,
                                  int memory_mib,
                                  const std::function<void(const std::filesystem::path&)>& build,
                                  Progress& progress);

/// The machine whose state a template in `dir` keeps, while it is made.
[[nodiscard]] QemuSpec template_machine(const TemplateSpec& spec, const std::filesystem::path& dir);

/// What a layer added to the template that it was made of (layer.h).
struct LayerFacts {
  std::string key;  ///< empty: no layer
  std::vector<std::string> added;
  std::vector<std::string> not_added;
};

/// Writes what is known of a guest that is ready and saves it: the last step of making a template
/// in `dir`. Ends the machine.
void save_template(const TemplateSpec& spec, const FirstBoot& booted, const BootKeys& keys,
                   QemuMachine& machine, const std::filesystem::path& dir, const LayerFacts& layer,
                   Progress& progress);

/// Throws the cached template away: it did not restore.
void discard_template(const std::filesystem::path& cache, const std::string& key);

/// Removes templates of the image `image_id` that are not in use.
void remove_templates_of(const std::filesystem::path& cache, const std::string& image_id);

}  // namespace skillaudit
