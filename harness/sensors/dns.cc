#include "harness/sensors/dns.h"

#include <fmt/core.h>

#include <utility>

namespace skillaudit {
namespace {

/// RFC 1035, 2.3.4: labels of 63 bytes, names of 255.
constexpr unsigned kLongestLabel = 63;
constexpr std::size_t kLongestName = 255;
constexpr std::size_t kHeader = 12;
constexpr unsigned kAddress = 1;  // a record of type A
constexpr std::uint16_t kPort = 53;
constexpr std::size_t kMostHeld = 16U << 20;

std::string type_name(unsigned number) {
  switch (number) {
    case 1:
      return "A";
    case 5:
      return "CNAME";
    case 12:
      return "PTR";
    case 15:
      return "MX";
    case 16:
      return "TXT";
    case 28:
      return "AAAA";
    case 33:
      return "SRV";
    case 65:
      return "HTTPS";
    default:
      return fmt::format("TYPE{}", number);  // RFC 3597
  }
}

FrameBytes bytes_of(const std::string& text) {
  return FrameBytes({reinterpret_cast<const unsigned char*>(text.data()), text.size()});
}

/// The name at the start of the first question, and where its type stands.
std::optional<std::pair<std::string, std::size_t>> read_name(const FrameBytes& message) {
  std::string name;
  std::size_t at = kHeader;
  for (;;) {
    const unsigned length = message.u8(at);
    if (length == 0 || length > kLongestLabel || message.was_short()) break;
    if (name.size() + length > kLongestName) break;
    if (!name.empty()) name += '.';
    name += message.from(at + 1).first(length).text();
    at += 1 + length;
  }
  if (name.empty() || message.was_short()) return std::nullopt;
  return std::pair(std::move(name), at + 1);
}

}  // namespace

std::optional<NameAsked> read_question(const FrameBytes& message) {
  if (message.u16(4) == 0) return std::nullopt;
  auto name = read_name(message);
  if (!name) return std::nullopt;
  const unsigned type = message.u16(name->second);
  if (message.was_short()) return std::nullopt;
  return NameAsked{std::move(name->first), type_name(type), 1};
}

std::optional<DnsAnswer> read_answer(const FrameBytes& segment) {
  if (segment.u16(0) != kPort) return std::nullopt;
  const FrameBytes stream = segment.from((segment.u8(12) >> 4U) * 4);
  const std::size_t length = stream.u16(0);
  const FrameBytes message = stream.from(2).first(length);
  if (message.size() < length || message.u16(6) == 0) return std::nullopt;
  auto name = read_name(message);
  if (!name) return std::nullopt;
  // Type and class of the question; pointer to the name, type, class, time to live and size of the
  // record.
  const std::size_t record = name->second + 4;
  constexpr std::size_t kRecordHead = 12;
  const FrameBytes data = message.from(record + kRecordHead);
  if (message.u16(record + 2) != kAddress || data.size() < 4) return std::nullopt;
  return DnsAnswer{std::move(name->first),
                   fmt::format("{}.{}.{}.{}", data.u8(0), data.u8(1), data.u8(2), data.u8(3))};
}

void DnsStreams::add(Stream& stream, std::uint32_t sequence, std::string bytes) {
  // Sequence numbers wrap around (RFC 9293, 3.4).
  const auto late = static_cast<std::int32_t>(stream.next - sequence);
  if (late >= 0) {
    if (static_cast<std::size_t>(late) >= bytes.size()) return;  // all of it came before
    bytes.erase(0, static_cast<std::size_t>(late));
    held_ += bytes.size();
    stream.next += static_cast<std::uint32_t>(bytes.size());
    stream.ready += bytes;
    return;
  }
  if (stream.ahead.contains(sequence)) return;
  held_ += bytes.size();
  stream.ahead.emplace(sequence, std::move(bytes));
}

/// False once the stream holds something else than questions.
bool DnsStreams::take(Stream& stream, std::vector<NameAsked>& asked) {
  while (stream.ready.size() >= 2) {
    const std::size_t length = bytes_of(stream.ready).u16(0);
    if (stream.ready.size() < 2 + length) return true;
    std::optional<NameAsked> question = read_question(bytes_of(stream.ready).from(2).first(length));
    if (!question) return false;
    asked.push_back(std::move(*question));
    held_ -= 2 + length;
    stream.ready.erase(0, 2 + length);
  }
  return true;
}

DnsStreams::Read DnsStreams::from_guest(const FrameBytes& segment) {
  constexpr unsigned kSyn = 0x02;
  const std::uint16_t port = segment.u16(0);
  const std::uint32_t sequence = static_cast<std::uint32_t>(segment.u16(4)) << 16 | segment.u16(6);
  std::string bytes = segment.from((segment.u8(12) >> 4U) * 4).text();
  Read read;
  if ((segment.u8(13) & kSyn) != 0) {
    Stream& stream = streams_[port];
    if (stream.next == sequence + 1 && !stream.broken) return read;  // sent again
    if (!stream.ready.empty()) left_.push_back(std::move(stream.ready));
    stream = {.next = sequence + 1, .ready = {}, .ahead = {}};
    return read;
  }
  if (bytes.empty()) return read;
  const auto found = streams_.find(port);
  if (found == streams_.end() || found->second.broken || held_ > kMostHeld) {
    read.is_other = true;
    return read;
  }
  Stream& stream = found->second;
  add(stream, sequence, std::move(bytes));
  while (!stream.ahead.empty() &&
         static_cast<std::int32_t>(stream.ahead.begin()->first - stream.next) <= 0) {
    auto early = stream.ahead.extract(stream.ahead.begin());
    held_ -= early.mapped().size();
    add(stream, early.key(), std::move(early.mapped()));
  }
  stream.broken = !take(stream, read.asked);
  read.is_other = stream.broken;
  return read;
}

std::vector<std::string> DnsStreams::unread() const {
  std::vector<std::string> all = left_;
  for (const auto& [port, stream] : streams_) {
    std::string rest = stream.ready;
    for (const auto& [sequence, bytes] : stream.ahead) rest += bytes;
    if (!rest.empty()) all.push_back(std::move(rest));
  }
  return all;
}

}  // namespace skillaudit
