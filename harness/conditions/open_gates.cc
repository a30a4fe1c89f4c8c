#include "harness/conditions/open_gates.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/conditions/gate_text.h"
#include "harness/skill/statements.h"

namespace skillaudit {
namespace {

constexpr int kMostCalls = 3;
constexpr std::size_t kMostWanted = 100;

bool has_braces(std::string_view path, std::string_view code) {
  const std::string_view first = code.substr(0, code.find('\n'));
  const std::string_view ending = path.substr(std::min(path.size(), path.rfind('.')));
  for (const std::string_view name : {"perl", "php", "awk"})
    if (first.starts_with("#!") && first.find(name) != std::string_view::npos) return true;
  for (const std::string_view each : {".pl", ".pm", ".php", ".awk"})
    if (ending == each) return true;
  return false;
}

/// With the lines that did not run either and that set what `wanted` uses: without them it may do
/// nothing.
std::vector<WantedLines> with_what_they_use(const CodeLines& code,
                                            const std::vector<LineRange>& ran,
                                            const std::vector<WantedLines>& wanted) {
  std::vector<WantedLines> all = wanted;
  if (ran.empty()) return all;
  for (int number = 1; number <= code.count() && all.size() < kMostWanted; ++number) {
    const LineRange line{number, number};
    const auto uses = [&](const WantedLines& each) {
      return !touches({each.lines}, line) &&
             sets_a_name_of(code.line(number), code.part(each.lines));
    };
    if (!touches(ran, line) && std::ranges::any_of(wanted, uses)) all.push_back({.lines = line});
  }
  return all;
}

}  // namespace

std::optional<std::string> open_gates(std::string_view path, std::string_view code,
                                      const std::vector<LineRange>& ran,
                                      const std::vector<WantedLines>& wanted) {
  GateText text(code);
  const CodeLanguage language = language_of(path, code);
  for (const WantedLines& each : with_what_they_use(text, ran, wanted)) {
    if (language == CodeLanguage::Shell)
      open_in_shell(text, ran, each.lines, each.removes, kMostCalls);
    else if (language == CodeLanguage::Python)
      open_in_python(text, ran, each.lines, each.removes, kMostCalls);
    else if (language == CodeLanguage::JavaScript || has_braces(path, code))
      open_in_braces(text, ran, each.lines, each.removes, language != CodeLanguage::JavaScript,
                     kMostCalls);
  }
  return text.is_changed() ? std::optional(text.changed()) : std::nullopt;
}

}  // namespace skillaudit
