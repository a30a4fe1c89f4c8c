// scan_ports ADDRESS, as root in the guest: a SYN to each of its 65,535 TCP ports.
//
// Prints {"open": [ports that took the connection], "refused": how many refused it, "seconds": S}.
// Raw packets, since a connection that nobody answers would cost a socket and minutes of waiting;
// and no script, since an emulated interpreter takes longer for a packet than the network does.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bitset>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Ports = std::bitset<65536>;

constexpr const char* kOwn = "10.0.2.15";
constexpr std::uint16_t kSourcePort = 40000;
constexpr int kQuietMilliseconds = 300;
constexpr std::size_t kBatch = 256;

int checked(int result, const char* what) {
  if (result < 0) {
    std::perror(what);
    std::exit(1);
  }
  return result;
}

bool resolved(const char* address) {
  std::FILE* table = std::fopen("/proc/net/arp", "re");
  char line[256], ip[64], flags[16];
  bool found = false;
  while (table && std::fgets(line, sizeof line, table))
    found = found || (std::sscanf(line, "%63s %*s %15s", ip, flags) == 2 &&
                      std::strcmp(ip, address) == 0 && std::strcmp(flags, "0x2") == 0);
  if (table) std::fclose(table);
  return found;
}

/// Packets sent before the neighbour is known would be thrown away.
void resolve(const sockaddr_in& target, const char* address) {
  const int knock = checked(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
  sockaddr_in discard = target;
  discard.sin_port = htons(9);
  ::sendto(knock, "", 0, 0, reinterpret_cast<const sockaddr*>(&discard), sizeof discard);
  const auto deadline = Clock::now() + std::chrono::seconds(5);
  while (!resolved(address) && Clock::now() < deadline) ::usleep(50'000);
  ::close(knock);
}

/// RFC 1071, over the pseudo header and the segment.
std::uint16_t checksum(const in_addr& from, const in_addr& to, const tcphdr& segment) {
  struct {
    in_addr from, to;
    std::uint16_t protocol, length;
    tcphdr segment;
  } const covered{from, to, htons(IPPROTO_TCP), htons(sizeof segment), segment};
  std::uint16_t words[sizeof covered / 2];
  std::memcpy(words, &covered, sizeof covered);
  std::uint32_t total = 0;
  for (const std::uint16_t word : words) total += word;
  while (total >> 16) total = (total & 0xffff) + (total >> 16);
  return static_cast<std::uint16_t>(~total);
}

void send_syn(int raw, const in_addr& to, std::uint16_t port) {
  tcphdr segment{};
  segment.source = htons(kSourcePort);
  segment.dest = htons(port);
  segment.ack_seq = htonl(1);
  segment.doff = sizeof segment / 4;
  segment.syn = 1;
  segment.window = htons(1024);
  in_addr own{};
  ::inet_pton(AF_INET, kOwn, &own);
  segment.check = checksum(own, to, segment);
  checked(static_cast<int>(::send(raw, &segment, sizeof segment, 0)), "send");
}

}  // namespace

int main(int argc, char** argv) {
  const auto started = Clock::now();
  sockaddr_in target{};
  target.sin_family = AF_INET;
  if (argc != 2 || ::inet_pton(AF_INET, argv[1], &target.sin_addr) != 1) {
    std::fputs("usage: scan_ports ADDRESS\n", stderr);
    return 64;
  }
  resolve(target, argv[1]);
  const int raw = checked(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP), "socket");
  const int room = 16 << 20;  // an answer from every port would fit
  checked(::setsockopt(raw, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room), "setsockopt");
  checked(::connect(raw, reinterpret_cast<const sockaddr*>(&target), sizeof target), "connect");

  Ports open, refused;
  std::vector<std::uint16_t> unanswered;
  for (unsigned port = 1; port < 65536; ++port)
    unanswered.push_back(static_cast<std::uint16_t>(port));
  // Answers are lost when many come at once, and a lost one must not hide an open port: so in
  // batches, and once more to the ports that did not answer, as long as any does.
  for (int round = 0; round < 8; ++round) {
    const std::size_t before = unanswered.size();
    for (std::size_t at = 0; at < before; at += kBatch) {
      Ports waiting;
      std::size_t left = 0;
      for (; left < kBatch && at + left < before; ++left) {
        waiting.set(unanswered[at + left]);
        send_syn(raw, target.sin_addr, unanswered[at + left]);
      }
      pollfd ready{raw, POLLIN, 0};
      while (left > 0 && ::poll(&ready, 1, kQuietMilliseconds) > 0) {
        unsigned char packet[65536];
        const ssize_t size = ::recv(raw, packet, sizeof packet, 0);
        if (size < 20) continue;
        const std::size_t header = (packet[0] & 15U) * 4;
        tcphdr segment;
        if (size < static_cast<ssize_t>(header + sizeof segment)) continue;
        std::memcpy(&segment, packet + header, sizeof segment);
        if (segment.dest != htons(kSourcePort)) continue;  // the SSH session
        const std::uint16_t port = ntohs(segment.source);
        (segment.rst ? refused : open).set(port);
        if (waiting.test(port)) --left;
        waiting.reset(port);
      }
    }
    std::erase_if(unanswered, [&](std::uint16_t port) { return open[port] || refused[port]; });
    if (unanswered.empty() || unanswered.size() == before) break;
  }

  std::printf("{\"open\": [");
  const char* between = "";
  for (unsigned port = 1; port < 65536; ++port)
    if (open[port]) {
      std::printf("%s%u", between, port);
      between = ", ";
    }
  const std::chrono::duration<double> taken = Clock::now() - started;
  std::printf("], \"refused\": %zu, \"seconds\": %.1f}\n", refused.count(), taken.count());
}
