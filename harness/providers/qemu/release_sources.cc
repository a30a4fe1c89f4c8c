#include "harness/providers/qemu/release_sources.h"

#include <algorithm>
#include <vector>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// "trixie-updates" for "bookworm-updates" or "stable-updates"; empty for a suite of its own.
std::string exchanged(std::string_view suite, std::string_view present, std::string_view wanted) {
  const std::size_t stem = std::min(suite.find_first_of("-/"), suite.size());
  const std::string_view name = suite.substr(0, stem);
  // Names by which a release goes for a while (sources.list(5)): what this host calls so is its
  // own.
  const bool exchangeable = name == present || name == wanted || name == "stable" ||
                            name == "oldstable" || name == "testing";
  return exchangeable ? std::string(wanted) + std::string(suite.substr(stem)) : std::string();
}

std::vector<std::string> exchanged_suites(std::string_view list, std::string_view present,
                                          std::string_view wanted) {
  std::vector<std::string> suites;
  for (const std::string_view word : split(list, ' ')) {
    const std::string suite = exchanged(trim(word), present, wanted);
    if (!suite.empty() && std::find(suites.begin(), suites.end(), suite) == suites.end())
      suites.push_back(suite);
  }
  return suites;
}

}  // namespace

std::string sources_of_release(std::string_view sources, std::string_view present,
                               std::string_view wanted) {
  if (present.empty() || present == wanted) return std::string(sources);
  std::string text;
  std::string stanza;
  bool has_suite = false;
  const auto end_stanza = [&] {
    if (has_suite) text += (text.empty() ? "" : "\n") + stanza;
    stanza.clear();
    has_suite = false;
  };
  for (const std::string_view line : split(sources, '\n')) {
    constexpr std::string_view kField = "Suites:";
    if (trim(line).empty()) {
      end_stanza();
    } else if (line.starts_with(kField)) {
      const std::vector<std::string> suites =
          exchanged_suites(line.substr(kField.size()), present, wanted);
      has_suite = has_suite || !suites.empty();
      if (!suites.empty()) stanza += "Suites: " + join(suites, " ") + "\n";
    } else {
      stanza += std::string(line) + "\n";
    }
  }
  end_stanza();
  return text;
}

}  // namespace skillaudit
