#pragma once

#include <vector>

#include "harness/evidence/skill.h"

namespace skillaudit {

/// Characters of the skill's texts and file names that are invisible to people but not to machines:
/// zero-width characters, bidirectional controls (CVE-2021-42574), tags (U+E0000 and on), variation
/// selectors that select nothing, fillers, annotations, line separators; in documents the escapes
/// by which a terminal hides text as well. Where a script or a picture needs one it is none of
/// these: joiners within Persian, Arabic or Indic words, emoji sequences, marks of direction beside
/// right-to-left letters, a byte order mark at a text's start, spaces without width between the
/// words of scripts that write none.
///
/// One fact for each text, which names the characters, their number, the lines, and
/// the text they spell if they encode ASCII.
[[nodiscard]] std::vector<StaticFact> find_hidden_text(const Skill& skill);

/// Whether the invisible characters of the text or of the name of `file` encode a text: those that
/// do came there by no accident. `file` is relative to the skill's folder.
[[nodiscard]] bool hides_a_message(const Skill& skill, const std::string& file);

}  // namespace skillaudit
