#include "harness/snapshot/path_order.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>

namespace skillaudit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::uint32_t> compared_whole(const std::vector<std::string_view>& paths) {
  std::vector<std::uint32_t> order(paths.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return paths[a] < paths[b]; });
  return order;
}

TEST(PathOrder, IsBytewise) {
  EXPECT_THAT(path_order({"/b", "/a/x", "/a-x", "/a", "/\xff", "/a/"}),
              ElementsAre(3, 2, 5, 1, 0, 4));
}

TEST(PathOrder, OfFewIsThemselves) {
  EXPECT_THAT(path_order({}), IsEmpty());
  EXPECT_THAT(path_order({"/a"}), ElementsAre(0));
}

TEST(PathOrder, KeepsTheOrderOfEqualPaths) {
  EXPECT_THAT(path_order({"/mnt/disk/long", "/mnt/disk", "/mnt/disk/long", "/mnt/disk", ""}),
              ElementsAre(4, 1, 3, 0, 2));
}

TEST(PathOrder, TellsAnEndFromNulBytes) {
  using namespace std::string_view_literals;
  EXPECT_THAT(path_order({"/a\0\0"sv, "/a"sv, "/a\0"sv, "/a\0b"sv}), ElementsAre(1, 2, 0, 3));
}

TEST(PathOrder, IsThatOfComparingThemWhole) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> texts;
    for (int i = 0; i < 200; ++i) {
      // Few letters, so that many paths share beginnings, are equal or end within another.
      std::string text;
      for (std::size_t length = random() % 40; length > 0; --length) text += "ab/-"[random() % 4];
      if (!texts.empty() && random() % 2 == 0) text = texts[random() % texts.size()] + text;
      texts.push_back(std::move(text));
    }
    const std::vector<std::string_view> paths(texts.begin(), texts.end());
    ASSERT_EQ(path_order(paths), compared_whole(paths)) << "round " << round;
  }
}

}  // namespace
}  // namespace skillaudit
