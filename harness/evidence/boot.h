#pragma once

#include <string>
#include <vector>

#include "harness/evidence/snapshot.h"

namespace skillaudit {

/// The machine's next boot, where the run changed what a boot reads.
struct BootCheck {
  std::vector<std::string> because;  ///< what was changed, the first few; empty: nothing
  bool made = false;
  bool came_up = false;
  std::string problem;  ///< why it was not made, did not come up, or could not be looked at then
  double seconds = 0;   ///< until login was possible
  Snapshot state;  ///< once it was up: processes, sockets and units; the other tables are missing
};

}  // namespace skillaudit
