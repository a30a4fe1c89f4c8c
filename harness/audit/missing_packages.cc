#include "harness/audit/missing_packages.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "harness/analysis/verdict.h"
#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/changes/installed.h"
#include "harness/changes/locations.h"
#include "harness/skill/named_files.h"

namespace skillaudit {
namespace {

constexpr auto kInstallers = std::to_array<std::string_view>(
    {"apt", "apt-get", "aptitude", "dpkg", "pip",   "pip3", "pipx", "uv",    "poetry", "npm",
     "npx", "yarn",    "pnpm",     "gem",  "cargo", "go",   "brew", "conda", "snap",   "flatpak"});

/// Programs that no package of a Linux distribution has, or that are of no use without a service.
constexpr auto kNowhere = std::to_array<std::string_view>(
    {"az",      "brew",   "bun",    "bunx",       "cmd",        "code",      "cursor",
     "deno",    "docker", "gcloud", "helm",       "open",       "osascript", "pbcopy",
     "pbpaste", "pnpm",   "podman", "powershell", "pwsh",       "stripe",    "terraform",
     "uv",      "uvx",    "vercel", "wrangler",   "xcodebuild", "yarn"});

bool is_installer(std::string_view program) {
  const std::string_view name = base_name(program);
  return std::find(kInstallers.begin(), kInstallers.end(), name) != kInstallers.end();
}

/// Whether a word of an installer's command line is the name, or a package that is named after it:
/// "requests==2.31", "python3-requests", "@scope/requests".
bool is_about(std::string_view word, std::string_view name) {
  const std::string lower = ascii_lower(word);
  const std::string wanted = ascii_lower(name);
  const std::size_t at = lower.find(wanted);
  if (at == std::string::npos) return false;
  const auto is_part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  const std::size_t end = at + wanted.size();
  return (at == 0 || !is_part(lower[at - 1])) && (end == lower.size() || !is_part(lower[end]));
}

/// Whether the trace shows an installer that the skill ran for it.
bool installs_itself(const Evidence& evidence, std::string_view name) {
  return std::any_of(
      evidence.trace.events.begin(), evidence.trace.events.end(), [&](const TraceEvent& event) {
        if (event.kind != TraceKind::Exec || event.arguments.empty()) return false;
        // An installer written in Python or JavaScript is the second word.
        const std::size_t words = std::min<std::size_t>(event.arguments.size(), 2);
        const auto first = event.arguments.begin();
        const auto last = first + static_cast<std::ptrdiff_t>(words);
        const auto installer =
            std::find_if(first, last, [](const std::string& word) { return is_installer(word); });
        const bool by_module = std::find(event.arguments.begin(), event.arguments.end(), "pip") !=
                               event.arguments.end();
        if (installer == last && !by_module) return false;
        // "poetry install" installs other things than poetry.
        return std::any_of(installer == last ? first : installer + 1, event.arguments.end(),
                           [&](const std::string& word) { return is_about(word, name); });
      });
}

bool fits(std::string_view name, std::string_view others) {
  return !name.empty() && name.size() <= 64 &&
         (std::isalnum(static_cast<unsigned char>(name[0])) != 0 || name[0] == '@') &&
         std::all_of(name.begin(), name.end(), [&](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                  others.find(c) != std::string_view::npos;
         });
}

/// Empty for a name that no package can have.
std::string want_of(const StepEnd& end, const Step& step) {
  if (end.cause == StepCause::LacksProgram)
    return fits(end.what, "+.-_") &&
                   std::find(kNowhere.begin(), kNowhere.end(), end.what) == kNowhere.end() &&
                   end.what.find("..") == std::string::npos
               ? "program:" + end.what
               : "";
  if (end.cause != StepCause::LacksModule) return {};
  const std::string said = step.err + step.out;
  if (said.find("No module named") != std::string::npos)
    return fits(end.what, "_") ? "python:" + end.what : "";
  if (said.find("Cannot find module") != std::string::npos ||
      said.find("Cannot find package") != std::string::npos)
    return fits(end.what, "@/.-_") && end.what.find("..") == std::string::npos ? "node:" + end.what
                                                                               : "";
  return {};
}

/// Modules that are part of the interpreter, and lie in no file.
constexpr auto kBuiltIn = std::to_array<std::string_view>(
    {"atexit", "builtins", "errno", "faulthandler", "gc", "itertools", "marshal", "posix", "pwd",
     "sys", "time", "xxsubtype"});

/// "lxml" of "import lxml.etree as x" and "from lxml import y"; empty for another line.
std::string_view imported_by(std::string_view line) {
  line = trim(line);
  for (const std::string_view start : {"import ", "from "}) {
    if (!line.starts_with(start)) continue;
    line = trim(line.substr(start.size()));
    const std::string_view name = line.substr(0, line.find_first_of(" .,;#"));
    const std::string_view rest = line.substr(name.size());
    const bool is_from = start == "from ";
    return is_from && rest.find(" import ") == std::string_view::npos ? std::string_view() : name;
  }
  return {};
}

/// What else the skill's programs of Python import that the machine lacks: a program tells of the
/// first one alone.
void add_further_modules(const Evidence& evidence, std::vector<MissingThing>& missing) {
  const auto first = std::find_if(missing.begin(), missing.end(), [](const MissingThing& each) {
    return each.want.starts_with("python:");
  });
  if (first == missing.end()) return;
  const std::string step = first->step;
  const Installed installed(evidence);
  std::set<std::string_view> seen(kBuiltIn.begin(), kBuiltIn.end());
  for (const SkillText& text : evidence.skill.texts) {
    if (!text.path.ends_with(".py")) continue;
    for (const std::string_view line : split(text.text, '\n')) {
      const std::string_view name = imported_by(line);
      if (!fits(name, "_") || !seen.insert(name).second || missing.size() == kMostMissing) continue;
      std::string want = "python:" + std::string(name);
      if (installed.is_skills_own(name) || installed.has_module(name) ||
          installs_itself(evidence, name) ||
          std::any_of(missing.begin(), missing.end(),
                      [&](const MissingThing& each) { return each.want == want; }))
        continue;
      missing.push_back({std::move(want), step});
    }
  }
}

}  // namespace

std::vector<std::string> installed_by_skill(const Evidence& evidence,
                                            const std::vector<std::string>& packages) {
  std::vector<std::string> own;
  for (const std::string& package : packages)
    if (installs_itself(evidence, std::string_view(package).substr(package.find(':') + 1)))
      own.push_back(package);
  return own;
}

std::vector<MissingThing> missing_packages(const AuditResult& audit) {
  const Verdict verdict = audit.assessment.verdict;
  if (verdict == Verdict::Rejected || verdict == Verdict::NeedsReview) return {};
  const std::vector<Step>& steps = audit.evidence.execution.steps;
  std::vector<MissingThing> missing;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const StepEnd end = end_at(audit.assessment.ends, i);
    const std::string want = want_of(end, steps[i]);
    // What the audit only tries, and could harm nobody, is not worth another machine.
    const bool is_tried =
        steps[i].tentative && reach_of_command(steps[i].command, audit.evidence.skill).none();
    if (want.empty() || is_tried || missing.size() == kMostMissing ||
        std::any_of(missing.begin(), missing.end(),
                    [&](const MissingThing& each) { return each.want == want; }) ||
        installs_itself(audit.evidence, end.what))
      continue;
    missing.push_back({want, steps[i].name});
  }
  add_further_modules(audit.evidence, missing);
  std::sort(missing.begin(), missing.end(),
            [](const MissingThing& a, const MissingThing& b) { return a.want < b.want; });
  return missing;
}

}  // namespace skillaudit
