#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace skillaudit {

/// Gets a field and what it is compared with, as ExpectedField has them.
using ExpectedSink = std::function<void(const std::string& name, const std::string& value)>;

/// Follows the names that Python and JavaScript code gives to a parsed answer and its parts, line
/// by line: `data = r.json()`, `for item in data["items"]:`.
class AnswerNames {
 public:
  explicit AnswerNames(bool is_javascript) : is_javascript_(is_javascript) {}
  void read(std::string_view line, const ExpectedSink& note);

 private:
  void read_function(std::string_view line);
  void read_parsed(std::string_view line, const ExpectedSink& note);
  void note_path(std::string_view line, const std::string& path, std::string value,
                 const ExpectedSink& note) const;
  void name_parts(std::string_view line, std::string_view assigned, const std::string& path);
  std::size_t follow(std::string_view line, std::size_t at, std::string path,
                     const ExpectedSink& note);

  bool is_javascript_;
  std::string function_;  ///< whose body the line stands in
  /// "item" -> "items[]"; "load()" -> "" for a function that returns an answer.
  std::map<std::string, std::string, std::less<>> paths_;
};

}  // namespace skillaudit
