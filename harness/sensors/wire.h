#pragma once

#include <filesystem>
#include <string>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// What the guest put on its network card past the proxy, from the capture of it (pcap, read
/// by libpcap): connections that it tried itself, datagrams, names that it asked for.
/// The network refuses all of it; that it was tried is what counts. Answers to the audit's own SSH
/// session, ARP for the network's own addresses and the link-local chatter of IPv6 (RFC 4861, 3810)
/// are not attempts; what they carry is searched all the same (link_text.h). Who sent
/// a frame is told by whom it is for: a guest that is root writes any source into it.
///
/// Bounded whatever was captured: 4,096 contacts and names each, 16 MiB of payload; what goes over
/// is a gap, and so is a capture that is damaged or ends inside a frame. Never throws for what the
/// guest sent.
[[nodiscard]] Wire read_wire(const std::filesystem::path& capture, const GuestNetwork& network);

}  // namespace skillaudit
