#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace skillaudit {

/// A line as characters, and what is known of the text around it.
struct CharacterLine {
  std::vector<std::uint32_t> characters;
  bool first = false;     ///< the text's first line
  bool document = false;  ///< of SKILL.md or a README, where no terminal's escapes belong
  bool prose = false;     ///< neither of a script nor of a code block
};

/// Positions of invisible characters in the line that the text around them does not need; see
/// find_hidden_text(). One pass.
[[nodiscard]] std::vector<std::size_t> invisible_in(const CharacterLine& line);

}  // namespace skillaudit
