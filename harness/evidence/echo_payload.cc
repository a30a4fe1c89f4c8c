#include "harness/evidence/echo_payload.h"

#include <string>

namespace skillaudit {
namespace {

/// Ethernet's, IPv4's and ICMP's headers, and the 56 bytes that ping(8) sends where it is told
/// nothing else.
constexpr std::size_t kHeaders = 14 + 20 + 8;
constexpr std::size_t kPlainFrame = kHeaders + 56;

}  // namespace

std::size_t chosen_echo_bytes(const Wire& wire) {
  std::size_t frames = 0;
  std::size_t bytes = 0;
  for (const WireContact& contact : wire.contacts) {
    if (contact.protocol != "icmp") continue;
    frames += contact.frames;
    bytes += contact.bytes;
  }
  if (frames == 0) return 0;
  // Behind the time a row of bytes counts up; other frames' payload stands beside it.
  std::string row;
  for (char byte = 0x18; byte <= 0x37; ++byte) row += byte;
  std::size_t rows = 0;
  for (std::size_t at = wire.payload.find(row); at != std::string::npos;
       at = wire.payload.find(row, at + row.size()))
    ++rows;
  const bool plain = rows >= frames && bytes == frames * kPlainFrame;
  return plain || bytes < frames * kHeaders ? 0 : bytes - frames * kHeaders;
}

}  // namespace skillaudit
