#include "harness/skill/hidden_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/text.h"
#include "harness/skill/invisible.h"
#include "harness/skill/markdown_blocks.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostKinds = 6;
constexpr std::size_t kMostLines = 5;
constexpr std::size_t kMostSpelt = 120;

/// The ASCII character that a tag or a variation selector can carry: tags mirror ASCII, and 256
/// selectors are the values of a byte. 0: none.
char spelt(std::uint32_t c) {
  std::uint32_t value = 0;
  if (c >= 0xe0000 && c <= 0xe007f) value = c - 0xe0000;
  if (c >= 0xfe00 && c <= 0xfe0f) value = c - 0xfe00;
  if (c >= 0xe0100 && c <= 0xe01ef) value = c - 0xe0100 + 16;
  return value >= 0x20 && value < 0x7f ? static_cast<char>(value) : '\0';
}

/// What one text hides.
class Hidden {
 public:
  void add(int line, std::uint32_t c) {
    ++count_;
    if (lines_.empty() || lines_.back() != line) lines_.push_back(line);
    const auto seen = std::find_if(kinds_.begin(), kinds_.end(),
                                   [c](const auto& kind) { return kind.first == c; });
    if (seen != kinds_.end())
      ++seen->second;
    else if (kinds_.size() < kMostKinds)
      kinds_.emplace_back(c, 1);
    else
      ++others_;
    const char letter = spelt(c);
    if (letter != '\0' && spelt_.size() <= kMostSpelt) spelt_ += letter;
  }

  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// A few letters come about by chance.
  [[nodiscard]] bool spells() const { return spelt_.size() >= 4; }
  [[nodiscard]] int first_line() const { return lines_.front(); }

  /// "U+200B ×3, U+202E ×1 and 4 others, on the lines 3, 7 and 2 more; they spell "…""
  [[nodiscard]] std::string text() const {
    std::vector<std::string> kinds;
    for (const auto& [c, times] : kinds_) kinds.push_back(fmt::format("U+{:04X} ×{}", c, times));
    std::string text = join(kinds, ", ");
    if (others_ > 0) text += fmt::format(" and {}", count_of(others_, "other"));
    if (lines_.front() > 0) {
      std::vector<std::string> lines;
      for (std::size_t i = 0; i < lines_.size() && i < kMostLines; ++i)
        lines.push_back(std::to_string(lines_[i]));
      text += (lines_.size() == 1 ? ", on line " : ", on the lines ") + join(lines, ", ");
      if (lines_.size() > kMostLines)
        text += fmt::format(" and {} more", lines_.size() - kMostLines);
    }
    if (spells())
      text += fmt::format("; they spell \"{}\"", shorten(printable(spelt_), kMostSpelt));
    return text;
  }

 private:
  std::size_t count_ = 0;
  std::size_t others_ = 0;
  std::vector<std::pair<std::uint32_t, std::size_t>> kinds_;  ///< in the order of appearance
  std::vector<int> lines_;
  std::string spelt_;
};

std::vector<std::uint32_t> characters_of(std::string_view text) {
  std::vector<std::uint32_t> characters;
  while (!text.empty()) {
    std::uint32_t c = 0;
    const std::size_t length = utf8_sequence(text, c);
    // A byte that is no character stands between two; no file of texts has one, names may.
    characters.push_back(length == 0 ? 0xfffd : c);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return characters;
}

bool may_hide(std::string_view line) {
  return std::any_of(line.begin(), line.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || c == '\x1b' || c == '\b';
  });
}

/// Lines of code blocks, each of which may be run.
std::vector<bool> code_lines(const SkillText& text) {
  std::vector<bool> lines;
  if (text.executable) return lines;
  for (const CodeBlock& block : code_blocks(text.text)) {
    const auto end = static_cast<std::size_t>(
        block.line + std::count(block.code.begin(), block.code.end(), '\n'));
    if (lines.size() < end) lines.resize(end);
    for (auto i = static_cast<std::size_t>(block.line); i < end; ++i) lines[i] = true;
  }
  return lines;
}

Hidden hidden_in(const SkillText& text) {
  Hidden hidden;
  if (!may_hide(text.text)) return hidden;
  const std::vector<bool> code = code_lines(text);
  int number = 0;
  for (const std::string_view line : split(text.text, '\n')) {
    ++number;
    if (!may_hide(line)) continue;
    const auto index = static_cast<std::size_t>(number);
    const bool is_code = text.executable || (index < code.size() && code[index]);
    const CharacterLine characters{characters_of(line), number == 1, text.documents, !is_code};
    for (const std::size_t at : invisible_in(characters))
      hidden.add(number, characters.characters[at]);
  }
  return hidden;
}

Hidden hidden_in_name(const std::string& path) {
  Hidden hidden;
  if (!may_hide(path)) return hidden;
  const CharacterLine name{characters_of(path), false, true, false};
  for (const std::size_t at : invisible_in(name)) hidden.add(0, name.characters[at]);
  return hidden;
}

}  // namespace

std::vector<StaticFact> find_hidden_text(const Skill& skill) {
  std::vector<StaticFact> facts;
  const auto add = [&](const std::string& file, const Hidden& hidden) {
    if (!hidden.empty() && facts.size() < kMostStaticFacts)
      facts.push_back({StaticFactKind::HiddenText, file, hidden.first_line(), hidden.text()});
  };
  for (const SkillText& text : skill.texts) add(text.path, hidden_in(text));
  for (const SkillFile& file : skill.files) add(file.path, hidden_in_name(file.path));
  return facts;
}

bool hides_a_message(const Skill& skill, const std::string& file) {
  return hidden_in_name(file).spells() ||
         std::any_of(skill.texts.begin(), skill.texts.end(), [&](const SkillText& text) {
           return text.path == file && hidden_in(text).spells();
         });
}

}  // namespace skillaudit
