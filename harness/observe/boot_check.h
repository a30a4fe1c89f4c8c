#pragma once

#include <filesystem>

#include "harness/base/progress.h"
#include "harness/bundle/raw_evidence.h"
#include "harness/evidence/boot.h"
#include "harness/observe/subject.h"
#include "harness/observe/witness_client.h"

namespace skillaudit {

/// What of the changes between the two states a boot reads: units, cron, start-up files, the
/// linker's preloads, file systems to mount, PAM, the kernel, and programs of the system that were
/// replaced.
[[nodiscard]] std::vector<std::string> read_at_boot(const Snapshot& before, const Snapshot& after,
                                                    const std::string& home);

/// Boots the machine once more and looks at what runs then. Costs a boot, half a minute under
/// emulation. The guest is not usable for anything else afterwards. What goes wrong in the guest is
/// what is found. Error{Evidence} is thrown only when the hypervisor or the host ended the
/// machine.
void check_boot(const Subject& subject, Witness& witness, const std::filesystem::path& bundle,
                Progress& progress, BootCheck& boot, RawSnapshot& state);

}  // namespace skillaudit
