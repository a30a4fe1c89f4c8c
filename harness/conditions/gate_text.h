#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/coverage.h"

namespace skillaudit {

/// A text by its lines, 1-based, with what is to be changed in it.
class GateText {
 public:
  explicit GateText(std::string_view code);

  [[nodiscard]] int count() const { return static_cast<int>(starts_.size()) - 1; }
  /// Without its newline.
  [[nodiscard]] std::string_view line(int number) const;
  [[nodiscard]] std::size_t start_of(int number) const;
  [[nodiscard]] std::string_view part(LineRange lines) const;
  [[nodiscard]] std::string_view code() const { return code_; }

  /// Changes `length` bytes at `at`. What overlaps an earlier change is left out.
  void replace(std::size_t at, std::size_t length, std::string with);
  [[nodiscard]] bool is_changed() const { return !edits_.empty(); }
  [[nodiscard]] std::string changed() const;

 private:
  struct Edit {
    std::size_t length;
    std::string with;
  };
  std::string_view code_;
  std::vector<std::size_t> starts_;
  std::map<std::size_t, Edit> edits_;  ///< by their place
};

/// Whether `line` is in the sorted `ranges`.
[[nodiscard]] bool is_among(const std::vector<LineRange>& ranges, int line);
/// The last line of `ranges` before `line`; 0: there is none.
[[nodiscard]] int last_before(const std::vector<LineRange>& ranges, int line);
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
