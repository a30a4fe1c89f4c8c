// What the skill does although its documents say that it never does.
#include <fmt/core.h>

#include <map>
#include <set>

#include "harness/changes/agent_effects.h"
#include "harness/consent/consent.h"
#include "harness/rules/mirrors_seen.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

constexpr std::string_view kContradicted = "documentation.contradicted";
/// Files that are compared with what the documents deny.
constexpr std::size_t kMostCompared = 20000;

/// By the act, "deleted `~/x`", and once for each statement.
using Contradictions = std::map<std::string, Offender>;

void compare(const RuleInput& input, Verb verb, const ConsentObject& object, std::string_view what,
             const Citation& citation, Contradictions& found) {
  for (const Statement* statement : input.consent.contradictions(verb, object)) {
    const std::string place = fmt::format("{}:{}", statement->place.file, statement->place.line);
    Offender& offender = found[fmt::format("{} {} {}", name_of(verb), what, place)];
    offender.words.what = fmt::format("{} {}", name_of(verb), as_code(what));
    offender.words.where = as_code(place);
    if (!offender.evidence.empty()) continue;
    offender.evidence.push_back(citation);
    offender.evidence.push_back(
        cite(source::skill_file(statement->place.file, statement->place.line), statement->text));
    if (found.size() > kMostListed) return;
  }
}

bool denies_anything(const Consent& consent) {
  for (const Statement& statement : consent.statements())
    for (const ConsentClaim& claim : statement.claims)
      if (claim.why_not == WhyNot::Denied && claim.speaker == Speaker::Skill) return true;
  return false;
}

void compare_files(const RuleInput& input, Contradictions& found) {
  std::size_t compared = 0;
  for (const FileChange& change : input.changes.files) {
    if (change.origin != Origin::Skill) continue;
    if (++compared > kMostCompared || found.size() > kMostListed) return;
    const bool gone = change.kind == ChangeKind::Deleted;
    if (change.kind == ChangeKind::Modified && !change.content_changed()) continue;
    const Verb verb = gone                               ? Verb::Delete
                      : change.kind == ChangeKind::Added ? Verb::Create
                                                         : Verb::Modify;
    ConsentObject object = ConsentObject::path(std::string(change.path()));
    object.is_folder = (gone ? change.before : change.after).type == FileType::Directory;
    compare(input, verb, object, with_tilde(input, change.path()), cite_file(change), found);
  }
}

void compare_reads(const RuleInput& input, Contradictions& found) {
  if (!input.evidence.trace.collected) return;
  for (const TraceKind kind : {TraceKind::SecretRead, TraceKind::DocumentRead})
    for (const std::uint32_t i : input.processes.of_kind(kind)) {
      const TraceEvent& event = input.processes.events()[i];
      if (!event.success || !input.processes.of_skill(i)) continue;
      for (const std::string& path : event.paths) {
        if (found.size() > kMostListed) return;
        compare(input, Verb::Read, ConsentObject::path(path), with_tilde(input, path),
                cite_event(input, i, "read " + with_tilde(input, path)), found);
      }
    }
}

void compare_hosts(const RuleInput& input, Contradictions& found) {
  const std::set<std::string> mirrors = mirror_hosts(input.evidence);
  const AgentEffects agent(input.evidence);
  for (const Flow& flow : input.evidence.flows) {
    // What an agent says to its model is not the skill's.
    if ((flow.allowed && flow.group == "model") || agent.owns(flow) ||
        is_package_flow(flow, mirrors))
      continue;
    if (found.size() > kMostListed) return;
    compare(input, Verb::Send, ConsentObject::host_at(flow.host, flow.port), flow.host,
            cite(source::flow(flow.id), flow.method + " " + flow.host), found);
  }
}

void contradicted_rules(const RuleInput& input, Drafts& drafts) {
  if (!denies_anything(input.consent)) return;
  Contradictions found;
  compare_files(input, found);
  compare_reads(input, found);
  compare_hosts(input, found);
  std::vector<Offender> offenders;
  for (auto& [act, offender] : found) offenders.push_back(std::move(offender));
  drafts.add_each(kContradicted, offenders);
}

}  // namespace

RuleCode contradicted_code() { return {{kContradicted}, contradicted_rules}; }

}  // namespace skillaudit
