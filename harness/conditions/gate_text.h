#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/skill/code_lines.h"

namespace skillaudit {

/// A program, with what is to be changed in it.
class GateText : public CodeLines {
 public:
  using CodeLines::CodeLines;

  /// Changes `length` bytes at `at`. What overlaps an earlier change is left out.
  void replace(std::size_t at, std::size_t length, std::string with);
  [[nodiscard]] bool is_changed() const { return !edits_.empty(); }
  [[nodiscard]] std::string changed() const;

 private:
  struct Edit {
    std::size_t length;
    std::string with;
  };
  std::map<std::size_t, Edit> edits_;  ///< by their place
};

/// The last line of `ranges` before `line`; 0: there is none.
[[nodiscard]] int last_before(const std::vector<LineRange>& ranges, int line);
/// Whether the line gives one of the names that `part` uses a value.
[[nodiscard]] bool sets_a_name_of(std::string_view line, std::string_view part);
/// Whether two pieces of code use a name in common, but for those of libraries.
[[nodiscard]] bool share_a_name(std::string_view condition, std::string_view part);
/// Whether `word` stands at `at` as a whole word.
[[nodiscard]] bool is_word_at(std::string_view text, std::size_t at, std::string_view word);
/// Lines that call the function, but for its definition.
[[nodiscard]] std::vector<int> calls_of(const GateText& text, std::string_view name, int defined);

/// One kind of languages each: sets the conditions around the lines aside. `depth`: how many calls
/// are still followed.
void open_in_shell(GateText& text, const std::vector<LineRange>& ran, LineRange wanted,
                   bool removes, int depth);
void open_in_python(GateText& text, const std::vector<LineRange>& ran, LineRange wanted,
                    bool removes, int depth);
/// `hash_comments`: "#" begins a comment, and not "//".
void open_in_braces(GateText& text, const std::vector<LineRange>& ran, LineRange wanted,
                    bool removes, bool hash_comments, int depth);

}  // namespace skillaudit
