// Whom the skill addressed: through the proxy, past it, and by name.
#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/rules/flow_text.h"
#include "reports/html_view.h"
#include "reports/overview.h"

namespace skillaudit::html {
namespace {

Html decision(std::size_t blocked, std::size_t answered) {
  if (blocked > 0) return markup("<span class=\"mark grave\">blocked</span>");
  if (answered > 0) return markup("<span class=\"mark warning\">answered here</span>");
  return markup("<span class=\"mark fine\">allowed</span>");
}

/// "3 reached the proxy, 1 blocked, 2 answered here."
std::string summary_of(const std::vector<Flow>& flows) {
  std::size_t blocked = 0;
  std::size_t answered = 0;
  for (const Flow& flow : flows) {
    blocked += flow.allowed || flow.answered ? 0 : 1;
    answered += flow.answered ? 1 : 0;
  }
  return fmt::format("{} reached the proxy, {} blocked{}.", count_of(flows.size(), "exchange"),
                     blocked, answered > 0 ? fmt::format(", {} answered here", answered) : "");
}

Html host_table(const Evidence& evidence) {
  std::vector<HostTraffic> hosts = host_traffic(evidence);
  if (hosts.empty()) return {};
  std::stable_sort(hosts.begin(), hosts.end(), [](const HostTraffic& a, const HostTraffic& b) {
    return (a.blocked > 0) > (b.blocked > 0);
  });
  std::size_t left = 0;
  const Html rows = first_of(hosts, Bounds{100, 96 << 10}, left, [](const HostTraffic& host) {
    return markup(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>"
        "<td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n",
        code(host.origin, 200), decision(host.blocked, host.answered), host.allowed, host.blocked,
        human_bytes(host.sent), human_bytes(host.received),
        host.packages ? "package managers" : "the skill");
  });
  return table("Hosts",
               {"Host", "Decision", "#Allowed", "#Blocked", "#Sent", "#Received", "Requested by"},
               rows) += and_more(left);
}

Html request_table(const Evidence& evidence) {
  if (evidence.flows.empty()) return {};
  std::vector<const Flow*> flows;
  for (const bool blocked : {true, false})
    for (const Flow& flow : evidence.flows)
      if (flow.allowed != blocked) flows.push_back(&flow);
  std::size_t left = 0;
  const Html rows = first_of(flows, Bounds{200, 160 << 10}, left, [](const Flow* flow) {
    std::string url = origin_of(*flow) + flow->path.substr(0, 2000);
    if (!flow->query.empty()) url += "?" + flow->query.substr(0, 2000);
    Html more;
    const auto add = [&](std::string_view label, const std::string& value) {
      if (!value.empty())
        more += markup(" <span class=\"soft\">{} {}</span>", label, code(value, 120));
    };
    add("as", flow->host_header);
    add("TLS name", flow->sni);
    add("by", flow->user_agent);
    add("error", flow->error);
    return markup(
        "<tr><td>{}</td><td>{} {}{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td>"
        "<td>{}</td></tr>\n",
        decision(flow->allowed || flow->answered ? 0 : 1, flow->answered ? 1 : 0),
        code(flow->method.empty() ? flow->kind : flow->method, 20), code(url, 300), more,
        human_bytes(flow->request_size), human_bytes(flow->response_size), cut(flow->rule, 160),
        text_of(cite_flow(*flow).source));
  });
  return markup(
      "<details><summary>Requests, blocked ones first ({})</summary>\n{}{}</details>\n",
      evidence.flows.size(),
      table("Requests", {"Decision", "Request", "#Sent", "#Received", "Rule", "Source"}, rows),
      and_more(left));
}

Html past_the_proxy(const Wire& wire) {
  Html body;
  if (!wire.contacts.empty()) {
    std::size_t left = 0;
    const Html rows =
        first_of(wire.contacts, Bounds{100, 64 << 10}, left, [](const WireContact& contact) {
          return markup(
              "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td class=\"n\">{}</td>"
              "<td class=\"n\">{}</td></tr>\n",
              code(contact.who(), 120),
              contact.port == 0
                  ? cut(contact.protocol, 40)
                  : fmt::format("{} port {}", cut(contact.protocol, 40), contact.port),
              markup("<span class=\"mark grave\">blocked</span>"),
              static_cast<std::size_t>(contact.frames), human_bytes(contact.bytes));
        });
    body += table("Bypassing the proxy", {"Address", "Protocol", "Decision", "#Frames", "#Bytes"},
                  rows) += and_more(left);
  }
  if (!wire.names.empty()) {
    body +=
        markup("<h3>Names looked up without the proxy</h3>\n{}",
               list_of(wire.names, Bounds{100, 48 << 10}, [](const NameAsked& name) {
                 return markup("{} <span class=\"soft\">{}, {} times</span>", code(name.name, 260),
                               cut(name.type, 20), static_cast<std::size_t>(name.count));
               }));
  }
  return body;
}

}  // namespace

Section network(const Evidence& evidence) {
  const std::string summary = summary_of(evidence.flows);
  Html rules = markup("<details><summary>Policy {}: {} in force</summary>{}</details>\n",
                      cut(evidence.environment.network, 80),
                      count_of(evidence.environment.rules.size(), "rule"),
                      list_of(evidence.environment.rules, Bounds{100, 32 << 10},
                              [](const std::string& rule) { return code(rule, 200); }));
  return {"network", "Network", std::to_string(evidence.flows.size()),
          markup("<p>{}</p>\n{}{}{}{}", summary, host_table(evidence),
                 past_the_proxy(evidence.wire), request_table(evidence), rules)};
}

}  // namespace skillaudit::html
