#include "harness/audit/opened_world.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/audit/steering.h"
#include "harness/audit/world_clone.h"
#include "harness/base/file.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/base/workspace.h"
#include "harness/bundle/layout.h"
#include "harness/bundle/write.h"
#include "harness/conditions/open_gates.h"
#include "harness/rules/rules.h"
#include "harness/skill/code_lines.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

/// For the lines, beside and after the world itself.
constexpr std::chrono::milliseconds kPatience{30'000};

}  // namespace

OpenedWorld::OpenedWorld(MachineProvider& provider, const SandboxSpec& first,
                         Observation observation, fs::path bundle, double timeout_s)
    : provider_(provider),
      sandbox_(first),
      observation_(std::move(observation)),
      bundle_(std::move(bundle)) {
  sandbox_.policy = policy_of_world(sandbox_.policy);
  sandbox_.evidence_dir = world_folder(bundle_, kOpenedWorld.name);
  observation_.timeout_s = std::min(observation_.timeout_s, timeout_s);
  observation_.check_boot = false;
  observation_.before_the_skill = {};
}

std::vector<std::string> OpenedWorld::change(const fs::path& folder, const std::vector<Harm>& harm,
                                             const Evidence& evidence) const {
  std::map<std::string, std::vector<WantedLines>> wanted;
  for (const Harm& each : harm) wanted[each.place].push_back({each.lines, each.removes});
  std::vector<std::string> told;
  for (const auto& [place, lines] : wanted) {
    const SkillText* text = text_at(evidence.skill, place);
    if (text == nullptr) continue;
    const MeasuredLines* measured = measured_at(evidence.lines, place);
    const auto opened = open_gates(
        place, text->text, measured == nullptr ? std::vector<LineRange>{} : measured->ran, lines);
    if (!opened) continue;
    const fs::path file = folder / place;
    const fs::perms mode = fs::status(file).permissions();
    write_file(file, *opened);
    fs::permissions(file, mode);
    told.push_back(fmt::format("in the world {}: conditions before line {} of {} are set aside",
                               as_code(kOpenedWorld.name), lines.front().lines.first,
                               as_code(place)));
  }
  return told;
}

double OpenedWorld::run(const std::vector<Harm>& harm, Evidence& evidence,
                        Progress& progress) const {
  const Workspace workspace(cache_dir());
  SandboxSpec spec = sandbox_;
  spec.skill_folder = workspace.path() / evidence.skill.name;
  fs::copy(sandbox_.skill_folder, spec.skill_folder,
           fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  const std::vector<std::string> told = change(spec.skill_folder, harm, evidence);
  if (told.empty()) return 0;
  progress.stage("Running what its conditions kept back");
  Steering steering(provider_, spec, observation_, evidence.skill);
  steering.start();
  double took_s = 0;
  try {
    took_s = observe_world(provider_, spec, observation_, kOpenedWorld, evidence).took_s;
  } catch (const std::exception& error) {
    // What the first clone showed stands without it.
    progress.detail(lost_world(kOpenedWorld, spec.evidence_dir, error).text);
    return 0;
  }
  write_lines(steering.finish(kPatience), spec.evidence_dir);
  evidence.worlds.emplace_back().world = kOpenedWorld.name;
  auto& arranged = evidence.environment.arranged;
  arranged.insert(arranged.end(), told.begin(), told.end());
  check_interrupt();
  return took_s;
}

}  // namespace skillaudit
