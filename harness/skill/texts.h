#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "harness/evidence/skill.h"

namespace skillaudit {

/// Whether the file documents the skill: SKILL.md or a README at the skill's top.
[[nodiscard]] bool documents(std::string_view path);

/// Whether the file is a script: it starts with `#!`, has an x bit, or a script's suffix. What
/// documents the skill, and data and prose by their suffix, are none, whatever their x bits:
/// copies from file systems without modes have them everywhere.
[[nodiscard]] bool is_script(std::string_view path, std::uint32_t mode, std::string_view text);

/// Fills in the digests of `skill.files`, and `skill.texts` with every file that is UTF-8 without
/// NUL bytes and at most 1 MiB; texts that neither document nor execute are kept up to 32 MiB in
/// all. A static fact names each other file that is a program or an archive. A note says which
/// scripts and documents were too large to be examined or are no UTF-8, and whether other texts
/// were left out. Throws Error{Skill} for a file that cannot be read.
void read_files(const std::filesystem::path& root, const std::string& shown, Skill& skill);

}  // namespace skillaudit
