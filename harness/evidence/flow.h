#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace skillaudit {

/// One exchange that reached the proxy, allowed, blocked or answered there: a line of
/// `flows.jsonl`. Field names are those of the JSON line.
struct Flow {
  std::int64_t id = 0;  ///< 1, 2, 3, … in the order in which they were decided
  double time = 0;      ///< seconds since the epoch, the host's clock
  std::string kind;     ///< "http", "websocket", "connect" (a tunnel with no request in it), "tcp"
  std::string method;   ///< "GET"; empty for tcp
  std::string scheme;   ///< "http", "https", "tcp"
  std::string host;     ///< as really addressed, never the Host header
  std::string host_header;  ///< where it differs from host[:port]; else empty
  std::string sni;          ///< where it differs from host; else empty
  std::uint16_t port = 0;
  std::string path;           ///< with the query string removed
  std::string query;          ///< without "?"
  std::optional<int> status;  ///< 403 when blocked; none when the exchange broke off
  bool allowed = false;       ///< it left this host
  bool answered = false;  ///< by the proxy in the server's place (traffic/answers.h); not `allowed`
  std::string rule;       ///< the rule that allowed it, or why it was blocked or answered
  std::string group;      ///< group of the rule: "mirrors", "user", "model"; empty if not allowed
  std::vector<std::string> request_headers;  ///< names only, as sent
  std::string user_agent;
  std::uint64_t request_size = 0;  ///< bytes of the body
  std::uint64_t response_size = 0;
  std::string request_sha256;
  std::string response_sha256;
  std::string request_body;  ///< file in the bundle, "bodies/7.bin" (whole if allowed, else its
                             ///< first 8 MiB); empty: no body
  std::string
      request_head;  ///< file in the bundle, "bodies/7.head": request line and headers as sent
  /// File in the bundle, "bodies/7.response": the response's body, of group "model" and of
  /// the first 2000 that were answered. Where not all of it was kept, `error` says so. Empty: no
  /// body, or another flow.
  std::string response_body;
  std::string error;  ///< what broke off the exchange, if anything
};

}  // namespace skillaudit
