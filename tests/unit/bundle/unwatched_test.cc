// Evidence that a machine could not give is "not watched", and is not "lost" as well.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "harness/bundle/layout.h"
#include "harness/bundle/manifest.h"
#include "harness/bundle/read.h"
#include "harness/evidence/json.h"
#include "tests/unit/bundle/changed_bundle.h"

namespace skillaudit {
namespace {

using nlohmann::ordered_json;

/// The gaps about the wire in a bundle without network.pcap, where the audit noted `gaps`.
std::vector<Gap> wire_gaps(const std::vector<Gap>& gaps) {
  const TempDir dir;
  const std::filesystem::path bundle = dir.path() / "bundle";
  (void)testing::write_changed_bundle(40, bundle);
  std::filesystem::remove(path_in(bundle, BundleFile::Network));
  const std::filesystem::path audit = path_in(bundle, BundleFile::Audit);
  ordered_json json = ordered_json::parse(read_file(audit));
  json["gaps"] = to_json(gaps);
  write_file(audit, json.dump());
  seal_bundle(bundle);
  std::vector<Gap> found;
  for (const Gap& gap : load_evidence(bundle).gaps)
    if (gap.source == GapSource::Wire) found.push_back(gap);
  return found;
}

TEST(Unwatched, AWireThatNobodyCouldWatchIsNotLost) {
  const Gap gap = Gap::not_watched(GapSource::Wire, "The network card is not captured.");
  EXPECT_THAT(wire_gaps({gap}), ::testing::ElementsAre(gap));
}

TEST(Unwatched, AWireThatWasWatchedIsLostWithoutItsFile) {
  EXPECT_THAT(wire_gaps({Gap::not_watched(GapSource::Console, "No console.")}),
              ::testing::ElementsAre(::testing::Field(&Gap::kind, GapKind::Lost)));
}

}  // namespace
}  // namespace skillaudit
