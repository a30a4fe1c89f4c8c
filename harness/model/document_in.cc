#include <algorithm>
#include <cctype>
#include <vector>

#include "harness/agents/agent.h"
#include "harness/base/text.h"
#include "harness/model/obedient.h"

namespace skillaudit {
namespace {

/// The text in the frame, or all where it is in another one.
std::string_view without(const ResultFrame& frame, std::string_view text) {
  if (!text.starts_with(frame.begins)) return text;
  const std::size_t at = text.find(frame.open);
  if (at == std::string_view::npos) return text;
  text.remove_prefix(at + frame.open.size());
  for (const std::string& end : {frame.close, frame.cut})
    if (!end.empty()) text = text.substr(0, text.rfind(end));
  return text;
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
  std::string_view text = result;
  for (const Agent& agent : known_agents())
    for (const ResultFrame& frame : agent.results.frames) text = without(frame, text);
  return without_numbers(text);
}

}  // namespace skillaudit
