#include "harness/skill/lookalikes.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/base/among.h"
#include "harness/base/text.h"
#include "harness/skill/document.h"
#include "harness/skill/front_matter.h"
#include "harness/skill/markdown_blocks.h"
#include "harness/skill/script_words.h"
#include "harness/skill/shell_tokens.h"
#include "harness/skill/skill_name.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostWords = 4;
constexpr std::size_t kMostRows = 100;
/// Shorter words of prose are symbols: "Ar", "Вx".
constexpr std::size_t kShortestWord = 3;
constexpr auto kShells = std::to_array<std::string_view>(
    {"", "sh", "bash", "zsh", "shell", "console", "shell-session", "terminal"});

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The words of one text that look like others.
class Found {
 public:
  void add(const ScriptWord& word, int line) {
    if (rows_.empty()) first_line_ = line;
    if (rows_.size() == kMostRows) return;
    std::vector<std::string> characters;
    for (const std::uint32_t letter : word.letters) {
      if (latin_twin(letter) == '\0') continue;
      std::string text = fmt::format("{} for {}", character_text(letter), latin_twin(letter));
      if (std::find(characters.begin(), characters.end(), text) == characters.end())
        characters.push_back(std::move(text));
    }
    std::string row = fmt::format("{} ({}) on line {}", printable(shorten(word.text, 40)),
                                  join(characters, ", "), line);
    if (std::find(rows_.begin(), rows_.end(), row) == rows_.end()) rows_.push_back(std::move(row));
  }
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] int first_line() const { return first_line_; }
  [[nodiscard]] std::string text() const {
    const std::size_t shown = std::min(rows_.size(), kMostWords);
    std::string text;
    for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + rows_[i];
    if (rows_.size() > shown) text += fmt::format(" and {} more", rows_.size() - shown);
    return text;
  }

 private:
  int first_line_ = 0;
  std::vector<std::string> rows_;
};

/// Whether it is a text in another script: a word of it has a letter that is nothing in Latin.
bool is_in_other_script(const std::vector<ScriptWord>& words) {
  return std::any_of(words.begin(), words.end(), [](const ScriptWord& word) {
    return !word.has_latin() && word.has_foreign() && !word.looks_latin(false);
  });
}

bool is_mixed(const ScriptWord& word) { return word.has_latin() && word.has_foreign(); }

class Reader {
 public:
  explicit Reader(const SkillText& text) : text_(text) {}

  Found read() {
    if (text_.documents) {
      if (text_.path == "SKILL.md") read_head();
      read_document();
    } else if (text_.executable) {
      read_code(text_.text, 1, is_shell_script());
    }
    read_hosts();
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool is_shell_script() const {
    const std::string_view first = std::string_view(text_.text).substr(0, text_.text.find('\n'));
    return text_.path.ends_with(".sh") || text_.path.ends_with(".bash") ||
           (first.starts_with("#!") && first.ends_with("sh"));
  }

  void read_head() {
    const int end = front_matter_lines(text_.text);
    std::string description;
    std::string_view key;
    std::vector<std::pair<std::string_view, int>> described;
    int number = 0;
    for (const std::string_view line : split(text_.text, '\n')) {
      if (++number > end) break;
      const std::size_t colon = line.find(':');
      if (colon != std::string_view::npos && !line.starts_with(' ')) key = line.substr(0, colon);
      if (key == "name")
        for (const ScriptWord& word : script_words(line))
          if (is_mixed(word) && word.looks_latin(false)) found_.add(word, number);
      if (key != "description") continue;
      description += std::string(line) + "\n";
      described.emplace_back(line, number);
    }
    const bool other_script = is_in_other_script(script_words(description));
    for (const auto& [line, at] : described) read_words(line, at, other_script, kShortestWord);
  }

  void read_document() {
    for (const CodeBlock& block : code_blocks(text_.text))
      if (!is_ascii(block.code)) read_code(block.code, block.line, among(kShells, block.language));
    for (const Block& block : parse_document(text_.text).blocks) {
      if (is_ascii(block.text)) continue;
      const bool other_script = is_in_other_script(script_words(block.text));
      for (const Inline& piece : block.inlines)
        if (piece.kind == Inline::Kind::Code) {
          read_words(piece.text, piece.line, other_script, 1);
          if (!other_script) read_programs(piece.text, piece.line);
        }
    }
  }

  void read_code(std::string_view code, int first_line, bool is_shell) {
    int number = first_line - 1;
    for (const std::string_view line : split(code, '\n')) {
      ++number;
      if (is_ascii(line)) continue;
      const bool other_script = is_in_other_script(script_words(line));
      read_words(line, number, other_script, 1);
      if (is_shell && !other_script) read_programs(line, number);
    }
  }

  void read_words(std::string_view line, int number, bool other_script, std::size_t shortest) {
    if (is_ascii(line)) return;
    for (const ScriptWord& word : script_words(line)) {
      if (!is_mixed(word) || !word.looks_latin(true) || word.letters.size() < shortest) continue;
      if (!other_script || word.has_foreign_inside()) found_.add(word, number);
    }
  }

  /// The first word of each command, where all of it is in letters of another script.
  void read_programs(std::string_view line, int number) {
    bool first = true;
    for (const ShellToken& token : shell_tokens(line, number)) {
      if (first && !token.is_operator && !token.quoted)
        for (const ScriptWord& word : script_words(token.text))
          if (!word.has_latin() && word.letters.size() > 1 && word.looks_latin(false))
            found_.add(word, number);
      first = token.is_operator || token.text == "sudo" || token.text == "$";
    }
  }

  /// Of each `scheme://host`.
  void read_hosts() {
    int number = 0;
    for (std::string_view line : split(text_.text, '\n')) {
      ++number;
      if (is_ascii(line)) continue;
      for (std::size_t at = line.find("://"); at != std::string_view::npos; at = line.find("://")) {
        line.remove_prefix(at + 3);
        std::string_view host = line.substr(0, line.find_first_of("/?#:\"'`<>()[]{}|\\ \t\r,;"));
        if (const std::size_t user = host.rfind('@'); user != std::string_view::npos)
          host.remove_prefix(user + 1);
        read_host(host, number);
      }
    }
  }

  void read_host(std::string_view host, int number) {
    if (is_ascii(host)) return;
    const bool ascii_domain = is_ascii(host.substr(host.rfind('.') + 1));
    for (const std::string_view label : split(host, '.'))
      for (const ScriptWord& word : script_words(label)) {
        const bool alone = !word.has_latin() && word.letters.size() > 1 && ascii_domain;
        if ((is_mixed(word) || alone) && word.looks_latin(false)) found_.add(word, number);
      }
  }

  const SkillText& text_;
  Found found_;
};

}  // namespace

std::vector<StaticFact> find_lookalikes(const std::vector<SkillText>& texts) {
  std::vector<StaticFact> facts;
  for (const SkillText& text : texts) {
    if (is_ascii(text.text)) continue;
    const Found found = Reader(text).read();
    if (!found.empty() && facts.size() < kMostStaticFacts)
      facts.push_back({StaticFactKind::Lookalike, text.path, found.first_line(), found.text()});
  }
  return facts;
}

}  // namespace skillaudit
