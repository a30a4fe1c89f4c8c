#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace skillaudit {

/// Which audits one call of `run` makes, and where their bundles go. Pure, except that it reads the
/// clock.

struct BatchSpec {
  std::vector<std::string> skills;   ///< their names, as of open_sources()
  std::vector<std::string> systems;  ///< --os
  unsigned repeat = 1;
  std::string out;  ///< empty: skillaudit-reports/NAME-TIME, for several skills …/TIME
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
  /// By skill: OUT for one, OUT/NAME for several. It is the bundle itself if the skill has only
  /// one; otherwise the bundles are below it, as [OS/][RUN], with the comparisons beside them.
  std::vector<std::filesystem::path> places;
  std::filesystem::path index;  ///< folder of the index of several skills; empty: there is none
};

/// Throws Error{Usage} if two skills have the same name: their bundles would go to the same folder.
[[nodiscard]] Batch plan_batch(const BatchSpec& spec);

/// "debian-12,debian-13". Throws Error{Usage} for an empty or repeated name.
[[nodiscard]] std::vector<std::string> parse_systems(const std::string& list);

/// A whole number from `least` to `most`. Throws Error{Usage} "OPTION is 'x': give …".
[[nodiscard]] unsigned parse_count(const std::string& option, const std::string& text,
                                   unsigned least, unsigned most);

}  // namespace skillaudit
