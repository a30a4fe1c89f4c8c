#pragma once

#include <filesystem>
#include <string>

#include "harness/base/progress.h"
#include "harness/guest/keys.h"
#include "harness/providers/qemu/qemu_machine.h"
#include "harness/providers/qemu/template.h"

namespace skillaudit {

/// The keys that a guest's first boot is told of.
struct BootKeys {
  KeyPair client;
  KeyPair host;
};

/// Draws keys and writes the NoCloud ISO that hands them, the proxy's CA and the npm registry to
/// cloud-init. Throws Error{Environment}.
[[nodiscard]] BootKeys write_boot_seed(const TemplateSpec& spec, const std::filesystem::path& iso);

/// A guest that has booted from its image and is ready for machines to start from it.
struct FirstBoot {
  std::string os;      ///< "Debian GNU/Linux 12 (bookworm)"
  std::string kernel;  ///< uname -r
  BaseState state;
};

/// Waits until the SSH server answers and cloud-init and the services have ended their start, and
/// does the work of the first boot. Its disk is written at the end, and no session is left. Throws
/// Error{Environment} with the end of `console_log` (QEMU's own file) when the image does not get
/// that far, and with the relevant lines of cloud-init's log when that failed.
[[nodiscard]] FirstBoot await_first_boot(QemuMachine& machine, const TemplateSpec& spec,
                                         const BootKeys& keys,
                                         const std::filesystem::path& console_log,
                                         Progress& progress);

/// The base that this boot made, whose files are in `folder`; writes its snapshot there.
[[nodiscard]] MachineBase write_base(const FirstBoot& booted, const BootKeys& keys,
                                     const std::filesystem::path& folder);

}  // namespace skillaudit
