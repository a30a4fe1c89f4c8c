#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// The YAML head of a SKILL.md, by the rules of the Agent Skills specification
/// (https://agentskills.io/specification).
struct FrontMatter {
  std::string name;           ///< 1–64 of a-z, 0-9 and single hyphens, none at the ends
  std::string name_position;  ///< "FILE:LINE:COLUMN" of the name
  std::string description;    ///< 1–1024 characters
  std::string license;
  std::string compatibility;   ///< at most 500 characters
  std::string allowed_tools;   ///< as one string; the items of a list are joined by ", "
  int allowed_tools_line = 0;  ///< 1-based; 0: there are none
  /// Breaches that do not prevent an audit, such as a body of more lines than the format advises.
  std::vector<std::string> notes;
  bool has_body = false;  ///< something other than blanks follows the front matter
};

/// `file` is the file's name as shown to the user. Throws Error{Skill} that starts with
/// "FILE:LINE:COLUMN: ".
[[nodiscard]] FrontMatter parse_front_matter(const std::string& file, std::string_view text);

/// Number of lines that the front matter takes, its two `---` lines included; 0 when `text` does
/// not start with one that is closed.
[[nodiscard]] int front_matter_lines(std::string_view text);

}  // namespace skillaudit
