#include "harness/sensors/wire.h"

#include <fmt/core.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <map>
#include <memory>
#include <span>
#include <tuple>

#include "harness/base/text.h"
#include "harness/sensors/link_text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostRows = 4096;
constexpr std::size_t kMostPayload = 16U << 20;
constexpr std::size_t kEthernetHeader = 14;
/// RFC 1035, 2.3.4: labels of 63 bytes, names of 255.
constexpr std::size_t kLongestName = 255;
constexpr std::uint16_t kDns = 53;
constexpr std::uint16_t kSsh = 22;
constexpr unsigned kIcmp = 1, kIcmp6 = 58;

/// Bytes in network order; reading beyond the end gives zeros and is remembered.
class Bytes {
 public:
  explicit Bytes(std::span<const unsigned char> bytes) : bytes_(bytes) {}
  [[nodiscard]] unsigned u8(std::size_t at) const {
    if (at < bytes_.size()) return bytes_[at];
    short_ = true;
    return 0;
  }
  [[nodiscard]] std::uint16_t u16(std::size_t at) const {
    return static_cast<std::uint16_t>(u8(at) << 8 | u8(at + 1));
  }
  [[nodiscard]] Bytes from(std::size_t at) const {
    return Bytes(bytes_.subspan(std::min(at, bytes_.size())));
  }
  [[nodiscard]] Bytes first(std::size_t count) const {
    return Bytes(bytes_.first(std::min(count, bytes_.size())));
  }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool was_short() const { return short_; }
  [[nodiscard]] std::string text() const { return {bytes_.begin(), bytes_.end()}; }

 private:
  std::span<const unsigned char> bytes_;
  mutable bool short_ = false;
};

std::string mac_at(const Bytes& frame, std::size_t at) {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", frame.u8(at), frame.u8(at + 1),
                     frame.u8(at + 2), frame.u8(at + 3), frame.u8(at + 4), frame.u8(at + 5));
}

std::string ipv4_at(const Bytes& packet, std::size_t at) {
  return fmt::format("{}.{}.{}.{}", packet.u8(at), packet.u8(at + 1), packet.u8(at + 2),
                     packet.u8(at + 3));
}

/// Without shortening: one address has one text.
std::string ipv6_at(const Bytes& packet, std::size_t at) {
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

std::string type_name(unsigned number) {
  switch (number) {
    case 1:
      return "A";
    case 5:
      return "CNAME";
    case 12:
      return "PTR";
    case 15:
      return "MX";
    case 16:
      return "TXT";
    case 28:
      return "AAAA";
    case 33:
      return "SRV";
    case 65:
      return "HTTPS";
    default:
      return fmt::format("TYPE{}", number);  // RFC 3597
  }
}

class Reader {
 public:
  explicit Reader(const GuestNetwork& network) : network_(network) {}

  void frame(const Bytes& frame, double at_s) {
    const Bytes packet = frame.from(kEthernetHeader);
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
  void arp(const Bytes& frame, const Bytes& packet, double at_s) {
    constexpr unsigned kRequest = 1;
    const std::string target = ipv4_at(packet, 24);
    const bool known = target == network_.guest || target == network_.gateway ||
                       target == network_.resolver || target == network_.proxy;
    if (link_.arp(packet.text(), known))
      contact({.protocol = "arp", .address = mac_at(frame, 0)}, frame.size(), at_s);
    if (packet.u16(6) == kRequest && !known)
      contact({.protocol = "arp", .address = target}, frame.size(), at_s);
  }

  void ipv4(const Bytes& packet, std::size_t size, double at_s) {
    const std::size_t header = (packet.u8(0) & 15U) * 4;
    const std::string to = ipv4_at(packet, 16);
    if (to == network_.guest) return;  // what the network sends, ARP beside, is for the guest
    const bool later_fragment = (packet.u16(6) & 0x1fffU) != 0;
    // The frame may be longer than the packet: Ethernet pads.
    const std::size_t length = std::max<std::size_t>(packet.u16(2), header);
    next(packet.u8(9), to, packet.first(length).from(header), later_fragment, size, at_s);
  }

  void ipv6(const Bytes& packet, std::size_t size, double at_s) {
    next(packet.u8(6), ipv6_at(packet, 24), packet.from(40), false, size, at_s);
  }

  void next(unsigned protocol, const std::string& to, const Bytes& segment, bool later_fragment,
            std::size_t size, double at_s) {
    WireContact row{.protocol = protocol_name(protocol), .address = to};
    if (protocol == 6 && !later_fragment) {
      row.port = segment.u16(2);
      if (to == network_.proxy && row.port == network_.proxy_port) return;
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
  static bool is_link_chatter(unsigned protocol, const Bytes& segment) {
    const unsigned type = protocol == 0 ? segment.u8(8) : segment.u8(0);
    if (protocol == 0 && segment.u8(0) != 58) return false;
    if (protocol != 0 && protocol != 58) return false;
    return (type >= 130 && type <= 137) || type == 143;
  }

  /// False for what is no question.
  bool question(const Bytes& message) {
    if (message.u16(4) == 0) return false;
    std::string name;
    std::size_t at = 12;
    for (;;) {
      const unsigned length = message.u8(at);
      if (length == 0 || length > 63 || message.was_short()) break;
      if (name.size() + length > kLongestName) break;
      if (!name.empty()) name += '.';
      name += message.from(at + 1).first(length).text();
      at += 1 + length;
    }
    if (name.empty() || message.was_short()) return false;
    const std::string type = type_name(message.u16(at + 1));
    const auto [known, fresh] = names_.try_emplace({name, type}, wire_.names.size());
    if (!fresh) {
      ++wire_.names[known->second].count;
    } else if (wire_.names.size() < kMostRows) {
      wire_.names.push_back({name, type, 1});
    } else {
      names_.erase(known);
      ++left_out_;
    }
    return true;
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
      it = contacts_.emplace(key, std::move(row)).first;
    }
    ++it->second.frames;
    it->second.bytes += size;
  }

  void payload(const Bytes& bytes) {
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
    reader.frame(Bytes({bytes, head->caplen}), at - start);
  }
}

}  // namespace skillaudit
