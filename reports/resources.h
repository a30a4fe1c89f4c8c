#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// What the VM used at most, and in all.
struct ResourcePeaks {
  double cpus = 0;
  std::uint64_t memory_bytes = 0;
  std::uint64_t disk_written_bytes = 0;  ///< in all, while the skill ran
  std::uint64_t network_bytes = 0;       ///< in all
  double disk_written_per_s = 0;         ///< at most
  double network_per_s = 0;
};

[[nodiscard]] ResourcePeaks peaks_of(const std::vector<ResourceSample>& samples);

/// At most `most` samples: of each run of neighbours one, with the most processors and memory that
/// they had and the last of what only grows.
[[nodiscard]] std::vector<ResourceSample> thinned(const std::vector<ResourceSample>& samples,
                                                  std::size_t most);

/// One bar (U+2581 to U+2588) for each value, the highest for the greatest: "▁▃█". Values that are
/// all zero give the lowest ones.
[[nodiscard]] std::string sparkline(const std::vector<double>& values);

/// What a run used of one thing, over its time.
struct ResourceSeries {
  std::string label;
  std::string peak;            ///< "at most 1.2 of 2"
  std::vector<double> values;  ///< at most as many as were asked for, evenly over the run
};
/// None where there are no samples.
[[nodiscard]] std::vector<ResourceSeries> series_of_run(const Evidence& evidence, std::size_t most);

}  // namespace skillaudit
