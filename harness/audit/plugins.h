#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/evidence/gap.h"
#include "harness/runner/plan.h"
#include "harness/skill/plugin_parts.h"

namespace skillaudit {

/// A folder whose hooks, servers and other parts belong to what is audited.
struct AuditedPlugin {
  std::filesystem::path folder;  ///< on the host
  std::string place;             ///< in the guest, relative to the user's home
  bool installed = false;        ///< it is the skill's own folder, which is installed anyway
  std::vector<PluginPart> parts;
};

/// The skill's folder, and those around it, as far as they have such parts. `skill_place` is where
/// the skill is installed, relative to the home. Folders of more than kMostPluginBytes are not
/// installed: their parts are gaps.
[[nodiscard]] std::vector<AuditedPlugin> plugins_of(
    const std::filesystem::path& skill_folder, const std::string& skill_place,
    const std::vector<std::filesystem::path>& around);

inline constexpr std::uint64_t kMostPluginBytes = 64ULL << 20;

/// Plans a step for each part that can run, ahead of the plan's own, as an agent does it; each
/// other part becomes a gap, and so do all where the plan is not a walkthrough.
void plan_plugins(const std::vector<AuditedPlugin>& plugins, const std::string& guest_home,
                  const std::string& project, Plan& plan, std::vector<Gap>& gaps);

}  // namespace skillaudit
