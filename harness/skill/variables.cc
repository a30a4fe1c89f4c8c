#include "harness/skill/variables.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string_view>

#include "harness/base/among.h"

namespace skillaudit {
namespace {

using Found = std::map<std::string, SkillVariable, std::less<>>;

constexpr std::size_t kShortest = 3;
constexpr std::size_t kLongest = 80;

bool is_of_name(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// Set by shells, by a login, or by this machine for its proxy.
constexpr std::string_view kOrdinary =
    " HOME PATH USER SHELL PWD OLDPWD TMPDIR TEMP TMP LANG LANGUAGE TERM EDITOR VISUAL PAGER "
    "DISPLAY "
    "IFS UID EUID GID HOSTNAME HOST RANDOM SRANDOM SECONDS LINENO LOGNAME MAIL SHLVL COLUMNS LINES "
    "OPTARG OPTIND OPTERR REPLY FUNCNAME DIRSTACK GROUPS OSTYPE HOSTTYPE MACHTYPE PPID ENV CDPATH "
    "PIPESTATUS EPOCHSECONDS EPOCHREALTIME MANPATH HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY "
    "SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS "
    "DEBIAN_FRONTEND NO_COLOR FORCE_COLOR COLORTERM WSL_DISTRO_NAME VIRTUAL_ENV EOF ";
constexpr auto kOrdinaryBegins = std::to_array<std::string_view>(
    {"BASH", "LC_", "XDG_", "LD_", "PYTHON", "NODE_OPTIONS", "NODE_PATH", "NODE_ENV", "SSH_",
     "SUDO_", "PS0", "PS1", "PS2", "PS4", "GIT_AUTHOR", "GIT_COMMITTER", "GIT_DIR", "DYLD_",
     "COMP_"});

bool is_ordinary(std::string_view name) {
  return kOrdinary.find(" " + std::string(name) + " ") != std::string_view::npos ||
         std::any_of(kOrdinaryBegins.begin(), kOrdinaryBegins.end(),
                     [&](std::string_view each) { return name.starts_with(each); });
}

/// The name in capitals that begins there, or empty.
std::string_view name_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_of_name(text[end])) ++end;
  const std::string_view name = text.substr(at, end - at);
  const bool part = end < text.size() && std::isalnum(static_cast<unsigned char>(text[end])) != 0;
  if (part || name.size() < kShortest || name.size() > kLongest || name[0] == '_' ||
      std::isdigit(static_cast<unsigned char>(name[0])) != 0)
    return {};
  return name;
}

SkillVariable* note(Found& found, std::string_view name) {
  if (name.empty() || is_ordinary(name)) return nullptr;
  if (const auto known = found.find(name); known != found.end()) return &known->second;
  if (found.size() >= kMostVariables) return nullptr;
  SkillVariable& variable = found[std::string(name)];
  variable.name = name;
  return &variable;
}

/// Whether the shell text gives it a value, not its own one, before `at`.
bool is_set_before(std::string_view text, std::string_view name, std::size_t at) {
  const std::string assignment = std::string(name) + "=";
  for (std::size_t found = text.find(assignment); found < at;
       found = text.find(assignment, found + 1)) {
    if (found > 0 && (is_of_name(text[found - 1]) || text[found - 1] == '$')) continue;
    const std::size_t end = std::min(text.find('\n', found), text.size());
    // X="${X:-default}" reads it.
    if (at < end) continue;
    return true;
  }
  for (const char* word : {"for ", "read ", "read -r ", "mapfile -t "})
    if (text.find(word + std::string(name)) < at) return true;
  return false;
}

void of_shell(std::string_view text, Found& found) {
  for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    if (at > 0 && text[at - 1] == '\\') continue;
    const bool braces = text.substr(at + 1, 1) == "{";
    const std::string_view name = name_at(text, at + (braces ? 2 : 1));
    if (name.empty() || is_set_before(text, name, at)) continue;
    SkillVariable* variable = note(found, name);
    if (!variable || !braces) continue;
    std::string_view rest = text.substr(at + 2 + name.size(), 2);
    if (rest.starts_with(':')) rest.remove_prefix(1);
    variable->has_default |= rest.starts_with('-') || rest.starts_with('=');
    variable->required |= rest.starts_with('?');
  }
}

/// How programs read a variable; a quote or the name itself follows.
struct Reader {
  std::string_view text;
  bool required = false;
};
constexpr auto kReaders = std::to_array<Reader>({{"environ[", true},
                                                 {"environ.get("},
                                                 {"getenv("},
                                                 {"process.env."},
                                                 {"process.env["},
                                                 {"Deno.env.get("},
                                                 {"Bun.env."},
                                                 {"ENV["},
                                                 {"ENV.fetch(", true},
                                                 {"env::var("},
                                                 {"$ENV{"}});

void of_program(std::string_view text, Found& found) {
  for (const Reader& reader : kReaders)
    for (std::size_t at = text.find(reader.text); at != std::string_view::npos;
         at = text.find(reader.text, at + 1)) {
      std::size_t begin = at + reader.text.size();
      if (begin < text.size() && (text[begin] == '"' || text[begin] == '\'')) ++begin;
      const std::string_view name = name_at(text, begin);
      SkillVariable* variable = note(found, name);
      if (!variable) continue;
      std::string_view rest = text.substr(begin + name.size(), 8);
      const std::size_t code = rest.find_first_not_of("\"' ])");
      rest = rest.substr(std::min(code, rest.size()));
      const bool has_default =
          rest.starts_with(",") || rest.starts_with("||") || rest.starts_with("??");
      const bool is_assigned = rest.starts_with("=") && !rest.starts_with("==");
      variable->has_default |= has_default || is_assigned;
      variable->required |= reader.required && !has_default && !is_assigned;
    }
}

/// `X_API_KEY` between back ticks.
void of_words(std::string_view text, Found& found) {
  static constexpr auto kEnds =
      std::to_array<std::string_view>({"_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_PASS",
                                       "_CREDENTIALS", "_PAT", "_URL", "_ENDPOINT"});
  for (std::size_t at = text.find('`'); at != std::string_view::npos; at = text.find('`', at + 1)) {
    const std::string_view name = name_at(text, at + 1);
    if (name.empty() || text.substr(at + 1 + name.size(), 1) != "`") continue;
    if (std::any_of(kEnds.begin(), kEnds.end(),
                    [&](std::string_view end) { return name.ends_with(end); }))
      (void)note(found, name);
  }
}

bool is_shell(const SkillText& text) {
  const std::string_view first = std::string_view(text.text).substr(0, text.text.find('\n'));
  if (first.starts_with("#!")) return first.find("sh") != std::string_view::npos;
  return text.path.ends_with(".sh") || text.path.ends_with(".bash") ||
         text.path.ends_with(".zsh") || text.path.find('.') == std::string::npos;
}

}  // namespace

std::vector<SkillVariable> variables_of(const Skill& skill) {
  Found found;
  for (const SkillText& text : skill.texts) {
    const bool markdown = text.documents || text.path.ends_with(".md");
    if (markdown || is_shell(text)) of_shell(text.text, found);
    of_program(text.text, found);
    if (markdown) of_words(text.text, found);
  }
  std::vector<SkillVariable> variables;
  variables.reserve(found.size());
  for (auto& [name, variable] : found) variables.push_back(std::move(variable));
  return variables;
}

bool is_switch(std::string_view value) {
  static constexpr auto kSwitches = std::to_array<std::string_view>(
      {"", "0", "1", "true", "false", "yes", "no", "on", "off", "dumb"});
  return among(kSwitches, value);
}

}  // namespace skillaudit
