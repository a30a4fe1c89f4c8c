#include "harness/evidence/decoy_copies.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

TEST(DecoyCopies, ComeBackAsTheyWereWhateverThePathHolds) {
  std::vector<Gap> gaps;
  const auto again =
      parse_copies(format_copies({{"npm-token", source::after(Table::Files), "/tmp/\n\xff", "gzip"},
                                  {"wallet", source::after(Table::Files), "/tmp/b", "raw"}}),
                   gaps);
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[0].where, "/tmp/\n\xff");
  EXPECT_EQ(again[1].decoy + " " + text_of(again[1].evidence) + " " + again[1].encoding,
            "wallet after/files raw");
  EXPECT_THAT(gaps, testing::IsEmpty());
}

TEST(DecoyCopies, SayWhenTheyAreDamaged) {
  std::vector<Gap> gaps;
  EXPECT_THAT(parse_copies("npm-token", gaps), testing::IsEmpty());
  EXPECT_EQ(gaps.size(), 1U);
}

}  // namespace
}  // namespace skillaudit
