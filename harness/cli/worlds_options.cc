#include "harness/cli/worlds_options.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/cli/batch.h"

namespace skillaudit {
namespace {

constexpr unsigned kLongestBudget = 24 * 60 * 60;

std::vector<std::string> parse_worlds(const std::string& list) {
  std::vector<std::string> names;
  for (const std::string_view part : split(list, ',')) {
    const std::string name(trim(part));
    if (std::ranges::find(kChosenWorlds, name) == kChosenWorlds.end())
      fail(ErrorKind::Usage, "--worlds names '{}': there are {}", printable(name),
           fmt::join(kChosenWorlds, ", "));
    names.push_back(name);
  }
  const auto has = [&](std::string_view world) { return std::ranges::count(names, world) > 0; };
  if (has(kComparedWorlds[1].name) && !has(kComparedWorlds[0].name))
    fail(ErrorKind::Usage,
         "--worlds names {0} alone: what left it is compared with {1}. Give {1},{0}",
         kComparedWorlds[1].name, kComparedWorlds[0].name);
  return names;
}

}  // namespace

void add_worlds_options(Command& command, WorldsOptions& options) {
  command
      .add_option("--depth", options.depth,
                  "quick: run the skill in one VM, where only this host's mirrors answer; "
                  "standard: also in worlds, where what it does could depend on them; deep: in all "
                  "worlds, whatever it does")
      .one_of({"quick", "standard", "deep"})
      .show_default();
  command.add_option(
      "--worlds", options.worlds,
      "Take these worlds alone, separated by commas: answering (every host answers, "
      "and all runs twice), other-secrets (what left is compared), opened "
      "(conditions of the code are set aside), later (what is left on the machine is run); "
      "default: all");
  command.add_option("--budget", options.budget,
                     "Seconds that the skill may run in all worlds together (default: 60, or eight "
                     "times what its first run took, at most 600)");
}

WorldsSpec worlds_of(const WorldsOptions& options) {
  WorldsSpec spec{.depth = options.depth == "quick"  ? Depth::Quick
                           : options.depth == "deep" ? Depth::Deep
                                                     : Depth::Standard,
                  .only = parse_worlds(options.worlds)};
  if (!options.budget.empty())
    spec.budget_s = parse_count("--budget", options.budget, 1, kLongestBudget);
  if (spec.depth == Depth::Quick && (!spec.only.empty() || spec.budget_s))
    fail(ErrorKind::Usage,
         "--depth quick takes no worlds: leave out --worlds and --budget, or --depth");
  return spec;
}

}  // namespace skillaudit
