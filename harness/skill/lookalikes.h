#pragma once

#include <vector>

#include "harness/evidence/skill.h"

namespace skillaudit {

/// Letters of other scripts (Cyrillic, Greek, Armenian, Cherokee, Coptic, Lisu) that look like
/// Latin ones, where a reader takes them for these: in the name and the description of SKILL.md, in
/// the hosts of addresses, and in code. Which letters look alike is Unicode's list of confusables
/// (Unicode Technical Standard 39), as ICU has it.
///
/// A word counts that mixes such letters with Latin ones and has no other letter of its script;
/// where the text around it is in that script, only one in which they stand between Latin letters,
/// since languages put their endings behind a foreign word. Of a host under an ASCII domain, and of
/// the program of a shell command, a word of such letters alone counts as well. Words of prose in
/// any script do not, nor do Greek small letters in names of quantities (`σmax`), `ο` excepted.
///
/// One fact for each text, which names the words, the characters and the lines.
[[nodiscard]] std::vector<StaticFact> find_lookalikes(const std::vector<SkillText>& texts);

}  // namespace skillaudit
