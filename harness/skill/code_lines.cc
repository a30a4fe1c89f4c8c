#include "harness/skill/code_lines.h"

#include <algorithm>

#include "harness/skill/statements.h"

namespace skillaudit {
namespace {

std::vector<LineRange> each_line(const std::vector<LineRange>& ranges) {
  std::vector<LineRange> lines;
  for (const LineRange& range : ranges)
    for (int line = range.first; line <= range.last; ++line) lines.push_back({line, line});
  return lines;
}

}  // namespace

CodeLines::CodeLines(std::string_view code) : code_(code) {
  for (std::size_t at = 0; at != std::string_view::npos && at < code.size();) {
    starts_.push_back(at);
    at = code.find('\n', at);
    at = at == std::string_view::npos ? at : at + 1;
  }
  starts_.push_back(code.size());
}

std::string_view CodeLines::part(LineRange lines) const {
  const std::size_t begin = start_of(lines.first);
  return code_.substr(begin, start_of(lines.last + 1) - begin);
}

std::string_view CodeLines::line(int number) const {
  std::string_view text = part({number, number});
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::size_t CodeLines::start_of(int line) const {
  return starts_[static_cast<std::size_t>(std::clamp(line - 1, 0, count()))];
}

bool touches(const std::vector<LineRange>& ran, LineRange statement) {
  const auto first =
      std::lower_bound(ran.begin(), ran.end(), statement.first,
                       [](const LineRange& range, int line) { return range.last < line; });
  return first != ran.end() && first->first <= statement.last;
}

const SkillText* text_at(const Skill& skill, std::string_view path) {
  const auto found = std::ranges::find(skill.texts, path, &SkillText::path);
  return found == skill.texts.end() ? nullptr : &*found;
}

std::vector<LineRange> statements_in(const SkillText& text, const MeasuredLines* lines) {
  const CodeLanguage language = language_of(text.path, text.text);
  return language == CodeLanguage::Python && lines != nullptr ? each_line(lines->runnable)
                                                              : statements_of(text.text, language);
}

const MeasuredLines* measured_at(const LineCoverage& coverage, std::string_view place) {
  const auto found = std::ranges::find(coverage.list, place, &MeasuredLines::place);
  return found == coverage.list.end() ? nullptr : &*found;
}

}  // namespace skillaudit
