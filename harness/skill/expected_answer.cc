#include "harness/skill/expected_answer.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <string>

#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/skill/answer_accesses.h"
#include "harness/skill/answer_scan.h"
#include "harness/skill/example_answer.h"

namespace skillaudit {
namespace {

constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kMostHosts = 8;

using answer_scan::is_word;
using answer_scan::jq_fields;
using answer_scan::shell_literal;

bool has_word(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != std::string_view::npos;
       at = line.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word(line[at - 1])) && (end == line.size() || !is_word(line[end])))
      return true;
  }
  return false;
}

template <typename Words>
bool has_any(std::string_view line, const Words& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view each) {
    return line.find(each) != std::string_view::npos;
  });
}

bool fetches(std::string_view line) {
  return has_word(line, "curl") || has_word(line, "wget") || has_word(line, "http");
}

// What an expression of a whole answer is called.
constexpr auto kWhole = std::to_array<std::string_view>(
    {".text", ".read()", ".decode(", ".content", ".body", "responseText", ".getvalue("});

/// `f=$(curl …)` and `f=$(… | jq -r .x)`: variables of the shell and the path that they hold.
class ShellVariables {
 public:
  void read(std::string_view line) {
    const std::size_t equals = line.find("=$(");
    const std::size_t quoted = line.find("=\"$(");
    const std::size_t at = std::min(equals, quoted);
    if (at == std::string_view::npos || !fetches_or_filters(line)) return;
    std::size_t begin = at;
    while (begin > 0 && is_word(line[begin - 1])) --begin;
    if (begin == at) return;
    const std::vector<std::string> fields = jq_fields(line);
    std::string& path = paths_[std::string(line.substr(begin, at - begin))];
    path = fields.empty() ? "" : fields.back();
    if (line.find("http_code") != std::string_view::npos) path = ":status";
  }

  /// The path of the variable that the text names first; none: nullptr.
  [[nodiscard]] const std::string* named_in(std::string_view text) const {
    for (std::size_t at = text.find('$'); at != std::string_view::npos;
         at = text.find('$', at + 1)) {
      std::size_t begin = at + 1;
      if (begin < text.size() && text[begin] == '{') ++begin;
      std::size_t end = begin;
      while (end < text.size() && is_word(text[end])) ++end;
      const auto found = paths_.find(text.substr(begin, end - begin));
      if (found != paths_.end()) return &found->second;
    }
    return nullptr;
  }

 private:
  [[nodiscard]] bool fetches_or_filters(std::string_view line) const {
    return fetches(line) || (has_word(line, "jq") && named_in(line) != nullptr) ||
           named_in(line) != nullptr;
  }

  std::map<std::string, std::string, std::less<>> paths_;
};

/// The words of a test: `[ "$f" = on ]`, `[[ $f == on ]]`, `test "$f" = on`.
void read_shell_test(std::string_view line, const ShellVariables& variables,
                     const ExpectedSink& note) {
  if (line.find("[ ") == std::string_view::npos && !has_word(line, "test")) return;
  for (const std::string_view sign : {" = ", " == ", " != ", " -eq ", " -ge ", " -gt ", " =~ "}) {
    const std::size_t at = line.find(sign);
    if (at == std::string_view::npos) continue;
    const std::string* path = variables.named_in(line.substr(0, at));
    const bool is_direct = path == nullptr && fetches(line.substr(0, at));
    if (path == nullptr && !is_direct) continue;
    std::string_view rest = line.substr(at + sign.size());
    while (rest.starts_with('*')) rest.remove_prefix(1);  // *"on"*
    std::string value = shell_literal(rest);
    if (sign == " -gt " && value.size() < 6 && !value.empty() &&
        value.find_first_not_of("0123456789") == std::string::npos)
      value = std::to_string(std::stoi(value) + 1);
    if (!value.empty()) note(is_direct ? "" : *path, value);
  }
}

/// `case "$f" in on) …`: the patterns stand on the lines that follow.
class CaseArms {
 public:
  void read(std::string_view line, const ShellVariables& variables, const ExpectedSink& note) {
    std::string_view rest = trim(line);
    if (rest.starts_with("case ")) {
      const std::size_t in = rest.find(" in");
      const std::string* path =
          in == std::string_view::npos ? nullptr : variables.named_in(rest.substr(0, in));
      open_ = path != nullptr;
      if (!open_) return;
      path_ = *path;
      rest = trim(rest.substr(in + 3));
    }
    if (!open_) return;
    if (has_word(rest, "esac")) open_ = false;
    const std::size_t close = rest.find(')');
    if (close == std::string_view::npos || close > 80) return;
    for (const std::string_view arm : split(rest.substr(0, close), '|'))
      if (const std::string value = shell_literal(trim(arm)); !value.empty()) note(path_, value);
  }

 private:
  bool open_ = false;
  std::string path_;
};

/// Fields that are cut out of JSON as of a text: `sed 's/.*"cmd":"\([^"]*\)".*/\1/'`,
/// `grep -q '"on": *true'`.
bool read_text_filter(std::string_view line, const ExpectedSink& note) {
  if (!has_word(line, "sed") && !has_word(line, "grep") && !has_word(line, "awk") &&
      !has_word(line, "perl"))
    return false;
  std::string plain;
  for (const char c : line)
    if (c != '\\') plain += c;
  bool any = false;
  for (std::size_t at = plain.find('"'); at != std::string::npos; at = plain.find('"', at + 1)) {
    std::size_t end = at + 1;
    while (end < plain.size() && is_word(plain[end])) ++end;
    if (end == at + 1 || end >= plain.size() || plain[end] != '"') continue;
    std::size_t colon = end + 1;
    for (const std::string_view blank : {"[[:space:]]*", "s*", " *", " "})
      if (std::string_view(plain).substr(colon).starts_with(blank)) colon += blank.size();
    if (colon >= plain.size() || plain[colon] != ':') continue;
    std::size_t value = colon + 1;
    for (const std::string_view blank : {"[[:space:]]*", "s*", " *", " ", "\""}) {
      if (!std::string_view(plain).substr(value).starts_with(blank)) continue;
      if (blank == " ") note(":spaced", "yes");
      value += blank.size();
    }
    std::size_t stop = value;
    while (stop < plain.size() && is_word(plain[stop])) ++stop;
    note(plain.substr(at + 1, end - at - 1), plain.substr(value, stop - value));
    any = true;
  }
  return any;
}

/// `curl … | grep -q on`, `echo "$f" | grep -q on`.
void read_grep(std::string_view line, const ShellVariables& variables, const ExpectedSink& note) {
  const std::size_t at = line.find("grep ");
  if (at == std::string_view::npos) return;
  const std::string_view before = line.substr(0, at);
  const std::string* path = variables.named_in(before.empty() ? line : before);
  if (path == nullptr && !fetches(before)) return;
  std::string_view rest = trim(line.substr(at + 5));
  while (rest.starts_with('-')) {
    const std::size_t space = rest.find(' ');
    if (space == std::string_view::npos) return;
    rest = trim(rest.substr(space));
  }
  if (const std::string value = shell_literal(rest); !value.empty())
    note(path == nullptr ? "" : *path, value);
}

/// `curl -o "$f" …` and later `bash "$f"`, `chmod +x "$f"`: what runs the file.
class ShellDownloads {
 public:
  void read(std::string_view line, const ExpectedSink& note) {
    for (const std::string& file : files_)
      if (line.find(file) != std::string_view::npos && !fetches(line)) run_by(line, note);
    if (!fetches(line) || files_.size() >= kMostFiles) return;
    const std::vector<std::string_view> words = split(line, ' ');
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      const std::string_view word = words[i];
      const bool is_short = word.size() > 1 && word[0] == '-' && word[1] != '-' &&
                            (word.ends_with('o') || word.ends_with('O'));
      if (!is_short && word != ">" && word != "--output") continue;
      const std::string_view rest = words[i + 1];
      const std::string_view file = rest.substr(0, rest.find_first_of(" \t;&|"));
      if (file.size() < 3 || file.find("/dev/") != std::string_view::npos ||
          file.find("://") != std::string_view::npos)
        continue;
      files_.emplace_back(file);
      // `curl -o f … && bash f` on one line.
      const std::size_t then = line.find("&&");
      if (then != std::string_view::npos && line.find(file, then) != std::string_view::npos)
        run_by(line.substr(then), note);
    }
  }

 private:
  static constexpr std::size_t kMostFiles = 20;

  static void run_by(std::string_view line, const ExpectedSink& note) {
    if (has_word(line, "python") || has_word(line, "python3"))
      note(":interpreter", "python");
    else if (has_word(line, "node"))
      note(":interpreter", "javascript");
    else if (has_word(line, "bash") || has_word(line, "sh") || has_word(line, "source") ||
             has_word(line, "chmod") || has_word(line, "exec") || trim(line).starts_with(". "))
      note(":interpreter", "sh");
  }

  std::vector<std::string> files_;
};

void read_interpreter(std::string_view line, const ExpectedSink& note) {
  constexpr auto kShells =
      std::to_array<std::string_view>({"| sh", "| bash", "|sh", "|bash", "| sudo ", "| zsh",
                                       "eval \"$(", "-c \"$(", "source <(", ". <(", "bash <("});
  constexpr auto kShellCalls = std::to_array<std::string_view>(
      {"os.system(", "subprocess.", "execSync(", "popen(", "exec(`"});
  if (fetches(line)) {
    if (has_any(line, std::to_array<std::string_view>({"| python", "|python"})))
      note(":interpreter", "python");
    else if (has_any(line, std::to_array<std::string_view>({"| node", "|node"})))
      note(":interpreter", "javascript");
    else if (has_any(line, kShells))
      note(":interpreter", "sh");
  }
  const bool whole = has_any(line, kWhole) || line.find(".text()") != std::string_view::npos;
  if (!whole) return;
  const bool is_script = line.find("await") != std::string_view::npos ||
                         line.find("new Function(") != std::string_view::npos ||
                         line.find("vm.run") != std::string_view::npos;
  if (has_any(line, kShellCalls))
    note(":interpreter", "sh");
  else if (has_word(line, "eval") || has_word(line, "exec") || is_script)
    if (line.find('(') != std::string_view::npos &&
        (has_word(line, "eval") || has_word(line, "exec") ||
         line.find("Function(") != std::string_view::npos))
      note(":interpreter", is_script ? "javascript" : "python");
}

/// `r.status_code == 201`, `res.status === 201`.
void read_status(std::string_view line, const ExpectedSink& note) {
  for (const std::string_view name : {"status_code", ".status ", ".code ", "http_code"}) {
    const std::size_t at = line.find(name);
    if (at == std::string_view::npos) continue;
    const std::size_t sign = line.find_first_of("=!", at + name.size());
    if (sign == std::string_view::npos) continue;
    const std::size_t digit = line.find_first_not_of("=! \"'", sign);
    if (digit != std::string_view::npos && line.substr(digit, 1) == "2" &&
        digit + 3 <= line.size() && std::isdigit(static_cast<unsigned char>(line[digit + 2])) != 0)
      note(":status", std::string(line.substr(digit, 3)));
  }
}

}  // namespace

std::vector<ExpectedField> expected_answers(std::string_view code) {
  std::vector<ExpectedField> fields;
  std::set<std::pair<std::string, std::string>> seen;
  const ExpectedSink note = [&](const std::string& name, const std::string& value) {
    if (fields.size() < kMostExpectedFields && (!name.empty() || !value.empty()) &&
        seen.emplace(name, value).second)
      fields.push_back({name, value});
  };
  ShellVariables variables;
  CaseArms arms;
  ShellDownloads downloads;
  AnswerNames names(code.find("const ") != std::string_view::npos ||
                    code.find("require(") != std::string_view::npos ||
                    code.find("await fetch(") != std::string_view::npos);
  for (const std::string_view line : split(code, '\n')) {
    if (line.size() > kLongestLine) continue;
    for (const std::string& field : jq_fields(line)) note(field, "");
    variables.read(line);
    read_shell_test(line, variables, note);
    arms.read(line, variables, note);
    if (!read_text_filter(line, note)) read_grep(line, variables, note);
    read_interpreter(line, note);
    downloads.read(line, note);
    read_status(line, note);
    names.read(line, note);
  }
  return fields;
}

std::vector<std::string> hosts_in(std::string_view code) {
  std::vector<std::string> hosts;
  for (std::size_t at = code.find("://"); at != std::string_view::npos && hosts.size() < kMostHosts;
       at = code.find("://", at + 3)) {
    std::size_t end = at + 3;
    while (end < code.size() && (is_word(code[end]) || code[end] == '.' || code[end] == '-')) ++end;
    std::string host = ascii_lower(code.substr(at + 3, end - at - 3));
    const bool is_whole = end == code.size() || (code[end] != '$' && code[end] != '{');
    if (is_whole && host.find('.') != std::string::npos &&
        std::find(hosts.begin(), hosts.end(), host) == hosts.end())
      hosts.push_back(std::move(host));
  }
  return hosts;
}

std::vector<ExpectedField> expected_answers(const Skill& skill) {
  std::vector<ExpectedField> all;
  const auto add = [&](ExpectedField field) {
    if (all.size() < kMostExpectedFields && std::find(all.begin(), all.end(), field) == all.end())
      all.push_back(std::move(field));
  };
  for (const SkillText& text : skill.texts) {
    const std::vector<ExpectedField> fields = expected_answers(text.text);
    if (fields.empty()) continue;
    const std::vector<std::string> hosts = hosts_in(text.text);
    for (const ExpectedField& field : fields) {
      if (hosts.empty()) add(field);
      for (const std::string& host : hosts) add({host + " " + field.name, field.value});
    }
  }
  for (const SkillText& text : skill.texts)
    if (text.documents || text.path.ends_with(".md"))
      for (ExpectedField& field : example_answers(text.text)) add(std::move(field));
  return all;
}

}  // namespace skillaudit
