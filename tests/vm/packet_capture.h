#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace skillaudit {

/// A frame of network.pcap, as far as these tests look into it.
struct Packet {
  bool from_guest = false;
  std::uint16_t ether_type = 0;  ///< 0x0800 IPv4, 0x0806 ARP, 0x86dd IPv6
  std::string destination;       ///< IPv4 or ARP's target, dotted; else empty
  int protocol = -1;             ///< IPv4's or IPv6's: 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6
  std::uint16_t destination_port = 0;
  std::uint8_t tcp_flags = 0;
  std::string bytes;  ///< the whole frame

  [[nodiscard]] bool is_syn() const { return protocol == 6 && (tcp_flags & 0x12) == 0x02; }
};

/// Reads a pcap file that QEMU may still be writing: a last record that is cut short is left out.
/// Throws Error{Evidence} for what is no capture of Ethernet frames.
[[nodiscard]] std::vector<Packet> read_capture(const std::filesystem::path& file);

}  // namespace skillaudit
