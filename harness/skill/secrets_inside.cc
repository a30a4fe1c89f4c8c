#include "harness/skill/secrets_inside.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>

#include "harness/base/text.h"
#include "harness/skill/placeholder.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostShown = 6;
constexpr std::size_t kMostInAText = 20;

bool is_alnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool is_token_char(char c) { return is_alnum(c) || c == '_' || c == '-'; }
bool is_base64(char c) { return is_alnum(c) || c == '+' || c == '/' || c == '='; }

/// A token that its issuer gives a prefix, and how long what follows is.
struct TokenFormat {
  std::string_view prefix;
  std::size_t least = 0;
  std::size_t most = 0;
  std::string_view name;
  /// How many of the three kinds of characters (digits, capitals, small letters) a random one of
  /// this length nearly always has; 0: it is base32 in capitals.
  std::size_t kinds = 3;
};

constexpr std::size_t kNoLimit = 4096;

// The issuers document the prefixes so that they can be looked for.
constexpr auto kFormats = std::to_array<TokenFormat>({{"AKIA", 16, 16, "AWS access key", 0},
                                                      {"ASIA", 16, 16, "AWS access key", 0},
                                                      {"ghp_", 36, 251, "GitHub token"},
                                                      {"gho_", 36, 251, "GitHub token"},
                                                      {"ghu_", 36, 251, "GitHub token"},
                                                      {"ghs_", 36, kNoLimit, "GitHub token"},
                                                      {"ghr_", 36, 251, "GitHub token"},
                                                      {"github_pat_", 60, 251, "GitHub token"},
                                                      {"glpat-", 20, 300, "GitLab token", 2},
                                                      {"npm_", 36, 36, "npm token"},
                                                      {"pypi-AgE", 60, kNoLimit, "PyPI token"},
                                                      {"sk-ant-", 40, 300, "Anthropic key"},
                                                      {"sk_live_", 24, 300, "Stripe key"},
                                                      {"rk_live_", 24, 300, "Stripe key"},
                                                      {"sk-", 40, 300, "API key"},
                                                      {"xoxb-", 30, 300, "Slack token", 2},
                                                      {"xoxp-", 30, 300, "Slack token", 2},
                                                      {"xoxa-", 30, 300, "Slack token", 2},
                                                      {"xoxr-", 30, 300, "Slack token", 2},
                                                      {"xoxs-", 30, 300, "Slack token", 2},
                                                      {"xapp-", 30, 300, "Slack token", 2},
                                                      {"AIza", 35, 35, "Google API key"}});

struct Secret {
  std::string_view value;
  std::string_view name;
  std::string_view shown;  ///< what stands for it: of a private key nothing does
};

constexpr std::size_t kAllKinds = 3;

/// How many of digits, capitals and small letters there are.
std::size_t kinds_in(std::string_view text) {
  std::array<bool, kAllKinds> seen{};
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isdigit(byte)) seen[0] = true;
    if (std::isupper(byte)) seen[1] = true;
    if (std::islower(byte)) seen[2] = true;
  }
  return static_cast<std::size_t>(std::count(seen.begin(), seen.end(), true));
}

/// An AWS key's alphabet is that of base32.
bool is_capital_base32(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7'); });
}

std::optional<Secret> as_token(std::string_view word) {
  for (const TokenFormat& format : kFormats) {
    if (!word.starts_with(format.prefix)) continue;
    const std::string_view random = word.substr(format.prefix.size());
    if (random.size() < format.least || random.size() > format.most) return std::nullopt;
    const bool plausible =
        format.kinds == 0 ? is_capital_base32(random) : kinds_in(random) >= format.kinds;
    if (!plausible || is_placeholder(random)) return std::nullopt;
    return Secret{word, format.name, word};
  }
  return std::nullopt;
}

/// The characters from `at` on for which `is` holds.
std::string_view run_at(std::string_view text, std::size_t at, bool (*is)(char)) {
  std::size_t end = at;
  while (end < text.size() && is(text[end])) ++end;
  return text.substr(at, end - at);
}

/// "HEADER.CLAIMS.SIGNATURE" (RFC 7519): the first two are JSON objects in base64url. The claims
/// that the well-known example of a token has are no one's.
std::optional<Secret> as_web_token(std::string_view text, std::size_t at, std::string_view header) {
  constexpr std::string_view kObject = "eyJ";
  constexpr std::string_view kExampleSubject = "eyJzdWIiOiIxMjM0NTY3ODkw";  // {"sub":"1234567890
  if (!header.starts_with(kObject) || header.size() < 16) return std::nullopt;
  const std::size_t second = at + header.size() + 1;
  if (second >= text.size() || text[second - 1] != '.') return std::nullopt;
  const std::string_view claims = run_at(text, second, is_token_char);
  if (!claims.starts_with(kObject) || claims.starts_with(kExampleSubject)) return std::nullopt;
  const std::size_t third = second + claims.size() + 1;
  if (third >= text.size() || text[third - 1] != '.') return std::nullopt;
  const std::string_view signature = run_at(text, third, is_token_char);
  if (signature.size() < 40 || kinds_in(signature) < kAllKinds || is_placeholder(signature))
    return std::nullopt;
  const std::string_view whole = text.substr(at, third + signature.size() - at);
  return Secret{whole, "JSON Web Token", whole};
}

/// "-----BEGIN … PRIVATE KEY-----" (RFC 7468, and OpenSSH's and OpenPGP's kin) with a key after it,
/// its lines ended by line feeds or, within JSON, by "\n". `rest` starts with the dashes.
std::optional<Secret> as_private_key(std::string_view rest) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::string_view kDashes = "-----";
  constexpr std::size_t kLongestLabel = 40;
  if (!rest.starts_with(kBegin)) return std::nullopt;
  const std::size_t label_end = rest.substr(0, kBegin.size() + kLongestLabel).find(kDashes, 11);
  if (label_end == std::string_view::npos) return std::nullopt;
  const std::string_view label = rest.substr(kBegin.size(), label_end - kBegin.size());
  if (label.find("PRIVATE KEY") == std::string_view::npos) return std::nullopt;
  const std::string_view body = rest.substr(label_end + kDashes.size());
  // Only as far as the next dashes: many beginnings of which none ends cost no more than one.
  const std::size_t end = body.find(kDashes);
  if (end == std::string_view::npos) return std::nullopt;
  if (body.substr(0, end).find("...") != std::string_view::npos) return std::nullopt;
  std::string key;
  for (std::size_t i = 0; i < end && key.size() < 512; ++i) {
    if (body[i] == '\\' && i + 1 < end) {
      ++i;
    } else if (is_base64(body[i])) {
      key += body[i];
    }
  }
  if (key.size() < 64 || kinds_in(key) < kAllKinds) return std::nullopt;
  // A key's DER begins with runs of zeros, which is no mark of a placeholder.
  std::set<char> different(key.begin(), key.end());
  if (different.size() < 20) return std::nullopt;
  return Secret{rest.substr(0, label_end + kDashes.size() + end), "private key", ""};
}

/// ".../services/T…/B…/…": whoever knows the address of a Slack webhook can post by it.
std::optional<Secret> as_webhook(std::string_view rest) {
  constexpr std::string_view kPath = "/services/T";
  if (!rest.starts_with(kPath)) return std::nullopt;
  const std::string_view team = run_at(rest.substr(0, 64), kPath.size(), is_alnum);
  std::size_t at = kPath.size() + team.size();
  if (team.size() < 7 || !rest.substr(at).starts_with("/B")) return std::nullopt;
  const std::string_view app = run_at(rest.substr(0, 128), at + 2, is_alnum);
  at += 2 + app.size();
  if (app.size() < 7 || at >= rest.size() || rest[at] != '/') return std::nullopt;
  const std::string_view random = run_at(rest.substr(0, 256), at + 1, is_alnum);
  if (random.size() < 20 || kinds_in(random) < kAllKinds || is_placeholder(random))
    return std::nullopt;
  return Secret{rest.substr(0, at + 1 + random.size()), "Slack webhook", random};
}

/// `word` is the run of characters of tokens at `at`, which may be empty.
std::optional<Secret> secret_at(std::string_view text, std::size_t at, std::string_view word) {
  constexpr std::string_view kKeyBegins = "-----BEGIN";
  if (word.empty()) return text[at] == '/' ? as_webhook(text.substr(at)) : std::nullopt;
  if (word.ends_with(kKeyBegins))
    return as_private_key(text.substr(at + word.size() - kKeyBegins.size()));
  // The "n" of "\n", the underline of emphasis.
  const bool escaped = at > 0 && text[at - 1] == '\\';
  const std::size_t skip = std::min(word.find_first_not_of("-_", escaped ? 1 : 0), word.size());
  if (auto token = as_token(word.substr(skip))) return token;
  return as_web_token(text, at + skip, word.substr(skip));
}

std::string shown(const Secret& secret) {
  if (secret.shown.empty()) return std::string(secret.name);
  return fmt::format("{}, {}…", secret.name, printable(secret.shown.substr(0, kMostShown)));
}

}  // namespace

std::vector<StaticFact> secrets_in(std::string_view text) {
  std::vector<StaticFact> facts;
  std::set<std::string_view> seen;
  std::size_t counted = 0;
  int line = 1;
  for (std::size_t at = 0; at < text.size() && facts.size() < kMostInAText;) {
    const std::string_view word = run_at(text, at, is_token_char);
    const auto secret = secret_at(text, at, word);
    if (secret && seen.insert(secret->value).second) {
      line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                          text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
      counted = at;
      facts.push_back({StaticFactKind::Secret, "", line, shown(*secret)});
    }
    at = secret
             ? static_cast<std::size_t>(secret->value.data() - text.data()) + secret->value.size()
             : at + std::max<std::size_t>(word.size(), 1);
  }
  return facts;
}

std::vector<StaticFact> find_secrets(const std::vector<SkillText>& texts) {
  std::vector<StaticFact> all;
  for (const SkillText& text : texts) {
    for (StaticFact& fact : secrets_in(text.text)) {
      if (all.size() == kMostStaticFacts) return all;
      fact.file = text.path;
      all.push_back(std::move(fact));
    }
  }
  return all;
}

}  // namespace skillaudit
