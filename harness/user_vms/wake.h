#pragma once

#include "harness/guest/ssh_session.h"

namespace skillaudit {

/// A guest that was suspended, or taken back to a checkpoint, has the clock and the random state of
/// that moment. Sets the clock to the host's, and feeds and reseeds the random generator. Throws
/// Error{Evidence}.
void wake(SshSession& guest);

/// Only the clock: for a guest that was paused while a checkpoint was saved. One round trip and
/// no interpreter's start.
void set_clock(SshSession& guest);

}  // namespace skillaudit
