#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <bitset>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "fixtures/sandbox_test.h"
#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "tests/vm/guest_scripts.h"
#include "tests/vm/packet_capture.h"

namespace skillaudit {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSubsetOf;
using testing::StartsWith;

/// A TCP connection that QEMU refused or nobody answered, or for which there is no neighbour.
testing::Matcher<json> IsNoWayThrough() {
  return testing::AnyOf(json("ECONNREFUSED"), json("nothing"), json("EHOSTUNREACH"));
}

/// What a skill that is root finds when it leaves the proxy aside. The addresses "outside" are
/// those that RFC 5737 and RFC 3849 keep for documentation.
class Isolation : public SharedSandboxTest {
 protected:
  static void SetUpTestSuite() { open_shared({}); }

  static std::vector<Packet> sent() {
    std::vector<Packet> packets = read_capture(evidence_dir() / "network.pcap");
    std::erase_if(packets, [](const Packet& packet) { return !packet.from_guest; });
    return packets;
  }
  static bool sent_to(const std::string& address, int protocol, int port = 0) {
    const std::vector<Packet> packets = sent();
    return std::any_of(packets.begin(), packets.end(), [&](const Packet& packet) {
      return packet.destination == address && packet.protocol == protocol &&
             packet.destination_port == port;
    });
  }
  static bool asked_for_neighbour(const std::string& address) {
    const std::vector<Packet> packets = sent();
    return std::any_of(packets.begin(), packets.end(), [&](const Packet& packet) {
      return packet.ether_type == 0x0806 && packet.destination == address;
    });
  }
  /// Whether the capture holds a DNS name, as its labels are sent (RFC 1035, 3.1).
  static bool asked_for_name(const std::string& name) {
    std::string labels;
    for (const std::string_view part : split(name, '.'))
      labels += static_cast<char>(part.size()) + std::string(part);
    const std::vector<Packet> packets = sent();
    return std::any_of(packets.begin(), packets.end(), [&](const Packet& packet) {
      return packet.destination_port == 53 && packet.bytes.find(labels) != std::string::npos;
    });
  }
  /// ATTEMPT -> RESULT, see guest/attempts.py.
  static json attempt(const std::vector<std::string>& attempts) {
    return json::parse(output_of(sandbox().guest(), "attempts.py", attempts, As::Root));
  }
  static json scan(const std::string& address) {
    json found = json::parse(output_of(sandbox().guest(), "scan_ports.py", {address}, As::Root,
                                       std::chrono::seconds(60)));
    std::cout << "[ measured ] 65535 ports of " << address << ": " << found.at("seconds")
              << " s, open: " << found.at("open").dump() << "\n";
    return found;
  }
  /// How many TCP ports of `address` a SYN was captured for.
  static std::size_t ports_tried(const std::string& address) {
    std::bitset<65536> tried;
    for (const Packet& packet : sent())
      if (packet.is_syn() && packet.destination == address) tried.set(packet.destination_port);
    return tried.count();
  }
};

TEST_F(Isolation, TheProxysAddressAnswersOnItsOnePortAlone) {
  // Also shows that the scan finds what there is.
  const json found = scan("10.0.2.100");
  EXPECT_THAT(found.at("open").get<std::vector<int>>(), ElementsAre(3128));
  EXPECT_EQ(found.at("refused"), 65534);
  EXPECT_EQ(ports_tried("10.0.2.100"), 65535U);
}

TEST_F(Isolation, EachTcpPortOfTheGatewayRefuses) {
  const json found = scan("10.0.2.2");
  EXPECT_THAT(found.at("open").get<std::vector<int>>(), IsEmpty());
  EXPECT_EQ(found.at("refused"), 65535);
  EXPECT_EQ(ports_tried("10.0.2.2"), 65535U);
}

TEST_F(Isolation, EachTcpPortOfTheResolverRefuses) {
  const json found = scan("10.0.2.3");
  EXPECT_THAT(found.at("open").get<std::vector<int>>(), IsEmpty());
  EXPECT_EQ(found.at("refused"), 65535);
  EXPECT_EQ(ports_tried("10.0.2.3"), 65535U);
}

TEST_F(Isolation, ServicesOfTheHostAreNotReachedThroughTheGateway) {
  // Without `restrict` the gateway's address would be the host's loopback interface, where these
  // three are.
  const Fd udp(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in local{.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof local;
  ASSERT_EQ(::bind(udp.get(), reinterpret_cast<sockaddr*>(&local), size), 0);
  ASSERT_EQ(::getsockname(udp.get(), reinterpret_cast<sockaddr*>(&local), &size), 0);
  const std::string ssh = fmt::format("tcp:10.0.2.2:{}", sandbox().machine().ssh_port());
  const std::string proxy = fmt::format("tcp:10.0.2.2:{}", sandbox().proxy().wait_ready());
  const std::string datagram = fmt::format("udp:10.0.2.2:{}", ntohs(local.sin_port));
  const json results = attempt({ssh, proxy, datagram});
  EXPECT_THAT(results.at(ssh), IsNoWayThrough());
  EXPECT_THAT(results.at(proxy), IsNoWayThrough());
  EXPECT_EQ(results.at(datagram), "nothing");
  char byte = 0;
  EXPECT_EQ(::recv(udp.get(), &byte, 1, 0), -1);
  EXPECT_TRUE(sent_to("10.0.2.2", 17, ntohs(local.sin_port)));
}

TEST_F(Isolation, NobodyElseIsOnTheGuestsNetwork) {
  const json found = json::parse(output_of(sandbox().guest(), "neighbours.py", {}));
  EXPECT_THAT(found.get<std::vector<std::string>>(),
              ElementsAre("10.0.2.100", "10.0.2.2", "10.0.2.3"));
}

TEST_F(Isolation, DirectTcpToTheOutsideGetsNothingAndIsCaptured) {
  const std::vector<std::string> attempts = {"tcp:192.0.2.1:22", "tcp:192.0.2.1:80",
                                             "tcp:192.0.2.1:443", "tcp:198.51.100.7:53",
                                             "tcp:198.51.100.7:4444"};
  const json results = attempt(attempts);
  for (const std::string& each : attempts) EXPECT_THAT(results.at(each), IsNoWayThrough()) << each;
  EXPECT_TRUE(sent_to("192.0.2.1", 6, 22));
  EXPECT_TRUE(sent_to("192.0.2.1", 6, 80));
  EXPECT_TRUE(sent_to("192.0.2.1", 6, 443));
  EXPECT_TRUE(sent_to("198.51.100.7", 6, 53));
  EXPECT_TRUE(sent_to("198.51.100.7", 6, 4444));
}

TEST_F(Isolation, DirectUdpToTheOutsideGetsNothingAndIsCaptured) {
  const std::vector<std::string> attempts = {"udp:192.0.2.1:123", "udp:192.0.2.1:443",
                                             "udp:198.51.100.7:5353", "udp:10.0.2.2:9"};
  const json results = attempt(attempts);
  for (const std::string& each : attempts) EXPECT_EQ(results.at(each), "nothing") << each;
  EXPECT_TRUE(sent_to("192.0.2.1", 17, 123));
  EXPECT_TRUE(sent_to("192.0.2.1", 17, 443));
  EXPECT_TRUE(sent_to("198.51.100.7", 17, 5353));
}

TEST_F(Isolation, NoResolverAnswersAndTheNameIsCaptured) {
  const std::vector<std::string> attempts = {
      "dns:10.0.2.3:by-resolver.example.com", "dns:10.0.2.2:by-gateway.example.com",
      "dns:192.0.2.53:by-outside.example.com", "dns:10.0.2.100:by-proxy.example.com"};
  const json results = attempt(attempts);
  for (const std::string& each : attempts) EXPECT_EQ(results.at(each), "nothing") << each;
  EXPECT_TRUE(asked_for_name("by-resolver.example.com"));
  EXPECT_TRUE(asked_for_name("by-gateway.example.com"));
  EXPECT_TRUE(asked_for_name("by-outside.example.com"));
}

TEST_F(Isolation, ALookUpByTheSystemsOwnMeansFailsAndIsCaptured) {
  const ExecResult result =
      exec("RES_OPTIONS='timeout:1 attempts:1' getent hosts by-libc.example.com");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(asked_for_name("by-libc.example.com"));
}

TEST_F(Isolation, APingToTheOutsideGetsNothingAndIsCaptured) {
  const json results = attempt({"icmp:192.0.2.1", "icmp:198.51.100.7"});
  EXPECT_EQ(results.at("icmp:192.0.2.1"), "nothing");
  EXPECT_EQ(results.at("icmp:198.51.100.7"), "nothing");
  EXPECT_TRUE(sent_to("192.0.2.1", 1));
  EXPECT_TRUE(sent_to("198.51.100.7", 1));
}

TEST_F(Isolation, NoFileComesByTftpAndTheAttemptIsCaptured) {
  const json results = attempt({"tftp:10.0.2.2:/etc/hostname", "tftp:10.0.2.2:pxelinux.0",
                                "tftp:10.0.2.3:pxelinux.0", "tftp:10.0.2.4:pxelinux.0"});
  // QEMU's network answers at its own address with an error (RFC 1350: opcode 5) that there is no
  // service; an opcode 3 would be data.
  for (const auto& [each, result] : results.items())
    EXPECT_THAT(result.get<std::string>(), testing::AnyOf("nothing", StartsWith("answer 0005")))
        << each;
  EXPECT_TRUE(sent_to("10.0.2.2", 17, 69));
  EXPECT_TRUE(sent_to("10.0.2.3", 17, 69));
  EXPECT_TRUE(asked_for_neighbour("10.0.2.4"));
}

TEST_F(Isolation, ThereIsNoFileServerByItsUsualAddress) {
  const json results = attempt({"tcp:10.0.2.4:139", "tcp:10.0.2.4:445"});
  for (const auto& [each, result] : results.items()) EXPECT_THAT(result, IsNoWayThrough()) << each;
  EXPECT_TRUE(asked_for_neighbour("10.0.2.4"));
}

TEST_F(Isolation, ThereIsNoIpv6BeyondTheLink) {
  EXPECT_EQ(exec("ip -6 -o addr show scope global").out, "");
  EXPECT_EQ(exec("ip -6 route show default").out, "");
  EXPECT_EQ(attempt({"tcp6:2001:db8::1:80"}).at("tcp6:2001:db8::1:80"), "ENETUNREACH");
}

TEST_F(Isolation, NoIpv6RouterAnswersASolicitationAndItIsCaptured) {
  EXPECT_EQ(output_of(sandbox().guest(), "solicit_router.py", {}, As::Root), "0");
  const std::vector<Packet> packets = read_capture(evidence_dir() / "network.pcap");
  const auto icmp6 = [&](bool from_guest) {
    return std::count_if(packets.begin(), packets.end(), [&](const Packet& packet) {
      return packet.protocol == 58 && packet.ether_type == 0x86dd &&
             packet.from_guest == from_guest;
    });
  };
  EXPECT_GT(icmp6(true), 0);
  EXPECT_EQ(icmp6(false), 0);
}

TEST_F(Isolation, NoFileSystemOfTheHostIsMounted) {
  std::set<std::string> types;
  const std::string mounts = exec("cat /proc/mounts").out;
  for (const std::string_view line : split(mounts, '\n')) types.emplace(split(line, ' ').at(2));
  EXPECT_THAT(types, testing::Contains("ext4"));
  const std::vector<std::string> of_the_guests_kernel = {
      "autofs",   "binfmt_misc", "bpf",     "cgroup2",   "configfs", "debugfs", "devpts",
      "devtmpfs", "ext4",        "fusectl", "hugetlbfs", "mqueue",   "proc",    "pstore",
      "ramfs",    "securityfs",  "sysfs",   "tmpfs",     "tracefs"};
  EXPECT_THAT(std::vector<std::string>(types.begin(), types.end()),
              IsSubsetOf(of_the_guests_kernel));
}

TEST_F(Isolation, TheMachineHasNoDeviceThatSharesFiles) {
  // VIRTIO 1.1, 5: 1 network, 2 block, 3 console (the serial port), 4 entropy; 9 would be 9P and 26
  // a shared file system.
  const std::string devices = exec("cat /sys/bus/virtio/devices/*/device | sort -u").out;
  EXPECT_EQ(devices, "0x0001\n0x0002\n0x0003\n0x0004\n");
  EXPECT_EQ(exec("lsblk -dno NAME,RO | grep -v '^loop' | tr -s ' '").out, "vda 0\nvdb 1\n");
}

}  // namespace
}  // namespace skillaudit
