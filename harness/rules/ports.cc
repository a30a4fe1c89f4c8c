// Ports on which nobody expects what is spoken there.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/rules/flow_text.h"
#include "harness/rules/hosts_named.h"
#include "harness/rules/mirrors_seen.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kOddPort = "network.odd-port";

/// Of a request that the proxy could read: the schemes' own ports (RFC 9110, 4.2) and those on
/// which web servers stand beside them.
bool is_usual(const Flow& flow) {
  const bool secure = flow.scheme == "https" || flow.scheme == "wss";
  return secure ? flow.port == 443 || flow.port == 8443
                : flow.port == 80 || flow.port == 8000 || flow.port == 8080;
}

/// Of what nobody could read: ports that the registry of RFC 6335 gives to services which programs
/// of users speak, and that hosts of the same network ask each other by.
bool is_service_port(std::uint16_t port) {
  static constexpr std::array<std::uint16_t, 36> kServices = {
      20,  21,  22,  23,  25,   43,   53,   67,   68,   80,   110,  123,
      143, 161, 389, 443, 465,  514,  546,  547,  587,  636,  853,  873,
      989, 990, 993, 995, 1900, 3128, 3306, 5353, 5355, 5432, 6379, 9418};
  return port == 8080 || port == 8443 ||
         std::find(kServices.begin(), kServices.end(), port) != kServices.end();
}

class Ports {
 public:
  explicit Ports(const RuleInput& input) : input_(input) {}

  void add(const std::string& host, const std::string& shown, Citation citation) {
    if (input_.excusable(kOddPort, Excuse::Host) && is_host_named(input_, host)) return;
    if (!found_.contains(shown) && found_.size() == kMostListed) {
      ++unlisted_;
      return;
    }
    Offender& offender = found_[shown];
    offender.words.what = as_code(shown);
    if (offender.evidence.size() < 4) offender.evidence.push_back(std::move(citation));
  }
  void report(Drafts& drafts) const {
    std::vector<Offender> all;
    for (const auto& [shown, offender] : found_) all.push_back(offender);
    drafts.add_each(kOddPort, all, unlisted_);
  }

 private:
  const RuleInput& input_;
  std::map<std::string, Offender> found_;
  std::size_t unlisted_ = 0;
};

void port_rules(const RuleInput& input, Drafts& drafts) {
  const std::set<std::string> mirrors = mirror_hosts(input.evidence);
  Ports ports(input);
  for (const Flow& flow : input.evidence.flows) {
    // Where the mirrors stand the audit chose.
    if (mirrors.contains(flow.host)) continue;
    const bool is_raw = flow.kind == "connect" || flow.kind == "tcp";
    if (is_raw ? is_service_port(flow.port) : is_usual(flow)) continue;
    ports.add(flow.host, origin_of(flow), cite_flow(flow));
  }
  for (const WireContact& contact : input.evidence.wire.contacts) {
    if ((contact.protocol != "tcp" && contact.protocol != "udp") || is_service_port(contact.port))
      continue;
    const std::string shown =
        fmt::format("{} {} port {}", contact.protocol, contact.who(), contact.port);
    ports.add(contact.address, shown,
              cite(source::network(), shown + ", " + count_of(contact.frames, "frame")));
  }
  ports.report(drafts);
}

}  // namespace

RuleCode port_code() { return {{kOddPort}, port_rules}; }

}  // namespace skillaudit
