#pragma once

#include <cstdint>
#include <string>

namespace skillaudit {

/// The IPv4 addresses of a guest's network. A provider of machines chooses them, and the bundle
/// keeps them: a capture of that network means nothing without them.
struct GuestNetwork {
  std::string guest;
  std::string gateway;   ///< where the audit's SSH connection appears to come from
  std::string resolver;  ///< a packet to it is a DNS lookup, not a contact
  std::string proxy;     ///< traffic to `proxy_port` here is recorded by the proxy
  std::uint16_t proxy_port = 0;
  bool operator==(const GuestNetwork&) const = default;
};

}  // namespace skillaudit
