#include "harness/analysis/seen_harm.h"

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "harness/base/among.h"
#include "harness/base/ascii.h"
#include "harness/skill/expected_answer.h"
#include "harness/skill/named_files.h"
#include "harness/skill/reach.h"
#include "harness/skill/statements.h"

namespace skillaudit {
namespace {

constexpr auto kPrograms = std::to_array<std::string_view>(
    {"pl",  "pm",  "rb",  "php",  "awk",    "lua",   "tcl", "r",    "jl",      "go",  "rs",
     "c",   "cc",  "cpp", "java", "kt",     "swift", "ts",  "mts",  "tsx",     "jsx", "fish",
     "zsh", "ksh", "mk",  "ps1",  "groovy", "scala", "ex",  "exs",  "hs",      "ml",  "clj",
     "el",  "nim", "zig", "dart", "expect", "exp",   "bat", "make", "makefile"});

/// Of the first clone and of each further one.
bool in_any(const Evidence& evidence, const std::function<bool(const Evidence&)>& shows) {
  return shows(evidence) || std::ranges::any_of(evidence.worlds, shows);
}

bool was_asked(const std::string& host, const Evidence& evidence) {
  const auto is_it = [&](std::string_view name) { return ascii_lower(name) == ascii_lower(host); };
  return in_any(evidence, [&](const Evidence& each) {
    return std::ranges::any_of(each.flows, is_it, &Flow::host) ||
           std::ranges::any_of(each.wire.names, is_it, &NameAsked::name) ||
           std::ranges::any_of(each.wire.contacts, is_it, &WireContact::address);
  });
}

bool opens_a_secret(const Evidence& evidence) {
  std::set<std::string_view> known;
  for (const Decoy& each : evidence.decoys) known.insert(each.path);
  return std::ranges::any_of(evidence.trace.events, [&](const TraceEvent& event) {
    return event.kind == TraceKind::SecretRead && event.success &&
           std::ranges::any_of(event.paths,
                               [&](const std::string& path) { return known.contains(path); });
  });
}

}  // namespace

bool is_unmeasured_program(const SkillText& text) {
  if (language_of(text.path, text.text) != CodeLanguage::Other) return false;
  if (text.text.starts_with("#!")) return true;
  const std::string_view name = std::string_view(text.path).substr(text.path.rfind('/') + 1);
  return among(kPrograms, ascii_lower(name.substr(name.rfind('.') + 1)));
}

bool was_used(const SkillText& text, const Evidence& evidence) {
  const bool is_in_step = std::ranges::any_of(evidence.execution.steps, [&](const Step& step) {
    return step.ran && mentions_file(step.command, text.path);
  });
  const std::string_view name = std::string_view(text.path).substr(text.path.rfind('/') + 1);
  return is_in_step || std::ranges::any_of(evidence.trace.events, [&](const TraceEvent& event) {
           return event.kind == TraceKind::Exec && event.success &&
                  (event.program == "make" || event.program.ends_with("/make")
                       ? is_unmeasured_program(text) && ascii_lower(name) == "makefile"
                       : std::ranges::any_of(event.arguments, [&](const std::string& word) {
                           return word == text.path || word.ends_with("/" + text.path) ||
                                  word == name;
                         }));
         });
}

bool is_seen(std::string_view part, const Evidence& evidence) {
  const ReachSet reach = reach_of(part);
  const std::vector<std::string> hosts = hosts_in(part);
  const bool asked = hosts.empty()
                         ? in_any(evidence,
                                  [](const Evidence& each) {
                                    return !each.flows.empty() || !each.wire.names.empty() ||
                                           !each.wire.contacts.empty();
                                  })
                         : std::ranges::all_of(hosts, [&](const std::string& host) {
                             return was_asked(host, evidence);
                           });
  if (!asked) return false;
  return !reach.test(static_cast<std::size_t>(Reach::Secrets)) || in_any(evidence, opens_a_secret);
}

}  // namespace skillaudit
