#pragma once

#include <string>

#include "harness/base/progress.h"
#include "harness/guest/ssh_session.h"
#include "harness/machine/base.h"
#include "harness/machine/machine.h"

namespace skillaudit {

/// What an audit does once in a guest that has booted for the first time, before machines start
/// from it.
class FirstBootWork {
 public:
  virtual ~FirstBootWork() = default;

  /// Differs whenever the work would leave another guest behind. Part of a template's key.
  [[nodiscard]] virtual std::string key() const = 0;
  /// Throws Error{Evidence} when the guest does not play along.
  [[nodiscard]] virtual BaseState run(Machine& machine, SshSession& guest,
                                      Progress& progress) const = 0;
};

}  // namespace skillaudit
