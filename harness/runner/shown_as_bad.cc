#include "harness/runner/shown_as_bad.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "harness/base/among.h"
#include "harness/base/ascii.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// Beginnings of words, in lower case.
constexpr auto kOfAttacks = std::to_array<std::string_view>(
    {"attack", "exploit", "malicious", "vulnerab", "payload", "exfiltrat", "backdoor", "compromis",
     "insecure", "unsafe", "malware", "anti-pattern", "antipattern"});
/// What stands alone before a block: "Bad:", "❌ WRONG".
constexpr auto kWrong = std::to_array<std::string_view>({"bad", "wrong", "incorrect"});
constexpr auto kDoing = std::to_array<std::string_view>(
    {"run",     "runs",   "execute", "follow",   "perform", "apply",  "carry", "do",    "start",
     "install", "invoke", "launch",  "complete", "work",    "go",     "use",   "paste", "type",
     "enter",   "issue",  "call",    "repeat",   "copy",    "finish", "set",   "make",  "try"});

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : ascii_lower(line) + " ") {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '-') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

bool speaks_of_attacks(std::string_view line) {
  const std::vector<std::string> words = words_of(line);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return std::any_of(kOfAttacks.begin(), kOfAttacks.end(),
                       [&](std::string_view each) { return word.starts_with(each); });
  });
}

bool says_wrong(std::string_view line) {
  if (line.find("\u274c") != std::string_view::npos) return true;
  const std::vector<std::string> words = words_of(line);
  return !words.empty() && words.size() <= 4 && among(kWrong, words.front());
}

bool is_heading(std::string_view line) {
  return line.starts_with('#') && line.find_first_not_of('#') < line.size() &&
         line[line.find_first_not_of('#')] == ' ';
}

bool comments_say_so(std::string_view code) {
  for (const std::string_view line : split(code, '\n')) {
    const std::string_view text = trim(line);
    if ((text.starts_with('#') || text.starts_with("//")) &&
        (speaks_of_attacks(text) || says_wrong(text)))
      return true;
  }
  return false;
}

}  // namespace

bool is_shown_as_bad(std::string_view document, const CodeBlock& block) {
  if (comments_say_so(block.code)) return true;
  const std::vector<std::string_view> lines = split(document, '\n');
  for (const std::string_view line : lines)  // the title
    if (is_heading(line)) {
      if (speaks_of_attacks(line)) return true;
      break;
    }
  // Above the fence: the paragraph before it, then the nearest heading.
  bool in_paragraph = true;
  bool seen_text = false;
  for (std::size_t at = static_cast<std::size_t>(std::max(block.line - 2, 0));
       at-- > 0 && at < lines.size();) {
    const std::string_view line = trim(lines[at]);
    if (is_heading(line)) return speaks_of_attacks(line) || says_wrong(line);
    if (line.empty()) {
      in_paragraph = in_paragraph && !seen_text;
    } else if (in_paragraph) {
      seen_text = true;
      if (speaks_of_attacks(line) || says_wrong(line)) return true;
    }
  }
  return false;
}

bool is_to_be_followed(const SkillText& manifest, std::string_view path) {
  for (const std::string_view line : split(manifest.text, '\n')) {
    if (line.find(path) == std::string_view::npos) continue;
    const std::vector<std::string> words = words_of(line);
    if (std::any_of(words.begin(), words.end(),
                    [](const std::string& word) { return among(kDoing, word); }))
      return true;
  }
  return false;
}

}  // namespace skillaudit
