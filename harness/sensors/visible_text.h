#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// The text that a reader of the skill can see: its files, the commands and prompts that it was
/// run with, what the machine is called, and the words of HTTP itself. What the skill printed is
/// not part of it: a secret in disguise would explain itself by being printed first.
class VisibleText {
 public:
  explicit VisibleText(const Evidence& evidence);

  /// How many bytes of `text` are not built from it. A word is explained where it stands in the
  /// visible text, or is the Base64 of what does; a number also where it tells the time of the
  /// audit. Each word counts once, however often it was sent. `sample` gets the first such word.
  [[nodiscard]] std::size_t unexplained_in(std::string_view text, std::string& sample);

  /// Adds a word that the protocol itself draws at random.
  void explain(std::string_view word);

 private:
  void add(std::string_view text);
  [[nodiscard]] bool explains(std::string_view word) const;
  [[nodiscard]] bool is_time(std::string_view digits) const;
  [[nodiscard]] std::size_t count_word(std::string_view word, std::string& sample);

  std::string text_;  ///< small letters
  std::unordered_set<std::string> words_;
  std::unordered_set<std::string> told_;  ///< unexplained words that were counted
  long long began_ = 0;                   ///< seconds since the epoch; 0: not known
};

}  // namespace skillaudit
