#include "harness/analysis/gaps.h"

#include <gmock/gmock.h>

#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using ::testing::ElementsAre;

TEST(IsObserved, AsksForTheScopeOfAGapAndNotForItsWords) {
  Evidence evidence = AuditBuilder().evidence;
  evidence.gaps = {Gap::lost(GapSource::Guest, "the guest says: files, cron, flow, trace")};
  evidence.after.gaps = {
      Gap::lost(GapSource::Snapshot, "1 row could not be read: 'cron'", {.table = Table::Users})};
  EXPECT_TRUE(is_observed(evidence, Table::Files));
  EXPECT_TRUE(is_observed(evidence, Table::Cron));
  EXPECT_TRUE(is_observed(evidence, GapSource::Flows));
  EXPECT_FALSE(is_observed(evidence, Table::Users));
  evidence.gaps.push_back(Gap::cut(GapSource::Flows, "…"));
  EXPECT_FALSE(is_observed(evidence, GapSource::Flows));
}

TEST(IsObserved, AGapOfTheWholeSnapshotOrOfTheDiskLeavesTheFilesOpen) {
  Evidence evidence = AuditBuilder().evidence;
  evidence.before.gaps = {Gap::lost(GapSource::Snapshot, "the stream is damaged")};
  EXPECT_FALSE(is_observed(evidence, Table::Files));
  EXPECT_FALSE(is_observed(evidence, Table::Cron));
  evidence.before.gaps.clear();
  evidence.gaps = {Gap::lost(GapSource::Disk, "inode 12 is damaged")};
  EXPECT_FALSE(is_observed(evidence, Table::Files));
  EXPECT_TRUE(is_observed(evidence, Table::Cron));
}

TEST(AllGaps, SayWhenASnapshotWasTaken) {
  Evidence evidence = AuditBuilder().evidence;
  evidence.after.gaps = {Gap::lost(GapSource::Snapshot, "cron\x1b[2J", {.table = Table::Cron})};
  const GapScope scope{.moment = Moment::After, .table = Table::Cron};
  EXPECT_THAT(all_gaps(evidence, {}),
              ElementsAre(Gap::lost(GapSource::Snapshot, "after the run: cron\\x1b[2J", scope)));
}

}  // namespace
}  // namespace skillaudit
