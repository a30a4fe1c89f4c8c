// Waiting until nobody looks any more.
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <unordered_map>

#include "harness/evidence/run_samples.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/trace_rules.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

constexpr std::string_view kLongSleep = "evasion.long-sleep";

constexpr double kLong = 60;
/// Of a processor; an emulated guest that waits still ticks.
constexpr double kIdle = 0.15;
constexpr std::uint64_t kQuietBytes = 4096;

/// Seconds that sleep(1) was told to sleep: its arguments added up.
double asked_seconds(const TraceEvent& exec) {
  double sum = 0;
  std::size_t first = 1;
  if (base_name(exec.program) == "busybox" && exec.arguments.size() > 1 &&
      exec.arguments[1] == "sleep")
    first = 2;
  for (std::size_t i = first; i < exec.arguments.size(); ++i) {
    char* end = nullptr;
    const double value = std::strtod(exec.arguments[i].c_str(), &end);
    const double unit = *end == 'm' ? 60 : *end == 'h' ? 3600 : *end == 'd' ? 86400 : 1;
    if (end != exec.arguments[i].c_str() && value > 0) sum += value * unit;
  }
  return sum;
}

bool is_sleep(const TraceEvent& exec) {
  if (base_name(exec.program) == "sleep" || exec.name == "sleep") return true;
  return !exec.arguments.empty() && base_name(exec.arguments[0]) == "sleep";
}

struct Span {
  double from = 0;  ///< seconds after the skill began
  double to = 0;
};

/// By the trace: sleep(1) from its start to its end.
std::vector<Span> sleeps(const RuleInput& input, Offenders& found) {
  const std::vector<TraceEvent>& events = input.processes.events();
  std::unordered_map<ProcessTree::Process, double> ends;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::Exit))
    ends[input.processes.process(i)] = events[i].time_s;
  std::vector<Span> spans;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::Exec)) {
    const TraceEvent& event = events[i];
    if (!is_sleep(event) || !input.processes.of_skill(i) || asked_seconds(event) < kLong) continue;
    const auto end = ends.find(input.processes.process(i));
    if (end == ends.end() || end->second - event.time_s < kLong) continue;
    spans.push_back({input.processes.time_of(event), end->second - input.processes.began_s()});
    const std::string who = who_did(input, i);
    Offender* offender = found.at(who);
    if (offender == nullptr) continue;
    const double slept = end->second - event.time_s;
    offender->words.what = who;
    offender->words.where = fmt::format("{:.0f} s", slept);
    Offenders::add(
        offender,
        cite_event(input, i, fmt::format("ran {} and slept {:.0f} s", command_line(event), slept)));
  }
  return spans;
}

/// Times at which the skill's processes did something that the trace tells of.
std::vector<double> busy_times(const RuleInput& input) {
  std::vector<double> times;
  const std::vector<TraceEvent>& events = input.processes.events();
  for (std::size_t i = 0; i < events.size(); ++i)
    if (input.processes.of_skill(i)) times.push_back(input.processes.time_of(events[i]));
  std::sort(times.begin(), times.end());
  return times;
}

bool anything_between(const std::vector<double>& times, Span span) {
  const auto first = std::lower_bound(times.begin(), times.end(), span.from);
  return first != times.end() && *first <= span.to;
}

/// By the samples: a step in which the machine rests, nothing is sent and no process starts.
void idle_steps(const RuleInput& input, const std::vector<Span>& known, Offenders& found) {
  const std::vector<ResourceSample> samples = samples_of_run(input.evidence);
  const std::vector<Step>& steps = input.evidence.execution.steps;
  const auto began = std::find_if(steps.begin(), steps.end(), [](const Step& s) { return s.ran; });
  if (samples.empty() || began == steps.end()) return;
  const std::vector<double> busy = busy_times(input);
  constexpr double kEdge = 1;
  std::size_t sample = 0;
  for (const Step& step : steps) {
    if (!step.ran || step.duration_s < kLong) continue;
    const double from = step.started_s - began->started_s;
    const double to = from + step.duration_s;
    while (sample < samples.size() && samples[sample].time_s < from) ++sample;
    Span best;
    for (std::size_t i = sample; i < samples.size() && samples[i].time_s <= to;) {
      const std::size_t start = i;
      while (i < samples.size() && samples[i].time_s <= to && samples[i].cpus < kIdle &&
             samples[i].network_bytes < samples[start].network_bytes + kQuietBytes)
        ++i;
      const Span span = i > start ? Span{samples[start].time_s, samples[i - 1].time_s} : Span{};
      if (span.to - span.from > best.to - best.from) best = span;
      if (i == start) ++i;
    }
    if (best.to - best.from < kLong) continue;
    if (anything_between(busy, {best.from + kEdge, best.to - kEdge})) continue;
    const bool told = std::any_of(known.begin(), known.end(), [&](const Span& each) {
      return each.from < best.to && best.from < each.to;
    });
    Offender* offender = told ? nullptr : found.at("step " + step.name);
    if (offender == nullptr) continue;
    offender->words.what = "the step " + as_code(step.name);
    offender->words.where = fmt::format("{:.0f} s", best.to - best.from);
    Offenders::add(offender,
                   cite(source::machine(),
                        fmt::format("below {:.2f} processors and nothing sent from +{:.1f} s to "
                                    "+{:.1f} s, in the step {}",
                                    kIdle, best.from, best.to, step.name)));
  }
}

void trace_waiting_rules(const RuleInput& input, Drafts& drafts) {
  if (!input.evidence.trace.collected) return;
  Offenders found;
  const std::vector<Span> known = sleeps(input, found);
  idle_steps(input, known, found);
  found.report(kLongSleep, drafts);
}

}  // namespace

RuleCode trace_waiting_code() { return {{kLongSleep}, trace_waiting_rules}; }

}  // namespace skillaudit
