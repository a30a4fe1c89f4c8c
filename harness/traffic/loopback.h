#pragma once

#include <cstdint>
#include <string>

namespace skillaudit {

/// An address of this host's loopback network (127.0.0.0/8, RFC 1122) with a port on it.
struct LoopbackPlace {
  std::string address;  ///< "127.83.6.201"
  std::uint16_t port = 0;
};

/// From which the guest's own connections are made, those that do not address its proxy. No place
/// has it.
[[nodiscard]] std::string direct_source(const std::string& address);

/// An address on which nothing listens: one of 16 million at random, so that between this
/// answer and its use only a program that listens on every address could take it.
/// Throws Error{Environment}.
[[nodiscard]] LoopbackPlace free_loopback_place();

}  // namespace skillaudit
