#include "reports/resources.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "harness/base/text.h"
#include "harness/evidence/run_samples.h"

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

std::vector<ResourceSeries> series_of_run(const Evidence& evidence, std::size_t most) {
  const std::vector<ResourceSample> samples = samples_of_run(evidence);
  if (samples.empty()) return {};
  const ResourcePeaks peaks = peaks_of(samples);
  const std::vector<ResourceSample> few = thinned(samples, most);
  const auto values = [&](auto value) {
    std::vector<double> all;
    for (std::size_t i = 0; i < few.size(); ++i) all.push_back(value(i));
    return all;
  };
  const auto growth = [&](std::uint64_t ResourceSample::*field) {
    return values([&](std::size_t i) {
      const std::uint64_t last = i == 0 ? samples.front().*field : few[i - 1].*field;
      return static_cast<double>(grown(last, few[i].*field));
    });
  };
  const auto rate = [](double bytes) {
    return human_bytes(static_cast<unsigned long long>(bytes)) + "/s";
  };
  return {
      {"Processors", fmt::format("peak {:.1f} of {}", peaks.cpus, evidence.environment.cpus),
       values([&](std::size_t i) { return few[i].cpus; })},
      {"Memory",
       fmt::format("peak {} in a VM with {} MiB", human_bytes(peaks.memory_bytes),
                   evidence.environment.memory_mib),
       values([&](std::size_t i) { return static_cast<double>(few[i].memory_bytes); })},
      {"Disk written",
       fmt::format("{}, peak {}", human_bytes(peaks.disk_written_bytes),
                   rate(peaks.disk_written_per_s)),
       growth(&ResourceSample::disk_written_bytes)},
      {"Network",
       fmt::format("{}, peak {}", human_bytes(peaks.network_bytes), rate(peaks.network_per_s)),
       growth(&ResourceSample::network_bytes)},
  };
}

}  // namespace skillaudit
