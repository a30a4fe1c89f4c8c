#include "harness/analysis/harmful_lines.h"

#include <fmt/core.h>

#include "harness/analysis/code_lines.h"
#include "harness/analysis/unstarted.h"
#include "harness/base/text.h"
#include "harness/rules/rules.h"
#include "harness/skill/reach.h"
#include "harness/skill/statements.h"

namespace skillaudit {
namespace {

/// So many neighbouring statements do at once what they do together.
constexpr std::size_t kAtOnce = 3;

}  // namespace

std::optional<Harm> harm_at_once(std::string_view text, const std::vector<LineRange>& statements,
                                 const std::vector<LineRange>& ran) {
  const CodeLines code(text);
  for (std::size_t i = 0; i < statements.size(); ++i)
    for (std::size_t j = i; j < statements.size() && j < i + kAtOnce; ++j) {
      if (touches(ran, statements[j])) break;
      const LineRange lines{statements[i].first, statements[j].last};
      const ReachSet reach = reach_of(code.part(lines));
      const auto has = [&](Reach each) { return reach.test(static_cast<std::size_t>(each)); };
      if (!has(Reach::Network)) continue;
      if (has(Reach::MadeCode)) return Harm{lines, "it fetches code and runs it"};
      if (has(Reach::Secrets)) return Harm{lines, "it names secrets and the network"};
    }
  return std::nullopt;
}

std::optional<Harm> harm_within_a_line(std::string_view text, const Evidence& evidence) {
  const CodeLines code(text);
  for (const LineRange& line : statements_of(text, CodeLanguage::Shell)) {
    const std::string_view part = code.part(line);
    const ReachSet reach = reach_of(part);
    const auto has = [&](Reach each) { return reach.test(static_cast<std::size_t>(each)); };
    if (!has(Reach::Network) || (!has(Reach::MadeCode) && !has(Reach::Secrets))) continue;
    const std::string program = unstarted_sender(part, evidence);
    if (!program.empty())
      return Harm{line, fmt::format("not all of it: {} was never started", as_code(program))};
  }
  return std::nullopt;
}

}  // namespace skillaudit
