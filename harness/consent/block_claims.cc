#include "harness/consent/block_claims.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <string>

#include "harness/base/text.h"
#include "harness/consent/shell_claims.h"

namespace skillaudit {
namespace {

bool is_schedule_field(std::string_view field) {
  return !field.empty() && field.size() < 40 &&
         std::all_of(field.begin(), field.end(),
                     [](char c) {
                       return std::isdigit(static_cast<unsigned char>(c)) != 0 ||
                              std::string_view("*/,-").find(c) != std::string_view::npos ||
                              std::isalpha(static_cast<unsigned char>(c)) != 0;
                     }) &&
         (std::isdigit(static_cast<unsigned char>(field[0])) != 0 || field[0] == '*' ||
          field.size() == 3);
}

enum class BlockKind { Other, Shell, Console, Bare };

BlockKind kind_of(std::string_view language) {
  static constexpr auto kShell =
      std::to_array<std::string_view>({"sh", "bash", "shell", "zsh", "ksh", "dash", "http"});
  static constexpr auto kConsole = std::to_array<std::string_view>(
      {"console", "shell-session", "sh-session", "terminal", "shellsession"});
  if (std::find(kShell.begin(), kShell.end(), language) != kShell.end()) return BlockKind::Shell;
  if (std::find(kConsole.begin(), kConsole.end(), language) != kConsole.end())
    return BlockKind::Console;
  return language.empty() || language == "cron" || language == "crontab" ? BlockKind::Bare
                                                                         : BlockKind::Other;
}

/// The lines after a prompt, without it.
std::string prompted(std::string_view code) {
  std::string script;
  for (const std::string_view line : split(code, '\n')) {
    const std::string_view text = trim(line);
    if (text.starts_with("$ ") || text.starts_with("% "))
      script.append(text.substr(2)).append("\n");
  }
  return script;
}

}  // namespace

std::string_view cron_command(std::string_view line) {
  line = trim(line);
  if (line.starts_with('@')) {
    const std::size_t end = line.find(' ');
    return end == std::string_view::npos || end > 10 ? std::string_view{} : trim(line.substr(end));
  }
  for (int field = 0; field < 5; ++field) {
    const std::size_t end = line.find_first_of(" \t");
    if (end == std::string_view::npos || !is_schedule_field(line.substr(0, end))) return {};
    line = trim(line.substr(end));
  }
  return line;
}

std::vector<ConsentClaim> claims_of_block(std::string_view language, std::string_view code) {
  const BlockKind kind = kind_of(language);
  if (kind == BlockKind::Other) return {};
  std::vector<ConsentClaim> claims;
  for (const std::string_view line : split(code, '\n')) {
    const std::string_view command = cron_command(line);
    if (command.empty() || claims.size() >= 100) continue;
    ConsentClaim claim;
    claim.verbs = {Verb::Stay};
    claim.object = ConsentObject::cron(std::string(command));
    claims.push_back(std::move(claim));
  }
  if (!claims.empty()) return claims;
  const std::string prompts = prompted(code);
  if (!prompts.empty()) return claims_of_script(prompts);
  if (kind == BlockKind::Console) return claims;
  if (kind == BlockKind::Bare && !looks_like_command(trim(code))) return claims;
  return claims_of_script(code);
}

}  // namespace skillaudit
