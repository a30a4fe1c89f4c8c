#include "harness/analysis/unmeasured.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/text.h"
#include "harness/rules/rules.h"
#include "harness/skill/reach.h"
#include "harness/skill/statements.h"

namespace skillaudit {
namespace {

constexpr std::array<std::string_view, 9> kInterpreters = {
    "python", "python3", "node", "perl", "ruby", "php", "lua", "awk", "gawk"};

bool is_word_byte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Whether a line of the shell hands code to an interpreter: `python3 - <<'EOF'`, `perl -e '…'`.
bool hands_code_over(std::string_view statement) {
  for (const std::string_view name : kInterpreters)
    for (std::size_t at = statement.find(name); at != std::string_view::npos;
         at = statement.find(name, at + 1)) {
      const std::size_t end = at + name.size();
      if ((at > 0 && is_word_byte(statement[at - 1])) || end >= statement.size() ||
          statement[end] != ' ')
        continue;
      const std::string_view line = statement.substr(end, statement.find('\n', end) - end);
      const bool acts = line.find("system(") != std::string_view::npos ||
                        line.find("/inet/") != std::string_view::npos;
      if ((name.ends_with("awk") && acts) || line.find("<<") != std::string_view::npos ||
          line.find(" -c ") != std::string_view::npos ||
          line.find(" -e ") != std::string_view::npos)
        return true;
    }
  return false;
}

/// The code without its comments that fill a line, and without the word that messages are full of:
/// "check your credentials".
std::string without_talk(std::string_view code) {
  constexpr std::string_view kTalk = "credentials";
  std::string kept;
  for (const std::string_view line : split(code, '\n')) {
    const std::string_view text = trim(line);
    if (text.starts_with("# ") || text.starts_with("//") || text.starts_with("--")) continue;
    for (std::size_t at = 0; at < line.size(); ++at) {
      const char before = at == 0 ? ' ' : line[at - 1];
      if (line.substr(at).starts_with(kTalk) && before != '/' && before != '.' && before != '-')
        at += kTalk.size() - 1;
      else
        kept += line[at];
    }
    kept += '\n';
  }
  return kept;
}

bool names_both(std::string_view code) {
  std::string text = without_talk(code);
  if (!reach_of(text).test(static_cast<std::size_t>(Reach::Secrets))) return false;
  // The folder is named after a program that reaches the network, and is none.
  for (std::size_t at = text.find(".ssh"); at != std::string::npos; at = text.find(".ssh", at))
    text.erase(at, 4);
  return reach_of(text).test(static_cast<std::size_t>(Reach::Network));
}

/// Whether somebody but a mirror was asked.
bool asked_somebody(const Evidence& evidence) {
  return !evidence.wire.contacts.empty() || !evidence.wire.names.empty() ||
         std::ranges::any_of(evidence.flows, [](const Flow& flow) {
           return !flow.allowed || flow.group != "mirrors";
         });
}

bool opened_a_secret(const Evidence& evidence) {
  return std::ranges::any_of(evidence.trace.events, [](const TraceEvent& event) {
    return event.kind == TraceKind::SecretRead && event.success;
  });
}

/// Both in the same clone: what is sent then is judged by what left.
bool was_seen(const Evidence& evidence) {
  const auto shows_both = [](const Evidence& each) {
    return asked_somebody(each) && opened_a_secret(each);
  };
  return shows_both(evidence) || std::ranges::any_of(evidence.worlds, shows_both);
}

/// What of it nobody counts names a secret's file and the network.
bool hides_both(std::string_view code, CodeLanguage language) {
  if (language == CodeLanguage::Other) return names_both(code);
  if (language != CodeLanguage::Shell || !hands_code_over(code) || !names_both(code)) return false;
  const std::vector<std::string_view> lines = split(code, '\n');
  for (const LineRange& statement : statements_of(code, language)) {
    std::string part;
    for (int line = statement.first; line <= statement.last; ++line)
      part += std::string(lines[static_cast<std::size_t>(line - 1)]) + '\n';
    if (hands_code_over(part) && names_both(part)) return true;
  }
  return false;
}

/// The code of a unit that ran, where it is not a document; empty: there is none.
std::string_view code_of(const CoverageUnit& unit, const Evidence& evidence) {
  if (unit.kind == UnitKind::Program) {
    for (const SkillText& text : evidence.skill.texts)
      if (text.path == unit.place && !text.documents) return text.text;
  } else if (unit.kind == UnitKind::Block) {
    for (const Step& step : evidence.execution.steps)
      if (step.name == unit.place && !step.example) return step.command;
  }
  return {};
}

}  // namespace

std::vector<Gap> unmeasured_code(const Evidence& evidence, const SkillCoverage& coverage) {
  std::vector<Gap> gaps;
  if (!evidence.agent.name.empty() || was_seen(evidence)) return gaps;
  for (const CoverageUnit& unit : coverage.units) {
    const std::string_view code = code_of(unit, evidence);
    if (!unit.ran || code.empty()) continue;
    const CodeLanguage language =
        unit.kind == UnitKind::Block ? CodeLanguage::Shell : language_of(unit.place, code);
    if (hides_both(code, language))
      gaps.push_back(Gap::not_exercised(
          GapSource::Execution,
          fmt::format("not exercised: all of {}; it names secrets and the network, was not seen to "
                      "use both, and is in a language of which nobody counts the lines that ran",
                      as_code(unit.place))));
  }
  return gaps;
}

}  // namespace skillaudit
