#include "harness/providers/qemu/release_sources.h"

#include <gtest/gtest.h>

namespace skillaudit {
namespace {

TEST(ReleaseSources, ExchangesTheSuitesAndNothingElse) {
  EXPECT_EQ(sources_of_release("Types: deb\n"
                               "URIs: http://bookworm.example.com/debian\n"
                               "Suites: bookworm bookworm-updates\n"
                               "Components: main\n"
                               "\n"
                               "Types: deb\n"
                               "URIs: http://bookworm.example.com/debian-security\n"
                               "Suites: bookworm-security\n"
                               "Components: main\n",
                               "bookworm", "trixie"),
            "Types: deb\n"
            "URIs: http://bookworm.example.com/debian\n"
            "Suites: trixie trixie-updates\n"
            "Components: main\n"
            "\n"
            "Types: deb\n"
            "URIs: http://bookworm.example.com/debian-security\n"
            "Suites: trixie-security\n"
            "Components: main\n");
}

TEST(ReleaseSources, LeavesThePresentReleaseAsItStands) {
  const std::string text = "Suites: bookworm sid\n\n\nURIs: x";
  EXPECT_EQ(sources_of_release(text, "bookworm", "bookworm"), text);
  EXPECT_EQ(sources_of_release(text, "", "trixie"), text);
}

TEST(ReleaseSources, TakesTheNamesThatAReleaseGoesBy) {
  EXPECT_EQ(
      sources_of_release("Suites: stable stable-updates stable/updates\n", "bookworm", "trixie"),
      "Suites: trixie trixie-updates trixie/updates\n");
}

TEST(ReleaseSources, LeavesOutWhatFollowsNoRelease) {
  EXPECT_EQ(sources_of_release("Types: deb\nSuites: sid\n\nTypes: deb\nSuites: bookworm sid\n",
                               "bookworm", "trixie"),
            "Types: deb\nSuites: trixie\n");
}

TEST(ReleaseSources, NamesASuiteOnce) {
  EXPECT_EQ(sources_of_release("Suites: bookworm trixie stable\n", "bookworm", "trixie"),
            "Suites: trixie\n");
}

}  // namespace
}  // namespace skillaudit
