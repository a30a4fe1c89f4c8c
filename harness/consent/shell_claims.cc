#include "harness/consent/shell_claims.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/text.h"
#include "harness/consent/command_verbs.h"
#include "harness/consent/operand_claims.h"
#include "harness/consent/path_pattern.h"
#include "harness/skill/shell_tokens.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostClaims = 2000;
constexpr std::size_t kLongestInline = 4096;
constexpr int kDeepest = 6;

bool is_assignment(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == 0 || equals == std::string_view::npos) return false;
  return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '+';
  });
}

bool is_reserved(std::string_view word) {
  static constexpr auto kReserved = std::to_array<std::string_view>(
      {"if", "then", "elif", "else", "fi", "while", "until", "do", "done", "for", "case", "esac",
       "{", "}", "!", "in", "function", "time"});
  return std::find(kReserved.begin(), kReserved.end(), word) != kReserved.end();
}

/// What stands before the program.
struct Wrapped {
  std::vector<std::string> words;
  bool elevated = false;
  bool stays = false;
};

/// Takes `sudo -u x`, `env A=b`, `timeout 5`, `nohup` and assignments off the front.
Wrapped unwrapped(std::vector<std::string> words) {
  static constexpr auto kWrappers = std::to_array<std::string_view>(
      {"sudo", "doas", "env", "exec", "nohup", "time", "nice", "ionice", "xargs", "timeout",
       "stdbuf", "setsid", "builtin", "command"});
  static constexpr auto kTakeValue =
      std::to_array<std::string_view>({"-u", "-g", "-I", "-P", "-k", "-s", "-L", "-d"});
  Wrapped result;
  std::size_t at = 0;
  while (at < words.size()) {
    if (is_assignment(words[at]) || is_reserved(words[at])) {
      ++at;
      continue;
    }
    const std::string word = words[at];
    if (std::find(kWrappers.begin(), kWrappers.end(), word) == kWrappers.end()) break;
    result.elevated = result.elevated || word == "sudo" || word == "doas";
    result.stays = result.stays || word == "nohup" || word == "setsid";
    ++at;
    while (at < words.size() && words[at].starts_with('-')) {
      const bool takes_value =
          std::find(kTakeValue.begin(), kTakeValue.end(), words[at]) != kTakeValue.end();
      at += takes_value ? 2 : 1;
    }
    if (word == "timeout") ++at;
  }
  at = std::min(at, words.size());
  result.words.assign(std::make_move_iterator(words.begin() + static_cast<std::ptrdiff_t>(at)),
                      std::make_move_iterator(words.end()));
  return result;
}

class ScriptReader {
 public:
  std::vector<ConsentClaim> read(std::string_view script, int depth) {
    walk(script, depth);
    return std::move(claims_);
  }

 private:
  void walk(std::string_view script, int depth) {
    if (depth > kDeepest) return;
    std::vector<std::string> words;
    std::vector<ShellToken> targets;
    for (const ShellToken& token : shell_tokens(script, 1, Redirections::Kept)) {
      if (claims_.size() >= kMostClaims) return;
      for (const ShellToken::Nested& nested : token.nested) walk(nested.script, depth + 1);
      if (token.is_operator) {
        end_command(words, targets, token.text == "&", depth);
      } else if (!token.redirection.empty()) {
        targets.push_back(token);
      } else {
        words.push_back(token.text);
      }
    }
    end_command(words, targets, false, depth);
  }

  void end_command(std::vector<std::string>& words, std::vector<ShellToken>& targets,
                   bool in_background, int depth) {
    const Wrapped command = unwrapped(std::move(words));
    words.clear();
    if (!command.words.empty()) {
      const std::string text = join(command.words, " ");
      add({Verb::Run}, ConsentObject::run(text));
      if (command.elevated) add({Verb::Elevate}, ConsentObject::run(text));
      if (command.stays || in_background) add({Verb::Stay}, ConsentObject::run(text));
      add_operand_claims(command.words, claims_);
      nested_shell(command.words, depth);
    }
    for (const ShellToken& target : targets) redirection(target);
    targets.clear();
  }

  /// `sh -c '…'`.
  void nested_shell(const std::vector<std::string>& words, int depth) {
    const bool is_shell = words[0] == "sh" || words[0] == "bash" || words[0] == "zsh";
    for (std::size_t i = 2; is_shell && i < words.size(); ++i)
      if (words[i - 1].starts_with('-') && words[i - 1].ends_with('c')) walk(words[i], depth + 1);
  }

  void redirection(const ShellToken& target) {
    if (target.text.starts_with("/dev/null") || target.text.starts_with("/dev/std")) return;
    std::string path = canonical_path(target.text);
    if (path.empty()) return;
    VerbSet verbs{Verb::Create, Verb::Modify, Verb::Overwrite};
    if (target.redirection.find(">>") != std::string::npos) verbs = {Verb::Create, Verb::Modify};
    if (target.redirection == "<") verbs = {Verb::Read};
    add(verbs, ConsentObject::path(std::move(path)));
  }

  void add(VerbSet verbs, ConsentObject object) {
    ConsentClaim claim;
    claim.verbs = verbs;
    claim.object = std::move(object);
    claims_.push_back(std::move(claim));
  }

  std::vector<ConsentClaim> claims_;
};

/// "core.pager = delta", "core.pager=delta", "pager delta": a key and its value.
void add_setting(std::string_view code, std::vector<ConsentObject>& objects) {
  const std::size_t end = code.find_first_of(" =:");
  if (end == std::string_view::npos || end == 0) return;
  const std::string_view key = code.substr(0, end);
  if (key.find('.') == std::string_view::npos) return;
  std::size_t value = code.find_first_not_of(" =:", end);
  if (value == std::string_view::npos) return;
  objects.push_back(ConsentObject::setting("", std::string(key), std::string(code.substr(value))));
}

}  // namespace

std::vector<ConsentClaim> claims_of_script(std::string_view script) {
  return ScriptReader().read(script, 0);
}

bool looks_like_command(std::string_view line) {
  line = trim(line);
  if (line.starts_with("$ ")) line = trim(line.substr(2));
  std::string_view word = line.substr(0, line.find_first_of(" \t"));
  while (is_assignment(word)) {
    line = trim(line.substr(word.size()));
    if (line.empty()) return false;
    word = line.substr(0, line.find_first_of(" \t"));
  }
  static constexpr auto kWrappers =
      std::to_array<std::string_view>({"sudo", "nohup", "env", "timeout", "setsid"});
  if (std::find(kWrappers.begin(), kWrappers.end(), word) != kWrappers.end()) return true;
  if (command_verbs(word) != nullptr) return true;
  const bool is_path = word.starts_with("./") || word.starts_with("~/") || word.starts_with('/') ||
                       word.starts_with("$");
  return is_path || (word.find('/') != std::string_view::npos && word.ends_with(".sh"));
}

std::vector<ConsentClaim> claims_of_inline_command(std::string_view code,
                                                   std::vector<ConsentObject>& objects) {
  if (code.size() > kLongestInline) return {};
  if (looks_like_command(code)) {
    if (code.starts_with("$ ")) code.remove_prefix(2);
    return ScriptReader().read(code, kDeepest - 1);
  }
  add_setting(code, objects);
  // "docs/a.md, docs/b.md" and "ls docs/": what it names is mentioned.
  for (const std::string_view part : split(code, ' '))
    for (ConsentObject& object : objects_in(trim(part), false))
      if (objects.size() < 16) objects.push_back(std::move(object));
  return {};
}

}  // namespace skillaudit
