#include "harness/audit/plugins.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "harness/evidence/runner_names.h"
#include "harness/runner/plugin_steps.h"
#include "harness/skill/skill_name.h"

namespace skillaudit {
namespace fs = std::filesystem;
namespace {

bool fits(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (const fs::recursive_directory_iterator end; !error && entry != end; entry.increment(error)) {
    if (entry->path().filename() == ".git") entry.disable_recursion_pending();
    if (entry->is_regular_file(error) && !entry->is_symlink(error))
      bytes += entry->file_size(error);
    if (bytes > kMostPluginBytes) return false;
  }
  return !error;
}

std::string place_of(const fs::path& folder, const std::vector<AuditedPlugin>& others) {
  std::error_code error;
  std::string name = valid_skill_name_like(fs::canonical(folder, error).filename().string());
  if (name.empty()) name = "plugin";
  const std::string place = ".claude/plugins/local/" + name;
  const bool taken = std::any_of(others.begin(), others.end(),
                                 [&](const AuditedPlugin& other) { return other.place == place; });
  return taken ? fmt::format("{}-{}", place, others.size() + 1) : place;
}

}  // namespace

std::vector<AuditedPlugin> plugins_of(const fs::path& skill_folder, const std::string& skill_place,
                                      const std::vector<fs::path>& around) {
  std::vector<AuditedPlugin> plugins;
  for (const fs::path& folder : around)
    if (std::vector<PluginPart> parts = plugin_parts(folder); !parts.empty()) {
      const bool wanted = std::any_of(parts.begin(), parts.end(), can_be_run) && fits(folder);
      plugins.push_back({folder, wanted ? place_of(folder, plugins) : "", false, std::move(parts)});
    }
  if (std::vector<PluginPart> parts = plugin_parts(skill_folder); !parts.empty())
    plugins.push_back({skill_folder, skill_place, true, std::move(parts)});
  return plugins;
}

void plan_plugins(const std::vector<AuditedPlugin>& plugins, const std::string& guest_home,
                  const std::string& project, Plan& plan, std::vector<Gap>& gaps) {
  std::vector<PlannedStep> steps;
  for (const AuditedPlugin& plugin : plugins) {
    const bool walks = plan.runner == kWalkthrough || plan.runner == kWordsOnly;
    const bool runs = walks && !plugin.place.empty();
    for (const PluginPart& part : plugin.parts)
      if (!runs || !can_be_run(part))
        gaps.push_back(Gap::not_exercised(
            GapSource::Execution,
            fmt::format("not exercised: {}; read it before you install the plugin", part.what)));
    if (!runs) continue;
    std::vector<PlannedStep> more =
        steps_of_plugin(plugin.parts, guest_home + "/" + plugin.place, project);
    std::move(more.begin(), more.end(), std::back_inserter(steps));
  }
  if (steps.empty()) return;
  plan.runner = kWalkthrough;
  plan.nothing_to_run.clear();
  plan.steps.insert(plan.steps.begin(), std::make_move_iterator(steps.begin()),
                    std::make_move_iterator(steps.end()));
}

}  // namespace skillaudit
