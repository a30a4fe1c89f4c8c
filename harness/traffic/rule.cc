#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "harness/base/ascii.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/traffic/policy.h"
#include "harness/traffic/url_path.h"

namespace skillaudit {
namespace {

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigits = "0123456789";

bool only(std::string_view text, const std::string& allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

std::uint16_t default_port(std::string_view scheme) {
  return scheme == "https" ? 443 : scheme == "http" ? 80 : 0;
}

/// The one spelling of an IPv6 address; an IPv4 address inside one becomes itself. Empty: none.
std::string canonical_ipv6(const std::string& text) {
  in6_addr address{};
  std::array<char, INET6_ADDRSTRLEN> shown{};
  if (::inet_pton(AF_INET6, text.c_str(), &address) != 1) return {};
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    ::inet_ntop(AF_INET, &address.s6_addr[12], shown.data(), shown.size());
  } else {
    ::inet_ntop(AF_INET6, &address, shown.data(), shown.size());
  }
  return shown.data();
}

bool is_ipv4(const std::string& text) {
  in_addr address{};
  return ::inet_pton(AF_INET, text.c_str(), &address) == 1;
}

/// Resolvers read a name whose last label is a number as an IPv4 address: 127.1, 0x7f000001.
bool is_numeric(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  return last.starts_with("0x") || (!last.empty() && only(last, std::string(kDigits)));
}

struct HostPort {
  std::string host;
  std::uint16_t port = 0;
};

/// What is wrong with `text` as host[:port], else nothing and `result`.
std::optional<std::string> read_host_port(std::string_view text, std::uint16_t port_if_none,
                                          HostPort& result) {
  std::string_view host = text;
  std::optional<std::string_view> port;
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  if (text.starts_with('[') && bracket == std::string_view::npos) return "a '[' without its ']'";
  const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  result.port = port_if_none;
  if (port) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(port->data(), port->data() + port->size(), value);
    if (error != std::errc() || end != port->data() + port->size() || port->size() > 5 ||
        value > 65535)
      value = 0;
    result.port = static_cast<std::uint16_t>(value);
  }
  if (result.port == 0) return "the port is missing, or not between 1 and 65535";
  if (host.starts_with('[')) {
    if (!host.ends_with(']')) return "something between ']' and the port";
    result.host = canonical_ipv6(std::string(host.substr(1, host.size() - 2)));
    return result.host.empty() ? std::optional<std::string>("not an IPv6 address") : std::nullopt;
  }
  result.host = ascii_lower(host);
  if (result.host.ends_with('.')) result.host.pop_back();
  if (result.host.empty() || result.host.size() > 253) return "not a host name";
  if (std::any_of(host.begin(), host.end(),
                  [](char c) { return static_cast<unsigned char>(c) > 0x7f; }))
    return "write the ASCII form, xn--…";
  for (std::size_t at = 0; at <= result.host.size();) {
    const std::size_t dot = std::min(result.host.find('.', at), result.host.size());
    const std::string_view label = std::string_view(result.host).substr(at, dot - at);
    if (label.empty() || label.size() > 63 ||
        !only(label, fmt::format("{}{}-_", kLetters, kDigits)))
      return "not a host name";
    at = dot + 1;
  }
  if (is_numeric(result.host) && !is_ipv4(result.host))
    return "write an IPv4 address as four numbers";
  return std::nullopt;
}

[[noreturn]] void bad_rule(std::string_view rule, const std::string& why) {
  fail(ErrorKind::Usage,
       "the network rule '{}' is invalid: {}; write it like 'GET https://example.com/path*'",
       shorten(printable(rule), 300), why);
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t start = text.find_first_not_of(" \t");
    if (start == std::string_view::npos) return words;
    const std::size_t end = std::min(text.find_first_of(" \t", start), text.size());
    words.push_back(text.substr(start, end - start));
    text.remove_prefix(end);
  }
}

void check_method(std::string_view rule, std::string_view method) {
  const bool token = !method.empty() && method.size() <= 32 &&
                     kUpper.find(method[0]) != std::string_view::npos &&
                     only(method, fmt::format("{}{}_-", kUpper, kDigits));
  if (method != "*" && !token)
    bad_rule(rule, fmt::format("'{}' is not a method: methods are upper case, '*' is any",
                               printable(method)));
  if (method == "CONNECT")
    bad_rule(rule, "CONNECT cannot be allowed: allow the requests inside the tunnel");
}

void check_scheme(std::string_view rule, std::string_view scheme) {
  if (scheme == "ws" || scheme == "wss")
    bad_rule(rule, fmt::format("a WebSocket is allowed by the request that opens it: write {}://",
                               scheme == "wss" ? "https" : "http"));
  if (default_port(scheme) == 0)
    bad_rule(rule, fmt::format("'{}' is not a scheme that can be allowed: use http or https",
                               printable(scheme)));
}

void check_path(std::string_view rule, std::string_view path) {
  for (const char c : path)
    if (c < '!' || c > '~' || std::string_view("#\\\"<>^`{|}").find(c) != std::string_view::npos)
      bad_rule(rule, fmt::format(
                         "the path contains '{}', which is not allowed in a URL: percent-encode it",
                         printable(std::string_view(&c, 1))));
  const std::size_t mark = std::min(path.find('?'), path.size());
  if (path.substr(mark).find('*') != std::string_view::npos)
    bad_rule(rule, "'*' has no meaning in the query: end the path in '*' to allow any query");
  if (const DecodedPath decoded = decode_path(path.substr(0, mark)); !decoded.problem.empty())
    bad_rule(rule, fmt::format("no request can have this path ({})", decoded.problem));
}

}  // namespace

Rule parse_rule(std::string_view text, std::string_view group) {
  const std::vector<std::string_view> words = words_of(text);
  if (words.size() != 2) bad_rule(text, "a rule is a method and a URL, separated by a space");
  Rule rule;
  rule.method = words[0];
  rule.group = group;
  check_method(text, rule.method);
  const std::size_t separator = words[1].find("://");
  if (separator == std::string_view::npos) bad_rule(text, "the URL has no scheme");
  rule.scheme = words[1].substr(0, separator);
  check_scheme(text, rule.scheme);
  const std::string_view rest = words[1].substr(separator + 3);
  const std::size_t end = rest.find_first_of("/?#");
  if (end == std::string_view::npos || rest[end] != '/')
    bad_rule(text, "the URL has no path: add '/*' to allow everything on the host");
  const std::string_view authority = rest.substr(0, end);
  rule.path = rest.substr(end);
  if (authority.find('@') != std::string_view::npos)
    bad_rule(text, "the URL contains a user name or password: remove it");
  if (authority.find('*') != std::string_view::npos)
    bad_rule(text, "'*' has no meaning in the host: write one rule for each host");
  HostPort place;
  if (const auto problem = read_host_port(authority, default_port(rule.scheme), place))
    bad_rule(text, fmt::format("'{}' is not a host ({})", printable(authority), *problem));
  if (authority.starts_with('[') && is_ipv4(place.host))
    bad_rule(text, fmt::format("'{}' is not a host (write the address as {})", printable(authority),
                               place.host));
  rule.host = place.host;
  rule.port = place.port;
  check_path(text, rule.path);
  return rule;
}

std::string rule_text(const Rule& rule) {
  const std::string host =
      rule.host.find(':') == std::string::npos ? rule.host : "[" + rule.host + "]";
  const std::string port =
      rule.port == default_port(rule.scheme) ? "" : fmt::format(":{}", rule.port);
  return fmt::format("{} {}://{}{}{}", rule.method, rule.scheme, host, port, rule.path);
}

std::string parse_host_port(std::string_view text) {
  HostPort place;
  if (const auto problem = read_host_port(text, 0, place))
    fail(ErrorKind::Usage, "'{}' is not a host and port ({}): write it like 'api.example.com:443'",
         shorten(printable(text), 300), *problem);
  return place.host.find(':') == std::string::npos ? fmt::format("{}:{}", place.host, place.port)
                                                   : fmt::format("[{}]:{}", place.host, place.port);
}

}  // namespace skillaudit
