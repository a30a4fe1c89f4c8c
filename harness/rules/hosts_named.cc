#include "harness/rules/hosts_named.h"

#include <algorithm>

#include "harness/base/ascii.h"
#include "harness/consent/service_programs.h"

namespace skillaudit {
namespace {

Coverage without_authors_word(Coverage coverage) {
  return coverage.by_author ? Coverage{} : coverage;
}

}  // namespace

Coverage host_named(const RuleInput& input, std::string_view host, int port) {
  const ConsentObject object = ConsentObject::host_at(ascii_lower(host), port);
  const Coverage sent = without_authors_word(input.consent.covers(Verb::Send, object));
  const Coverage fetched = without_authors_word(input.consent.covers(Verb::Receive, object));
  return fetched.extent > sent.extent ? fetched : sent;
}

bool is_question(const Flow& flow) {
  return flow.method == "GET" || flow.method == "HEAD" ||
         (flow.method == "POST" && flow.path == "/graphql");
}

bool is_question_to_service(const RuleInput& input, const Flow& flow) {
  const bool reads = (flow.method == "GET" || flow.method == "HEAD") && flow.request_size == 0;
  return reads && std::any_of(kServicePrograms.begin(), kServicePrograms.end(),
                              [&](const ServiceProgram& each) {
                                // Below "*.amazonaws.com" are hosts of all its customers.
                                return flow.host == each.host &&
                                       input.consent.mentions_program(each.program);
                              });
}

bool is_host_named(const RuleInput& input, std::string_view host, int port) {
  return host_named(input, host, port).extent != ConsentExtent::None;
}

Coverage secret_named(const RuleInput& input, Verb verb, std::string_view path) {
  ConsentObject object = ConsentObject::path(std::string(path));
  object.secret = true;
  return without_authors_word(input.consent.covers(verb, object));
}

}  // namespace skillaudit
