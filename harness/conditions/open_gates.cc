#include "harness/conditions/open_gates.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/conditions/gate_text.h"
#include "harness/skill/statements.h"

namespace skillaudit {
namespace {

constexpr int kMostCalls = 3;

bool has_braces(std::string_view path, std::string_view code) {
  const std::string_view first = code.substr(0, code.find('\n'));
  const std::string_view ending = path.substr(std::min(path.size(), path.rfind('.')));
  for (const std::string_view name : {"perl", "php", "awk"})
    if (first.starts_with("#!") && first.find(name) != std::string_view::npos) return true;
  for (const std::string_view each : {".pl", ".pm", ".php", ".awk"})
    if (ending == each) return true;
  return false;
}

}  // namespace

std::optional<std::string> open_gates(std::string_view path, std::string_view code,
                                      const std::vector<LineRange>& ran,
                                      const std::vector<WantedLines>& wanted) {
  GateText text(code);
  const CodeLanguage language = language_of(path, code);
  for (const WantedLines& each : wanted) {
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
