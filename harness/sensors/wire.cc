#include "harness/sensors/wire.h"

#include <fmt/core.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <tuple>

#include "harness/base/text.h"
#include "harness/sensors/dns.h"
#include "harness/sensors/frame_bytes.h"
#include "harness/sensors/link_text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostRows = 4096;
constexpr std::size_t kMostPayload = 16U << 20;
constexpr std::size_t kEthernetHeader = 14;
constexpr unsigned kTcp = 6;
constexpr std::uint16_t kDns = 53;
constexpr std::uint16_t kSsh = 22;
constexpr unsigned kIcmp = 1, kIcmp6 = 58;

std::string mac_at(const FrameBytes& frame, std::size_t at) {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", frame.u8(at), frame.u8(at + 1),
                     frame.u8(at + 2), frame.u8(at + 3), frame.u8(at + 4), frame.u8(at + 5));
}

std::string ipv4_at(const FrameBytes& packet, std::size_t at) {
  return fmt::format("{}.{}.{}.{}", packet.u8(at), packet.u8(at + 1), packet.u8(at + 2),
                     packet.u8(at + 3));
}

/// Without shortening: one address has one text.
std::string ipv6_at(const FrameBytes& packet, std::size_t at) {
  std::string text;
  for (std::size_t i = 0; i < 16; i += 2)
    text += fmt::format("{}{:x}", i == 0 ? "" : ":", packet.u16(at + i));
  return text;
}

std::string protocol_name(unsigned number) {
  switch (number) {
    case 1:
      return "icmp";
    case 2:
      return "igmp";
    case 6:
      return "tcp";
    case 17:
      return "udp";
    case 58:
      return "icmpv6";
    case 132:
      return "sctp";
    default:
      return fmt::format("ip-{}", number);
  }
}

class Reader {
 public:
  explicit Reader(const GuestNetwork& network) : network_(network) {}

  void frame(const FrameBytes& frame, double at_s) {
    const FrameBytes packet = frame.from(kEthernetHeader);
    const unsigned ether_type = frame.u16(12);
    if (ether_type == 0x0800) {
      ipv4(packet, frame.size(), at_s);
    } else if (ether_type == 0x86dd) {
      ipv6(packet, frame.size(), at_s);
    } else if (ether_type == 0x0806) {
      arp(frame, packet, at_s);
    } else if (ether_type != 0x8035) {  // the hypervisor's RARP for us
      contact({.protocol = fmt::format("ethernet-{:04x}", ether_type), .address = mac_at(frame, 0)},
              frame.size(), at_s);
      payload(packet);
    }
  }

  Wire finish() {
    for (const std::string& rest : streams_.unread()) {
      contact({.protocol = "tcp", .address = network_.resolver, .port = kDns}, rest.size(), 0);
      payload(FrameBytes({reinterpret_cast<const unsigned char*>(rest.data()), rest.size()}));
    }
    wire_.joined = link_.take();
    for (auto& [key, row] : contacts_) wire_.contacts.push_back(std::move(row));
    std::stable_sort(wire_.contacts.begin(), wire_.contacts.end(),
                     [](const auto& a, const auto& b) { return a.first_s < b.first_s; });
    if (left_out_ > 0)
      wire_.gaps.push_back(
          Gap::cut(GapSource::Wire, fmt::format("{} frames that bypassed the proxy, to further "
                                                "addresses or for further names, are not listed.",
                                                left_out_)));
    if (payload_left_out_ > 0)
      wire_.gaps.push_back(Gap::cut(
          GapSource::DecoySearch,
          fmt::format("{} of traffic that bypassed the proxy were not searched for credentials.",
                      human_bytes(payload_left_out_))));
    return std::move(wire_);
  }

 private:
  /// Whoever asks for an address wants to send there: nobody answers, so that nothing else shows
  /// it. The network's own questions are for the guest.
  void arp(const FrameBytes& frame, const FrameBytes& packet, double at_s) {
    constexpr unsigned kRequest = 1;
    const std::string target = ipv4_at(packet, 24);
    const bool known = target == network_.guest || target == network_.gateway ||
                       target == network_.resolver || target == network_.proxy;
    if (link_.arp(packet.text(), known))
      contact({.protocol = "arp", .address = mac_at(frame, 0)}, frame.size(), at_s);
    if (packet.u16(6) == kRequest && !known)
      contact({.protocol = "arp", .address = target}, frame.size(), at_s);
  }

  void ipv4(const FrameBytes& packet, std::size_t size, double at_s) {
    const std::size_t header = (packet.u8(0) & 15U) * 4;
    const std::string to = ipv4_at(packet, 16);
    if (to == network_.guest) {  // what the network sends, ARP beside, is for the guest
      if (packet.u8(9) == kTcp && ipv4_at(packet, 12) == network_.resolver) {
        const std::optional<DnsAnswer> answer =
            read_answer(packet.first(packet.u16(2)).from(header));
        if (answer && named_.size() < kMostRows) named_[answer->address] = answer->name;
      }
      return;
    }
    const bool later_fragment = (packet.u16(6) & 0x1fffU) != 0;
    // The frame may be longer than the packet: Ethernet pads.
    const std::size_t length = std::max<std::size_t>(packet.u16(2), header);
    next(packet.u8(9), to, packet.first(length).from(header), later_fragment, size, at_s);
  }

  void ipv6(const FrameBytes& packet, std::size_t size, double at_s) {
    next(packet.u8(6), ipv6_at(packet, 24), packet.from(40), false, size, at_s);
  }

  void next(unsigned protocol, const std::string& to, const FrameBytes& segment,
            bool later_fragment, std::size_t size, double at_s) {
    WireContact row{.protocol = protocol_name(protocol), .address = to};
    if (protocol == kTcp && !later_fragment) {
      row.port = segment.u16(2);
      if (network_.is_seen_by_proxy(to, row.port)) return;
      if (to == network_.resolver && row.port == kDns && asked_by_tcp(segment)) return;
      const bool opens = (segment.u8(13) & 0x12U) == 0x02;
      if (to == network_.gateway && segment.u16(0) == kSsh && !opens) return;
      payload(segment.from((segment.u8(12) >> 4U) * 4));
    } else if (protocol == 17 && !later_fragment) {
      row.port = segment.u16(2);
      payload(segment.from(8));
      if (row.port == kDns && question(segment.from(8)) && to == network_.resolver) return;
    } else if (is_link_chatter(protocol, segment)) {
      link_.discovery(segment.text());
      return;
    } else {
      payload(segment);
      if (protocol == kIcmp || protocol == kIcmp6) link_.echo(segment.from(8).text());
    }
    contact(std::move(row), size, at_s);
  }

  /// Multicast listener reports and neighbour discovery, which the kernel sends by itself; the
  /// first may come behind a hop-by-hop header (protocol 0).
  static bool is_link_chatter(unsigned protocol, const FrameBytes& segment) {
    const unsigned type = protocol == 0 ? segment.u8(8) : segment.u8(0);
    if (protocol == 0 && segment.u8(0) != 58) return false;
    if (protocol != 0 && protocol != 58) return false;
    return (type >= 130 && type <= 137) || type == 143;
  }

  /// False for what is no question.
  bool question(const FrameBytes& message) {
    const std::optional<NameAsked> asked = read_question(message);
    if (asked) add_name(*asked);
    return asked.has_value();
  }

  void add_name(const NameAsked& asked) {
    const auto [known, fresh] = names_.try_emplace({asked.name, asked.type}, wire_.names.size());
    if (!fresh) {
      ++wire_.names[known->second].count;
    } else if (wire_.names.size() < kMostRows) {
      wire_.names.push_back(asked);
    } else {
      names_.erase(known);
      ++left_out_;
    }
  }

  /// What the guest sends to the resolver's port by TCP. False where it is no question.
  bool asked_by_tcp(const FrameBytes& segment) {
    const DnsStreams::Read read = streams_.from_guest(segment);
    for (const NameAsked& asked : read.asked) add_name(asked);
    return !read.is_other;
  }

  void contact(WireContact row, std::size_t size, double at_s) {
    const auto key = std::tuple(row.protocol, row.address, row.port);
    auto it = contacts_.find(key);
    if (it == contacts_.end()) {
      if (contacts_.size() == kMostRows) {
        ++left_out_;
        return;
      }
      row.first_s = at_s;
      if (const auto name = named_.find(row.address); name != named_.end()) row.name = name->second;
      it = contacts_.emplace(key, std::move(row)).first;
    }
    ++it->second.frames;
    it->second.bytes += size;
  }

  void payload(const FrameBytes& bytes) {
    if (bytes.size() == 0) return;
    if (wire_.payload.size() + bytes.size() > kMostPayload) {
      payload_left_out_ += bytes.size();
      return;
    }
    wire_.payload += bytes.text();
    wire_.payload += '\n';
  }

  const GuestNetwork& network_;
  Wire wire_;
  LinkText link_;
  DnsStreams streams_;
  std::map<std::string, std::string> named_;  ///< by address: the name it was given for last
  std::map<std::tuple<std::string, std::string, std::uint16_t>, WireContact> contacts_;
  std::map<std::pair<std::string, std::string>, std::size_t> names_;  ///< to rows of wire_.names
  std::uint64_t left_out_ = 0;
  std::uint64_t payload_left_out_ = 0;
};

}  // namespace

Wire read_wire(const std::filesystem::path& capture, const GuestNetwork& network) {
  char error[PCAP_ERRBUF_SIZE] = {};
  const std::unique_ptr<pcap_t, decltype(&::pcap_close)> file(
      ::pcap_open_offline(capture.c_str(), error), &::pcap_close);
  if (!file || ::pcap_datalink(file.get()) != DLT_EN10MB) {
    Wire nothing;
    nothing.gaps.push_back(Gap::lost(
        GapSource::Wire, fmt::format("The capture of the guest's network card cannot be read: {}",
                                     file ? "it holds no Ethernet frames" : printable(error))));
    return nothing;
  }
  Reader reader(network);
  double start = -1;
  for (;;) {
    pcap_pkthdr* head = nullptr;
    const unsigned char* bytes = nullptr;
    const int result = ::pcap_next_ex(file.get(), &head, &bytes);
    if (result == PCAP_ERROR_BREAK) return reader.finish();  // the end
    if (result != 1) {
      Wire wire = reader.finish();
      wire.gaps.push_back(Gap::lost(
          GapSource::Wire, fmt::format("The capture of the guest's network card is damaged: {}",
                                       printable(::pcap_geterr(file.get())))));
      return wire;
    }
    const double at =
        static_cast<double>(head->ts.tv_sec) + static_cast<double>(head->ts.tv_usec) * 1e-6;
    if (start < 0) start = at;
    reader.frame(FrameBytes({bytes, head->caplen}), at - start);
  }
}

}  // namespace skillaudit
