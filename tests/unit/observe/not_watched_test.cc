#include "harness/observe/not_watched.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

const Capabilities kAll{.wire = true,
                        .disk = true,
                        .trace = true,
                        .console = true,
                        .resources = true,
                        .checkpoint = true,
                        .reboot = true};

TEST(NotWatched, IsNothingOfAMachineThatCanBeWatchedInEveryWay) {
  EXPECT_THAT(not_watched(kAll), IsEmpty());
}

TEST(NotWatched, IsAGapOfItsOwnKindForEachMissingWitness) {
  Capabilities can = kAll;
  can.wire = can.trace = false;
  const std::vector<Gap> gaps = not_watched(can);
  EXPECT_THAT(gaps, ElementsAre(Field(&Gap::source, GapSource::Wire),
                                Field(&Gap::source, GapSource::Trace)));
  EXPECT_THAT(gaps, testing::Each(Field(&Gap::kind, GapKind::NotWatched)));
}

TEST(NotWatched, DoesNotNeedCheckpointsAndReboots) {
  Capabilities can = kAll;
  can.checkpoint = can.reboot = false;
  EXPECT_THAT(not_watched(can), IsEmpty());
}

}  // namespace
}  // namespace skillaudit
