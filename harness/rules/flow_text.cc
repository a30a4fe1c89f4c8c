#include "harness/rules/flow_text.h"

#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

bool is_default_port(const Flow& flow) {
  return (flow.scheme == "http" && flow.port == 80) || (flow.scheme == "https" && flow.port == 443);
}

}  // namespace

std::string origin_of(const Flow& flow) {
  return fmt::format("{}{}{}", flow.scheme.empty() ? "" : flow.scheme + "://", flow.host,
                     is_default_port(flow) ? "" : fmt::format(":{}", flow.port));
}

std::string asked_for(const Flow& flow) {
  return fmt::format("{}{}{}{}", flow.method, flow.method.empty() ? "" : " ", origin_of(flow),
                     flow.path);
}

std::string_view decision_of(const Flow& flow) {
  return flow.allowed ? "allowed" : flow.answered ? "answered here" : "blocked";
}

Citation cite_flow(const Flow& flow) {
  std::string text =
      fmt::format("{} {}{}{}{}", flow.method.empty() ? flow.kind : flow.method, origin_of(flow),
                  flow.path, flow.query.empty() ? "" : "?", flow.query);
  if (!flow.host_header.empty()) text += ", Host header " + flow.host_header;
  if (!flow.sni.empty()) text += ", server name " + flow.sni;
  text += fmt::format(", {}", decision_of(flow));
  if (flow.request_size > 0) text += ", sent " + human_bytes(flow.request_size);
  return cite(source::flow(flow.id), text);
}

}  // namespace skillaudit
