#include "harness/evidence/echo_payload.h"

#include <algorithm>
#include <string>

namespace skillaudit {

std::size_t chosen_echo_bytes(const Wire& wire) {
  const bool any =
      std::any_of(wire.contacts.begin(), wire.contacts.end(),
                  [](const WireContact& contact) { return contact.protocol == "icmp"; });
  if (!any) return 0;
  std::string row;
  for (char byte = 0x18; byte <= 0x37; ++byte) row += byte;
  // The header, the time, the first eight bytes of the row (the time takes them in some versions),
  // and the line feed behind a frame.
  constexpr std::size_t kBeside = 8 + 16 + 8 + 1;
  std::size_t own = 0;
  for (std::size_t at = wire.payload.find(row); at != std::string::npos;
       at = wire.payload.find(row, at + row.size()))
    own += row.size() + kBeside;
  return wire.payload.size() - std::min(own, wire.payload.size());
}

}  // namespace skillaudit
