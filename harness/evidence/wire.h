#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/evidence/gap.h"

namespace skillaudit {

/// Somebody whom the guest addressed past the proxy. The network refuses each.
struct WireContact {
  std::string protocol;    ///< "tcp", "udp", "icmp", "ip-47", …
  std::string address;     ///< IPv4 or IPv6; a MAC for what is neither
  std::uint16_t port = 0;  ///< of TCP and UDP, else 0
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;  ///< of these frames, headers included
  double first_s = 0;       ///< seconds from the capture's first frame
  /// The name for which the resolver seems to have given that address; empty: for none. To be
  /// shown: a guest that is root can send itself an answer.
  std::string name = {};

  /// Its name, or else its address.
  [[nodiscard]] const std::string& who() const { return name.empty() ? address : name; }
};

/// A name that the guest asked a resolver for.
struct NameAsked {
  std::string name;  ///< raw bytes, labels joined by full stops
  std::string type;  ///< "A", "TXT", "TYPE64"
  std::uint64_t count = 0;
};

/// What the guest put on its network card past the proxy.
struct Wire {
  std::vector<WireContact> contacts;  ///< in the order in which they were first addressed
  std::vector<NameAsked> names;       ///< in the order in which they were first asked for
  std::string payload;                ///< what was in these frames, a line feed after each
  std::string joined;                 ///< what frames of a few bytes each carried, a line each kind
  std::vector<Gap> gaps;
};

}  // namespace skillaudit
