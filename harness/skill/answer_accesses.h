#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// Gets a field and what it is compared with, as ExpectedField has them.
using ExpectedSink = std::function<void(const std::string& name, const std::string& value)>;

/// The paths in the filters of jq(1) on this line: ".items[].id" is "items[].id".
[[nodiscard]] std::vector<std::string> jq_fields(std::string_view line);

/// The word or quoted text at the beginning; empty for one that holds a variable or a pattern.
[[nodiscard]] std::string shell_literal(std::string_view text);

/// Follows the names that Python and JavaScript code gives to a parsed answer and its parts, line
/// by line: `data = r.json()`, `for item in data["items"]:`.
class AnswerNames {
 public:
  void read(std::string_view line, const ExpectedSink& note);

 private:
  void name_parts(std::string_view line, std::string_view assigned, const std::string& path);
  std::size_t follow(std::string_view line, std::size_t at, std::string path,
                     const ExpectedSink& note);

  std::map<std::string, std::string, std::less<>> paths_;  ///< "item" -> "items[]"
};

}  // namespace skillaudit
