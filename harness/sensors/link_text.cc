#include "harness/sensors/link_text.h"

#include <algorithm>

namespace skillaudit {
namespace {

constexpr std::size_t kMost = 1U << 20;

/// RFC 826 for Ethernet and IPv4: eight bytes, then twice an address of six and one of four.
constexpr std::size_t kArp = 28;
constexpr std::size_t kArpTargetHardware = 18, kArpTarget = 24, kIpv4 = 4, kHardware = 6;

/// RFC 4861: eight bytes, a target of sixteen in solicitations and advertisements, then options.
constexpr std::size_t kDiscovery = 8, kIpv6 = 16;
constexpr unsigned char kSolicitation = 135, kAdvertisement = 136;

/// ping(8) puts a time before what it fills the rest with: sixteen bytes or none.
constexpr std::size_t kTime = 16;
constexpr std::size_t kLongestPattern = 16;

bool is_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

/// The shortest beginning that the text repeats, or all of it.
std::string_view repeated(std::string_view text) {
  for (std::size_t length = 1; length <= std::min(kLongestPattern, text.size() / 2); ++length)
    if (text.substr(length) == text.substr(0, text.size() - length)) return text.substr(0, length);
  return text;
}

}  // namespace

void LinkText::add(std::string& text, std::string_view piece) {
  if (text.size() + piece.size() <= kMost && !text.ends_with(piece)) text += piece;
}

bool LinkText::arp(std::string_view message, bool known) {
  if (message.size() < kArp) return false;
  const std::string_view hardware = message.substr(kArpTargetHardware, kHardware);
  if (!is_zero(hardware)) add(hardware_, hardware);
  if (!known) add(targets_, message.substr(kArpTarget, kIpv4));
  const std::string_view behind = message.substr(kArp);
  if (is_zero(behind)) return false;
  add(behind_, behind);
  return true;
}

void LinkText::discovery(std::string_view message) {
  const auto type = message.empty() ? 0 : static_cast<unsigned char>(message[0]);
  std::string_view rest = message.substr(std::min(kDiscovery, message.size()));
  if (type == kSolicitation || type == kAdvertisement) {
    add(discovery_, rest.substr(0, kIpv6));
    rest.remove_prefix(std::min(kIpv6, rest.size()));
  }
  add(options_, rest);
}

void LinkText::echo(std::string_view data) {
  add(echo_, data);
  if (data.size() > kTime) add(patterns_, repeated(data.substr(kTime)));
}

std::string LinkText::take() const {
  std::string lines;
  for (const std::string* text :
       {&behind_, &targets_, &hardware_, &discovery_, &options_, &echo_, &patterns_})
    if (!text->empty()) lines.append(*text).append("\n");
  return lines;
}

}  // namespace skillaudit
