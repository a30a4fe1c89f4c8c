#pragma once

#include <string>

#include "harness/guest/ssh_session.h"
#include "harness/machine/shared_folder.h"

namespace skillaudit {

/// `DIR` or `DIR:ro`, as the user writes it. Throws Error{Usage} for what is no folder, or holds no
/// extended attributes and is to be written to (the owners and
/// modes that the guest gives its files are kept there).
[[nodiscard]] SharedFolder parse_share(const std::string& text);

/// Mounts it in the guest at `~/share` so that its files are the guest user's (bindfs). Throws
/// Error{Evidence}.
void mount_share(SshSession& guest, const SharedFolder& share, const std::string& user,
                 const std::string& home);

}  // namespace skillaudit
