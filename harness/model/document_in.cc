#include <algorithm>
#include <cctype>
#include <vector>

#include "harness/base/text.h"
#include "harness/model/obedient.h"

namespace skillaudit {
namespace {

/// What stands between the two marks, or all where the first is missing.
std::string_view between(std::string_view text, std::string_view open, std::string_view close) {
  const std::size_t at = text.find(open);
  if (at == std::string_view::npos) return text;
  text.remove_prefix(at + open.size());
  return text.substr(0, text.rfind(close));
}

/// Codex tells of a command before what it wrote; Gemini CLI frames it.
std::string_view without_head(std::string_view text) {
  constexpr std::string_view kOutput = "Output:\n";
  const bool codex = text.starts_with("Chunk ID:") || text.starts_with("Exit code:") ||
                     text.starts_with("Wall time:");
  if (const std::size_t at = text.find(kOutput); codex && at != std::string_view::npos)
    return text.substr(at + kOutput.size());
  if (!text.starts_with("<untrusted_context>\nOutput: ")) return text;
  text = between(text, "Output: ", "\n</untrusted_context>");
  return text.substr(0, text.rfind("\nProcess Group PGID:"));
}

/// Length of a line's number and what parts it from the text: "12\t", "   12→", "12: ",
/// "00012| "; 0 for none.
std::size_t number_length(std::string_view line, std::size_t number) {
  const std::size_t start = std::min(line.find_first_not_of(' '), line.size());
  std::size_t end = start;
  while (end < line.size() && std::isdigit(static_cast<unsigned char>(line[end]))) ++end;
  std::string_view digits = line.substr(start, end - start);
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  if (digits != std::to_string(number)) return 0;
  const std::string_view rest = line.substr(end);
  for (const std::string_view mark : {"\t", "→", "| ", ": "})
    if (rest.starts_with(mark)) return end + mark.size();
  // What an empty line leaves when its blanks are cut.
  return rest == "|" || rest == ":" ? end + 1 : 0;
}

/// Every line has its number, in order, or none is taken for one.
std::string without_numbers(std::string_view text) {
  std::string plain;
  std::size_t first = 0;
  std::size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    if (number == 0) {
      const std::size_t start = std::min(line.find_first_not_of(' '), line.size());
      for (std::size_t i = start; i < line.size() && i < start + 7; ++i) {
        if (!std::isdigit(static_cast<unsigned char>(line[i]))) break;
        first = first * 10 + static_cast<std::size_t>(line[i] - '0');
      }
      number = first;
    }
    const std::size_t length = number_length(line, number);
    if (length == 0) {
      // What follows the numbered lines is the tool's: "(End of file - total 44 lines)".
      return number > first ? plain : std::string(text);
    }
    plain.append(line.substr(length)).append("\n");
    ++number;
  }
  return plain;
}

}  // namespace

std::string document_in(const std::string& result) {
  std::string_view text = without_head(result);
  if (text.starts_with("<path>")) text = between(text, "<content>\n", "</content>");
  if (text.starts_with("<file>\n")) text = between(text, "<file>\n", "</file>");
  if (text.starts_with("<activated_skill"))
    text = between(text, "<instructions>\n", "</instructions>");
  if (text.starts_with("<skill_content")) text = between(text, ">\n", "</skill_content>");
  return without_numbers(text);
}

}  // namespace skillaudit
