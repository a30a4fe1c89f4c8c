#pragma once

#include <filesystem>
#include <string>

#include "harness/guest/ssh_session.h"
#include "harness/sensors/decoys.h"

namespace skillaudit {

/// What must happen in a clone before anything else runs in it, and what a skill needs to find.

/// A clone wakes with its template's clock, random state and identity. Sets the time to the host's,
/// feeds and reseeds the kernel's random generator, and gives the guest a machine-id, hostname, SSH
/// host key and authorised client key of its own. One round trip. Throws Error{Evidence}.
struct CloneIdentity {
  std::string hostname;
  std::string machine_id;  ///< 32 hexadecimal digits
  std::string host_public_key;
  std::string client_private_key;
};
[[nodiscard]] CloneIdentity give_identity(SshSession& guest, const std::string& user);

/// Unpacks the furnished home and the skill's folder in the guest, as its user, in one round trip
/// by one tar stream: modes and symlinks are kept, and a path that exists already is replaced.
void furnish(SshSession& guest, const FurnishedHome& home, const std::string& guest_home);
/// Installs the skill where an agent looks for it and returns that folder
/// ("/home/ubuntu/.claude/skills/NAME").
std::string install_skill(SshSession& guest, const std::filesystem::path& skill_folder,
                          const std::string& name, const std::string& guest_home);

}  // namespace skillaudit
