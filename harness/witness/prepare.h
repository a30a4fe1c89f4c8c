#pragma once

#include "harness/witness/channel.h"

namespace witness {

/// Makes a clone a machine of its own: see harness/observe/preparation.h. `head_size` bytes of the
/// order follow on the channel, and `files_size` bytes of the user's files after them.
void prepare(Channel& channel, std::size_t head_size, std::size_t files_size);

/// sshd reads its new host key.
void reload_sshd();

/// The machine boots, by the kernel alone: no service is stopped, and its disk is as after a
/// shutdown.
void restart();

}  // namespace witness
