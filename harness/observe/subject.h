#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "harness/guest/ssh_session.h"
#include "harness/machine/base.h"
#include "harness/machine/machine.h"
#include "harness/observe/preparation.h"
#include "harness/sensors/decoys.h"

namespace skillaudit {

/// A guest that is ready to be observed, and what is known of it. Everything that it refers to
/// must outlive the observation.
struct Subject {
  Machine& machine;
  SshSession& guest;
  int session = 0;   ///< the process in the guest that serves `guest`
  SshTarget access;  ///< how to open another session; the port is the machine's
  const MachineBase& base;
  const Prepared& prepared;
  const FurnishedHome& home;
  /// What of the machine and its proxy has ended; waits up to `patience` for that.
  std::function<std::optional<Ending>(std::chrono::milliseconds patience)> ending;
};

/// To be called after a connection was lost. Throws Error{Evidence} with what ended: a machine that
/// ended is missing evidence, and no tampering.
void expect_alive(const Subject& subject);

}  // namespace skillaudit
