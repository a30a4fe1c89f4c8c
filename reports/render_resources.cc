#include <fmt/format.h>

#include "harness/analysis/run_samples.h"
#include "harness/base/text.h"
#include "reports/markdown_view.h"
#include "reports/resources.h"

namespace skillaudit::markdown {

void put_resources(data& view, const Evidence& evidence) {
  constexpr std::size_t kBars = 40;
  const std::vector<ResourceSample> samples = samples_of_run(evidence);
  data rows{data::type::list};
  if (!samples.empty()) {
    const ResourcePeaks peaks = peaks_of(samples);
    const std::vector<ResourceSample> few = thinned(samples, kBars);
    const auto add = [&](const char* label, const std::string& peak, auto value) {
      std::vector<double> values;
      for (std::size_t i = 0; i < few.size(); ++i) values.push_back(value(i));
      data row;
      row.set("label", label);
      row.set("peak", peak);
      row.set("bars", sparkline(values));
      rows.push_back(row);
    };
    const auto growth = [&](std::size_t i, std::uint64_t ResourceSample::*field) {
      const std::uint64_t last = i == 0 ? samples.front().*field : few[i - 1].*field;
      return few[i].*field > last ? static_cast<double>(few[i].*field - last) : 0.0;
    };
    const auto rate = [](double bytes) {
      return human_bytes(static_cast<unsigned long long>(bytes)) + "/s";
    };
    add("Processors", fmt::format("at most {:.1f} of {}", peaks.cpus, evidence.environment.cpus),
        [&](std::size_t i) { return few[i].cpus; });
    add("Memory",
        fmt::format("at most {} for a machine of {} MiB", human_bytes(peaks.memory_bytes),
                    evidence.environment.memory_mib),
        [&](std::size_t i) { return static_cast<double>(few[i].memory_bytes); });
    add("Disk written",
        fmt::format("{}, at most {}", human_bytes(peaks.disk_written_bytes),
                    rate(peaks.disk_written_per_s)),
        [&](std::size_t i) { return growth(i, &ResourceSample::disk_written_bytes); });
    add("Network",
        fmt::format("{}, at most {}", human_bytes(peaks.network_bytes), rate(peaks.network_per_s)),
        [&](std::size_t i) { return growth(i, &ResourceSample::network_bytes); });
  }
  view.set("resources", rows);
}

}  // namespace skillaudit::markdown
