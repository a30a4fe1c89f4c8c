#pragma once

#include <string_view>

#include "harness/evidence/skill.h"
#include "harness/skill/markdown_blocks.h"

namespace skillaudit {

/// Whether a document shows a code block as what an attacker would write, or as what is wrong: its
/// comments, the paragraph before it, the heading above it or the document's title say so. No
/// reader runs such a block: a guide to security is full of them.
[[nodiscard]] bool is_shown_as_bad(std::string_view document, const CodeBlock& block);

/// Whether SKILL.md tells its reader to do what the document says, rather than to read it: then all
/// of its blocks count.
[[nodiscard]] bool is_to_be_followed(const SkillText& manifest, std::string_view path);

}  // namespace skillaudit
