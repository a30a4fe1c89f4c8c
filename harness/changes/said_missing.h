#pragma once

#include <string>
#include <string_view>

#include "harness/evidence/skill.h"

namespace skillaudit {

/// What one line of a program's output says that it did not find, in the words of shells,
/// interpreters and common tools; empty for a line that says nothing of the kind. The guest's own
/// words: whoever decides by them asks the facts too.

/// "pandoc" of "bash: line 1: pandoc: command not found" or "spawn pandoc ENOENT".
[[nodiscard]] std::string program_said_missing(std::string_view line);
/// "requests" of "ModuleNotFoundError: No module named 'requests.adapters'"; a path where Node was
/// told one.
[[nodiscard]] std::string module_said_missing(std::string_view line);
/// "/srv/a.csv" of "cat: /srv/a.csv: No such file or directory".
[[nodiscard]] std::string file_said_missing(std::string_view line);
/// "ffmpeg" of "ffmpeg not found, please install it", where the skill's own code looks for it
/// (`command -v ffmpeg`, `import ffmpeg`).
[[nodiscard]] std::string asked_to_install(std::string_view line, const Skill& skill);

}  // namespace skillaudit
