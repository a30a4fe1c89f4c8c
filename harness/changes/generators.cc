#include "harness/changes/generators.h"

#include <algorithm>
#include <array>

#include "harness/changes/locations.h"
#include "harness/changes/own_accord.h"

namespace skillaudit {
namespace {

constexpr std::array<std::string_view, 6> kFolders = {
    "/run/systemd/generator", "/run/systemd/generator.early", "/run/systemd/generator.late",
    "/run/systemd/network",   "/run/systemd/system",          "/run/udev/rules.d"};
/// systemd sets its times when it has loaded the units.
constexpr std::string_view kLoaded = "/run/systemd/systemd-units-load";
/// systemd ends the loading after its generators ended; the two clocks agree to a fraction of that.
constexpr double kSlack = 1.0;

bool is_generators_place(std::string_view path) {
  return path == kLoaded ||
         std::any_of(kFolders.begin(), kFolders.end(), [&](std::string_view folder) {
           return path == folder || is_below(path, folder);
         });
}

/// The same but for its times, or a folder.
bool is_rewritten(const FileChange& change) {
  const FileEntry& after = change.after;
  if (after.uid != 0 || change.kind == ChangeKind::Deleted) return false;
  if (after.type == FileType::Directory) return true;
  if (change.kind == ChangeKind::Added) return after.size == 0 && after.type == FileType::Regular;
  const FileEntry& before = change.before;
  return before.type == after.type && before.size == after.size && before.mode == after.mode &&
         before.link_target == after.link_target;
}

}  // namespace

Generators::Generators(const Evidence& evidence, const ProcessTree& processes)
    : evidence_(evidence), processes_(processes) {
  std::vector<double> ended(processes.processes(), -1);
  for (const std::uint32_t i : processes.of_kind(TraceKind::Exit))
    ended[processes.process(i)] = processes.events()[i].time_s;
  for (const std::uint32_t i : processes.of_kind(TraceKind::Exec)) {
    const TraceEvent& exec = processes.events()[i];
    if (processes.of_skill(i) || !is_generator(exec.program) ||
        !runs_what_was_there(evidence, exec))
      continue;
    const double end = ended[processes.process(i)];
    runs_.emplace_back(exec.time_s, end < 0 ? exec.time_s : end);
  }
}

bool Generators::ran_at(std::int64_t mtime_ns) const {
  const double at = static_cast<double>(mtime_ns) / 1e9 - evidence_.trace.began_at;
  return std::any_of(runs_.begin(), runs_.end(), [&](const auto& run) {
    return at >= run.first - kSlack && at <= run.second + kSlack;
  });
}

bool Generators::is_written_by_skill(std::string_view path) const {
  const auto& persisted = processes_.of_kind(TraceKind::Persist);
  return std::any_of(persisted.begin(), persisted.end(), [&](std::uint32_t i) {
    const auto& paths = processes_.events()[i].paths;
    return processes_.of_skill(i) && std::find(paths.begin(), paths.end(), path) != paths.end();
  });
}

bool Generators::made(const FileChange& change) const {
  return !runs_.empty() && is_generators_place(change.path()) && is_rewritten(change) &&
         ran_at(change.after.mtime_ns) && !is_written_by_skill(change.path());
}

}  // namespace skillaudit
