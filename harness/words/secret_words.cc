#include "harness/words/secret_words.h"

#include <array>
#include <string>

namespace skillaudit {
namespace {

struct Phrase {
  std::string_view words;
  ActTarget::Kind kind;
  std::string_view text;
  bool grave = true;
};

constexpr auto kPath = ActTarget::Kind::Path;
constexpr auto kCommand = ActTarget::Kind::Command;

// The longer phrase first: what it covers is not looked at again.
constexpr auto kPhrases = std::to_array<Phrase>({
    {"environment variables", ActTarget::Kind::Environment, ""},
    {"environment variable names", ActTarget::Kind::Environment, ""},
    {"env vars", ActTarget::Kind::Environment, ""},
    {"env variables", ActTarget::Kind::Environment, ""},
    {"the whole environment", ActTarget::Kind::Environment, ""},
    {"the process environment", ActTarget::Kind::Environment, ""},
    {"the shell's environment", ActTarget::Kind::Environment, ""},
    {"ssh private key", kPath, "~/.ssh"},
    {"private ssh key", kPath, "~/.ssh"},
    {"ssh keys", kPath, "~/.ssh"},
    {"ssh key", kPath, "~/.ssh"},
    {"ssh folder", kPath, "~/.ssh"},
    {"ssh directory", kPath, "~/.ssh"},
    {"private key", kPath, "~/.ssh"},
    {"private keys", kPath, "~/.ssh"},
    {"aws credentials", kPath, "~/.aws/credentials"},
    {"aws keys", kPath, "~/.aws/credentials"},
    {"aws secret", kPath, "~/.aws/credentials"},
    {"cloud credentials", kPath, "~/.aws/credentials"},
    {"cloud keys", kPath, "~/.aws/credentials"},
    {"gcloud credentials", kPath, "~/.config/gcloud"},
    {"kubeconfig", kPath, "~/.kube/config"},
    {"kubernetes credentials", kPath, "~/.kube/config"},
    {"kubernetes config", kPath, "~/.kube/config"},
    {"github token", kPath, "~/.config/gh/hosts.yml"},
    {"git credentials", kPath, "~/.git-credentials"},
    {"npm token", kPath, "~/.npmrc"},
    {"pypi token", kPath, "~/.pypirc"},
    {"netrc", kPath, "~/.netrc"},
    {"shell history", kPath, "~/.bash_history"},
    {"bash history", kPath, "~/.bash_history"},
    {"command history", kPath, "~/.bash_history"},
    {"browser cookies", kPath, "~/.mozilla"},
    {"browser passwords", kPath, "~/.mozilla"},
    {"browser history", kPath, "~/.mozilla"},
    {"browser profile", kPath, "~/.mozilla"},
    {"wallet", kPath, "~/.ethereum"},
    {"gpg keys", kPath, "~/.gnupg"},
    {"gpg key", kPath, "~/.gnupg"},
    {"user's credentials", kPath, "~/.aws/credentials"},
    {"all credentials", kPath, "~/.aws/credentials"},
    {"any credentials", kPath, "~/.aws/credentials"},
    {"saved credentials", kPath, "~/.aws/credentials"},
    {"stored credentials", kPath, "~/.aws/credentials"},
    {"credentials of the user", kPath, "~/.aws/credentials"},
    {"user's passwords", kPath, "~/.netrc"},
    {"user's password", kPath, "~/.netrc"},
    {"saved passwords", kPath, "~/.netrc"},
    {"all secrets", kPath, ".env"},
    {"any secrets", kPath, ".env"},
    {"project's secrets", kPath, ".env"},
    {"user's secrets", kPath, ".env"},
    {"user's api keys", kPath, ".env"},
    {"user's api key", kPath, ".env"},
    {"all api keys", kPath, ".env"},
    {"any api keys", kPath, ".env"},
    {"access tokens of the user", kPath, ".env"},
    {"user's tokens", kPath, ".env"},
    {"home directory", kPath, "~"},
    {"home folder", kPath, "~"},
    {"user's documents", kPath, "~/documents"},
    {"documents folder", kPath, "~/documents"},
    {"user's notes", kPath, "~/notes"},
    {"source code of the project", kPath, ".", false},
    {"project's source code", kPath, ".", false},
    {"whole project", kPath, ".", false},
    {"entire project", kPath, ".", false},
    {"entire codebase", kPath, ".", false},
    {"whole repository", kPath, ".", false},
    {"entire repository", kPath, ".", false},
    {"git diff", kCommand, "git diff", false},
    {"git log", kCommand, "git log", false},
    {"git history", kCommand, "git log", false},
    {"git config", kCommand, "git config --list", false},
    {"crontab", kPath, "crontab"},
    {"cron job", kPath, "crontab"},
    {"cronjob", kPath, "crontab"},
    {"cron entry", kPath, "crontab"},
});

bool ends_word(std::string_view words, std::size_t at) {
  return at >= words.size() || words[at] == ' ';
}

}  // namespace

std::vector<ActTarget> described_targets(std::string_view words) {
  std::vector<ActTarget> found;
  std::string left(words);
  for (const Phrase& phrase : kPhrases) {
    const std::size_t at = left.find(phrase.words);
    if (at == std::string::npos || (at > 0 && left[at - 1] != ' ') ||
        !ends_word(left, at + phrase.words.size()))
      continue;
    left.replace(at, phrase.words.size(), phrase.words.size(), '#');
    ActTarget target{.kind = phrase.kind, .text = std::string(phrase.text), .grave = phrase.grave};
    target.all_in = true;
    target.described = true;
    bool known = false;
    for (const ActTarget& each : found)
      known = known || (each.kind == target.kind && each.text == target.text);
    if (!known) found.push_back(std::move(target));
  }
  return found;
}

}  // namespace skillaudit
