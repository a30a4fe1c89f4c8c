#include "reports/resources.h"

#include <algorithm>
#include <cmath>

namespace skillaudit {
namespace {

std::uint64_t grown(std::uint64_t from, std::uint64_t to) { return to > from ? to - from : 0; }

}  // namespace

ResourcePeaks peaks_of(const std::vector<ResourceSample>& samples) {
  ResourcePeaks peaks;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const ResourceSample& now = samples[i];
    peaks.cpus = std::max(peaks.cpus, now.cpus);
    peaks.memory_bytes = std::max(peaks.memory_bytes, now.memory_bytes);
    if (i == 0) continue;
    const ResourceSample& last = samples[i - 1];
    const std::uint64_t written = grown(last.disk_written_bytes, now.disk_written_bytes);
    const std::uint64_t sent = grown(last.network_bytes, now.network_bytes);
    peaks.disk_written_bytes += written;
    peaks.network_bytes += sent;
    const double seconds = now.time_s - last.time_s;
    // Two samples that a busy host took one right after the other tell of no rate.
    constexpr double kLeastBetween = 0.1;
    if (seconds < kLeastBetween) continue;
    peaks.disk_written_per_s =
        std::max(peaks.disk_written_per_s, static_cast<double>(written) / seconds);
    peaks.network_per_s = std::max(peaks.network_per_s, static_cast<double>(sent) / seconds);
  }
  return peaks;
}

std::vector<ResourceSample> thinned(const std::vector<ResourceSample>& samples, std::size_t most) {
  if (samples.size() <= most) return samples;
  std::vector<ResourceSample> few;
  few.reserve(most);
  for (std::size_t i = 0; i < most; ++i) {
    const std::size_t from = i * samples.size() / most;
    const std::size_t to = (i + 1) * samples.size() / most;
    ResourceSample one = samples[to - 1];
    for (std::size_t j = from; j < to; ++j) {
      one.cpus = std::max(one.cpus, samples[j].cpus);
      one.memory_bytes = std::max(one.memory_bytes, samples[j].memory_bytes);
    }
    few.push_back(one);
  }
  return few;
}

std::string sparkline(const std::vector<double>& values) {
  double most = 0;
  for (const double value : values)
    if (std::isfinite(value)) most = std::max(most, value);
  std::string line;
  for (const double value : values) {
    const bool counts = most > 0 && std::isfinite(value) && value > 0;
    const int height = counts ? std::min(7, static_cast<int>(value / most * 8)) : 0;
    line += "\xe2\x96";
    line += static_cast<char>(0x81 + height);
  }
  return line;
}

}  // namespace skillaudit
