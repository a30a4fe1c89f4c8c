#include "harness/changes/package_scripts.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "harness/changes/locations.h"
#include "harness/changes/own_accord.h"

namespace skillaudit {
namespace {

constexpr std::string_view kScripts = "/var/lib/dpkg/info/";
/// The host's clock and the guest's agree to a fraction of a second.
constexpr double kSlack = 0.5;
constexpr double kNever = std::numeric_limits<double>::max();

/// "ssl-cert" of "/var/lib/dpkg/info/ssl-cert:amd64.postinst".
std::string package_of(std::string_view script) {
  if (!script.starts_with(kScripts)) return {};
  script.remove_prefix(kScripts.size());
  const std::size_t dot = script.rfind('.');
  if (dot == std::string_view::npos || script.find('/') != std::string_view::npos) return {};
  const std::string_view kind = script.substr(dot + 1);
  if (kind != "postinst" && kind != "preinst" && kind != "prerm" && kind != "postrm") return {};
  return std::string(script.substr(0, std::min(script.find(':'), dot)));
}

bool is_apt(std::string_view program) {
  return program == "/usr/bin/apt" || program == "/usr/bin/apt-get" ||
         program == "/usr/bin/aptitude";
}

/// Where maintainer scripts of the distribution set up what their package needs.
bool may_be_set_up(Place place) {
  switch (place) {
    case Place::System:
    case Place::SystemStartup:
    case Place::SecuritySettings:
    case Place::Accounts:
    case Place::Program:
    case Place::ImportPath:
    case Place::Log:
      return true;
    default:
      return false;
  }
}

/// Where it is looked at when a file was last changed: nobody can set that time of a file.
double changed_at(const FileEntry& file) { return static_cast<double>(file.ctime_ns) / 1e9; }

}  // namespace

std::set<std::string, std::less<>> fetched_packages(const std::vector<Flow>& flows) {
  std::set<std::string, std::less<>> names;
  for (const Flow& flow : flows) {
    if (!flow.allowed || flow.group != "mirrors" || flow.status.value_or(0) / 100 != 2) continue;
    std::string file(base_name(flow.path));
    for (const auto& [code, plain] : {std::pair{"%2b", "+"}, std::pair{"%2B", "+"}}) {
      for (std::size_t at = file.find(code); at != std::string::npos; at = file.find(code)) {
        file.replace(at, 3, plain);
      }
    }
    if (file.ends_with(".deb") && file.find('_') != std::string::npos) {
      names.insert(file.substr(0, file.find('_')));
    }
  }
  return names;
}

PackageScripts::PackageScripts(const Evidence& evidence, const ProcessTree& processes)
    : evidence_(evidence),
      processes_(processes),
      fetched_(fetched_packages(evidence.flows)),
      ended_s_(processes.processes(), kNever),
      began_s_(processes.processes(), kNever) {
  const std::vector<TraceEvent>& events = processes.events();
  for (std::size_t i = 0; i < events.size(); ++i) {
    double& began = began_s_[processes.process(i)];
    began = std::min(began, events[i].time_s);
    if (events[i].kind == TraceKind::Exit) ended_s_[processes.process(i)] = events[i].time_s;
  }
  for (const std::uint32_t i : processes.of_kind(TraceKind::Exec))
    if (!package_of(script_of_exec(events[i])).empty()) scripts_.push_back(processes.process(i));
  runs_ = all_runs();
}

bool PackageScripts::is_below_script(ProcessTree::Process process) const {
  return std::any_of(scripts_.begin(), scripts_.end(), [&](ProcessTree::Process script) {
    return processes_.is_descendant(process, script);
  });
}

/// What apt and dpkg start themselves: programs as they were, and of shells the texts of apt's
/// configuration, so that no hook of the skill's (`-o DPkg::Pre-Invoke::=…`) counts.
bool PackageScripts::is_apts_own(std::size_t exec) const {
  const TraceEvent& event = processes_.events()[exec];
  if (!is_as_before(evidence_, event.program)) return false;
  const bool takes_text = event.arguments.size() > 2 && event.arguments[1] == "-c";
  if (!takes_text) return true;
  const auto plain = [](std::string text) {
    std::erase(text, '\\');
    return text;
  };
  const std::string wanted = plain(event.arguments[2]);
  return std::any_of(evidence_.before.config.begin(), evidence_.before.config.end(),
                     [&](const ConfigText& text) {
                       return text.path.starts_with("/etc/apt/") &&
                              plain(text.content).find(wanted) != std::string::npos;
                     });
}

bool PackageScripts::is_trusted_script(const TraceEvent& exec, const std::string& package) const {
  const std::string_view script = script_of_exec(exec);
  if (is_as_before(evidence_, script)) return true;
  return fetched_.contains(package);
}

ProcessTree::Process PackageScripts::manager_of(std::size_t exec) const {
  bool by_dpkg = false;
  ProcessTree::Process at = processes_.parent(processes_.process(exec));
  for (std::size_t i = 0; at != ProcessTree::kNobody && i < processes_.processes(); ++i) {
    const TraceEvent* image = processes_.image_of(at, exec);
    if (image == nullptr || !is_as_before(evidence_, image->program)) return ProcessTree::kNobody;
    if (image->program == "/usr/bin/dpkg")
      by_dpkg = true;
    else if (is_apt(image->program))
      return by_dpkg ? at : ProcessTree::kNobody;
    // debconf runs a script a second time below itself, and triggers come by dpkg alone.
    else if (by_dpkg)
      return ProcessTree::kNobody;
    at = processes_.parent(at);
  }
  return ProcessTree::kNobody;
}

std::optional<PackageScripts::Run> PackageScripts::run_of(std::size_t exec) const {
  const TraceEvent& event = processes_.events()[exec];
  if (!event.success || !processes_.of_skill(exec)) return std::nullopt;
  const std::string package = package_of(script_of_exec(event));
  if (package.empty() || !is_trusted_script(event, package)) return std::nullopt;
  const ProcessTree::Process manager = manager_of(exec);
  if (manager == ProcessTree::kNobody || !was_alone(manager)) return std::nullopt;
  const ProcessTree::Process process = processes_.process(exec);
  return Run{package, process, event.time_s, ended_s_[process]};
}

std::vector<PackageScripts::Run> PackageScripts::all_runs() const {
  std::vector<Run> runs;
  for (const std::uint32_t i : processes_.of_kind(TraceKind::Exec))
    if (std::optional<Run> run = run_of(i)) runs.push_back(*std::move(run));
  return runs;
}

/// Those above apt wait for it: the step's shell, sudo.
bool PackageScripts::was_alone(ProcessTree::Process manager) const {
  const std::vector<TraceEvent>& events = processes_.events();
  const double from = began_s_[manager], to = ended_s_[manager];
  for (std::size_t i = 0; i < events.size(); ++i) {
    const TraceEvent& event = events[i];
    const ProcessTree::Process process = processes_.process(i);
    if ((event.uid != 0 && event.effective_uid != 0) || !processes_.acts_for_skill(i)) continue;
    if (processes_.is_on_request(process)) continue;
    if (processes_.is_descendant(process, manager)) {
      const bool is_exec = event.kind == TraceKind::Exec && event.success;
      if (is_exec && !is_below_script(process) && !is_apts_own(i)) return false;
      continue;
    }
    // apt ends its helpers by a signal, of which there is no record.
    const TraceEvent* image = processes_.image(i);
    if (image != nullptr && image->program.starts_with("/usr/lib/apt/methods/") &&
        is_as_before(evidence_, image->program))
      continue;
    const bool waits = processes_.is_descendant(manager, process);
    const bool acts = event.time_s > from && event.time_s < to;
    const bool lives = began_s_[process] < from && ended_s_[process] > from;
    if (waits ? acts && event.kind == TraceKind::Fork : acts || lives) return false;
  }
  return true;
}

const std::string* PackageScripts::behind(const FileChange& change) const {
  if (runs_.empty() || change.kind == ChangeKind::Deleted || evidence_.trace.began_at <= 0)
    return nullptr;
  constexpr std::uint32_t kSetIds = 06000;
  const bool is_folder = change.after.type == FileType::Directory;
  if (!is_folder && (change.after.mode & kSetIds) != 0) return nullptr;
  if (!may_be_set_up(place_of(change.path(), evidence_.environment.guest_home,
                              evidence_.environment.skill_dir)))
    return nullptr;
  const double at = changed_at(change.after) - evidence_.trace.began_at;
  for (const Run& run : runs_)
    if (at >= run.from_s - kSlack && at <= run.to_s + kSlack) return &run.package;
  return nullptr;
}

bool PackageScripts::alone_wrote(std::string_view path) const {
  bool any = false;
  for (const std::uint32_t i : processes_.of_kind(TraceKind::Persist)) {
    const TraceEvent& event = processes_.events()[i];
    if (!event.success || !processes_.acts_for_skill(i)) continue;
    if (std::find(event.paths.begin(), event.paths.end(), path) == event.paths.end()) continue;
    const ProcessTree::Process process = processes_.process(i);
    any = std::any_of(runs_.begin(), runs_.end(), [&](const Run& run) {
      return processes_.is_descendant(process, run.process);
    });
    if (!any) return false;
  }
  return any;
}

}  // namespace skillaudit
