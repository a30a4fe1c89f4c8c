#include "harness/analysis/unmeasured.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/analysis/seen_harm.h"
#include "harness/base/among.h"
#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/rules/rules.h"
#include "harness/skill/code_lines.h"
#include "harness/skill/named_files.h"
#include "harness/skill/reach.h"
#include "harness/skill/statements.h"

namespace skillaudit {
namespace {

constexpr std::array<std::string_view, 9> kInterpreters = {
    "python", "python3", "node", "perl", "ruby", "php", "lua", "awk", "gawk"};

constexpr auto kPrograms = std::to_array<std::string_view>(
    {"pl",  "pm",  "rb",  "php",  "awk",    "lua",   "tcl", "r",    "jl",      "go",  "rs",
     "c",   "cc",  "cpp", "java", "kt",     "swift", "ts",  "mts",  "tsx",     "jsx", "fish",
     "zsh", "ksh", "mk",  "ps1",  "groovy", "scala", "ex",  "exs",  "hs",      "ml",  "clj",
     "el",  "nim", "zig", "dart", "expect", "exp",   "bat", "make", "makefile"});

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
  const ReachSet reach = reach_of(without_talk(code));
  return reach.test(static_cast<std::size_t>(Reach::Network)) &&
         reach.test(static_cast<std::size_t>(Reach::Secrets));
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

/// A block that ran; nothing of one that is only shown.
std::string_view block_of(const CoverageUnit& unit, const Evidence& evidence) {
  if (unit.kind != UnitKind::Block || !unit.ran) return {};
  for (const Step& step : evidence.execution.steps)
    if (step.name == unit.place && !step.example) return step.command;
  return {};
}

Gap uncounted(std::string_view place) {
  return Gap::not_exercised(
      GapSource::Execution,
      fmt::format("not exercised: all of {}; it names secrets and the network, was not seen to "
                  "use both, and is in a language of which nobody counts the lines that ran",
                  as_code(place)));
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
                       ? ascii_lower(name) == "makefile"
                       : std::ranges::any_of(event.arguments, [&](const std::string& word) {
                           return word == text.path || word.ends_with("/" + text.path) ||
                                  word == name;
                         }));
         });
}

std::vector<Harm> unmeasured_harm(const SkillText& text, const Evidence& evidence) {
  std::vector<LineRange> statements;
  const CodeLines code(text.text);
  for (int line = 1; line <= code.count(); ++line)
    if (!trim(code.line(line)).empty()) statements.push_back({line, line});
  std::vector<Harm> found = harm_at_once(text.text, statements, {});
  std::erase_if(found, [&](const Harm& harm) {
    const std::string_view part = code.part(harm.lines);
    const bool makes_code = reach_of(part).test(static_cast<std::size_t>(Reach::MadeCode));
    return (harm.decides && !makes_code && !names_both(part)) || is_seen(part, evidence);
  });
  for (Harm& harm : found) harm.place = text.path;
  return found;
}

std::vector<Gap> unmeasured_code(const Evidence& evidence, const SkillCoverage& coverage) {
  std::vector<Gap> gaps;
  if (!evidence.agent.name.empty()) return gaps;
  const bool both = used_both(evidence);
  for (const SkillText& text : evidence.skill.texts) {
    const CodeLanguage language = language_of(text.path, text.text);
    const bool is_program = language == CodeLanguage::Shell || is_unmeasured_program(text);
    if (text.documents || !is_program || !was_used(text, evidence)) continue;
    const bool is_open = (!both && hides_both(text.text, language)) ||
                         (is_unmeasured_program(text) &&
                          std::ranges::any_of(unmeasured_harm(text, evidence), &Harm::decides));
    if (is_open) gaps.push_back(uncounted(text.path));
  }
  for (const CoverageUnit& unit : coverage.units)
    if (!both && hides_both(block_of(unit, evidence), CodeLanguage::Shell))
      gaps.push_back(uncounted(unit.place));
  return gaps;
}

}  // namespace skillaudit
