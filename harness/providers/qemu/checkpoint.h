#pragma once

#include <filesystem>
#include <string>

#include "harness/providers/qemu/running_qemu.h"

namespace skillaudit {

/// A guest's memory, devices and disk at one moment, kept inside its overlay under a tag (QEMU's
/// internal snapshots). An overlay may hold several; each takes about what the guest's memory in
/// use does. A checkpoint cannot be saved while the guest has a shared folder mounted.

/// Saves one; the guest is paused meanwhile (a second or two) and runs on afterwards, so its
/// clock is late by that. Throws Error{Environment} with QEMU's words (disk full, tag taken).
void save_checkpoint(RunningQemu& machine, const std::string& tag);

/// Returns the running guest to one. What was connected to it is cut off, and its clock is that of
/// the checkpoint. Throws Error{Environment}; the guest then stays paused.
void load_checkpoint(RunningQemu& machine, const std::string& tag);

/// Removes one from the overlay of a machine that does not run.
void remove_checkpoint(const std::filesystem::path& overlay, const std::string& tag);

}  // namespace skillaudit
