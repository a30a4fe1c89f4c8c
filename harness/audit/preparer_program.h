#pragma once

#include <string>

namespace skillaudit {

/// The Python program that prepares a guest (preparation.h), for `sudo -n python3 -I -S -c PROGRAM
/// /run 0`. It detaches, and serves the guest's port once. The line "ping" is answered with the
/// seconds since boot. The order: one line of JSON, then a tar stream of its "size" bytes for the
/// user's home. The answer: the line "seeded" as soon as clock, random state and client key are the
/// clone's own, then a stream of frames (capture.h) with "files", "config" and "probe" (the first
/// line of the proxy's answer). The line "connected" is then waited for, sshd told to read its new
/// host key, and the answer is "done".
[[nodiscard]] std::string preparer_program();

}  // namespace skillaudit
