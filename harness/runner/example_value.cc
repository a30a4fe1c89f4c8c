#include "harness/runner/example_value.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/base/ascii.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// A word of a parameter's name, and what to give for it. A value with a slash is in the home.
struct Example {
  std::string_view word;
  std::string_view value;
};
constexpr auto kByName = std::to_array<Example>({{"csv", "'/documents/budget-2024.csv'"},
                                                 {"json", "'/projects/tidewatch/package.json'"},
                                                 {"dir", "'/documents'"},
                                                 {"directory", "'/documents'"},
                                                 {"folder", "'/documents'"},
                                                 {"root", "'/projects/tidewatch'"},
                                                 {"repo", "'/projects/tidewatch'"},
                                                 {"project", "'/projects/tidewatch'"},
                                                 {"workspace", "'/projects/tidewatch'"},
                                                 {"out", "'/example-output'"},
                                                 {"output", "'/example-output'"},
                                                 {"dest", "'/example-output'"},
                                                 {"destination", "'/example-output'"},
                                                 {"path", "'/documents/cv.md'"},
                                                 {"file", "'/documents/cv.md'"},
                                                 {"filename", "'/documents/cv.md'"},
                                                 {"filepath", "'/documents/cv.md'"},
                                                 {"src", "'/documents/cv.md'"},
                                                 {"source", "'/documents/cv.md'"},
                                                 {"document", "'/documents/cv.md'"},
                                                 {"url", "'https://example.com/'"},
                                                 {"endpoint", "'https://example.com/'"},
                                                 {"host", "'example.com'"},
                                                 {"domain", "'example.com'"},
                                                 {"port", "8080"},
                                                 {"count", "1"},
                                                 {"n", "1"},
                                                 {"num", "1"},
                                                 {"number", "1"},
                                                 {"size", "1"},
                                                 {"width", "1"},
                                                 {"height", "1"},
                                                 {"limit", "1"},
                                                 {"date", "'2024-11-18'"},
                                                 {"email", "'ann@example.com'"}});
constexpr auto kByType = std::to_array<Example>({{"int", "1"},
                                                 {"float", "1.5"},
                                                 {"number", "1"},
                                                 {"bytes", "b'example'"},
                                                 {"list", "['example']"},
                                                 {"sequence", "['example']"},
                                                 {"iterable", "['example']"},
                                                 {"tuple", "['example']"},
                                                 {"dict", "{'example': 'example'}"},
                                                 {"mapping", "{'example': 'example'}"}});

template <std::size_t N>
std::string_view value_of(const std::array<Example, N>& list, std::string_view word) {
  const auto found = std::find_if(list.begin(), list.end(),
                                  [&](const Example& example) { return example.word == word; });
  return found == list.end() ? std::string_view() : found->value;
}

/// "csvPath" and "--csv-path" give "csv", "path".
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool letter = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if ((upper || !letter) && !words.back().empty()) words.emplace_back();
    if (letter) words.back() += c;
  }
  for (std::string& word : words) word = ascii_lower(word);
  if (words.back().empty()) words.pop_back();
  return words;
}

std::string in_home(std::string_view value) {
  if (!value.starts_with("'/")) return std::string(value);
  return fmt::format("'$HOME{}", value.substr(1));
}

}  // namespace

std::string example_literal(const Parameter& parameter) {
  const std::vector<std::string> words = words_of(parameter.name);
  const std::string type = ascii_lower(parameter.type);
  const std::string_view plain = std::string_view(type).substr(0, type.find_first_of("[ |,"));
  if (const std::string_view value = value_of(kByType, plain); !value.empty())
    return std::string(value);
  // The last word says what it is: "csv_path" is a path, and the first of which kind.
  std::string_view last;
  for (const std::string& word : words) {
    const std::string_view value = value_of(kByName, word);
    if (value.empty()) continue;
    if (last.find("budget") == std::string_view::npos && last.find("package") == last.npos)
      last = value;
  }
  if (!last.empty()) return in_home(last);
  if (words.size() == 1 && words[0].size() > 3 && words[0].ends_with('s')) return "['example']";
  return "'example'";
}

}  // namespace skillaudit
