#include "harness/sensors/link_text.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// A request for an address of four bytes.
std::string arp(const std::string& target, const std::string& behind = {}) {
  return std::string("\0\1\x08\0\6\4\0\1", 8) + "sender" + "ADDR" + std::string(6, '\0') + target +
         behind;
}

TEST(LinkText, OfAnOrdinaryArpMessageIsNone) {
  LinkText text;
  EXPECT_FALSE(text.arp(arp("GATE", std::string(18, '\0')), true));
  EXPECT_FALSE(text.arp("short", false));
  EXPECT_THAT(text.take(), IsEmpty());
}

TEST(LinkText, JoinsWhatStandsBehindArpMessages) {
  LinkText text;
  EXPECT_TRUE(text.arp(arp("GATE", "first half, "), true));
  EXPECT_TRUE(text.arp(arp("GATE", "second half"), true));
  EXPECT_THAT(text.take(), HasSubstr("first half, second half"));
}

TEST(LinkText, JoinsTheAddressesThatAreAskedFor) {
  LinkText text;
  for (const char* target : {"secr", "secr", "secr", "et!!"}) text.arp(arp(target), false);
  EXPECT_EQ(text.take(), "secret!!\n");
}

TEST(LinkText, JoinsTargetsAndOptionsOfNeighbourDiscovery) {
  LinkText text;
  const std::string head = std::string("\x87", 1) + std::string(7, '\0');
  text.discovery(head + "sixteen bytes of" + "option 1");
  text.discovery(head + " a secret's text" + "option 2");
  EXPECT_EQ(text.take(), "sixteen bytes of a secret's text\noption 1option 2\n");
}

TEST(LinkText, JoinsWhatEchoRequestsRepeat) {
  LinkText text;
  const std::string time(16, '\1');
  text.echo(time + "0123456701234567012345670123456701234567");
  text.echo(time + "89abcdef89abcdef89abcdef89abcdef89abcdef");
  EXPECT_THAT(text.take(), HasSubstr("\n0123456789abcdef\n"));
}

TEST(LinkText, IsBounded) {
  LinkText text;
  for (int i = 0; i < 3000; ++i) text.echo(std::string(1400, static_cast<char>('a' + i % 7)));
  EXPECT_LT(text.take().size(), 3U << 20);
}

}  // namespace
}  // namespace skillaudit
