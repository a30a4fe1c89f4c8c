#include "harness/sensors/dns.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string be16(unsigned value) {
  return {static_cast<char>(value >> 8 & 255U), static_cast<char>(value & 255U)};
}

std::string be32(std::uint32_t value) { return be16(value >> 16) + be16(value & 0xffffU); }

/// A question behind its length, or an answer to it.
std::string message(const std::string& first_label, unsigned type = 1,
                    const std::string& record = {}) {
  std::string text = be16(7) + be16(record.empty() ? 0x0100 : 0x8180) + be16(1) +
                     be16(record.empty() ? 0 : 1) + std::string(4, '\0');
  for (const std::string& label : {first_label, std::string("example"), std::string("com")})
    text += static_cast<char>(label.size()) + label;
  text += '\0' + be16(type) + be16(1) + record;
  return be16(static_cast<unsigned>(text.size())) + text;
}

std::string segment(std::uint32_t sequence, const std::string& data, int flags = 0x10,
                    unsigned port = 40000) {
  return be16(port) + be16(53) + be32(sequence) + std::string(4, '\0') + '\x50' +
         static_cast<char>(flags) + std::string(6, '\0') + data;
}

FrameBytes frame(const std::string& text) {
  return FrameBytes({reinterpret_cast<const unsigned char*>(text.data()), text.size()});
}

class Streams : public testing::Test {
 protected:
  Streams() { open(1000); }
  void open(std::uint32_t first, unsigned port = 40000) {
    const std::string syn = segment(first, "", 0x02, port);
    (void)streams_.from_guest(frame(syn));
  }
  /// "A www.example.com" of each that is whole now; "other" for what is no question.
  std::vector<std::string> sent(const std::string& text) {
    const DnsStreams::Read read = streams_.from_guest(frame(text));
    std::vector<std::string> all;
    for (const NameAsked& asked : read.asked) all.push_back(asked.type + " " + asked.name);
    if (read.is_other) all.emplace_back("other");
    return all;
  }
  DnsStreams streams_;
};

TEST_F(Streams, HoldTheQuestionsOfAConnection) {
  EXPECT_THAT(sent(segment(1001, message("a") + message("b", 28))),
              ElementsAre("A a.example.com", "AAAA b.example.com"));
  EXPECT_THAT(sent(segment(1001, "", 0x11)), IsEmpty());
  EXPECT_THAT(streams_.unread(), IsEmpty());
}

TEST_F(Streams, AreReadHoweverTheyAreCut) {
  const std::string data = message("a") + message("b");
  std::vector<std::string> all;
  for (std::size_t i = 0; i < data.size(); ++i)
    for (std::string& each : sent(segment(static_cast<std::uint32_t>(1001 + i), data.substr(i, 1))))
      all.push_back(each);
  EXPECT_THAT(all, ElementsAre("A a.example.com", "A b.example.com"));
}

TEST_F(Streams, AreReadInTheirOrderAndOnce) {
  const std::string data = message("a");
  EXPECT_THAT(sent(segment(1011, data.substr(10))), IsEmpty());
  EXPECT_THAT(sent(segment(1011, data.substr(10))), IsEmpty());
  EXPECT_THAT(sent(segment(1001, data.substr(0, 12))), ElementsAre("A a.example.com"));
  EXPECT_THAT(sent(segment(1001, data)), IsEmpty());
  EXPECT_THAT(streams_.unread(), IsEmpty());
}

TEST_F(Streams, WrapAroundTheLastNumber) {
  open(0xfffffff0, 41000);
  const std::string data = message("a");
  EXPECT_THAT(sent(segment(0xfffffff1, data.substr(0, 20), 0x10, 41000)), IsEmpty());
  EXPECT_THAT(sent(segment(5, data.substr(20), 0x10, 41000)), ElementsAre("A a.example.com"));
}

TEST_F(Streams, OfAnythingElseAreToldApart) {
  EXPECT_THAT(sent(segment(1001, be16(4) + "data")), ElementsAre("other"));
  EXPECT_THAT(sent(segment(1007, message("a"))), ElementsAre("other"));
  EXPECT_THAT(sent(segment(77, message("a"), 0x10, 42000)), ElementsAre("other"));
}

TEST_F(Streams, KeepWhatIsNoWholeQuestion) {
  EXPECT_THAT(sent(segment(1001, be16(500) + "a secret")), IsEmpty());
  EXPECT_THAT(streams_.unread(), ElementsAre(be16(500) + "a secret"));
  open(5000);  // the port is used again
  EXPECT_THAT(sent(segment(5001, message("a"))), ElementsAre("A a.example.com"));
  EXPECT_THAT(streams_.unread(), ElementsAre(be16(500) + "a secret"));
}

TEST(DnsAnswer, TellsForWhichNameAnAddressWasGiven) {
  std::string text = be16(53) + be16(40000) + std::string(8, '\0') + '\x50' + std::string(7, '\0') +
                     message("a", 1,
                             be16(0xc00c) + be16(1) + be16(1) + be32(300) + be16(4) +
                                 std::string("\x0b\0\2\x14", 4));
  const auto answer = read_answer(frame(text));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->name + " " + answer->address, "a.example.com 11.0.2.20");
  EXPECT_FALSE(read_answer(frame(segment(1, message("a")))));
  for (std::size_t size = 0; size < text.size(); ++size) {
    const std::string part = text.substr(0, size);
    EXPECT_FALSE(read_answer(frame(part))) << size;
  }
}

}  // namespace
}  // namespace skillaudit
