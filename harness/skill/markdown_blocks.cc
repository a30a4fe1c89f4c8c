#include "harness/skill/markdown_blocks.h"

#include "harness/base/ascii.h"

namespace skillaudit {
namespace {

std::string language_of(std::string_view info) {
  // Pandoc and R Markdown write {.bash} and {bash}.
  while (!info.empty() && (info[0] == '{' || info[0] == '.' || info[0] == ' '))
    info.remove_prefix(1);
  return ascii_lower(info.substr(0, info.find_first_of(" \t,{}:=")));
}

}  // namespace

std::vector<CodeBlock> code_blocks(const Document& document) {
  std::vector<CodeBlock> blocks;
  for (const Block& block : document.blocks)
    if (block.kind == Block::Kind::FencedCode)
      blocks.push_back({block.line + 1, language_of(block.info), block.text});
    else if (block.kind == Block::Kind::IndentedCode)
      blocks.push_back({block.line, "", block.text});
  return blocks;
}

std::vector<CodeBlock> code_blocks(std::string_view markdown) {
  return code_blocks(parse_document(markdown));
}

}  // namespace skillaudit
