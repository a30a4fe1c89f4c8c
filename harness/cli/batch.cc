#include "harness/cli/batch.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <charconv>
#include <ctime>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

/// The folder of the whole call.
fs::path place_of(const BatchSpec& spec, std::time_t now) {
  if (!spec.out.empty()) return spec.out;
  const std::string time = fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(now));
  return fs::path("skillaudit-reports") /
         (spec.skills.size() == 1 ? spec.skills[0] + "-" + time : time);
}

}  // namespace

Batch plan_batch(const BatchSpec& spec) {
  Batch batch;
  const fs::path all = place_of(spec, std::time(nullptr));
  const bool several = spec.skills.size() > 1;
  if (several) batch.index = all;
  for (std::size_t skill = 0; skill < spec.skills.size(); ++skill) {
    const std::string& name = spec.skills[skill];
    const fs::path place = several ? all / name : all;
    if (std::count(batch.places.begin(), batch.places.end(), place) > 0)
      fail(ErrorKind::Usage, "two of the skills are named {}: audit them in separate calls",
           printable(name));
    batch.places.push_back(place);
    for (std::size_t system = 0; system < spec.systems.size(); ++system)
      for (unsigned run = 1; run <= spec.repeat; ++run) {
        BatchJob job{.skill = skill,
                     .system = system,
                     .run = spec.repeat > 1 ? run : 0,
                     .name = name,
                     .label = printable(name),
                     .bundle = place};
        if (spec.systems.size() > 1) {
          job.label += " on " + printable(spec.systems[system]);
          job.bundle /= spec.systems[system];
        }
        if (job.run > 0) {
          job.label += fmt::format(" #{}", job.run);
          job.bundle /= std::to_string(job.run);
        }
        batch.jobs.push_back(std::move(job));
      }
  }
  return batch;
}

std::vector<std::string> parse_systems(const std::string& list) {
  std::vector<std::string> systems;
  const std::string ended = list + ",";  // split() leaves out a last part that is empty
  for (const std::string_view part : split(ended, ',')) {
    const std::string name(trim(part));
    if (name.empty())
      fail(ErrorKind::Usage,
           "--os is '{}': give names separated by commas, such as debian-12,debian-13",
           printable(list));
    if (std::find(systems.begin(), systems.end(), name) != systems.end())
      fail(ErrorKind::Usage, "--os names {} twice", printable(name));
    systems.push_back(name);
  }
  return systems;
}

unsigned parse_count(const std::string& option, const std::string& text, unsigned least,
                     unsigned most) {
  unsigned value = 0;
  const char* const end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || after != end || value < least || value > most)
    fail(ErrorKind::Usage, "{} is '{}': give a whole number from {} to {}", option,
         printable(shorten(text, 40)), least, most);
  return value;
}

}  // namespace skillaudit
