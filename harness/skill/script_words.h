#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// The Latin letter that a letter of another script looks like; '\0': none, or it is Latin itself.
[[nodiscard]] char latin_twin(std::uint32_t letter);

/// A run of letters, marks and digits in Latin and in the scripts that have such letters. Letters
/// of any other script stand between words.
struct ScriptWord {
  std::string text;
  std::vector<std::uint32_t> letters;  ///< without marks and digits

  [[nodiscard]] bool has_latin() const;
  /// A letter of another script.
  [[nodiscard]] bool has_foreign() const;
  /// Each letter is Latin or looks like it. `strictly`: Greek small letters but `ο` do not.
  [[nodiscard]] bool looks_latin(bool strictly) const;
  /// A letter of another script stands between Latin ones.
  [[nodiscard]] bool has_foreign_inside() const;
};

[[nodiscard]] std::vector<ScriptWord> script_words(std::string_view line);

}  // namespace skillaudit
