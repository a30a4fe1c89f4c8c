#include "harness/rules/dependencies.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "harness/base/text.h"
#include "harness/changes/locations.h"
#include "harness/changes/package_scripts.h"
#include "harness/rules/shell_script.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostUses = 4;

/// What scripts and steps say of programs and packages.
struct Scripts {
  struct Use {
    PackageUse use;
    bool guarded = false;
  };
  std::unordered_map<std::string, std::vector<Use>> uses;  ///< by program
  std::unordered_map<std::string, std::vector<PackageUse>>
      named;                        ///< by word of a text that installs
  std::set<std::string> tolerated;  ///< arguments of installations that may fail
  std::set<std::string> insisted;   ///< arguments of installations that may not
};

bool installs(const std::vector<std::string>& words) {
  if (words.size() < 2) return false;
  const std::string_view name = base_name(words[0]);
  const auto has = [&](std::string_view word) {
    return std::find(words.begin() + 1, words.end(), word) != words.end();
  };
  if (name == "apt-get" || name == "apt" || name == "aptitude" || name == "nala") {
    return has("install");
  }
  if (name == "dpkg") return has("-i") || has("--install");
  if (name == "npm" || name == "pnpm" || name == "yarn") {
    return has("install") || has("i") || has("add");
  }
  if (name.starts_with("pip") || name == "uv" || name == "pipx") return has("install");
  if (name.starts_with("python")) return has("pip") && has("install");
  return false;
}

/// "requests" of "requests==2.31", "left-pad" of "left-pad@1.3", "jq" of "jq=1.6" or "jq:amd64".
std::string package_word(std::string_view word) {
  const std::size_t from = word.starts_with('@') ? 1 : 0;  // npm scopes
  return std::string(word.substr(0, word.find_first_of("=<>~![@:;", from)));
}

Source at_line(Source source, int line) {
  source.line = line;
  return source;
}

void read_shell(std::string_view text, const Source& source, bool with_lines, Scripts& scripts) {
  bool any_install = false;
  for (const ShellCommand& command : shell_commands(text)) {
    const std::string program(base_name(command.words[0]));
    PackageUse use;
    use.source = with_lines ? at_line(source, command.line) : source;
    use.text = shorten(printable(join(command.words, " ")), 160);
    const bool guarded = std::binary_search(command.guards.begin(), command.guards.end(), program);
    if (installs(command.words)) {
      any_install = true;
      for (const std::string& word : command.words) {
        const std::string package = package_word(word);
        scripts.named[package].push_back(use);
        (command.tolerated ? scripts.tolerated : scripts.insisted).insert(package);
      }
    }
    scripts.uses[program].push_back({std::move(use), guarded});
  }
  if (!any_install) return;
  // Names that reach the installer through a variable or a loop.
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.' ||
           c == '_';
  };
  int line = 1;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') ++line;
    if (!is_part(text[at])) continue;
    std::size_t end = at;
    while (end < text.size() && is_part(text[end])) ++end;
    auto& places = scripts.named[std::string(text.substr(at, end - at))];
    if (places.empty()) {
      places.push_back(
          {with_lines ? at_line(source, line) : source, printable(text.substr(at, end - at))});
    }
    at = end - 1;
  }
}

/// Programs that a script of another language starts: a string that is "jq" or begins with "jq ".
/// Its guards (shutil.which) are not read, so such a use always counts as one.
void read_other(std::string_view text, const Source& source, Scripts& scripts) {
  int number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    const bool starts_something = line.find("subprocess") != std::string_view::npos ||
                                  line.find("system(") != std::string_view::npos ||
                                  line.find("Popen") != std::string_view::npos ||
                                  line.find("exec") != std::string_view::npos ||
                                  line.find("spawn") != std::string_view::npos ||
                                  line.find("run(") != std::string_view::npos;
    if (!starts_something) continue;
    for (std::size_t at = 0; at < line.size(); ++at) {
      if (line[at] != '"' && line[at] != '\'') continue;
      const std::size_t end = line.find_first_of(std::string(1, line[at]) + " ", at + 1);
      if (end == std::string_view::npos) break;
      const std::string program(base_name(line.substr(at + 1, end - at - 1)));
      scripts.uses[program].push_back(
          {{at_line(source, number), shorten(printable(trim(line)), 160)}, false});
      at = line.find(line[at], at + 1);
      if (at == std::string_view::npos) break;
    }
  }
}

bool is_shell_text(const SkillText& text) {
  const std::string_view first =
      std::string_view(text.text).substr(0, std::min(text.text.find('\n'), text.text.size()));
  if (first.starts_with("#!")) return first.find("sh") != std::string_view::npos;
  return text.path.ends_with(".sh") || text.path.ends_with(".bash");
}

Scripts read_scripts(const Evidence& evidence) {
  Scripts scripts;
  for (const SkillText& text : evidence.skill.texts) {
    if (!text.executable) continue;
    const Source source = source::skill_file(text.path);
    if (is_shell_text(text)) {
      read_shell(text.text, source, true, scripts);
    } else {
      read_other(text.text, source, scripts);
    }
  }
  for (const Step& step : evidence.execution.steps) {
    if (step.ran) {
      read_shell(step.command, source::step(step.name), false, scripts);
    }
  }
  return scripts;
}

/// Packages that apt installed for others' sake, or nothing when its record was not captured.
std::optional<std::unordered_set<std::string>> automatic_packages(const Snapshot& after) {
  for (const ConfigText& config : after.config) {
    if (config.path != "/var/lib/apt/extended_states") continue;
    std::unordered_set<std::string> automatic;
    std::string package;
    for (const std::string_view line : split(config.content, '\n')) {
      if (line.starts_with("Package: ")) package = trim(line.substr(9));
      if (line.starts_with("Auto-Installed: 1")) automatic.insert(package);
    }
    return automatic;
  }
  return std::nullopt;
}

PackageScope scope_of(const Package& package, const Evidence& evidence) {
  if (package.manager == "dpkg") return PackageScope::System;
  const std::string& home = evidence.environment.guest_home;
  const std::string& folder = package.location;
  if (!is_below(folder, home)) return PackageScope::System;
  const std::string_view rest = std::string_view(folder).substr(home.size());
  const bool account = rest.starts_with("/.local/") || rest.starts_with("/.npm-global") ||
                       rest.starts_with("/.nvm/") || rest.starts_with("/.local/share/pipx");
  return account ? PackageScope::Account : PackageScope::Project;
}

bool is_program(std::string_view path) {
  const std::string_view folder = parent_of(path);
  return folder == "/usr/bin" || folder == "/bin" || folder == "/usr/sbin" || folder == "/sbin" ||
         folder == "/usr/games" || folder.ends_with("/.local/bin") || folder == "/usr/local/bin" ||
         folder == "/usr/local/sbin" || folder.ends_with("/bin");
}

struct Judged {
  bool asked = false;
  PackageRole role = PackageRole::Unused;
};

Judged judge(NewPackage& candidate, const std::vector<std::string>& programs,
             const Scripts& scripts) {
  Judged judged;
  bool any_use = false;
  bool all_guarded = true;
  for (const std::string& program : programs) {
    const auto found = scripts.uses.find(program);
    if (found == scripts.uses.end()) continue;
    for (const Scripts::Use& use : found->second) {
      any_use = true;
      all_guarded = all_guarded && use.guarded;
      if (candidate.uses.size() < kMostUses) candidate.uses.push_back(use.use);
    }
  }
  const std::string& name = candidate.package.name;
  const auto named = scripts.named.find(name);
  judged.asked = any_use || named != scripts.named.end();
  if (named != scripts.named.end() && candidate.uses.size() < kMostUses) {
    candidate.uses.push_back(named->second.front());
  }
  const bool tolerated = scripts.tolerated.contains(name) && !scripts.insisted.contains(name);
  if (tolerated || (any_use && all_guarded)) {
    judged.role = PackageRole::Optional;
  } else if (any_use || programs.empty()) {
    // A library has no program whose use could be seen: installed by name, it counts as needed.
    judged.role = PackageRole::Required;
  }
  return judged;
}

/// The names of the programs that each package brings, for the packages whose files are known.
std::map<std::pair<std::string, std::string>, std::vector<std::string>> programs_by_package(
    const Evidence& evidence) {
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> programs;
  for (const PackageFiles& files : evidence.package_files) {
    std::vector<std::string>& own = programs[{files.manager, files.package}];
    for (const std::string& path : files.paths)
      if (is_program(path)) own.emplace_back(base_name(path));
  }
  return programs;
}

}  // namespace

std::string_view name_of(PackageRole role) {
  static constexpr std::array<std::string_view, 4> kNames = {"required", "optional", "unused",
                                                             "dependency"};
  return kNames[static_cast<std::size_t>(role)];
}

std::vector<NewPackage> new_package_roles(const Evidence& evidence, const Changes& changes,
                                          const Documented& documented) {
  const auto programs = programs_by_package(evidence);
  const Scripts scripts = read_scripts(evidence);
  const auto automatic = automatic_packages(evidence.after);
  const auto fetched = fetched_packages(evidence.flows);
  const bool any_dpkg =
      std::any_of(changes.packages.begin(), changes.packages.end(), [](const auto& change) {
        return change.kind == ChangeKind::Added && change.after.manager == "dpkg";
      });

  std::vector<NewPackage> packages;
  std::vector<bool> asked;
  std::set<std::string> managers_asked;
  for (const RowChange<Package>& change : changes.packages) {
    if (change.kind != ChangeKind::Added) continue;
    const Package& package = change.after;
    // Debian's own packages put their Python modules there, and nothing else does.
    if (any_dpkg && package.manager == "pip" &&
        package.location == "/usr/lib/python3/dist-packages") {
      continue;
    }
    NewPackage candidate;
    candidate.package = package;
    candidate.scope = scope_of(package, evidence);
    candidate.documented = documented.package(package.name);
    candidate.from_mirror = package.manager == "dpkg" && fetched.contains(package.name);
    const auto own = programs.find({package.manager, package.name});
    const Judged judged =
        judge(candidate, own == programs.end() ? std::vector{package.name} : own->second, scripts);
    bool is_asked = judged.asked;
    if (package.manager == "dpkg" && automatic && !automatic->contains(package.name)) {
      is_asked = true;
    }
    candidate.role = judged.role;
    if (is_asked) managers_asked.insert(package.manager);
    packages.push_back(std::move(candidate));
    asked.push_back(is_asked);
  }
  for (std::size_t i = 0; i < packages.size(); ++i) {
    if (!asked[i] && managers_asked.contains(packages[i].package.manager)) {
      packages[i].role = PackageRole::Dependency;
      packages[i].uses.clear();
    }
  }
  std::sort(packages.begin(), packages.end(), [](const NewPackage& a, const NewPackage& b) {
    return std::tie(a.package.manager, a.package.name, a.package.location, a.package.version) <
           std::tie(b.package.manager, b.package.name, b.package.location, b.package.version);
  });
  return packages;
}

}  // namespace skillaudit
