#include <fmt/core.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <ctime>
#include <functional>

#include "harness/analysis/assess.h"
#include "harness/base/temp_dir.h"
#include "harness/bundle/read.h"
#include "reports/render.h"
#include "tests/unit/bundle/changed_bundle.h"

namespace skillaudit {
namespace {

using ::testing::Lt;
using ::testing::SizeIs;

constexpr std::size_t kChanges = 50'000;
/// Twice the work costs twice the time where each step is linear or nearly so, and four times where
/// one is quadratic.
constexpr double kMostForTwice = 3;

/// Processor time of all threads: what else runs on the machine counts little. The least of three.
double seconds_of(const std::function<void()>& work) {
  const auto now = [] {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  };
  double least = 1e9;
  for (int i = 0; i < 3; ++i) {
    const double start = now();
    work();
    least = std::min(least, now() - start);
  }
  return least;
}

void report(const Evidence& evidence) {
  const Assessment assessment = assess(evidence, shipped_rubric());
  // A report of many changes stays one that a person can read.
  EXPECT_THAT(render_markdown(evidence, assessment), SizeIs(Lt(200'000U)));
  EXPECT_THAT(render_json(evidence, assessment), SizeIs(Lt(2'000'000U)));
}

TEST(Scale, ABundleOfTwiceTheChangesTakesAboutTwiceTheTime) {
  const TempDir folder;
  const auto seconds = [&](std::size_t changes) {
    const auto bundle = folder.path() / std::to_string(changes);
    const testing::ChangedBundle made = testing::write_changed_bundle(changes, bundle);
    EXPECT_EQ(made.added + made.modified + made.deleted, changes);
    EXPECT_EQ(assess(load_evidence(bundle), shipped_rubric()).changes.files.size(), changes);
    return seconds_of([&] { report(load_evidence(bundle)); });
  };
  const double once = seconds(kChanges);
  EXPECT_LT(seconds(2 * kChanges), kMostForTwice * once);
}

/// A guest in which `count` files each were put or removed where a rule makes a finding of each
/// one.
Evidence hostile_everywhere(std::size_t count) {
  Evidence evidence;
  evidence.environment.guest_home = "/home/ubuntu";
  const auto file = [](std::string path, std::uint32_t mode = 0644) {
    return FileEntry{std::move(path), FileType::Regular, mode, 0, 0, 10, 1, 1, {}};
  };
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = fmt::format("{:07}", i * 7919 % count);
    evidence.before.files.push_back(file("/var/log/service" + name + ".log"));
    for (const char* place :
         {"/etc/cron.d/job", "/etc/profile.d/start", "/etc/sudoers.d/right",
          "/etc/systemd/system/unit", "/home/ubuntu/.config/autostart/app",
          "/home/ubuntu/.config/fish/part", "/home/ubuntu/.ssh/key", "/usr/bin/program"}) {
      evidence.after.files.push_back(file(place + name + ".service"));
    }
    evidence.after.files.push_back(file("/opt/program" + name, 04755));
    evidence.after.files.push_back(file("/srv/open" + name, 0666));
    evidence.after.units.push_back(
        {"system", "unit" + name + ".service", "loaded", "active", "running", "enabled"});
    evidence.after.cron.push_back({"/etc/cron.d/job" + name, "root", "@hourly root x" + name});
  }
  const auto by_path = [](const FileEntry& a, const FileEntry& b) { return a.path < b.path; };
  std::sort(evidence.before.files.begin(), evidence.before.files.end(), by_path);
  std::sort(evidence.after.files.begin(), evidence.after.files.end(), by_path);
  return evidence;
}

TEST(Scale, TwiceTheOffendersOfEachRuleTakeAboutTwiceTheTime) {
  const auto seconds = [](std::size_t count) {
    const Evidence evidence = hostile_everywhere(count);
    return seconds_of([&] { report(evidence); });
  };
  const double once = seconds(kChanges / 10);
  EXPECT_LT(seconds(kChanges / 5), kMostForTwice * once);
}

}  // namespace
}  // namespace skillaudit
