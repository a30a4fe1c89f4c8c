#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// The IPv4 addresses of a guest's network. A provider of machines chooses them, and the bundle
/// keeps them: a capture of that network means nothing without them.
struct GuestNetwork {
  std::string guest;
  std::string gateway;   ///< where the audit's SSH connection appears to come from
  std::string resolver;  ///< a packet to it is a DNS lookup, not a contact
  std::string proxy;     ///< traffic to `proxy_port` here is recorded by the proxy
  std::uint16_t proxy_port = 0;
  /// What names stand for. A connection to one of `server_ports` there reaches the proxy, which
  /// records it under the name. Empty: no name is answered.
  std::vector<std::string> servers = {};
  std::vector<std::uint16_t> server_ports = {};  ///< ascending

  [[nodiscard]] bool is_server(std::string_view address) const {
    return std::find(servers.begin(), servers.end(), address) != servers.end();
  }
  [[nodiscard]] bool is_seen_by_proxy(std::string_view address, std::uint16_t port) const {
    return (address == proxy && port == proxy_port) ||
           (is_server(address) &&
            std::binary_search(server_ports.begin(), server_ports.end(), port));
  }
  bool operator==(const GuestNetwork&) const = default;
};

}  // namespace skillaudit
