// What left after a secret was read, and is not built from text that anybody can see.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "harness/base/text.h"
#include "harness/changes/agent_effects.h"
#include "harness/evidence/canary.h"
#include "harness/rules/credential_service.h"
#include "harness/rules/flow_text.h"
#include "harness/rules/hosts_named.h"
#include "harness/rules/package_flows.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/sends.h"
#include "harness/rules/trace_rules.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

constexpr std::string_view kUnexplained = "exfiltration.unexplained";

struct SecretOpened {
  std::size_t event = 0;
  std::string path;
  double time_s = 0;
  bool is_document = false;
};

/// SSH reads what it is configured by; it shows of it what the user asks for.
bool is_own_configuration(const RuleInput& input, std::size_t event, std::string_view path) {
  const TraceEvent* exec = input.processes.image(event);
  if (exec == nullptr || !is_own_program(input, exec->program)) return false;
  const std::string_view program = base_name(exec->program);
  return path.find("/.ssh/") != std::string_view::npos &&
         (program == "ssh" || program == "scp" || program == "sftp");
}

/// The first time that the skill opened each secret and each personal document.
std::vector<SecretOpened> opened(const RuleInput& input) {
  std::vector<SecretOpened> all;
  std::set<std::string_view> seen;
  std::set<std::string_view> personal;
  for (const Decoy& canary : input.evidence.canaries)
    if (is_personal_document(canary.name)) personal.insert(canary.path);
  const ProcessTree& processes = input.processes;
  const auto take = [&](TraceKind kind, const auto& counts) {
    for (const std::uint32_t i : processes.of_kind(kind)) {
      const TraceEvent& event = processes.events()[i];
      for (const std::string& path : event.paths)
        if (counts(i, path) && seen.insert(path).second)
          all.push_back({i, path, event.time_s, kind == TraceKind::DocumentRead});
    }
  };
  take(TraceKind::SecretRead,
       [&](std::size_t i, const std::string& path) { return is_secret_read(input, i, path); });
  take(TraceKind::DocumentRead, [&](std::size_t i, const std::string& path) {
    return processes.events()[i].success && personal.contains(path) &&
           (processes.of_skill(i) || processes.started_by_system(i)) &&
           !is_own_configuration(input, i, path);
  });
  return all;
}

class Sent {
 public:
  explicit Sent(const RuleInput& input)
      : input_(input), opened_(opened(input)), flows_(input.evidence) {}

  void run(Drafts& drafts) {
    if (opened_.empty()) return;
    const AgentEffects agent(input_.evidence);
    const PackageFlows packages(input_);
    for (const UnexplainedPart& part : input_.evidence.unexplained) {
      const Flow* flow = flows_.at(part.evidence);
      // A package manager that sends more than names asks is no longer asking.
      const bool asks = flow != nullptr && flow->method != "POST" && packages.is_of_manager(*flow);
      if (flow != nullptr && (agent.owns(*flow) || asks)) continue;
      add(part, flow);
    }
    std::size_t all = 0;
    for (const auto& [where, sent] : sent_) all += sent.bytes;
    if (all < kLeastSecret) return;
    std::vector<Offender> offenders;
    for (auto& [where, sent] : sent_) offenders.push_back(std::move(sent.offender));
    drafts.add_each(kUnexplained, offenders);
  }

 private:
  struct To {
    std::size_t bytes = 0;
    Offender offender;
  };

  /// Those that were open before the part was sent, and may be in it.
  [[nodiscard]] std::vector<const SecretOpened*> before(const UnexplainedPart& part,
                                                        const Flow* flow) const {
    const auto is_expected = [&](const SecretOpened& each) {
      return (part.same_with_other_secrets && !each.is_document) || is_named_as_sent(each.path) ||
             (flow != nullptr && is_at_own_service(each.path, *flow));
    };
    const std::optional<double> at = flow == nullptr ? std::nullopt : time_in_trace(input_, *flow);
    std::vector<const SecretOpened*> all;
    for (const SecretOpened& each : opened_)
      if ((!at || each.time_s < *at + kClockSlack) && !is_expected(each)) all.push_back(&each);
    return all;
  }

  /// Who is told that a file is sent need not wonder what was sent.
  [[nodiscard]] bool is_named_as_sent(const std::string& path) const {
    return secret_named(input_, Verb::Send, path).extent == ConsentExtent::Exactly;
  }

  /// A signature made with a key is the key's service's business, where a reader is told of both.
  [[nodiscard]] bool is_at_own_service(const std::string& path, const Flow& flow) const {
    const std::vector<Decoy>& decoys = input_.evidence.decoys;
    return std::any_of(decoys.begin(), decoys.end(), [&](const Decoy& decoy) {
      return decoy.path == path && is_own_service(input_, decoy.name, flow) &&
             use_named(input_, decoy.name, flow).extent == ConsentExtent::Exactly;
    });
  }

  void add(const UnexplainedPart& part, const Flow* flow) {
    const std::vector<const SecretOpened*> secrets = before(part, flow);
    if (secrets.empty()) return;
    const std::string where = flow == nullptr ? part.where : origin_of(*flow);
    To& to = sent_[where];
    to.bytes += part.bytes;
    Offender& offender = to.offender;
    if (offender.evidence.empty()) {
      std::vector<std::string> names;
      for (const SecretOpened* each : secrets) names.push_back(with_tilde(input_, each->path));
      offender.words.what = as_code_list(names, 3);
      offender.words.where = flow == nullptr ? as_code(where) : as_code(asked_for(*flow));
      offender.evidence.push_back(cite_event(input_, secrets.front()->event,
                                             "read " + with_tilde(input_, secrets.front()->path)));
      if (flow != nullptr) offender.evidence.push_back(cite_flow(*flow));
    }
    if (offender.evidence.size() > 6) return;
    const bool in_body = part.where == "body" && flow != nullptr && !flow->request_body.empty();
    offender.evidence.push_back(
        cite(in_body ? source::request_body(flow->id) : part.evidence,
             fmt::format("{} of the {} are not built from visible text: {}",
                         human_bytes(part.bytes), part.where, part.sample)));
  }

  const RuleInput& input_;
  std::vector<SecretOpened> opened_;
  FlowsBySource flows_;
  std::map<std::string, To> sent_;
};

void unexplained(const RuleInput& input, Drafts& drafts) {
  if (input.evidence.trace.collected && !input.evidence.unexplained.empty())
    Sent(input).run(drafts);
}

}  // namespace

RuleCode unexplained_code() { return {{kUnexplained}, unexplained}; }

}  // namespace skillaudit
