#pragma once

#include <string>
#include <vector>

#include "harness/base/progress.h"
#include "harness/guest/ssh_session.h"
#include "harness/machine/base.h"
#include "harness/machine/machine.h"

namespace skillaudit {

/// What a layer adds to the guest that machines start from.
struct LayerState {
  BaseState base;
  std::vector<std::string> added;      ///< WANT TAB "jq 1.6-2.1"; none: there is no layer
  std::vector<std::string> not_added;  ///< WANT TAB why not
  bool may_pass = false;               ///< why not is a matter of the moment
};

/// What an audit does once in a saved guest, so that machines start from what that leaves. The
/// guest reaches this host's package mirrors meanwhile.
class LayerWork {
 public:
  virtual ~LayerWork() = default;

  /// Differs whenever the work would leave another guest behind. Part of a layer's key.
  [[nodiscard]] virtual std::string key() const = 0;
  /// `below`: what the guest is until then. Throws Error{Evidence} when it does not play along.
  [[nodiscard]] virtual LayerState run(Machine& machine, SshSession& guest,
                                       const MachineBase& below, Progress& progress) const = 0;
};

}  // namespace skillaudit
