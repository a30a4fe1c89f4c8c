#include "reports/resources.h"

#include <gtest/gtest.h>

#include <limits>

namespace skillaudit {
namespace {

TEST(Resources, PeaksAreTheMostAtATimeAndAllOfWhatGrows) {
  const std::vector<ResourceSample> samples = {{.time_s = 0, .cpus = 0.2, .memory_bytes = 100},
                                               {.time_s = 0.5,
                                                .cpus = 1.9,
                                                .memory_bytes = 300,
                                                .disk_written_bytes = 1000,
                                                .network_bytes = 10},
                                               {.time_s = 1.5,
                                                .cpus = 0.1,
                                                .memory_bytes = 200,
                                                .disk_written_bytes = 1500,
                                                .network_bytes = 10}};
  const ResourcePeaks peaks = peaks_of(samples);
  EXPECT_EQ(peaks.cpus, 1.9);
  EXPECT_EQ(peaks.memory_bytes, 300U);
  EXPECT_EQ(peaks.disk_written_bytes, 1500U);
  EXPECT_EQ(peaks.disk_written_per_s, 2000);
  EXPECT_EQ(peaks.network_bytes, 10U);
  EXPECT_EQ(peaks_of({}).cpus, 0);
}

TEST(Resources, FewSamplesKeepThePeaks) {
  std::vector<ResourceSample> samples(100000);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i].disk_written_bytes = i;
  samples[77777].cpus = 3;
  const std::vector<ResourceSample> few = thinned(samples, 1000);
  ASSERT_EQ(few.size(), 1000U);
  EXPECT_EQ(peaks_of(few).cpus, 3);
  EXPECT_EQ(few.back().disk_written_bytes, 99999U);
  EXPECT_EQ(thinned(few, 1000).size(), 1000U);
}

TEST(Resources, ASparklineHasABarForEachValue) {
  EXPECT_EQ(sparkline({0, 1, 4, 8}), "▁▂▅█");
  EXPECT_EQ(sparkline({0, 0}), "▁▁");
  EXPECT_EQ(sparkline({-1, std::numeric_limits<double>::quiet_NaN(), 1}), "▁▁█");
  EXPECT_EQ(sparkline({}), "");
}

}  // namespace
}  // namespace skillaudit
