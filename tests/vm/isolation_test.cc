#include <arpa/inet.h>
#include <fmt/core.h>
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
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "tests/paths.h"
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
testing::Matcher<std::string> IsNoWayThrough() {
  return testing::AnyOf("ECONNREFUSED", "nothing", "EHOSTUNREACH");
}

/// What a skill that is root finds when it leaves the proxy aside. The addresses "outside" are
/// those that RFC 5737 and RFC 3849 keep for documentation.
class Isolation : public SharedSandboxTest {
 protected:
  static void SetUpTestSuite() {
    open_shared({});
    ASSERT_EQ(exec("cat > /tmp/scan_ports && chmod 755 /tmp/scan_ports",
                   {.input = read_file(SKILLAUDIT_SCAN_PORTS)})
                  .exit_code,
              0);
    listen_on_the_host();
    // All at once, since most is waiting for what must not come.
    std::vector<std::string> all = {ssh_of_the_host(), proxy_of_the_host(), datagram_to_the_host()};
    for (const auto& attempts :
         {kTcpOutside, kUdpOutside, kResolvers, kPings, kTftp, kFileServer, kIpv6})
      all.insert(all.end(), attempts.begin(), attempts.end());
    results_ = json::parse(output_of(sandbox().guest(), "attempts.py", all, As::Root));
  }
  static void TearDownTestSuite() {
    udp_of_the_host_ = Fd();
    SharedSandboxTest::TearDownTestSuite();
  }

  static inline const std::vector<std::string> kTcpOutside = {
      "tcp:192.0.2.1:22", "tcp:192.0.2.1:80", "tcp:192.0.2.1:443", "tcp:198.51.100.7:53",
      "tcp:198.51.100.7:4444"};
  static inline const std::vector<std::string> kUdpOutside = {
      "udp:192.0.2.1:123", "udp:192.0.2.1:443", "udp:198.51.100.7:5353", "udp:10.0.2.2:9"};
  static inline const std::vector<std::string> kResolvers = {
      "dns:10.0.2.3:by-resolver.example.com", "dns:10.0.2.2:by-gateway.example.com",
      "dns:192.0.2.53:by-outside.example.com", "dns:10.0.2.100:by-proxy.example.com"};
  static inline const std::vector<std::string> kPings = {"icmp:192.0.2.1", "icmp:198.51.100.7"};
  static inline const std::vector<std::string> kTftp = {
      "tftp:10.0.2.2:/etc/hostname", "tftp:10.0.2.2:pxelinux.0", "tftp:10.0.2.3:pxelinux.0",
      "tftp:10.0.2.4:pxelinux.0"};
  static inline const std::vector<std::string> kFileServer = {"tcp:10.0.2.4:139",
                                                              "tcp:10.0.2.4:445"};
  static inline const std::vector<std::string> kIpv6 = {"tcp6:2001:db8::1:80"};

  /// What came of an attempt, see guest/attempts.py.
  static std::string result_of(const std::string& attempt) { return results_.at(attempt); }

  // Without `restrict` the gateway's address would be the host's loopback interface, where these
  // three are.
  static std::string ssh_of_the_host() {
    return fmt::format("tcp:10.0.2.2:{}", sandbox().machine().ssh_port());
  }
  static std::string proxy_of_the_host() {
    return fmt::format("tcp:10.0.2.2:{}", sandbox().proxy().wait_ready());
  }
  static std::string datagram_to_the_host() {
    return fmt::format("udp:10.0.2.2:{}", udp_port_of_the_host_);
  }

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
  static json scan(const std::string& address) {
    json found = json::parse(sandbox().guest().check("scanning the ports of " + address,
                                                     "sudo -n /tmp/scan_ports " + address));
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

  static inline Fd udp_of_the_host_;
  static inline int udp_port_of_the_host_ = 0;

 private:
  static void listen_on_the_host() {
    udp_of_the_host_ = Fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_in local{.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof local;
    auto* const address = reinterpret_cast<sockaddr*>(&local);
    ASSERT_EQ(::bind(udp_of_the_host_.get(), address, size), 0);
    ASSERT_EQ(::getsockname(udp_of_the_host_.get(), address, &size), 0);
    udp_port_of_the_host_ = ntohs(local.sin_port);
  }

  static inline json results_;
};

TEST_F(Isolation, ServicesOfTheHostAreNotReachedThroughTheGateway) {
  EXPECT_THAT(result_of(ssh_of_the_host()), IsNoWayThrough());
  EXPECT_THAT(result_of(proxy_of_the_host()), IsNoWayThrough());
  EXPECT_EQ(result_of(datagram_to_the_host()), "nothing");
  char byte = 0;
  EXPECT_EQ(::recv(udp_of_the_host_.get(), &byte, 1, 0), -1);
  EXPECT_TRUE(sent_to("10.0.2.2", 17, udp_port_of_the_host_));
}

TEST_F(Isolation, NobodyElseIsOnTheGuestsNetwork) {
  const json found = json::parse(output_of(sandbox().guest(), "neighbours.py", {}));
  EXPECT_THAT(found.get<std::vector<std::string>>(),
              ElementsAre("10.0.2.100", "10.0.2.2", "10.0.2.3"));
}

TEST_F(Isolation, DirectTcpToTheOutsideGetsNothingAndIsCaptured) {
  for (const std::string& each : kTcpOutside)
    EXPECT_THAT(result_of(each), IsNoWayThrough()) << each;
  EXPECT_TRUE(sent_to("192.0.2.1", 6, 22));
  EXPECT_TRUE(sent_to("192.0.2.1", 6, 80));
  EXPECT_TRUE(sent_to("192.0.2.1", 6, 443));
  EXPECT_TRUE(sent_to("198.51.100.7", 6, 53));
  EXPECT_TRUE(sent_to("198.51.100.7", 6, 4444));
}

TEST_F(Isolation, DirectUdpToTheOutsideGetsNothingAndIsCaptured) {
  for (const std::string& each : kUdpOutside) EXPECT_EQ(result_of(each), "nothing") << each;
  EXPECT_TRUE(sent_to("192.0.2.1", 17, 123));
  EXPECT_TRUE(sent_to("192.0.2.1", 17, 443));
  EXPECT_TRUE(sent_to("198.51.100.7", 17, 5353));
}

TEST_F(Isolation, NoResolverAnswersADatagramAndTheNameIsCaptured) {
  for (const std::string& each : kResolvers) EXPECT_EQ(result_of(each), "nothing") << each;
  EXPECT_TRUE(asked_for_name("by-resolver.example.com"));
  EXPECT_TRUE(asked_for_name("by-gateway.example.com"));
  EXPECT_TRUE(asked_for_name("by-outside.example.com"));
}

TEST_F(Isolation, ALookUpByTheSystemsOwnMeansIsAnsweredAndCaptured) {
  for (const char* program : {"getent ahostsv4 by-libc.example.com",
                              "python3 -c 'import socket; "
                              "print(socket.gethostbyname(\"by-libc.example.com\"))'",
                              "node -e 'require(\"dns\").lookup(\"by-libc.example.com\", "
                              "(e, a) => console.log(e ?? a))'"})
    EXPECT_THAT(exec(program).out, StartsWith("11.0.2.")) << program;
  EXPECT_EQ(exec("getent hosts printer.local").exit_code, 2);
  EXPECT_TRUE(asked_for_name("by-libc.example.com"));
}

TEST_F(Isolation, APortOfAnAddressThatANameStandsForIsTheProxysOrRefuses) {
  const std::string connect =
      "import socket, sys\n"
      "s = socket.create_connection((\"by-port.example.com\", "
      "int(sys.argv[1])), 20)\n"
      "s.sendall(b\"GET / HTTP/1.0\\r\\n\\r\\n\")\n"
      "print(s.recv(100)[:12])\n";
  EXPECT_EQ(exec("python3 - 80", {.input = connect}).out, "b'HTTP/1.1 403'\n");
  EXPECT_THAT(exec("python3 - 81", {.input = connect}).err,
              testing::HasSubstr("ConnectionRefused"));
  EXPECT_EQ(exec("timeout 20 bash -c 'cat < /dev/tcp/by-port.example.com/25'").out, "");
}

TEST_F(Isolation, APingToTheOutsideGetsNothingAndIsCaptured) {
  for (const std::string& each : kPings) EXPECT_EQ(result_of(each), "nothing") << each;
  EXPECT_TRUE(sent_to("192.0.2.1", 1));
  EXPECT_TRUE(sent_to("198.51.100.7", 1));
}

TEST_F(Isolation, NoFileComesByTftpAndTheAttemptIsCaptured) {
  // QEMU's network answers at its own address with an error (RFC 1350: opcode 5) that there is no
  // service; an opcode 3 would be data.
  for (const std::string& each : kTftp)
    EXPECT_THAT(result_of(each), testing::AnyOf("nothing", StartsWith("answer 0005"))) << each;
  EXPECT_TRUE(sent_to("10.0.2.2", 17, 69));
  EXPECT_TRUE(sent_to("10.0.2.3", 17, 69));
  EXPECT_TRUE(asked_for_neighbour("10.0.2.4"));
}

TEST_F(Isolation, ThereIsNoFileServerByItsUsualAddress) {
  for (const std::string& each : kFileServer)
    EXPECT_THAT(result_of(each), IsNoWayThrough()) << each;
  EXPECT_TRUE(asked_for_neighbour("10.0.2.4"));
}

TEST_F(Isolation, ThereIsNoIpv6BeyondTheLink) {
  EXPECT_EQ(exec("ip -6 -o addr show scope global").out, "");
  EXPECT_EQ(exec("ip -6 route show default").out, "");
  for (const std::string& each : kIpv6) EXPECT_EQ(result_of(each), "ENETUNREACH") << each;
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

// Last: they fill the capture, which the tests above read.

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

TEST_F(Isolation, TheResolverAnswersOnItsOnePortAlone) {
  const json found = scan("10.0.2.3");
  EXPECT_THAT(found.at("open").get<std::vector<int>>(), ElementsAre(53));
  EXPECT_EQ(found.at("refused"), 65534);
  EXPECT_EQ(ports_tried("10.0.2.3"), 65535U);
}

}  // namespace
}  // namespace skillaudit
