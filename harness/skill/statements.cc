#include "harness/skill/statements.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "harness/base/text.h"
#include "harness/skill/shell_statements.h"

namespace skillaudit {
namespace {

struct Language {
  std::string_view name;  ///< of its interpreter, or behind the last dot
  CodeLanguage language;
};
constexpr auto kInterpreters = std::to_array<Language>({{"sh", CodeLanguage::Shell},
                                                        {"bash", CodeLanguage::Shell},
                                                        {"dash", CodeLanguage::Shell},
                                                        {"python", CodeLanguage::Python},
                                                        {"node", CodeLanguage::JavaScript}});
constexpr auto kEndings = std::to_array<Language>({{"sh", CodeLanguage::Shell},
                                                   {"bash", CodeLanguage::Shell},
                                                   {"py", CodeLanguage::Python},
                                                   {"js", CodeLanguage::JavaScript},
                                                   {"mjs", CodeLanguage::JavaScript},
                                                   {"cjs", CodeLanguage::JavaScript}});

template <std::size_t N>
CodeLanguage in(const std::array<Language, N>& list, std::string_view name) {
  const auto found = std::find_if(list.begin(), list.end(),
                                  [&](const Language& each) { return each.name == name; });
  return found == list.end() ? CodeLanguage::Other : found->language;
}

/// "python" of "#!/usr/bin/env -S python3.11 -u"
std::string_view interpreter_in(std::string_view first_line) {
  for (std::string_view word : split(trim(first_line.substr(2)), ' ')) {
    word = word.substr(word.rfind('/') + 1);
    if (word.empty() || word == "env" || word[0] == '-') continue;
    const std::size_t version = word.find_first_of("0123456789.");
    return word.substr(0, version);
  }
  return {};
}

bool is_word_byte(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// Removes comments line by line, and says whether what is left of a line acts.
class JavaScriptLines {
 public:
  bool acts(std::string_view line) {
    if (trim(line).starts_with("#!")) return false;
    std::string code;
    for (std::size_t at = 0; at < line.size(); ++at) step(line, at, code);
    if (quote_ != '`') quote_ = '\0';  // no other string goes on in the next line
    return has_more_than_structure(code);
  }

 private:
  void step(std::string_view line, std::size_t& at, std::string& code) {
    const char c = line[at];
    const std::string_view two = line.substr(at, 2);
    if (in_comment_) {
      if (two != "*/") return;
      in_comment_ = false;
      ++at;
    } else if (quote_ != '\0') {
      code += '"';
      if (c == '\\') ++at;
      if (c == quote_) quote_ = '\0';
    } else if (two == "//") {
      at = line.size();
    } else if (two == "/*") {
      in_comment_ = true;
      ++at;
    } else {
      if (c == '"' || c == '\'' || c == '`') quote_ = c;
      code += c;
    }
  }

  static bool has_more_than_structure(std::string_view code) {
    static constexpr auto kWords =
        std::to_array<std::string_view>({"else", "try", "finally", "do", "default"});
    for (std::size_t at = 0; at < code.size();) {
      if (code[at] == '"' || code[at] == '\'' || code[at] == '`') return true;
      if (!is_word_byte(code[at])) {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < code.size() && is_word_byte(code[end])) ++end;
      const std::string_view word = code.substr(at, end - at);
      if (std::find(kWords.begin(), kWords.end(), word) == kWords.end()) return true;
      at = end;
    }
    return false;
  }

  bool in_comment_ = false;
  char quote_ = '\0';
};

}  // namespace

CodeLanguage language_of(std::string_view path, std::string_view code) {
  if (code.starts_with("#!"))
    return in(kInterpreters, interpreter_in(code.substr(0, code.find('\n'))));
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? CodeLanguage::Other : in(kEndings, name.substr(dot + 1));
}

std::vector<LineRange> statements_of(std::string_view code, CodeLanguage language) {
  if (language == CodeLanguage::Shell) return shell_statements(code);
  std::vector<LineRange> statements;
  if (language != CodeLanguage::JavaScript) return statements;
  JavaScriptLines lines;
  int number = 0;
  for (const std::string_view line : split(code, '\n'))
    if (++number; lines.acts(line)) statements.push_back({number, number});
  return statements;
}

}  // namespace skillaudit
