#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/progress.h"
#include "harness/guest/keys.h"
#include "harness/providers/qemu/machine.h"
#include "harness/providers/qemu/template.h"
#include "harness/snapshot/capture.h"

namespace skillaudit {

/// The keys that a guest's first boot is told of.
struct BootKeys {
  KeyPair client;
  KeyPair host;
};

/// Draws keys and writes the NoCloud ISO that hands them, the proxy's CA and the npm registry to
/// cloud-init. Throws Error{Environment}.
[[nodiscard]] BootKeys write_boot_seed(const TemplateSpec& spec, const std::filesystem::path& iso);

/// A guest that has booted from its image and is done with it.
struct FirstBoot {
  std::string os;                    ///< "Debian GNU/Linux 12 (bookworm)"
  std::string kernel;                ///< uname -r
  std::vector<std::string> control;  ///< paths that changed while nothing ran
  RawSnapshot snapshot;              ///< its state at the end
  bool disk_readable = false;        ///< its file system can be read from outside (disk_view.h)
};

/// Waits until the SSH server answers, cloud-init and the services have ended their start, and
/// observes the idle guest for a while: whatever changes then is the system's own doing. At the end
/// the program that prepares it waits at its port (preparation.h), its disk is written and no
/// session is left. Throws Error{Environment} with the end of `console_log` (QEMU's own file) when
/// the image does not come to that, with the lines of cloud-init's log that say why when that
/// failed.
[[nodiscard]] FirstBoot await_first_boot(Machine& machine, const TemplateSpec& spec,
                                         const BootKeys& keys,
                                         const std::filesystem::path& console_log,
                                         Progress& progress);

}  // namespace skillaudit
