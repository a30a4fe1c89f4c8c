#include "harness/skill/markdown_blocks.h"

#include <algorithm>
#include <cctype>

#include "harness/base/ascii.h"
#include "harness/skill/document.h"

namespace skillaudit {
namespace {

std::string language_of(std::string_view info) {
  // Pandoc and R Markdown write {.bash} and {bash}.
  while (!info.empty() && (info[0] == '{' || info[0] == '.' || info[0] == ' '))
    info.remove_prefix(1);
  return ascii_lower(info.substr(0, info.find_first_of(" \t,{}:=")));
}

}  // namespace

std::vector<CodeBlock> code_blocks(std::string_view markdown) {
  std::vector<CodeBlock> blocks;
  for (Block& block : parse_document(markdown).blocks)
    if (block.kind == Block::Kind::FencedCode)
      blocks.push_back({block.line + 1, language_of(block.info), std::move(block.text)});
  return blocks;
}

}  // namespace skillaudit
