#include "harness/evidence/run_samples.h"

#include <algorithm>

namespace skillaudit {

double end_of_run(const Evidence& evidence) {
  double end = 0;
  for (const Step& step : evidence.execution.steps)
    if (step.ran) end = std::max(end, step.started_s + step.duration_s);
  return end;
}

std::vector<ResourceSample> samples_of_run(const Evidence& evidence) {
  const std::vector<ResourceSample>& all = evidence.machine.samples;
  std::size_t first = 0;
  for (std::size_t i = 1; i < all.size(); ++i)
    if (all[i].time_s < all[i - 1].time_s) first = i;
  const double end = end_of_run(evidence);
  constexpr double kInterval = 0.5;
  std::vector<ResourceSample> samples;
  for (std::size_t i = first; i < all.size(); ++i)
    if (end == 0 || all[i].time_s <= end + kInterval) samples.push_back(all[i]);
  return samples;
}

}  // namespace skillaudit
