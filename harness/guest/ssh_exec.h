#pragma once

#include <string>

#include "harness/guest/ssh_session.h"

struct ssh_session_struct;

namespace skillaudit {

/// What SshSession::exec() does, on libssh's session.
[[nodiscard]] ExecResult ssh_exec(ssh_session_struct* session, const std::string& command,
                                  const ExecOptions& options);

/// Throws Error{Evidence}: `what`, and what libssh says of it.
[[noreturn]] void ssh_lost(ssh_session_struct* session, const std::string& what);

}  // namespace skillaudit
