#include "harness/providers/qemu/qemu_network.h"

#include <fmt/core.h>

#include <array>

#include "harness/traffic/loopback.h"

namespace skillaudit {
namespace {

/// slirp forwards only addresses of its own network, and a program that keeps away from private
/// addresses would not connect to one. So the network is as large as slirp allows, and names stand
/// for addresses that nobody on the internet announces (11.0.0.0/8). Its host and resolver are
/// moved: at the latter's address slirp forwards nothing.
constexpr const char* kSlirpNetwork = "net=0.0.0.0/4,host=10.0.2.2,dns=11.0.2.3";
constexpr int kServers = 12;
constexpr int kResolverPort = 53;

/// Ports on which somebody might be asked: the services' own (IANA), those beside them by custom,
/// and those that backdoors and tunnels are fond of. Each costs 120 bytes of an argument that may
/// have 128 KiB for all servers.
constexpr auto kServerPorts = std::to_array<std::uint16_t>(
    {21,   22,   23,   25,   43,    53,    80,    110,   143,   389,  443,  465,  587,
     636,  873,  990,  993,  995,   1337,  1433,  1883,  2525,  3000, 3128, 3306, 3333,
     4000, 4443, 4444, 5000, 5222,  5432,  5555,  5671,  5672,  6379, 6380, 6667, 6697,
     7000, 7777, 8000, 8080, 8081,  8086,  8443,  8883,  8888,  9000, 9001, 9042, 9090,
     9092, 9200, 9418, 9999, 10000, 11211, 11434, 27017, 31337, 50051});

std::string server_address(int number) { return fmt::format("11.0.2.{}", 20 + number); }

}  // namespace

GuestNetwork guest_network() {
  GuestNetwork network{.guest = kGuestAddress,
                       .gateway = kGatewayAddress,
                       .resolver = kResolverAddress,
                       .proxy = kProxyAddress,
                       .proxy_port = kProxyPort,
                       .server_ports = {kServerPorts.begin(), kServerPorts.end()}};
  for (int i = 0; i < kServers; ++i) network.servers.push_back(server_address(i));
  return network;
}

std::string user_network(const QemuSpec& spec) {
  std::string text =
      fmt::format("user,id=net,restrict=on,ipv6=off,{},hostfwd=tcp:127.0.0.1:0-{}:22",
                  kSlirpNetwork, kGuestAddress);
  if (spec.proxy_address.empty()) return text;
  // In an option string a comma is doubled. What socat has to say would reach the guest.
  const auto forward = [&](const std::string& address, int port, const std::string& to,
                           const std::string& source) {
    text += fmt::format(",guestfwd=tcp:{}:{}-cmd:socat -lf /dev/null STDIO {},,bind={}", address,
                        port, to, source);
  };
  const auto by_connect = [&](const std::string& address, int port) {
    forward(address, port,
            fmt::format("PROXY:{}:{}:{},,proxyport={}", spec.proxy_address, address, port,
                        spec.proxy_port),
            direct_source(spec.proxy_address));
  };
  forward(kProxyAddress, kProxyPort, fmt::format("TCP:{}:{}", spec.proxy_address, spec.proxy_port),
          spec.proxy_address);
  by_connect(kResolverAddress, kResolverPort);
  for (int i = 0; i < kServers; ++i)
    for (const std::uint16_t port : kServerPorts) by_connect(server_address(i), port);
  return text;
}

}  // namespace skillaudit
