#include "harness/rules/credential_service.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/text.h"
#include "harness/rules/hosts_named.h"

namespace skillaudit {
namespace {

struct Service {
  std::string_view decoy;
  std::string_view host;      ///< a leading full stop: any name below it; empty: none of its own
  std::string_view variable;  ///< by which people hand it to programs
};

/// Hosts as the files of the furnished home pair them with the credential (fixtures/home).
constexpr std::array kServices = {
    Service{"aws-secret-key", ".amazonaws.com", "AWS_SECRET_ACCESS_KEY"},
    Service{"environment-api-key", "", "NORTHLAKE_API_KEY"},
    Service{"gcp-refresh-token", ".googleapis.com", ""},
    Service{"github-token", "github.com", "GITHUB_TOKEN"},
    Service{"github-token", "api.github.com", "GH_TOKEN"},
    Service{"github-token", "uploads.github.com", ""},
    Service{"kubernetes-token", "k8s.northlake.internal", ""},
    Service{"netrc-password", "git.northlake.internal", ""},
    Service{"npm-token", "npm.northlake.internal", "NPM_TOKEN"},
    Service{"project-harbour-token", "", "TIDEWATCH_HARBOUR_TOKEN"},
    Service{"project-payment-key", "", "PAYMENT_SECRET_KEY"},
    Service{"pypi-token", "python.northlake.internal", ""},
};

bool is_at(std::string_view host, std::string_view service) {
  if (service.empty()) return false;
  return service[0] == '.' ? host.ends_with(service) : host == service;
}

Coverage paired(const RuleInput& input, std::string_view variable, const std::string& host) {
  if (variable.empty()) return {};
  const Coverage coverage =
      input.consent.covers(Verb::Send, ConsentObject::variable(std::string(variable), host));
  return coverage.by_author ? Coverage{} : coverage;
}

/// The variable that such a decoy is the value of (sensors/asked_variables.h), or empty.
std::string_view variable_of(std::string_view decoy) {
  return decoy.starts_with('$') ? decoy.substr(1) : std::string_view();
}

/// Whether the variable is one by which people hand over the credential of that row.
bool carries(const Service& service, std::string_view variable) {
  return std::any_of(kServices.begin(), kServices.end(), [&](const Service& each) {
    return each.decoy == service.decoy && each.variable == variable;
  });
}

/// ACME_API_TOKEN and api.acme.example: the service's name begins the one and is the domain of the
/// other.
bool is_named_after(std::string_view variable, std::string_view host) {
  const std::vector<std::string_view> labels = split(host, '.');
  if (labels.size() < 2) return false;
  std::string domain(labels[labels.size() - 2]);
  std::transform(domain.begin(), domain.end(), domain.begin(), [](unsigned char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(c));
  });
  return domain.size() > 2 && variable.starts_with(domain + "_");
}

Coverage variable_named(const RuleInput& input, std::string_view decoy, const std::string& host) {
  Coverage best = paired(input, variable_of(decoy), host);
  for (const Service& service : kServices) {
    if (service.decoy != decoy) continue;
    const Coverage each = paired(input, service.variable, host);
    if (each.extent > best.extent) best = each;
  }
  return best;
}

}  // namespace

bool is_own_service(const RuleInput& input, std::string_view decoy, const Flow& flow) {
  if (flow.scheme != "https" || !flow.host_header.empty() || !flow.sni.empty()) return false;
  const std::string_view variable = variable_of(decoy);
  const bool own = std::any_of(kServices.begin(), kServices.end(), [&](const Service& service) {
    return (variable.empty() ? service.decoy == decoy : carries(service, variable)) &&
           is_at(flow.host, service.host);
  });
  if (is_named_after(variable, flow.host)) return true;
  return own || variable_named(input, decoy, flow.host).extent == ConsentExtent::Exactly;
}

Coverage use_named(const RuleInput& input, std::string_view decoy, const Flow& flow) {
  const Coverage by_variable = variable_named(input, decoy, flow.host);
  if (by_variable.extent == ConsentExtent::Exactly) return by_variable;
  const Coverage host = host_named(input, flow.host, flow.port);
  // A variable is named as it is written.
  if (const std::string_view variable = variable_of(decoy); !variable.empty())
    return input.documented.package(variable) ? host : Coverage{};
  Coverage secret;
  for (const Decoy& each : input.evidence.decoys)
    if (each.name == decoy) secret = secret_named(input, Verb::Read, each.path);
  return host.extent < secret.extent ? host : secret;
}

}  // namespace skillaudit
