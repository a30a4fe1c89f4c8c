#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <utility>

#include "harness/base/text.h"
#include "harness/snapshot/fields.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

/// include/net/tcp_states.h; UDP uses 1 and 7 alone.
constexpr std::array<std::string_view, 13> kStates = {
    "",      "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",   "TIME_WAIT",
    "CLOSE", "CLOSE_WAIT",  "LAST_ACK", "LISTEN",   "CLOSING",   "NEW_SYN_RECV"};

struct Endpoint {
  std::string address;
  std::uint16_t port = 0;
};

/// "0100007F:1F90": each group of eight digits is a word in the guest's byte order, and the guest
/// is an x86.
std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon != 8 && colon != 32) return std::nullopt;
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1), 16);
  std::array<unsigned char, 16> bytes{};
  for (std::size_t i = 0; i < colon / 8; ++i) {
    const auto word = parse_number<std::uint32_t>(text.substr(i * 8, 8), 16);
    if (!word) return std::nullopt;
    for (std::size_t b = 0; b < 4; ++b) {
      bytes[i * 4 + b] = static_cast<unsigned char>(*word >> (8 * b));
    }
  }
  std::array<char, INET6_ADDRSTRLEN> shown{};
  if (!port || !inet_ntop(colon == 8 ? AF_INET : AF_INET6, bytes.data(), shown.data(),
                          static_cast<socklen_t>(shown.size()))) {
    return std::nullopt;
  }
  return Endpoint{shown.data(), *port};
}

using Owners = std::map<std::uint64_t, std::string>;

std::string owner_of(const Owners& owners, std::uint64_t inode) {
  const auto it = owners.find(inode);
  return it == owners.end() ? std::string() : it->second;
}

std::optional<SocketEntry> parse_inet(std::string_view protocol, std::string_view line,
                                      const Owners& owners) {
  std::array<std::string_view, 10> words;
  for (auto& word : words) word = next_word(line);
  const auto local = parse_endpoint(words[1]);
  const auto remote = parse_endpoint(words[2]);
  const auto state = parse_number<std::size_t>(words[3], 16);
  const auto inode = parse_number<std::uint64_t>(words[9]);
  if (!local || !remote || !state || *state == 0 || *state >= kStates.size() || !inode) {
    return std::nullopt;
  }
  SocketEntry entry;
  entry.protocol = protocol;
  entry.state = kStates[*state];
  if (protocol.starts_with("udp") && entry.state == "CLOSE") entry.state = "UNCONN";
  entry.local_address = local->address;
  entry.local_port = local->port;
  entry.remote_address = remote->address;
  entry.remote_port = remote->port;
  entry.process = owner_of(owners, *inode);
  return entry;
}

void parse_inet_table(std::string_view protocol, std::string_view content, const Owners& owners,
                      Parsed<SocketEntry>& result, MalformedRows& malformed) {
  bool heading = true;
  for (const auto line : split(content, '\n')) {
    if (std::exchange(heading, false)) continue;
    if (auto entry = parse_inet(protocol, line, owners)) {
      result.rows.push_back(std::move(*entry));
    } else {
      malformed.add(line);
    }
  }
}

/// One line of /proc/net/unix: "ffff…: 00000002 00000000 00010000 0001 01 1234 /run/x".
struct UnixLine {
  bool listening = false;
  std::uint64_t inode = 0;
  std::string_view path;
};

std::optional<UnixLine> parse_unix(std::string_view line) {
  std::array<std::string_view, 7> words;
  for (auto& word : words) word = next_word(line);
  if (!words[0].ends_with(':') || words[0].size() < 9) return std::nullopt;
  if (!parse_number<std::uint64_t>(words[0].substr(0, words[0].size() - 1), 16))
    return std::nullopt;
  const auto flags = parse_number<std::uint32_t>(words[3], 16);
  const auto inode = parse_number<std::uint64_t>(words[6]);
  if (!flags || !inode) return std::nullopt;
  constexpr std::uint32_t kAcceptsConnections = 1U << 16;  // __SO_ACCEPTCON
  return UnixLine{(*flags & kAcceptsConnections) != 0, *inode,
                  line.empty() ? line : line.substr(1)};
}

void parse_unix_table(std::string_view content, const Owners& owners, Parsed<SocketEntry>& result,
                      MalformedRows& malformed) {
  bool heading = true;
  SocketEntry* last = nullptr;
  bool in_row = false;
  for (const auto line : split(content, '\n')) {
    if (std::exchange(heading, false)) continue;
    if (const auto row = parse_unix(line)) {
      in_row = true;
      last = nullptr;
      if (!row->listening) continue;
      SocketEntry entry;
      entry.protocol = "unix";
      entry.state = "LISTEN";
      entry.path = row->path;
      entry.process = owner_of(owners, row->inode);
      result.rows.push_back(std::move(entry));
      last = &result.rows.back();
    } else if (last) {
      // The kernel prints a line feed in a socket's path as it is.
      last->path.append("\n").append(line);
    } else if (!in_row) {
      malformed.add(line);
    }
  }
}

}  // namespace

Parsed<SocketEntry> parse_sockets(std::string_view raw) {
  Parsed<SocketEntry> result;
  MalformedRows malformed(Table::Sockets);
  FieldReader reader(raw);
  std::map<std::string_view, std::string_view> contents;
  for (int i = 0; i < 5; ++i) {
    const auto protocol = reader.field();
    const auto content = reader.blob();
    if (!protocol || !content) {
      malformed.add(raw);
      result.gaps = malformed.gaps();
      return result;
    }
    contents[*protocol] = *content;
  }
  Owners owners;
  while (!reader.done()) {
    const std::string_view rest = reader.rest();
    auto line = reader.field();
    const auto comm = reader.field();
    if (!line || !comm) {
      malformed.add(rest);
      break;
    }
    const auto inode = parse_number<std::uint64_t>(next_word(*line));
    const auto pid = parse_number<std::int64_t>(next_word(*line));
    if (inode && pid) {
      owners.try_emplace(*inode, fmt::format("{}[{}]", *comm, *pid));
    } else {
      malformed.add(rest);
    }
  }
  for (const auto protocol : {"tcp", "tcp6", "udp", "udp6"}) {
    parse_inet_table(protocol, contents[protocol], owners, result, malformed);
  }
  parse_unix_table(contents["unix"], owners, result, malformed);
  result.gaps = malformed.gaps();
  return result;
}

}  // namespace skillaudit
