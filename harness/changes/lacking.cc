#include "harness/changes/lacking.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/changes/said_missing.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostText = 1U << 16;
constexpr std::size_t kMostLines = 60;
constexpr std::size_t kLongestLine = 2000;

/// The lines that tell how it ended, last first: of an error of Python those behind the last
/// "Traceback" alone, since what stands before it did not end the program.
std::vector<std::string_view> last_lines(std::string_view text) {
  text = text.substr(text.size() - std::min(text.size(), kMostText));
  if (const std::size_t at = text.rfind("Traceback (most recent call last)");
      at != std::string_view::npos)
    text.remove_prefix(at);
  std::vector<std::string_view> lines = split(text, '\n');
  std::reverse(lines.begin(), lines.end());
  if (lines.size() > kMostLines) lines.resize(kMostLines);
  for (std::string_view& line : lines) line = trim(line.substr(0, kLongestLine));
  return lines;
}

template <std::size_t N>
bool has_any(std::string_view line, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view each) {
    return line.find(each) != std::string_view::npos;
  });
}

constexpr auto kNetwork = std::to_array<std::string_view>({"could not resolve",
                                                           "couldn't resolve",
                                                           "name or service not known",
                                                           "unable to resolve",
                                                           "temporary failure in name resolution",
                                                           "getaddrinfo",
                                                           "enotfound",
                                                           "eai_again",
                                                           "econnrefused",
                                                           "econnreset",
                                                           "etimedout",
                                                           "connection refused",
                                                           "connection reset",
                                                           "network is unreachable",
                                                           "no route to host",
                                                           "failed to connect",
                                                           "couldn't connect",
                                                           "could not connect",
                                                           "connection timed out",
                                                           "urlopen error",
                                                           "http 4",
                                                           "http error 4",
                                                           "http error 5",
                                                           "httperror",
                                                           "returned error: 4",
                                                           "returned error: 5",
                                                           "max retries exceeded",
                                                           "proxyerror",
                                                           "tunnel connection failed",
                                                           "403 forbidden",
                                                           "fetch failed",
                                                           "unable to access 'http",
                                                           "no matching distribution found",
                                                           "network error",
                                                           "unable to locate package",
                                                           "e404",
                                                           "failed to fetch",
                                                           "ssl: "});
/// curl's and wget's own codes for a host that does not answer as it should.
constexpr auto kNetworkCodes = std::to_array<int>({4, 5, 6, 7, 8, 22, 28, 35, 52, 56});
constexpr auto kDisplay = std::to_array<std::string_view>(
    {"cannot open display", "can't open display", "no display name", "$display",
     "couldn't connect to display", "could not connect to display", "missing x server",
     "no x11 display", "not a tty", "is not a terminal", "not a terminal", "error opening terminal",
     "eoferror: eof when reading a line"});
constexpr auto kCredential = std::to_array<std::string_view>(
    {"not set", "unset", "is required", "missing", "not found", "unbound variable", "keyerror",
     "undefined", "must be set", "set the", "export ", "please set", "provide"});
constexpr auto kAccount = std::to_array<std::string_view>(
    {"not logged in", "login required", "please log in", "auth login", "no credentials",
     "unable to locate credentials", "could not find credentials", "not authenticated"});

/// Whether a host was asked for and did not answer as one that lets the skill go on.
bool asked_in_vain(const Evidence& evidence) {
  const auto& flows = evidence.flows;
  return std::any_of(flows.begin(), flows.end(),
                     [](const Flow& flow) {
                       return (!flow.allowed && !flow.answered) || !flow.error.empty() ||
                              flow.status.value_or(0) >= 400;
                     }) ||
         !evidence.wire.contacts.empty() || !evidence.wire.names.empty();
}

/// A name of a variable in the line that the skill's code names too: "OPENAI_API_KEY".
std::string variable_in(std::string_view line, const Evidence& evidence) {
  const auto is_part = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (!is_part(line[at])) continue;
    std::size_t end = at;
    while (end < line.size() && is_part(line[end])) ++end;
    const std::string name(line.substr(at, end - at));
    at = end;
    if (name.size() < 4 || std::isdigit(static_cast<unsigned char>(name[0])) ||
        (name.find('_') == std::string::npos && line.find("variable") == std::string_view::npos))
      continue;
    for (const SkillText& text : evidence.skill.texts)
      if (!text.documents && text.text.find(name) != std::string::npos) return name;
    for (const Step& step : evidence.execution.steps)
      if (step.command.find(name) != std::string::npos) return name;
  }
  return {};
}

/// Whether it is one of the words that the step gives to its program: a file then, whatever it
/// looks like.
bool is_argument(const Step& step, std::string_view word) {
  if (std::find(step.arguments.begin(), step.arguments.end(), word) != step.arguments.end())
    return true;
  const std::string_view line = trim(std::string_view(step.command));
  for (const char quote : {'\0', '\'', '"'}) {
    const std::string given = quote == '\0' ? std::string(word) : quote + std::string(word) + quote;
    if (line.ends_with(" " + given)) return true;
  }
  return false;
}

std::optional<StepEnd> lack_in(std::string_view line, const Step& step, const Evidence& evidence,
                               const Installed& installed) {
  const int code = step.exit_code.value_or(1);
  const std::string lower = ascii_lower(line);
  // PEP 668: the system's own Python takes no packages of pip.
  if (lower.find("externally-managed-environment") != std::string::npos)
    return StepEnd{StepCause::LacksProgram, "a virtual environment"};
  if (const std::string module = module_said_missing(line); !module.empty()) {
    // Node looks for a bare name among installed packages alone.
    const bool is_node = line.find("Cannot find ") != std::string_view::npos;
    const bool is_own =
        module.find('/') != std::string::npos || (!is_node && installed.is_skills_own(module));
    if (is_own || installed.has_module(module)) return StepEnd{StepCause::OwnFault, {}};
    return StepEnd{StepCause::LacksModule, module};
  }
  if (const std::string program = program_said_missing(line);
      !program.empty() && !is_argument(step, program)) {
    const bool is_path = program.find('/') != std::string::npos;
    const bool is_own =
        is_path ? installed.is_path_of_skill(program) : installed.is_skills_program(program);
    if (is_own || (is_path ? installed.has_file(program) : installed.has_program(program)))
      return StepEnd{StepCause::OwnFault, {}};
    return StepEnd{StepCause::LacksProgram, program};
  }
  if (const std::string path = file_said_missing(line); !path.empty()) {
    if (installed.is_path_of_skill(path) || installed.has_file(path))
      return StepEnd{StepCause::OwnFault, {}};
    return StepEnd{StepCause::LacksFile, path};
  }
  if (has_any(lower, kDisplay)) return StepEnd{StepCause::LacksDisplay, {}};
  if (has_any(lower, kCredential))
    if (const std::string name = variable_in(line, evidence); !name.empty())
      return StepEnd{StepCause::LacksCredential, name};
  if (has_any(lower, kAccount)) return StepEnd{StepCause::LacksCredential, {}};
  if (has_any(lower, kNetwork) && asked_in_vain(evidence)) return StepEnd{StepCause::LacksHost, {}};
  if (code != 0)
    if (const std::string needed = asked_to_install(line, evidence.skill); !needed.empty()) {
      if (installed.is_skills_own(needed)) return std::nullopt;
      if (!installed.has_program(needed) && !installed.has_module(needed))
        return StepEnd{StepCause::LacksProgram, needed};
    }
  return std::nullopt;
}

}  // namespace

std::string program_lacked(const Step& step, const Installed& installed) {
  for (const std::string_view line : last_lines(step.err))
    if (std::string program = program_said_missing(line);
        !program.empty() && program.find('/') == std::string::npos &&
        !installed.is_skills_program(program) && !installed.has_program(program))
      return program;
  return {};
}

std::optional<StepEnd> lack_of(const Step& step, const Evidence& evidence,
                               const Installed& installed) {
  const int code = step.exit_code.value_or(1);
  for (const std::string* text : {&step.err, &step.out})
    for (const std::string_view line : last_lines(*text))
      if (auto end = lack_in(line, step, evidence, installed)) return end;
  const bool is_network_code =
      std::find(kNetworkCodes.begin(), kNetworkCodes.end(), code) != kNetworkCodes.end();
  if (is_network_code && trim(step.err).empty() && asked_in_vain(evidence))
    return StepEnd{StepCause::LacksHost, {}};
  return std::nullopt;
}

}  // namespace skillaudit
