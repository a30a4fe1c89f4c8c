#pragma once

#include <filesystem>

#include "harness/evidence/skill.h"

namespace skillaudit {

/// Reads and validates the skill in `folder` (absolute or relative, with or without a trailing
/// slash; `.` is fine): its front matter by the Agent Skills specification
/// (https://agentskills.io/specification), its files, its texts, the static facts in them, and
/// `audit.yaml` where there is one. Nothing of the skill is executed and nothing outside its folder
/// is read.
///
/// Throws Error{Skill} with one sentence that names the problem and the fix, and for the
/// content of a file starts with "FILE:LINE:COLUMN: ": no such folder; a file instead of a folder;
/// no SKILL.md, or one larger than 1 MiB; unreadable files; links that leave the folder or run in a
/// circle; sockets, FIFOs and devices; more than kMaximumSkillBytes or kMaximumSkillFiles
/// (inventory.h); a broken audit.yaml. Other breaches of the format, such as broken YAML or another
/// name than the folder's, go to Skill::notes: agents load such a skill. A SKILL.md with nothing to
/// load is a static fact, and the skill's other files are read. A plugin (plugin_parts.h) needs no
/// SKILL.md: its hooks, servers and programs are audited as those of a skill without words.
[[nodiscard]] Skill load_skill(const std::filesystem::path& folder);

}  // namespace skillaudit
