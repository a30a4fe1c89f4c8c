#include "harness/analysis/gates.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "harness/analysis/definitions.h"
#include "harness/analysis/unstarted.h"
#include "harness/base/among.h"
#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/rules/rules.h"
#include "harness/skill/code_lines.h"
#include "harness/skill/reach.h"
#include "harness/skill/statements.h"
#include "harness/skill/variables.h"

namespace skillaudit {
namespace {

/// The condition of an early end stands above the lines that print and end.
constexpr std::size_t kStatementsBack = 5;

constexpr auto kConditions =
    std::to_array<std::string_view>({"if ", "if(", "elif ", "while ", "case ", "switch", "unless ",
                                     "&&", "||", "[[", "[ ", "((", " ? ", "test "});

/// Parts of a date, which differ between the audit's day and another one.
constexpr auto kCalendar = std::to_array<std::string_view>(
    {"getday(", "gethours(", "getmonth(", "getdate(", "getfullyear(", "getutcday(", "getutchours(",
     "weekday(", "tm_wday", "tm_hour", "tm_mon", "date.today", "datetime(20", "date(20",
     "date(\"20", "date('20", "isoformat(\"20", "isoformat('20"});
constexpr auto kDateParts = std::to_array<std::string_view>({".day", ".hour", ".month", ".year"});
/// What tells a machine that was made for an audit from one that somebody works on.
constexpr auto kMachine = std::to_array<std::string_view>(
    {"hostname",   "uptime",      "nproc",        "cpu_count",   "cpus()",        "totalmem",
     "memtotal",   "/sys/class/", "/sys/devices", "detect-virt", "hypervisor",    "dmidecode",
     "machine-id", "getlogin",    "userinfo()",   "getuser(",    "platform.node", "whoami",
     "logname",    "cpuinfo",     "virtualbox",   "vmware"});
/// Variables by which a shell finds its way about an honest machine.
constexpr auto kUsualVariables = std::to_array<std::string_view>(
    {"SHELL", "TERM", "OSTYPE", "HOME", "PATH", "EUID", "UID", "LANG", "COLORTERM", "OS", "ARCH",
     "MACHTYPE", "BASH_SOURCE", "PLATFORM"});

constexpr auto kRewrites = std::to_array<std::string_view>(
    {"write_text(", "write_bytes(", "writefile", "appendfile", "rename(", "os.replace(",
     "shutil.move", "copyfile", "cpsync", "\"w\")", "'w')", "\"wb\")", "'wb')", "\"a\")", "'a')",
     "\"w\", ", "'w', ", "\"a\", ", "'a', "});

bool is_word_byte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// "[ $(date +%u) = 6 ]" and `strftime("%H")`: one part of the date. A whole date names files.
bool formats_one_part(std::string_view line) {
  for (const std::string_view start : {"date +", "date -u +", "strftime("}) {
    const std::size_t at = line.find(start);
    if (at == std::string_view::npos) continue;
    std::string_view format = line.substr(at + start.size());
    while (!format.empty() && (format[0] == '"' || format[0] == '\'')) format.remove_prefix(1);
    format = format.substr(0, format.find_first_of("\"')` \t"));
    const auto parts = std::count(format.begin(), format.end(), '%');
    const std::size_t part = format.find('%');
    if (parts == 1 && format.size() == part + 2 &&
        std::string_view("uwahdmjbviky").find(format[part + 1]) != std::string_view::npos)
      return true;
  }
  return false;
}

/// The number of digits of the longest number.
std::size_t longest_number(std::string_view line) {
  std::size_t longest = 0;
  std::size_t here = 0;
  for (const char c : line) {
    here = std::isdigit(static_cast<unsigned char>(c)) != 0 ? here + 1 : 0;
    longest = std::max(longest, here);
  }
  return longest;
}

bool asks_the_calendar(std::string_view line) {
  if (holds_any(line, kCalendar) || formats_one_part(line)) return true;
  for (const std::string_view part : kDateParts)
    for (std::size_t at = line.find(part); at != std::string_view::npos;
         at = line.find(part, at + 1))
      if (at + part.size() >= line.size() || !is_word_byte(line[at + part.size()])) return true;
  constexpr auto kClocks = std::to_array<std::string_view>(
      {"date +", "time.time(", "date.now(", "epochseconds", "gettime("});
  return holds_any(line, kClocks) && longest_number(line) >= 8;
}

bool asks_the_machine(std::string_view line) {
  return holds_any(line, kMachine) && line.find("root") == std::string_view::npos;
}

/// Whether the line compares with a word in quotes that is no switch: "production".
bool compares_with_a_word(std::string_view line) {
  if (line.find("=") == std::string_view::npos && line.find(" in ") == std::string_view::npos)
    return false;
  for (const char quote : {'"', '\''})
    for (std::size_t at = line.find(quote); at != std::string_view::npos;) {
      const std::size_t end = line.find(quote, at + 1);
      if (end == std::string_view::npos) break;
      const std::string_view word = line.substr(at + 1, end - at - 1);
      const std::string_view before = trim(line.substr(0, at));
      const std::string_view behind = trim(line.substr(end + 1));
      const bool compared =
          before.ends_with('=') || before.ends_with(" in") || behind.starts_with("=");
      const bool plain = std::all_of(word.begin(), word.end(), is_word_byte);
      if (compared && plain && !is_switch(word)) return true;
      at = line.find(quote, end + 1);
    }
  return false;
}

/// `[ "$APP_ENV" = production ]`, of a variable that the code does not set itself.
bool compares_a_variable_of_the_shell(std::string_view line, const Definitions& definitions) {
  for (std::size_t at = line.find('$'); at != std::string_view::npos; at = line.find('$', at + 1)) {
    std::size_t begin = at + 1;
    if (begin < line.size() && line[begin] == '{') ++begin;
    std::size_t end = begin;
    while (end < line.size() && is_word_byte(line[end])) ++end;
    const std::string name(line.substr(begin, end - begin));
    const bool is_variable =
        name.size() > 2 && name.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos &&
        std::isalpha(static_cast<unsigned char>(name[0])) != 0;
    if (!is_variable || among(kUsualVariables, name)) continue;
    if (definitions.has(name)) continue;
    std::string_view rest = line.substr(end);
    const std::size_t equals = rest.find_first_of("=");
    if (equals == std::string_view::npos || equals > 12) continue;
    rest = trim(rest.substr(rest.find_first_not_of("=~", equals)));
    while (!rest.empty() && (rest[0] == '"' || rest[0] == '\'')) rest.remove_prefix(1);
    const std::string_view word = rest.substr(0, rest.find_first_of("\"' \t\n]);"));
    if (!word.empty() && word[0] != '$' && !is_switch(ascii_lower(word))) return true;
  }
  return false;
}

bool asks_a_variable(std::string_view line, const Definitions& definitions) {
  const bool of_environment = line.find("environ") != std::string_view::npos ||
                              line.find("getenv") != std::string_view::npos ||
                              line.find("process.env") != std::string_view::npos;
  if (of_environment && compares_with_a_word(line)) return true;
  return compares_a_variable_of_the_shell(line, definitions);
}

bool is_gate(std::string_view condition, const Definitions& definitions) {
  const std::string asked = definitions.with(condition);
  const std::string lower = ascii_lower(asked);
  return asks_the_calendar(lower) || asks_the_machine(lower) || asks_a_variable(asked, definitions);
}

bool could_harm(std::string_view part) {
  const ReachSet reach = reach_of(part);
  for (const Reach each :
       {Reach::Secrets, Reach::Deletes, Reach::Persistence, Reach::Rights, Reach::MadeCode})
    if (reach.test(static_cast<std::size_t>(each))) return true;
  return holds_any(ascii_lower(part), kRewrites);
}

/// The nearest condition that ran before the statement; empty: none is near.
std::string_view condition_before(const CodeLines& code, const std::vector<LineRange>& statements,
                                  std::size_t at, const std::vector<LineRange>& ran) {
  for (std::size_t back = 1; back <= kStatementsBack && back <= at; ++back) {
    const LineRange& statement = statements[at - back];
    if (!touches(ran, statement)) continue;
    const std::string_view line = code.part(statement);
    if (holds_any(line, kConditions)) return line;
  }
  return {};
}

}  // namespace

std::optional<Harm> harm_behind_a_gate(std::string_view text,
                                       const std::vector<LineRange>& statements,
                                       const std::vector<LineRange>& ran, const Evidence* shell) {
  const CodeLines code(text);
  const Definitions definitions(text);
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (touches(ran, statements[i])) {
      const std::string_view line = code.part(statements[i]);
      if (shell == nullptr || !holds_any(line, kConditions) || !is_gate(line, definitions))
        continue;
      const std::string program = unstarted_doer(line, *shell);
      if (!program.empty())
        return Harm{.place = {},
                    .lines = statements[i],
                    .what = fmt::format("not all of it: {} was never started, behind a "
                                        "condition on the day, the machine or a variable",
                                        as_code(program))};
      continue;
    }
    std::size_t last = i;
    while (last + 1 < statements.size() && !touches(ran, statements[last + 1])) ++last;
    const LineRange missed{statements[i].first, statements[last].last};
    const std::string_view condition = condition_before(code, statements, i, ran);
    if (!condition.empty() && could_harm(code.part(missed)) && is_gate(condition, definitions))
      return Harm{.place = {},
                  .lines = missed,
                  .what =
                      "it could harm, and its condition asks for the day, the machine or a "
                      "variable"};
    i = last;
  }
  return std::nullopt;
}

bool gates_could_decide(const Skill& skill) {
  return std::any_of(skill.texts.begin(), skill.texts.end(), [](const SkillText& text) {
    const CodeLanguage language = language_of(text.path, text.text);
    if (text.documents || language == CodeLanguage::Other || !could_harm(text.text)) return false;
    const std::vector<std::string_view> lines = split(text.text, '\n');
    const Definitions definitions(text.text);
    return std::any_of(lines.begin(), lines.end(), [&](std::string_view line) {
      return holds_any(line, kConditions) && is_gate(line, definitions);
    });
  });
}

}  // namespace skillaudit
