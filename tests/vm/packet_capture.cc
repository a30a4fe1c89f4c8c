#include "tests/vm/packet_capture.h"

#include <fmt/core.h>

#include <cstring>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/providers/qemu/qemu_spec.h"

namespace skillaudit {
namespace {

constexpr std::size_t kFileHeader = 24;
constexpr std::size_t kRecordHeader = 16;
constexpr std::size_t kEthernetHeader = 14;

std::uint32_t native32(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

unsigned byte_at(const std::string& bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes.at(at));
}

std::uint16_t network16(const std::string& bytes, std::size_t at) {
  return static_cast<std::uint16_t>(byte_at(bytes, at) << 8 | byte_at(bytes, at + 1));
}

std::string address(const std::string& bytes, std::size_t at) {
  return fmt::format("{}.{}.{}.{}", byte_at(bytes, at), byte_at(bytes, at + 1),
                     byte_at(bytes, at + 2), byte_at(bytes, at + 3));
}

std::string source_mac(const std::string& bytes) {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", byte_at(bytes, 6),
                     byte_at(bytes, 7), byte_at(bytes, 8), byte_at(bytes, 9), byte_at(bytes, 10),
                     byte_at(bytes, 11));
}

Packet parse_frame(std::string bytes) {
  Packet packet;
  packet.from_guest = source_mac(bytes) == kGuestMac;
  packet.ether_type = network16(bytes, 12);
  const std::size_t ip = kEthernetHeader;
  if (packet.ether_type == 0x0806) {
    packet.destination = address(bytes, ip + 24);
  } else if (packet.ether_type == 0x0800) {
    packet.destination = address(bytes, ip + 16);
    packet.protocol = static_cast<int>(byte_at(bytes, ip + 9));
    const std::size_t next = ip + (byte_at(bytes, ip) & 15U) * 4;
    if (packet.protocol == 6 || packet.protocol == 17)
      packet.destination_port = network16(bytes, next + 2);
    if (packet.protocol == 6)
      packet.tcp_flags = static_cast<std::uint8_t>(byte_at(bytes, next + 13));
  } else if (packet.ether_type == 0x86dd) {
    packet.protocol = static_cast<int>(byte_at(bytes, ip + 6));
  }
  packet.bytes = std::move(bytes);
  return packet;
}

}  // namespace

std::vector<Packet> read_capture(const std::filesystem::path& file) {
  const std::string all = read_file(file);
  if (all.size() < kFileHeader || native32(all, 0) != 0xa1b2c3d4 || native32(all, 20) != 1)
    fail(ErrorKind::Evidence, "{} is no capture of Ethernet frames", file.string());
  std::vector<Packet> packets;
  for (std::size_t at = kFileHeader; at + kRecordHeader <= all.size();) {
    const std::size_t size = native32(all, at + 8);
    at += kRecordHeader;
    if (at + size > all.size()) break;
    if (size >= kEthernetHeader) packets.push_back(parse_frame(all.substr(at, size)));
    at += size;
  }
  return packets;
}

}  // namespace skillaudit
