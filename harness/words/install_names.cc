#include "harness/words/install_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/consent/word_class.h"

namespace skillaudit {
namespace {

constexpr auto kManagers =
    std::to_array<std::pair<std::string_view, std::string_view>>({{"npm", "npm"},
                                                                  {"yarn", "npm"},
                                                                  {"pnpm", "npm"},
                                                                  {"bun", "npm"},
                                                                  {"pip", "pip"},
                                                                  {"pip3", "pip"},
                                                                  {"pypi", "pip"},
                                                                  {"pipx", "pip"},
                                                                  {"uv", "pip"},
                                                                  {"python", "pip"},
                                                                  {"apt", "apt"},
                                                                  {"apt-get", "apt"},
                                                                  {"brew", "apt"},
                                                                  {"homebrew", "apt"},
                                                                  {"cargo", "cargo"},
                                                                  {"gem", "gem"}});
constexpr auto kPackageWords = std::to_array<std::string_view>(
    {"package", "packages", "library", "libraries", "module", "modules", "program", "tool"});

std::string_view manager_of(std::string_view word) {
  for (const auto& [name, manager] : kManagers)
    if (word == name) return manager;
  return {};
}

bool is_package(std::string_view word) {
  return !word.empty() && word.size() <= 100 &&
         (std::isalnum(static_cast<unsigned char>(word[0])) != 0 || word[0] == '@') &&
         std::all_of(word.begin(), word.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 ||
                  std::string_view("-_./@=<>[]+~^").find(static_cast<char>(c)) != std::string::npos;
         });
}

}  // namespace

InstallNames install_names(const Sentence& sentence, std::size_t begin, std::size_t end) {
  InstallNames found;
  const std::vector<Token>& tokens = sentence.tokens;
  end = std::min(end, tokens.size());
  // "Use apt to install `jq`": the manager may stand before the verb.
  for (const Token& token : tokens) {
    const std::string name = ascii_lower(trim(token.text));
    if (found.manager.empty()) found.manager = manager_of(name);
  }
  bool after_package_word = false;
  bool first = true;
  for (std::size_t i = begin; i < end; ++i) {
    const Token& token = tokens[i];
    const std::string name = ascii_lower(trim(token.text));
    if (token.kind == Token::Kind::Punctuation) {
      if (token.text != ",") break;
      continue;
    }
    const bool in_code = token.kind == Token::Kind::Code;
    const bool ends = preposition(token.lower) != Preposition::None || breaks_clause(token.lower) ||
                      token.lower == "globally" || token.lower == "locally";
    if (!in_code && ends) break;
    const bool package_word =
        std::find(kPackageWords.begin(), kPackageWords.end(), token.lower) != kPackageWords.end();
    const std::string_view next = i + 1 < end ? std::string_view(tokens[i + 1].lower) : "";
    const bool with_manager =
        first && !found.manager.empty() &&
        (preposition(next) == Preposition::With || next == "globally" || next == "from");
    const bool named = in_code || after_package_word || with_manager;
    const bool skipped = is_determiner(token.lower) || token.lower == "and" || package_word;
    if (named && !skipped && is_package(trim(token.text)) && manager_of(name).empty() &&
        (in_code || !is_common_word(token.lower)))
      found.names.push_back(in_code ? std::string(trim(token.text)) : name);
    after_package_word = package_word;
    if (!skipped) first = false;
  }
  return found;
}

}  // namespace skillaudit
