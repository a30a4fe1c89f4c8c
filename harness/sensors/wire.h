#pragma once

#include <filesystem>
#include <string>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Who is who on the guest's network.
struct WireSpec {
  std::string guest_address;    ///< IPv4
  std::string gateway_address;  ///< from which the audit's SSH session seems to come
  std::string proxy_address;    ///< IPv4; what goes to this port of it is the proxy's to tell
  std::uint16_t proxy_port = 0;
  std::string resolver_address;  ///< a question to it is a name, and no contact
};

/// What the guest put on its network card past the proxy, from the capture that QEMU wrote of it
/// (pcap, read by libpcap): connections that it tried itself, datagrams, names that it asked for.
/// The network refuses all of it; that it was tried is what counts. Answers to the audit's own SSH
/// session, ARP and the link-local chatter of IPv6 (RFC 4861, 3810) are nobody's attempt. Who sent
/// a frame is told by whom it is for: a guest that is root writes any source into it.
///
/// Bounded whatever was captured: 4,096 contacts and names each, 16 MiB of payload; what goes over
/// is a gap, and so is a capture that is damaged or ends inside a frame. Never throws for what the
/// guest sent.
[[nodiscard]] Wire read_wire(const std::filesystem::path& capture, const WireSpec& spec);

}  // namespace skillaudit
