#include <gtest/gtest.h>

#include "tests/unit/consent/probe.h"

namespace skillaudit {
namespace {

using testing::consent_of;

const ConsentObject kHost = ConsentObject::host_at("api.example.com");

bool denies_sending(const std::string& body) {
  return !consent_of(body).contradictions(Verb::Send, kHost).empty();
}

ConsentExtent extent_of_sending(const std::string& body) {
  return consent_of(body).covers(Verb::Send, kHost).extent;
}

TEST(ConsentDenials, OfTheNetworkAsAWhole) {
  EXPECT_TRUE(denies_sending("It uses no network.\n"));
  EXPECT_TRUE(denies_sending("Nothing is sent.\n"));
  EXPECT_TRUE(denies_sending("No network access is needed.\n"));
}

TEST(ConsentDenials, AreNoneWhereTheyHoldForOneCase) {
  EXPECT_FALSE(denies_sending("Set `COUNT=0` and nothing is sent.\n"));
  EXPECT_FALSE(denies_sending("Where there is no network, it says so.\n"));
  EXPECT_FALSE(denies_sending("| exit | meaning |\n|---|---|\n| 0 | answered, or no network |\n"));
}

TEST(ConsentDenials, AreNoneWhereTheyTellOfWhatMayFail) {
  EXPECT_FALSE(
      denies_sending("Last resort when the tool can't be used at `api.example.com` at all.\n"));
}

TEST(ConsentSections, ForThoseWhoWorkOnTheSkillAreNamedSo) {
  const std::string block = "```bash\ncurl -d @x.txt https://api.example.com/v1\n```\n";
  EXPECT_EQ(extent_of_sending("# Finishing a development branch\n\n" + block),
            ConsentExtent::Exactly);
  EXPECT_EQ(extent_of_sending("## Development\n\n" + block), ConsentExtent::None);
}

TEST(ConsentAsides, AreReadPast) {
  EXPECT_EQ(extent_of_sending("It sends one number, how many files it looked at, to "
                              "`https://api.example.com/x`.\n"),
            ConsentExtent::Exactly);
  const auto listens = [](const std::string& body) {
    return consent_of(body)
        .covers(Verb::Stay, ConsentObject::listener("127.0.0.1", 8765, "python3 x.py"))
        .extent;
  };
  EXPECT_EQ(listens("It listens on 127.0.0.1, port 8765, and ends after the seconds (15 if you "
                    "give none).\n"),
            ConsentExtent::Exactly);
  EXPECT_EQ(listens("It listens on 127.0.0.1, port 8765 (never, if you ask).\n"),
            ConsentExtent::None)
      << "what an aside denies stays";
}

}  // namespace
}  // namespace skillaudit
