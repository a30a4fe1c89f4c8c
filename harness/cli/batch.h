#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace skillaudit {

/// Which audits one call of `run` makes, and where their bundles go. Pure but for the clock.

struct BatchSpec {
  std::vector<std::string> skills;   ///< folders, as given
  std::vector<std::string> systems;  ///< --os
  unsigned repeat = 1;
  std::string out;  ///< empty: skillaudit-reports/NAME-TIME
};

struct BatchJob {
  std::size_t skill = 0;   ///< number in BatchSpec::skills
  std::size_t system = 0;  ///< number in BatchSpec::systems
  unsigned run = 0;        ///< 1 to `repeat`; 0 where nothing is repeated
  std::string name;        ///< of the skill's folder
  std::string label;       ///< "hello-notes on debian-13 #2": printable
  std::filesystem::path bundle;
};

struct Batch {
  /// By skill, then system, then run.
  std::vector<BatchJob> jobs;
  /// By skill: OUT, OUT/NAME or skillaudit-reports/NAME-TIME. The bundle itself where the skill has
  /// one; else the bundles lie below, as [OS/][RUN], and comparisons beside them.
  std::vector<std::filesystem::path> places;
};

/// Throws Error{Usage} when two skills have one name, and so one place.
[[nodiscard]] Batch plan_batch(const BatchSpec& spec);

/// "debian-12,debian-13". Throws Error{Usage} for an empty name, or one that is there twice.
[[nodiscard]] std::vector<std::string> parse_systems(const std::string& list);

/// A whole number from `least` to `most`. Throws Error{Usage} "OPTION is 'x': give …".
[[nodiscard]] unsigned parse_count(const std::string& option, const std::string& text,
                                   unsigned least, unsigned most);

}  // namespace skillaudit
