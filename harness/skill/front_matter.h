#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// The YAML head of a SKILL.md. Its rules are the Agent Skills specification's
/// (https://agentskills.io/specification), but agents load much that breaks them, so a breach is a
/// note and no refusal:
/// - Claude Code keeps a skill whose head is broken YAML or missing: the folder gives the name and
///   the first paragraph the description (`claude plugin validate` says so of a broken head).
/// - Codex skips broken YAML, and other agents quote a value with ": " and parse again, as the
///   specification's guide for clients advises (agentskills.io/client-implementation).
struct FrontMatter {
  std::string name;           ///< 1–64 of a-z, 0-9 and single hyphens; empty: no valid name
  std::string name_position;  ///< "SKILL.md:LINE:COLUMN" of the name, empty without one
  std::string description;    ///< the first paragraph of the body where no key gives one
  std::string license;
  std::string compatibility;
  std::string allowed_tools;   ///< as one string; the items of a list are joined by ", "
  int allowed_tools_line = 0;  ///< 1-based; 0: there are none
  bool has_hooks = false;      ///< commands that Claude Code runs while the skill is active
  /// Breaches of the format, each with its place in SKILL.md where it has one.
  std::vector<std::string> notes;
  bool has_body = false;  ///< something other than blanks follows the front matter
  /// Why no agent loads it, with the mend: neither front matter nor text. Empty: some do.
  std::string not_loadable;
};

/// Of any text. A front matter of more than 64 KiB is a note, and none of its keys is read but
/// whether there are hooks.
[[nodiscard]] FrontMatter parse_front_matter(std::string_view text);

/// Number of lines that the front matter takes, its two `---` lines included; 0 when `text` does
/// not start with one that is closed.
[[nodiscard]] int front_matter_lines(std::string_view text);

}  // namespace skillaudit
