#include "harness/analysis/later.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/text.h"
#include "harness/changes/locations.h"

namespace skillaudit {
namespace {

/// For one step: what is left may run for ever.
constexpr double kPatience_s = 30;

/// What starts a program so that it reads what it reads at each start.
struct Start {
  std::string_view program;  ///< as in KnownPlace::read_by
  std::string_view command;
};
constexpr std::array kStarts = {Start{"bash", "bash -lic exit"},
                                Start{"sh", "sh -lc exit"},
                                Start{"login", "bash -lic exit"},
                                Start{"python3", "python3 -c pass"},
                                Start{"node", "node -e 0"},
                                Start{"npm", "npm --version"},
                                Start{"perl", "perl -e 1"},
                                Start{"ruby", "ruby -e 1"},
                                Start{"git", "git status"},
                                Start{"vim", "vim -es -c q"},
                                Start{"apt apt-get", "apt-get --version"}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// `line` without its first `fields`, each ended by blanks; none where it has no more.
std::optional<std::string_view> after_fields(std::string_view line, int fields) {
  std::string_view rest = trim(line);
  for (int i = 0; i < fields; ++i) {
    const std::size_t end = rest.find_first_of(" \t");
    if (end == std::string_view::npos) return std::nullopt;
    rest = trim(rest.substr(end));
  }
  if (rest.empty()) return std::nullopt;
  return rest;
}

bool is_root(std::string_view user, const Evidence& evidence) {
  return user == "root" && evidence.environment.guest_user != "root";
}

/// Cron starts a command in the home, with next to no variables; `%` ends it (crontab(5)).
std::string as_cron_does(std::string_view command, bool by_root) {
  const std::string shell =
      fmt::format("/bin/sh -c {}", shell_quote(command.substr(0, command.find('%'))));
  if (by_root) return fmt::format("cd / && sudo -n {}", shell);
  return fmt::format("cd && env -i HOME=\"$HOME\" LOGNAME=\"$USER\" PATH=/usr/bin:/bin {}", shell);
}

class LaterSteps {
 public:
  explicit LaterSteps(const Evidence& evidence) : evidence_(evidence) {}

  void add_cron(const CronEntry& entry);
  void add_unit(const std::string& scope, std::string_view id);
  void add_file(const FileEntry& file);
  [[nodiscard]] std::vector<PlannedStep> take() && { return std::move(steps_); }

 private:
  void add(std::string name, std::string command);
  void add_project_file(const FileEntry& file);
  void add_starts(const FileEntry& file, std::string_view programs);

  const Evidence& evidence_;
  std::vector<PlannedStep> steps_;
};

void LaterSteps::add(std::string name, std::string command) {
  const bool is_there =
      std::ranges::any_of(steps_, [&](const PlannedStep& step) { return step.command == command; });
  if (is_there || steps_.size() == kMostLaterSteps) return;
  PlannedStep step;
  step.name = "later: " + std::move(name);
  step.command = std::move(command);
  step.timeout_s = kPatience_s;
  step.tentative = true;
  steps_.push_back(std::move(step));
}

void LaterSteps::add_cron(const CronEntry& entry) {
  const std::string_view line = trim(entry.line);
  if (line.starts_with('/')) {  // a script of cron.daily and its like
    add(fmt::format("cron runs {}", line), as_cron_does(line, true));
    return;
  }
  if (!line.starts_with('@') && !line.starts_with('*') && (line.empty() || !is_digit(line[0])))
    return;  // a variable, a comment
  const bool names_user = entry.source.starts_with("/etc/");
  const auto command = after_fields(line, (line.starts_with('@') ? 1 : 5) + (names_user ? 1 : 0));
  if (command)
    add(fmt::format("cron runs {}", *command),
        as_cron_does(*command, is_root(entry.user, evidence_)));
}

void LaterSteps::add_unit(const std::string& scope, std::string_view id) {
  const std::size_t dot = id.rfind('.');
  if (dot == std::string_view::npos) return;
  const std::string_view kind = id.substr(dot);
  if (kind != ".service" && kind != ".timer" && kind != ".path" && kind != ".socket") return;
  const std::string service = fmt::format("{}.service", id.substr(0, dot));
  const std::string call = scope == "system" ? "sudo -n systemctl" : "systemctl --user";
  add(fmt::format("systemd starts {}", service),
      fmt::format("{0} daemon-reload; {0} start {1}; sleep 3", call, shell_quote(service)));
}

void LaterSteps::add_starts(const FileEntry& file, std::string_view programs) {
  const std::string folder = shell_quote(parent_of(file.path));
  for (const std::string_view program : split(programs, ' '))
    for (const Start& start : kStarts)
      if (start.program == program)
        // Many are read in the folder in which the program starts.
        add(fmt::format("{} starts, and may read {}", program, file.path),
            fmt::format("cd {} 2>/dev/null; {}", folder, start.command));
}

/// What a tool reads where it starts, in a project: run as such tools run it.
void LaterSteps::add_project_file(const FileEntry& file) {
  const std::string_view name = base_name(file.path);
  const std::string quoted = shell_quote(file.path);
  const std::string call = (file.mode & 0111) != 0                           ? quoted
                           : name.ends_with(".py")                           ? "python3 " + quoted
                           : name.ends_with(".js") || name.ends_with(".cjs") ? "node " + quoted
                           : name == ".envrc"                                ? "bash " + quoted
                                                                             : std::string();
  if (!call.empty())
    add(fmt::format("a tool of the project reads {}", file.path),
        fmt::format("cd {} && {}", shell_quote(parent_of(file.path)), call));
}

void LaterSteps::add_file(const FileEntry& file) {
  const std::string& home = evidence_.environment.guest_home;
  const Place place = place_of(file.path, home, evidence_.environment.skill_dir);
  const bool runs = (file.mode & 0111) != 0;
  const std::string quoted = shell_quote(file.path);
  if (place == Place::UnitFile) {
    add_unit(is_below(file.path, home) ? "user" : "system", base_name(file.path));
  } else if (place == Place::GitHook) {
    if (runs && !file.path.ends_with(".sample"))
      add(fmt::format("Git runs {}", file.path),
          fmt::format("cd {}/../.. && {}", shell_quote(parent_of(file.path)), quoted));
  } else if (place == Place::ProgramPath) {
    if (runs) add(fmt::format("somebody runs {}", file.path), quoted);
  } else if (place == Place::Autostart) {
    add(fmt::format("the desktop starts {}", file.path),
        fmt::format("sh -c \"$(sed -n 's/^Exec=//p' {})\"", quoted));
  } else if (place == Place::Cron && file.path.find("/atjobs/") != std::string::npos) {
    add(fmt::format("at runs {}", file.path), fmt::format("sudo -n cat {} | sh", quoted));
  } else if (const KnownPlace* known = known_place(file.path, home); known && persists(place)) {
    add_starts(file, known->read_by);
  } else if (place == Place::ProjectStartup) {
    add_project_file(file);
  }
}

}  // namespace

bool could_act_later(const std::vector<std::string>& changed, std::string_view home,
                     std::string_view skill_dir) {
  return std::ranges::any_of(changed, [&](const std::string& path) {
    const Place place = place_of(path, home, skill_dir);
    return persists(place) || place == Place::ProgramPath;
  });
}

std::vector<PlannedStep> later_steps(const Evidence& evidence, const Changes& changes) {
  LaterSteps later(evidence);
  for (const RowChange<CronEntry>& row : changes.cron)
    if (row.kind != ChangeKind::Deleted) later.add_cron(row.after);
  for (const RowChange<Unit>& row : changes.units)
    if (row.kind == ChangeKind::Added && !row.after.unit_file_state.empty())
      later.add_unit(row.after.scope, row.after.id);
  for (const FileChange& change : changes.files)
    if (change.kind != ChangeKind::Deleted && change.origin == Origin::Skill &&
        change.after.type == FileType::Regular && change.content_changed())
      later.add_file(change.after);
  return std::move(later).take();
}

}  // namespace skillaudit
