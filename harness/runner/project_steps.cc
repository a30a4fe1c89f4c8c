#include "harness/runner/project_steps.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/text.h"
#include "harness/evidence/runner_names.h"
#include "harness/runner/skill_words.h"
#include "harness/skill/named_files.h"
#include "harness/skill/shell_tokens.h"

namespace skillaudit {
namespace {

/// A program that works on the package of the folder in which it starts, by the file that
/// describes it.
struct PackageTool {
  std::string_view program;
  std::string_view manifest;
};
constexpr auto kPackageTools = std::to_array<PackageTool>({
    {"npm", "package.json"},
    {"npx", "package.json"},
    {"yarn", "package.json"},
    {"pnpm", "package.json"},
    {"bun", "package.json"},
    {"make", "Makefile"},
    {"uv", "pyproject.toml"},
    {"poetry", "pyproject.toml"},
    {"pip", "pyproject.toml"},
    {"pip3", "pyproject.toml"},
    {"pip", "setup.py"},
    {"pip3", "setup.py"},
    {"cargo", "Cargo.toml"},
    {"go", "go.mod"},
    {"pytest", "pyproject.toml"},
    {"pytest", "tests"},
    {"docker", "Dockerfile"},
    {"cmake", "CMakeLists.txt"},
});

/// pip install of the folder itself, rather than of a named package.
bool installs_folder(const std::vector<ShellToken>& tokens, std::size_t first) {
  for (std::size_t i = first; i < tokens.size() && !tokens[i].is_operator; ++i)
    if (tokens[i].text == "." || tokens[i].text.starts_with(".[")) return true;
  return false;
}

bool works_on_own_package(const std::string& command, const SkillPaths& paths) {
  const std::vector<ShellToken> tokens = shell_tokens(command, 1);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].is_operator || (i > 0 && !tokens[i - 1].is_operator)) continue;
    for (const PackageTool& tool : kPackageTools) {
      if (tokens[i].text != tool.program ||
          !(paths.files.contains(tool.manifest) || paths.folders.contains(tool.manifest)))
        continue;
      if (!tool.program.starts_with("pip") || installs_folder(tokens, i + 1)) return true;
    }
  }
  return false;
}

/// A longer text is no program that somebody wrote by hand.
constexpr std::size_t kMostCode = 1 << 18;

/// How programs say that a file or module is not there.
constexpr auto kMissing = std::to_array<std::string_view>(
    {"No such file or directory", "ENOENT", "FileNotFoundError", "not found", "ModuleNotFoundError",
     "No module named", "Cannot find module", "can't open file", "cannot open", "does not exist"});

/// Whether the line names `path`, which is relative, as a relative path.
bool names_relative(std::string_view line, std::string_view path) {
  for (std::size_t at = line.find(path); at != std::string_view::npos;
       at = line.find(path, at + 1)) {
    std::size_t begin = at;
    while (begin >= 2 && line.substr(begin - 2, 2) == "./") begin -= 2;
    const auto is_part = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '/' ||
             c == '.';
    };
    const std::size_t end = at + path.size();
    if ((begin == 0 || !is_part(line[begin - 1])) && (end >= line.size() || !is_part(line[end])))
      return true;
  }
  return false;
}

/// Whether a program that the command runs names another of the skill's files by a relative path,
/// in more than a comment: it may expect the skill's folder as its own.
bool expects_skill_folder(std::string_view command, const Skill& skill, const SkillPaths& paths) {
  const auto names_another = [&](const SkillText& text) {
    for (const std::string_view line : split(text.text, '\n')) {
      if (trim(line).starts_with('#') || trim(line).starts_with("//")) continue;
      for (const std::string& path : paths.files)
        if (path != text.path && path.find('/') != std::string::npos && names_relative(line, path))
          return true;
    }
    return false;
  };
  return std::any_of(skill.texts.begin(), skill.texts.end(), [&](const SkillText& text) {
    return text.executable && text.text.size() <= kMostCode && mentions_file(command, text.path) &&
           names_another(text);
  });
}

}  // namespace

void run_in_project(Plan& plan, const Skill& skill, const StepPlaces& places) {
  if (plan.runner != kWalkthrough) return;
  const SkillPaths paths(skill);
  std::vector<PlannedStep> steps;
  for (PlannedStep& step : plan.steps) {
    if (!step.reason_not_run.empty()) {
      steps.push_back(std::move(step));
      continue;
    }
    LocatedCommand located = locate_skill_files(step.command, paths, places.skill);
    if (step.in_skill_folder || located.needs_skill_folder ||
        works_on_own_package(step.command, paths)) {
      step.working_directory = places.skill;
      steps.push_back(std::move(step));
      continue;
    }
    const bool twice = expects_skill_folder(step.command, skill, paths);
    step.command = std::move(located.command);
    step.working_directory = places.project;
    steps.push_back(step);
    if (!twice) continue;
    // Where the user works, and where it may expect to be: one of the two may fail.
    steps.back().tentative = true;
    step.again = step.name;
    step.name += " in the skill's folder";
    step.working_directory = places.skill;
    steps.push_back(std::move(step));
  }
  plan.steps = std::move(steps);
}

bool misses_skill_file(const Skill& skill, std::string_view output) {
  const SkillPaths paths(skill);
  for (const std::string_view line : split(output, '\n')) {
    if (std::none_of(kMissing.begin(), kMissing.end(), [&](std::string_view each) {
          return line.find(each) != std::string_view::npos;
        }))
      continue;
    const auto named = [&](const std::string& path) { return names_relative(line, path); };
    if (std::any_of(paths.files.begin(), paths.files.end(), named) ||
        std::any_of(paths.folders.begin(), paths.folders.end(), named))
      return true;
  }
  return false;
}

}  // namespace skillaudit
