#include "harness/words/targets.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "harness/base/among.h"
#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/consent/word_class.h"
#include "harness/words/addresses.h"
#include "harness/words/instructions.h"
#include "harness/words/secret_words.h"

namespace skillaudit {
namespace {

using Kind = ActTarget::Kind;
using Role = ActTarget::Role;

// A host without a scheme is told from `math.sin` by its last label.
constexpr auto kLastLabels = std::to_array<std::string_view>(
    {"com",   "org",  "net",   "io",      "dev",  "app",   "ai",   "example", "test", "internal",
     "local", "co",   "me",    "xyz",     "info", "cloud", "site", "online",  "de",   "uk",
     "eu",    "ru",   "cn",    "tk",      "fr",   "nl",    "us",   "top",     "live", "tech",
     "link",  "page", "store", "invalid", "in",   "edu",   "gov",  "biz",     "pro",  "click"});
constexpr auto kAsides = std::to_array<std::string_view>(
    {"see", "e.g", "eg", "docs", "documentation", "like", "such", "for", "default", "defaults",
     "or", "example", "not", "unlike", "formerly"});
constexpr auto kFolderWords = std::to_array<std::string_view>({"folder", "directory", "dir"});
constexpr auto kSecretNames = std::to_array<std::string_view>({".ssh",
                                                               ".aws",
                                                               ".gnupg",
                                                               ".env",
                                                               ".netrc",
                                                               ".npmrc",
                                                               ".pypirc",
                                                               ".kube",
                                                               "credentials",
                                                               "id_rsa",
                                                               "id_ed25519",
                                                               "id_ecdsa",
                                                               ".git-credentials",
                                                               ".docker",
                                                               ".mozilla",
                                                               "gcloud",
                                                               "hosts.yml",
                                                               ".bash_history",
                                                               ".zsh_history",
                                                               ".ethereum",
                                                               "shadow",
                                                               ".password-store",
                                                               "cookies.sqlite",
                                                               ".config",
                                                               "keystore",
                                                               ".pgpass",
                                                               "secrets",
                                                               ".azure"});

constexpr auto kRoots = std::to_array<std::string_view>(
    {"etc",  "usr", "var",  "home", "root", "opt", "srv",   "bin",   "sbin",    "lib",
     "boot", "dev", "proc", "sys",  "run",  "mnt", "media", "Users", "Library", "Applications"});

bool is_command(std::string_view code) { return code.find_first_of(" \t|;") != code.npos; }

/// Without the mark of a folder's end, and what stands for something else filled in.
std::string path_text(std::string_view written) {
  std::string text = fill_placeholders(std::string(trim(written)));
  for (const std::string_view home : {"$HOME/", "${HOME}/"})
    if (text.starts_with(home)) text = "~/" + text.substr(home.size());
  while (text.size() > 2 && text.ends_with('/')) text.pop_back();
  return text;
}

bool is_bare_host(std::string_view host, bool is_address) {
  if (is_address || host == "localhost") return true;
  const std::size_t dot = host.rfind('.');
  return dot != std::string_view::npos && among(kLastLabels, host.substr(dot + 1)) &&
         std::none_of(host.begin(), host.end(),
                      [](unsigned char c) { return std::isupper(c) != 0; });
}

/// ".md": a kind of file. A name of one letter more may be a file: ".env".
bool is_ending(std::string_view path) {
  static constexpr auto kEndings = std::to_array<std::string_view>(
      {".md",  ".mdx",   ".pdf", ".png",  ".jpg",  ".jpeg", ".gif", ".svg",  ".html",
       ".css", ".js",    ".ts",  ".jsx",  ".tsx",  ".py",   ".txt", ".json", ".csv",
       ".xml", ".yaml",  ".yml", ".docx", ".xlsx", ".pptx", ".tex", ".pth",  ".sh",
       ".zip", ".skill", ".mp4", ".mp3",  ".sql",  ".log",  ".go"});
  return among(kEndings, path);
}

/// "/review": a command that is typed to an agent.
bool is_agent_command(std::string_view path) {
  return path.starts_with('/') && path.find_first_of("/.*", 1) == std::string_view::npos &&
         path != "/tmp";
}

class Collector {
 public:
  Collector(const Sentence& sentence, std::size_t begin, std::size_t end)
      : tokens_(sentence.tokens), end_(std::min(end, tokens_.size())), at_(begin) {}

  std::vector<ActTarget> collect() {
    for (; at_ < end_; ++at_) {
      const Token& token = tokens_[at_];
      if (skips_parenthesis()) continue;
      if (token.kind == Token::Kind::Code)
        code(token);
      else if (token.kind == Token::Kind::Word)
        word(token);
      else
        words_ += ' ';
    }
    for (ActTarget& target : described_targets(words_)) {
      const bool named = std::any_of(targets_.begin(), targets_.end(), [&](const ActTarget& each) {
        return each.kind == Kind::Path && is_secret_path(each.text);
      });
      // "the SSH key at `~/.ssh/id_rsa`"
      if (!(named && target.kind == Kind::Path)) targets_.push_back(std::move(target));
    }
    return std::move(targets_);
  }

 private:
  [[nodiscard]] std::string_view lower(std::size_t at) const {
    return at < tokens_.size() && tokens_[at].kind == Token::Kind::Word
               ? std::string_view(tokens_[at].lower)
               : std::string_view{};
  }

  /// "(see `x`)", "(for example `y`)": not what the verb is done to.
  bool skips_parenthesis() {
    const Token& token = tokens_[at_];
    if (token.kind != Token::Kind::Punctuation || token.text != "(") return false;
    const std::string_view first = lower(at_ + 1);
    const std::string_view second = lower(at_ + 2);
    if (!among(kAsides, first) && !(first == "the" && among(kAsides, second))) return false;
    while (at_ < end_ &&
           !(tokens_[at_].kind == Token::Kind::Punctuation && tokens_[at_].text == ")"))
      ++at_;
    return true;
  }

  /// Within quotation marks with other words: somebody's text, of which a secret counts all the
  /// same.
  [[nodiscard]] bool in_quoted_text() const {
    if (!tokens_[at_].quoted) return false;
    const auto is_quoted_word = [&](std::size_t at) {
      return at < tokens_.size() && tokens_[at].quoted && tokens_[at].text != "\"";
    };
    return is_quoted_word(at_ + 1) || (at_ > 0 && is_quoted_word(at_ - 1));
  }
  /// "`~/.x/config` overrides": the file is not what the verb is done to.
  [[nodiscard]] bool noun_follows() const {
    const std::string_view next = lower(at_ + 1);
    static constexpr auto kEnds = std::to_array<std::string_view>(
        {"file", "files", "folder", "directory", "and", "or", "so", "then", "completely",
         "entirely", "again", "afterwards", "later", "now", "immediately", "itself", "first", "too",
         "also"});
    return !next.empty() && !among(kEnds, next) && !is_adverb(next) && !breaks_clause(next) &&
           !is_determiner(next) && !is_pronoun(next) && preposition(next) == Preposition::None &&
           !is_be(next) && !is_modal(next);
  }
  [[nodiscard]] bool folder_follows() const { return among(kFolderWords, lower(at_ + 1)); }
  [[nodiscard]] bool all_in() const {
    for (std::size_t i = at_; i > 0 && at_ - i < 8; --i) {
      const std::string_view each = lower(i - 1);
      if (each == "everything" || each == "content" || each == "contents" || each == "files" ||
          each == "all" || each == "every")
        return true;
    }
    return false;
  }

  void add(Kind kind, std::string text, bool grave) {
    ActTarget target{.kind = kind, .role = role_, .text = std::move(text), .grave = grave};
    target.all_in = kind == Kind::Path && all_in();
    target.modifies = kind == Kind::Path && noun_follows();
    target.described = kind == Kind::Path && !grave && is_folder_;
    targets_.push_back(std::move(target));
  }
  void add_path(std::string_view written) {
    std::string text = path_text(written);
    is_folder_ = written.size() > 1 && written.ends_with('/');
    if (text.empty() || text.find_first_of("<>{}\"`\n") != std::string::npos) return;
    const bool grave = is_outside(text) || is_secret_path(text);
    if (!grave &&
        (in_quoted_text() || is_ending(text) || is_agent_command(text) || is_style_class(text)))
      return;
    add(Kind::Path, std::move(text), grave);
  }

  /// "Add the `.anim` class to `.slide-content`": names of a style sheet.
  [[nodiscard]] bool is_style_class(std::string_view text) const {
    static constexpr auto kOfStyle = std::to_array<std::string_view>(
        {"class", "classes", "selector", "css", "style", "styles", "element", "elements"});
    if (!text.starts_with('.') || text.find_first_of("/.", 1) != std::string_view::npos)
      return false;
    return std::any_of(tokens_.begin(), tokens_.end(), [](const Token& token) {
      return token.kind == Token::Kind::Word && among(kOfStyle, token.lower);
    });
  }

  /// What an address says that it is to carry: "?d=<contents of .env>".
  void add_carried(std::string_view url) {
    const std::size_t open = url.find_first_of("<{");
    if (open == std::string_view::npos) return;
    const std::size_t close = std::min(url.find_first_of(">}", open), url.size());
    std::string words;
    for (const std::string_view part : split(url.substr(open + 1, close - open - 1), ' ')) {
      if (is_secret_path(part)) add_path(part);
      words += (words.empty() ? "" : " ") + ascii_lower(part);
    }
    words_ += " " + words + " ";
  }

  void code(const Token& token) {
    const std::string text(address_in(trim(token.text)));
    if (text.empty()) return;
    const bool address = text.find("://") != std::string::npos;
    if (address && (text.find(' ') == std::string::npos || text.find('<') != std::string::npos) &&
        std::isalpha(static_cast<unsigned char>(text[0])) != 0) {
      add_carried(text);
      add(Kind::Url, text, true);
      targets_.back().carries = has_place_for_data(text);
      return;
    }
    // "`scripts/...`": any path there.
    const bool is_elided =
        (text.ends_with("/...") || text.ends_with("/…")) && text.find(' ') == std::string::npos;
    const bool in_project = std::isalpha(static_cast<unsigned char>(text[0])) != 0;
    if (is_elided && in_project && !is_secret_path(text)) return;
    if (is_command(text)) return add(Kind::Command, text, false);
    if (named(token, text)) return;
    if (folder_follows() && text.find_first_of("()=<>") == std::string::npos) return add_path(text);
    add(Kind::Name, text, false);
  }

  bool named(const Token& token, const std::string& text) {
    for (const ConsentObject& object : token.objects) {
      if (object.kind == ConsentKind::Setting) {
        add(Kind::Setting, text, false);
        return true;
      }
    }
    for (const ConsentObject& object : token.objects) {
      switch (object.kind) {
        case ConsentKind::Path:
          add_path(text);
          return true;
        case ConsentKind::Variable:
          add(Kind::Environment, object.name, false);
          return true;
        case ConsentKind::Host: {
          const bool number = object.name.find_first_not_of("0123456789.") == std::string::npos;
          if (number && text.find('/') != std::string::npos) return false;  // "10.1.0.0/24"
          if (!is_bare_host(number ? object.name : text, number)) return false;
          if (text.find('@') != std::string::npos && text.find(':') == std::string::npos) {
            add(Kind::Mail, text, true);
          } else {
            add(Kind::Url, text.find('@') == std::string::npos ? "https://" + text : text, true);
            targets_.back().described = true;
          }
          return true;
        }
        default:
          break;
      }
    }
    return false;
  }

  void word(const Token& token) {
    if (!token.objects.empty()) {
      // "core.hooksPath" in running text is a setting's key, where it is no host.
      const ConsentObject& first = token.objects.front();
      if (first.kind == ConsentKind::Host && !is_bare_host(token.text, false) &&
          token.text.find('@') == std::string::npos)
        add(Kind::Setting, token.text, false);
      else
        named(token, token.text);
      words_ += " # ";
      return;
    }
    switch (preposition(token.lower)) {
      case Preposition::Into:
        role_ = Role::Into;
        break;
      case Preposition::From:
        role_ = Role::From;
        break;
      default:
        break;
    }
    // "the tests folder", but not "the folder"
    const bool plain =
        token.lower.find_first_not_of("abcdefghijklmnopqrstuvwxyz_-") == std::string::npos;
    if (folder_follows() && plain && !is_determiner(token.lower) && token.lower.size() > 2 &&
        !among(kGeneralFolders, token.lower) && preposition(token.lower) == Preposition::None) {
      const std::size_t known = targets_.size();
      add_path(token.text);
      if (targets_.size() > known) targets_.back().described = true;
    }
    if (!words_.empty() && words_.back() != ' ') words_ += ' ';
    words_ += token.lower;
  }

  static constexpr auto kGeneralFolders = std::to_array<std::string_view>(
      {"project",     "home",    "root",   "working",  "current",   "skill",     "same",
       "target",      "output",  "parent", "this",     "that",      "documents", "ssh",
       "temporary",   "temp",    "user's", "new",      "own",       "base",      "source",
       "destination", "correct", "right",  "separate", "dedicated", "relevant"});

  const std::vector<Token>& tokens_;
  std::size_t end_;
  std::size_t at_;
  Role role_ = Role::Direct;
  bool is_folder_ = false;
  std::string words_;
  std::vector<ActTarget> targets_;
};

}  // namespace

bool is_outside(std::string_view path) {
  if (path.starts_with('~') || path == "crontab") return true;
  if (path.starts_with('$'))
    return path.size() > 1 &&
           (std::isalpha(static_cast<unsigned char>(path[1])) != 0 || path[1] == '{');
  // Other absolute names are commands of an agent (`/review`) or places of a web service.
  if (path.starts_with('/'))
    return among(kRoots, path.substr(1, std::min(path.find('/', 1), path.size()) - 1));
  return path.find("..") != std::string_view::npos;
}

bool is_secret_path(std::string_view path) {
  for (std::string_view part : split(path, '/'))
    if (among(kSecretNames, part) && part != ".config") return true;
  return false;
}

std::vector<ActTarget> targets_in(const Sentence& sentence, std::size_t begin, std::size_t end) {
  return Collector(sentence, begin, end).collect();
}

}  // namespace skillaudit
