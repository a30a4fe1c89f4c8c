#include "reports/not_exercised.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "harness/analysis/gaps.h"
#include "harness/analysis/unexercised.h"
#include "harness/base/code_spans.h"
#include "harness/base/text.h"
#include "harness/rules/flow_text.h"
#include "harness/skill/named_files.h"

namespace skillaudit {
namespace {

constexpr std::size_t kLongestWord = 200;

/// A word of the guest's or the skill's for a shell: none where no line could hold it as it is.
std::string shell_word(std::string_view raw) {
  if (raw.empty() || raw.size() > kLongestWord || printable(raw) != raw) return {};
  const auto is_plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("/._-+=:@,%").find(c) != std::string_view::npos;
  };
  const bool plain = raw.front() != '-' && std::all_of(raw.begin(), raw.end(), is_plain);
  return plain ? std::string(raw) : shell_quote(raw);
}

std::string with_value(std::string_view option, std::string_view raw, std::string_view otherwise) {
  const std::string word = shell_word(raw);
  return fmt::format("{} {}", option, word.empty() ? std::string(otherwise) : word);
}

/// The file of the skill that a step runs; else null.
const SkillFile* program_of(const Step& step, const Skill& skill) {
  const auto file =
      std::find_if(skill.files.begin(), skill.files.end(), [&](const SkillFile& each) {
        return step.name == each.path && mentions_file(step.command, each.path);
      });
  return file == skill.files.end() ? nullptr : &*file;
}

/// What the host is called of which an answer is missing: the first that was refused.
std::string allow_option(const Evidence& evidence) {
  for (const Flow& flow : evidence.flows)
    if (!flow.allowed && !flow.answered && !flow.method.empty())
      return with_value("--allow", fmt::format("{} {}/*", flow.method, origin_of(flow)),
                        "'GET https://HOST/*'");
  return "--allow 'GET https://HOST/*'";
}

/// The step's own command, so that somebody can complete it.
std::string command_option(const Step& step) {
  const std::string_view command = trim(step.command);
  return with_value("--cmd", command.find('\n') == std::string_view::npos ? command : "",
                    "'COMMAND'");
}

std::string arguments_option(std::string_view program) {
  const std::string word = shell_word(program);
  if (word.empty()) return "--arg 'PROGRAM=ARGUMENTS'";
  return "--arg " + shell_quote(std::string(program) + "=ARGUMENTS");
}

/// pip and npm have modules under the names by which code imports them, mostly.
std::string module_option(const Step& step, std::string_view module) {
  const bool is_python = step.command.find("python") != std::string::npos ||
                         step.name.ends_with(".py") ||
                         step.err.find("Traceback") != std::string::npos;
  return with_value("--package",
                    module.empty() ? "" : fmt::format("{}:{}", is_python ? "pip" : "npm", module),
                    "NAME");
}

std::string option_for(const Unexercised& part, const StepEnd& end, const Evidence& evidence) {
  const Step& step = evidence.execution.steps[part.step];
  if (part.lacks_answer || end.cause == StepCause::LacksHost) return allow_option(evidence);
  const SkillFile* program = program_of(step, evidence.skill);
  switch (end.cause) {
    case StepCause::LacksProgram:
      return with_value("--package", end.what, "NAME");
    case StepCause::LacksModule:
      return module_option(step, end.what);
    case StepCause::LacksFile:
      return with_value("--file", end.what.empty() ? "" : "FILE:" + end.what, "FILE:PATH");
    case StepCause::LacksCredential:
      return with_value("--env", end.what.empty() ? "" : end.what + "=VALUE", "NAME=VALUE");
    case StepCause::LacksDisplay:
      return "--stdin FILE";
    case StepCause::Usage:
      return program == nullptr ? command_option(step) : arguments_option(program->path);
    default:
      break;
  }
  return step.hung ? std::string("--stdin FILE") : command_option(step);
}

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view each) { return text.starts_with(each); });
}

/// Of what only a sentence tells.
std::string option_for(const Gap& gap) {
  constexpr std::string_view kWords = "not exercised: an instruction in words";
  if (gap.source == GapSource::Agent || gap.source == GapSource::Model) return "--agent claude";
  if (starts_with_any(gap.text, {kWords})) return "--agent claude";
  if (starts_with_any(gap.text, {"the run was cut short: time-out"})) return "--timeout 1800";
  return {};
}

/// Code of a part that ran, but not all of it.
void add_lines(const CoverageUnit& unit, std::vector<NotExercised>& parts) {
  const std::string option = arguments_option(unit.place);
  for (const UnexercisedLines& each : unit.unexercised) {
    const LineRange& lines = each.lines;
    const std::string where = lines.first == lines.last
                                  ? fmt::format("line {}", lines.first)
                                  : fmt::format("lines {} to {}", lines.first, lines.last);
    parts.push_back(
        {fmt::format("{} of {}, {},", where, code_span(shorten(printable(unit.place), 200)),
                     code_span(shorten(each.text, 120))),
         "did not run", each.reach, unit.kind == UnitKind::Program ? option : std::string()});
  }
}

}  // namespace

std::vector<NotExercised> not_exercised(const Evidence& evidence, const Assessment& assessment) {
  constexpr std::string_view kPrefix = "not exercised: ";
  std::vector<NotExercised> parts;
  std::set<std::string> told;
  for (const Gap& gap : unexercised_steps(evidence, assessment.ends)) told.insert(gap.text);
  for (const Unexercised& part : unexercised_parts(evidence, assessment.ends)) {
    const Step& step = evidence.execution.steps[part.step];
    parts.push_back({"the step " + code_span(shorten(printable(step.name), 200)), part.why,
                     reach_in_words(part),
                     option_for(part, end_at(assessment.ends, part.step), evidence)});
  }
  for (const CoverageUnit& unit : assessment.coverage.units)
    if (unit.ran) add_lines(unit, parts);
  for (const Gap& gap : all_gaps(evidence, assessment)) {
    if (gap.kind != GapKind::NotExercised || !told.insert(gap.text).second) continue;
    std::string_view text = gap.text;
    if (text.starts_with(kPrefix)) text.remove_prefix(kPrefix.size());
    parts.push_back({std::string(text), {}, {}, option_for(gap)});
  }
  return parts;
}

std::string in_words(const NotExercised& part) {
  std::string text = part.what;
  if (!part.why.empty()) text += " " + part.why;
  if (!part.reach.empty()) text += "; its code could reach " + part.reach;
  return text;
}

std::string exercise_command(const Evidence& evidence, const std::vector<std::string>& options,
                             std::string_view program) {
  const std::string& name = evidence.skill.name;
  const bool plain = !name.empty() && std::isalnum(static_cast<unsigned char>(name[0])) != 0 &&
                     name.size() <= kLongestWord && shell_word(name) == name;
  std::string command = fmt::format("{} run {}", program, plain ? name : "SKILL");
  for (const std::string& option : options) command += " " + option;
  return command;
}

std::string exercise_all_command(const Evidence& evidence, const std::vector<NotExercised>& parts,
                                 std::string_view program) {
  constexpr std::size_t kMost = 12;
  std::vector<std::string> options;
  for (const NotExercised& part : parts) {
    // A command of its own takes the place of everything else.
    if (starts_with_any(part.option, {"--cmd"})) return {};
    if (!part.option.empty() &&
        std::find(options.begin(), options.end(), part.option) == options.end())
      options.push_back(part.option);
  }
  if (options.size() < 2 || options.size() > kMost) return {};
  return exercise_command(evidence, options, program);
}

std::vector<std::string_view> exercising_options() {
  return {"--cmd",   "--arg",   "--env",   "--file",   "--package",
          "--stdin", "--allow", "--agent", "--timeout"};
}

}  // namespace skillaudit
