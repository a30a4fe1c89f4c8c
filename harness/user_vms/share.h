#pragma once

#include <string>

#include "harness/guest/ssh_session.h"
#include "harness/providers/qemu/qemu_spec.h"

namespace skillaudit {

/// `DIR` or `DIR:ro`, as the user writes it. Throws Error{Usage} for what is no folder, or holds no
/// extended attributes and is to be written to (see qemu_spec.cc: what the guest says of its files
/// is kept there).
[[nodiscard]] ShareSpec parse_share(const std::string& text);

/// Mounts it in the guest at `~/share` so that its files are the guest user's (bindfs). Throws
/// Error{Evidence}.
void mount_share(SshSession& guest, const ShareSpec& share, const std::string& user,
                 const std::string& home);

}  // namespace skillaudit
