#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/evidence/wire.h"
#include "harness/sensors/frame_bytes.h"

namespace skillaudit {

/// The first question of a DNS message (RFC 1035), counted once; none for what is no question.
[[nodiscard]] std::optional<NameAsked> read_question(const FrameBytes& message);

/// An address that a resolver gave for a name.
struct DnsAnswer {
  std::string name;
  std::string address;  ///< IPv4
};

/// The address in a resolver's TCP segment that holds one whole answer, as filter/names.py makes
/// them; none for any other segment.
[[nodiscard]] std::optional<DnsAnswer> read_answer(const FrameBytes& segment);

/// Questions that a guest asks by TCP (RFC 1035, 4.2.2): each behind its length, cut anywhere into
/// segments, which may come twice or in another order. Bounded, whatever the guest sends.
class DnsStreams {
 public:
  struct Read {
    std::vector<NameAsked> asked;  ///< that are whole with this segment
    bool is_other = false;         ///< it belongs to no questions
  };
  [[nodiscard]] Read from_guest(const FrameBytes& segment);

  /// What was sent and is no whole question, by connection.
  [[nodiscard]] std::vector<std::string> unread() const;

 private:
  struct Stream {
    std::uint32_t next = 0;                      ///< sequence number of the byte that comes next
    std::string ready;                           ///< in order, not yet read
    std::map<std::uint32_t, std::string> ahead;  ///< of segments that came too early
    bool broken = false;
  };
  void add(Stream& stream, std::uint32_t sequence, std::string bytes);
  bool take(Stream& stream, std::vector<NameAsked>& asked);

  std::map<std::uint16_t, Stream> streams_;  ///< by the guest's port
  std::vector<std::string> left_;            ///< of connections whose port was used again
  std::size_t held_ = 0;                     ///< bytes in all of them
};

}  // namespace skillaudit
