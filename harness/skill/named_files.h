#pragma once

#include <string_view>

#include "harness/evidence/skill.h"
#include "harness/skill/reach.h"

namespace skillaudit {

/// How the audit's own steps begin that call functions of a module of Python: the file is the first
/// argument, and is judged by its text.
inline constexpr std::string_view kLoadsModule =
    "import asyncio, importlib, os, pathlib, sys, traceback\n"
    "parts = os.path.abspath(sys.argv[1])[:-3].split('/')\n"
    "at = max(1, len(parts) - levels)\n"
    "sys.path.insert(0, '/'.join(parts[:at]))\n"
    "m = importlib.import_module('.'.join(parts[at:]))\n";

/// Whether `command` names the file as a word of its own, by its path or its last part.
[[nodiscard]] bool mentions_file(std::string_view command, std::string_view path);

/// What a command could do that would harm: its own code, and that of the skill's files that it
/// names. A program that is no text could do anything: all are set.
[[nodiscard]] ReachSet reach_of_command(std::string_view command, const Skill& skill);

}  // namespace skillaudit
