#pragma once

#include <string>
#include <vector>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// A host that the skill addressed, allowed or not.
struct Addressed {
  std::string name;  ///< printable: "https://h", "udp 192.0.2.1:53", "name a.example.org"
  Source source;
  bool sent = false;  ///< more than the name of what it wants
};

/// In the order of the evidence, a host as often as it was addressed. What package managers fetch
/// from their mirrors and what belongs to the agent is left out.
[[nodiscard]] std::vector<Addressed> hosts_addressed(const Evidence& evidence);

}  // namespace skillaudit
