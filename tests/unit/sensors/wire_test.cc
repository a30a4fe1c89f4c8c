#include "harness/sensors/wire.h"

#include <gmock/gmock.h>

#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "harness/sensors/decoys.h"
#include "tests/unit/gap_texts.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const GuestNetwork kSpec{.guest = "10.0.2.15",
                         .gateway = "10.0.2.2",
                         .resolver = "10.0.2.3",
                         .proxy = "10.0.2.100",
                         .proxy_port = 3128,
                         .servers = {"11.0.2.20"},
                         .server_ports = {25, 443}};

std::string be16(unsigned value) {
  return {static_cast<char>(value >> 8 & 255U), static_cast<char>(value & 255U)};
}
std::string le32(std::uint32_t value) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(value >> (8 * i) & 255U);
  return bytes;
}
std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

const std::string kGuestMac = bytes({0x52, 0x54, 0, 0x12, 0x34, 0x56});
const std::string kOtherMac = bytes({0x52, 0x55, 10, 0, 2, 2});

std::string ethernet(unsigned type, const std::string& packet,
                     const std::string& source = kGuestMac) {
  return kOtherMac + source + be16(type) + packet;
}
std::string ipv4(int protocol, std::initializer_list<int> to, const std::string& segment) {
  return bytes({0x45, 0}) + be16(static_cast<unsigned>(20 + segment.size())) +
         bytes({0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, 2, 15}) + bytes(to) + segment;
}
std::string tcp(unsigned port, int flags, unsigned from = 40000) {
  return be16(from) + be16(port) + std::string(8, '\0') + bytes({0x50, flags}) +
         std::string(6, '\0');
}
std::string udp(unsigned port, const std::string& data) {
  return be16(40000) + be16(port) + be16(static_cast<unsigned>(8 + data.size())) + be16(0) + data;
}
std::string question(const std::vector<std::string>& labels, unsigned type = 1) {
  std::string text = be16(7) + be16(0x0100) + be16(1) + std::string(6, '\0');
  for (const std::string& label : labels) text += static_cast<char>(label.size()) + label;
  return text + '\0' + be16(type) + be16(1);
}

std::string pcap(const std::vector<std::string>& frames) {
  std::string file =
      le32(0xa1b2c3d4) + be16(0x0200) + be16(0x0400) + le32(0) + le32(0) + le32(65536) + le32(1);
  for (std::size_t i = 0; i < frames.size(); ++i)
    file += le32(static_cast<std::uint32_t>(1000 + i)) + le32(500000) +
            le32(static_cast<std::uint32_t>(frames[i].size())) +
            le32(static_cast<std::uint32_t>(frames[i].size())) + frames[i];
  return file;
}

Wire wire_of(const std::string& file) {
  const TempDir dir;
  write_file(dir.path() / "network.pcap", file);
  return read_wire(dir.path() / "network.pcap", kSpec);
}
Wire wire_of(const std::vector<std::string>& frames) { return wire_of(pcap(frames)); }

std::vector<std::string> contacts(const Wire& wire) {
  std::vector<std::string> rows;
  for (const WireContact& contact : wire.contacts)
    rows.push_back(contact.protocol + " " + contact.address + " " + std::to_string(contact.port) +
                   " x" + std::to_string(contact.frames));
  return rows;
}

TEST(Wire, HoldsNeitherTheAuditsOwnTrafficNorTheKernelsChatter) {
  const Wire wire = wire_of({
      ethernet(0x0800, ipv4(6, {10, 0, 2, 100}, tcp(3128, 0x02))),     // to the proxy
      ethernet(0x0800, ipv4(6, {11, 0, 2, 20}, tcp(443, 0x02))),       // seen by the proxy
      ethernet(0x0800, ipv4(6, {10, 0, 2, 3}, tcp(53, 0x02))),         // to the resolver
      ethernet(0x0800, ipv4(6, {10, 0, 2, 2}, tcp(51000, 0x12, 22))),  // sshd's answer
      ethernet(0x0806, std::string(28, '\0')),                         // ARP
      ethernet(0x8035, std::string(28, '\0')),                         // QEMU's announcement
      ethernet(0x86dd, bytes({0x60, 0, 0, 0, 0, 8, 58, 255}) + std::string(32, '\1') +
                           bytes({133, 0, 0, 0, 0, 0, 0, 0})),  // router solicitation
      ethernet(0x86dd, bytes({0x60, 0, 0, 0, 0, 36, 0, 1}) + std::string(32, '\1') +
                           bytes({58, 0, 5, 2, 0, 0, 1, 0, 143, 0})),       // listener report
      ethernet(0x0800, ipv4(6, {10, 0, 2, 15}, tcp(22, 0x02)), kOtherMac),  // for the guest
  });
  EXPECT_THAT(wire.contacts, IsEmpty());
  EXPECT_THAT(wire.names, IsEmpty());
  EXPECT_THAT(wire.payload, IsEmpty());
  EXPECT_THAT(wire.gaps, IsEmpty());
}

TEST(Wire, IsNotFooledByASourceThatTheGuestMadeUp) {
  std::string spoofed = ethernet(0x0800, ipv4(6, {203, 0, 113, 7}, tcp(443, 0x02)), kOtherMac);
  spoofed.replace(26, 4, bytes({10, 0, 2, 2}));
  const Wire wire = wire_of({
      spoofed,
      // A segment of no connection, and one that pretends to answer SSH.
      ethernet(0x0800, ipv4(6, {203, 0, 113, 8}, tcp(443, 0x18) + "loot")),
      ethernet(0x0800, ipv4(6, {203, 0, 113, 9}, tcp(51000, 0x12, 22))),
  });
  EXPECT_THAT(contacts(wire), ElementsAre("tcp 203.0.113.7 443 x1", "tcp 203.0.113.8 443 x1",
                                          "tcp 203.0.113.9 51000 x1"));
  EXPECT_THAT(wire.payload, HasSubstr("loot"));
}

TEST(Wire, ListsEachAttemptOnceInTheOrderOfTheFirst) {
  const Wire wire = wire_of({
      ethernet(0x0800, ipv4(17, {192, 0, 2, 9}, udp(4444, "loot"))),
      ethernet(0x0800, ipv4(6, {203, 0, 113, 7}, tcp(443, 0x02))),
      ethernet(0x0800, ipv4(6, {203, 0, 113, 7}, tcp(443, 0x02))),
      ethernet(0x0800, ipv4(6, {10, 0, 2, 100}, tcp(22, 0x02))),  // the proxy's, another port
      ethernet(0x0800, ipv4(1, {198, 51, 100, 1}, bytes({8, 0, 0, 0}) + "ping")),
      ethernet(0x0800, ipv4(47, {198, 51, 100, 2}, "gre")),
      ethernet(0x86dd, bytes({0x60, 0, 0, 0, 0, 4, 58, 255}) + std::string(15, '\0') + "\1" +
                           bytes({0x20, 0x01, 0x0d, 0xb8}) + std::string(11, '\0') + "\1" +
                           bytes({128, 0, 0, 0})),
      ethernet(0x88b5, "odd"),
  });
  EXPECT_THAT(
      contacts(wire),
      ElementsAre("udp 192.0.2.9 4444 x1", "tcp 203.0.113.7 443 x2", "tcp 10.0.2.100 22 x1",
                  "icmp 198.51.100.1 0 x1", "ip-47 198.51.100.2 0 x1",
                  "icmpv6 2001:db8:0:0:0:0:0:1 0 x1", "ethernet-88b5 52:55:0a:00:02:02 0 x1"));
  EXPECT_DOUBLE_EQ(wire.contacts[1].first_s, 1.0);
  EXPECT_THAT(wire.payload, HasSubstr("loot"));
}

TEST(Wire, ReadsNamesThatWereAskedForByTcpAndWhoseAddressEachContactHas) {
  const std::string name = question({"db", "example", "com"});
  const std::string asked = be16(static_cast<unsigned>(name.size())) + name;
  std::string answer = question({"db", "example", "com"}) + be16(0xc00c) + be16(1) + be16(1) +
                       bytes({0, 0, 1, 44, 0, 4, 11, 0, 2, 20});
  answer[7] = 1;
  std::string from_resolver =
      ethernet(0x0800,
               ipv4(6, {10, 0, 2, 15},
                    tcp(40000, 0x18, 53) + be16(static_cast<unsigned>(answer.size())) + answer),
               kOtherMac);
  from_resolver.replace(26, 4, bytes({10, 0, 2, 3}));
  std::string data = tcp(53, 0x18);
  data[7] = 1;  // the sequence number after that of SYN
  const Wire wire = wire_of({ethernet(0x0800, ipv4(6, {10, 0, 2, 3}, tcp(53, 0x02))),
                             ethernet(0x0800, ipv4(6, {10, 0, 2, 3}, data + asked)), from_resolver,
                             ethernet(0x0800, ipv4(6, {11, 0, 2, 20}, tcp(25, 0x02))),
                             ethernet(0x0800, ipv4(6, {11, 0, 2, 20}, tcp(4455, 0x02)))});
  ASSERT_THAT(wire.names, SizeIs(1));
  EXPECT_EQ(wire.names[0].type + " " + wire.names[0].name, "A db.example.com");
  EXPECT_THAT(wire.payload, IsEmpty());
  EXPECT_THAT(contacts(wire), ElementsAre("tcp 11.0.2.20 4455 x1"));
  EXPECT_EQ(wire.contacts[0].who(), "db.example.com");
}

TEST(Wire, HoldsWhatWasSentToTheResolverAndIsNoQuestion) {
  std::string data = tcp(53, 0x18);
  data[7] = 1;
  const Wire wire =
      wire_of({ethernet(0x0800, ipv4(6, {10, 0, 2, 3}, tcp(53, 0x02))),
               ethernet(0x0800, ipv4(6, {10, 0, 2, 3}, data + be16(900) + "a secret"))});
  EXPECT_THAT(contacts(wire), ElementsAre("tcp 10.0.2.3 53 x1"));
  EXPECT_THAT(wire.payload, HasSubstr("a secret"));
}

TEST(Wire, ReadsTheNamesThatWereAskedFor) {
  const std::string evil = "a\n.b";
  const Wire wire = wire_of({
      ethernet(0x0800, ipv4(17, {10, 0, 2, 3}, udp(53, question({"www", "example", "com"})))),
      ethernet(0x0800, ipv4(17, {10, 0, 2, 3}, udp(53, question({"www", "example", "com"})))),
      ethernet(0x0800, ipv4(17, {10, 0, 2, 3}, udp(53, question({evil, "test"}, 16)))),
      ethernet(0x0800, ipv4(17, {192, 0, 2, 53}, udp(53, question({"x", "test"})))),
      ethernet(0x0800, ipv4(17, {10, 0, 2, 3}, udp(53, "not a question"))),
  });
  ASSERT_THAT(wire.names, SizeIs(3));
  EXPECT_EQ(wire.names[0].name, "www.example.com");
  EXPECT_EQ(wire.names[0].type, "A");
  EXPECT_EQ(wire.names[0].count, 2U);
  EXPECT_EQ(wire.names[1].name, "a\n.b.test");
  EXPECT_EQ(wire.names[1].type, "TXT");
  // Another resolver is a contact, and so is what only looks like a question.
  EXPECT_THAT(contacts(wire), ElementsAre("udp 192.0.2.53 53 x1", "udp 10.0.2.3 53 x1"));
}

TEST(Wire, IsBoundedAndSaysSo) {
  std::vector<std::string> frames;
  for (int i = 0; i < 5000; ++i)
    frames.push_back(
        ethernet(0x0800, ipv4(6, {192, 0, 2, 1}, tcp(static_cast<unsigned>(10000 + i), 0x02))));
  const std::string lump(60000, 'x');
  for (int i = 0; i < 300; ++i)
    frames.push_back(ethernet(0x0800, ipv4(17, {192, 0, 2, 1}, udp(9, lump))));
  const Wire wire = wire_of(frames);
  EXPECT_THAT(wire.contacts, SizeIs(4096));
  EXPECT_LE(wire.payload.size(), 16U << 20);
  ASSERT_THAT(wire.gaps, SizeIs(2));
  EXPECT_THAT(wire.gaps[0].text, HasSubstr("1204 frames"));
  EXPECT_THAT(wire.gaps[1].text, HasSubstr("not searched"));
}

TEST(Wire, OfADamagedCaptureIsAGapAndWhatCameBefore) {
  const std::string whole = pcap({ethernet(0x0800, ipv4(6, {203, 0, 113, 7}, tcp(443, 0x02))),
                                  ethernet(0x0800, ipv4(6, {203, 0, 113, 8}, tcp(443, 0x02)))});
  const Wire cut = wire_of(whole.substr(0, whole.size() - 5));
  EXPECT_THAT(contacts(cut), ElementsAre("tcp 203.0.113.7 443 x1"));
  EXPECT_THAT(texts_of(cut.gaps), ElementsAre(HasSubstr("damaged")));
  EXPECT_THAT(texts_of(wire_of(std::string("no capture")).gaps),
              ElementsAre(HasSubstr("cannot be read")));
  EXPECT_THAT(texts_of(wire_of(std::string()).gaps), ElementsAre(HasSubstr("cannot be read")));
}

TEST(Wire, SurvivesFramesOfAnyLength) {
  const std::string frame =
      ethernet(0x0800, ipv4(17, {10, 0, 2, 3}, udp(53, question({"www", "example", "com"}))));
  std::vector<std::string> frames;
  for (std::size_t size = 0; size <= frame.size(); ++size) frames.push_back(frame.substr(0, size));
  // A header that says more than there is, and labels that run past the end.
  std::string wild = frame;
  wild[14] = 0x4f;
  frames.push_back(wild);
  frames.push_back(ethernet(0x0800, ipv4(17, {10, 0, 2, 3}, udp(53, std::string(40, '\77')))));
  EXPECT_THAT(wire_of(frames).gaps, IsEmpty());
}

TEST(Wire, TellsOfADecoyThatIsCutAcrossQuestions) {
  const std::string secret = "3f9a1c77e0b24d5896aa01bc2d3e4f50";
  Wire wire;
  for (std::size_t at = 0; at < secret.size(); at += 8)
    wire.names.push_back(
        {std::to_string(at / 8) + "." + secret.substr(at, 8) + ".evil.test", "A", 1});
  const std::vector<Decoy> decoys = {
      {.name = "aws-1", .path = ".aws/credentials", .nonce = secret}};
  EXPECT_THAT(find_decoys(decoys, wire), SizeIs(1)) << "a number stands between the parts";
  wire.names.clear();
  for (std::size_t at = 0; at < secret.size(); at += 8)
    for (const char* type : {"A", "AAAA"})
      wire.names.push_back({secret.substr(at, 8) + ".evil.test", type, 1});
  const auto sightings = find_decoys(decoys, wire);
  ASSERT_THAT(sightings, SizeIs(1));
  EXPECT_EQ(text_of(sightings[0].evidence), "network.pcap");
  EXPECT_EQ(sightings[0].where, "names asked for");
  wire.names.clear();
  wire.payload = "x\nGET /" + secret + "\n";
  EXPECT_THAT(find_decoys(decoys, wire), SizeIs(1));
}

}  // namespace
}  // namespace skillaudit
