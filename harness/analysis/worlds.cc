#include "harness/analysis/worlds.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/analysis/unexercised.h"
#include "harness/changes/drawn_words.h"
#include "harness/changes/process_tree.h"
#include "harness/changes/step_ends.h"
#include "harness/evidence/world.h"

namespace skillaudit {
namespace {

/// Whether drafts of the same rule tell of all that `draft` is about.
bool is_known(const Draft& draft, const std::vector<Draft>& drafts) {
  std::set<std::string> subjects;
  for (const Draft& each : drafts) {
    if (each.rule != draft.rule) continue;
    if (without_drawn_words(each.title) == without_drawn_words(draft.title)) return true;
    for (const std::string& subject : each.named.subjects)
      subjects.insert(without_drawn_words(subject));
  }
  return !draft.named.subjects.empty() && draft.named.unnamed == 0 &&
         std::ranges::all_of(draft.named.subjects, [&](const std::string& subject) {
           return subjects.contains(without_drawn_words(subject));
         });
}

const Step* step_named(const std::string& name, const Evidence& evidence) {
  const auto found = std::ranges::find(evidence.execution.steps, name, &Step::name);
  return found == evidence.execution.steps.end() ? nullptr : &*found;
}

}  // namespace

void join_world(const std::string& world, const std::vector<Draft>& found,
                std::vector<Draft>& drafts) {
  const std::size_t own = drafts.size();
  const std::vector<Draft> known(drafts.begin(), drafts.end());
  for (const Draft& draft : found) {
    if (draft.rule->effect_class < EffectClass::Lasting) continue;
    if (is_known(draft, known)) {
      for (std::size_t i = 0; i < own; ++i)
        if (drafts[i].rule == draft.rule && !std::ranges::count(drafts[i].worlds, world))
          drafts[i].worlds.push_back(world);
      continue;
    }
    Draft added = draft;
    added.worlds = {world};
    for (Citation& citation : added.evidence) citation.source.world = world;
    drafts.push_back(std::move(added));
  }
}

std::vector<Gap> unfinished_in(const Evidence& world, const Evidence& first) {
  std::vector<Gap> gaps;
  if (world.world == kOpenedWorld.name) return gaps;  // a condition that is set aside can loop
  for (const Step& step : world.execution.steps) {
    const Step* own = step_named(step.name, first);
    const bool is_open =
        world.world == kLaterWorld.name && own == nullptr
            ? !step.ran || step.timed_out  // what was left may wait until nobody looks
            : step.timed_out && !step.hung && own != nullptr && own->ran && !own->timed_out;
    if (!is_open) continue;
    gaps.push_back(Gap::not_exercised(
        GapSource::Execution,
        fmt::format("not exercised: where every host answers, the step {} did not end in time",
                    as_code(step.name)),
        {.world = world.world}));
  }
  return gaps;
}

bool is_exercised_in_a_world(const Step& step, const Evidence& first) {
  return std::ranges::any_of(first.worlds, [&](const Evidence& world) {
    if (world.world == kOpenedWorld.name) return false;
    const auto& steps = world.execution.steps;
    const auto there = std::ranges::find_if(steps, [&](const Step& each) {
      return each.name == step.name && each.command == step.command && each.ran;
    });
    if (there == steps.end() || there->timed_out) return false;
    // A step that fails may have been given an answer that it could not read.
    const bool ended_well = there->exit_code == there->expected_exit;
    if (!ended_well && there->served_ports.empty()) return false;
    const ProcessTree processes(world);
    const std::vector<StepEnd> ends = step_ends(world, processes);
    if (ends[static_cast<std::size_t>(there - steps.begin())].tried_again) return false;
    return std::ranges::none_of(unexercised_parts(world, ends), [&](const Unexercised& part) {
      return part.step == static_cast<std::size_t>(there - steps.begin());
    });
  });
}

}  // namespace skillaudit
