// The request by which the audit proves that the proxy sees what the guest asks for.
#include <gmock/gmock.h>

#include "harness/base/temp_dir.h"
#include "harness/bundle/read.h"
#include "tests/unit/bundle/changed_bundle.h"
#include "tests/unit/gap_texts.h"

namespace skillaudit {
namespace {

TEST(Probe, IsNoneOfTheSkillsFlowsEvenWhereItWasMadeTwice) {
  const TempDir dir;
  testing::write_changed_bundle(40, dir.path() / "bundle");
  const Evidence evidence = load_evidence(dir.path() / "bundle");
  EXPECT_THAT(evidence.flows, ::testing::IsEmpty());
  EXPECT_THAT(texts_of(evidence.gaps),
              ::testing::Not(::testing::Contains(::testing::HasSubstr("No flow"))));
}

}  // namespace
}  // namespace skillaudit
