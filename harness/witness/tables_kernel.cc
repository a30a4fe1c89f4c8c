// What the running kernel is set to, where a setting protects, or decides where data go.
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

#include "harness/witness/io.h"
#include "harness/witness/tables.h"

namespace witness {
namespace {

/// Below /proc/sys. Settings that count something or change by themselves are no protection.
constexpr std::array kSettings = {"fs/protected_fifos",
                                  "fs/protected_hardlinks",
                                  "fs/protected_regular",
                                  "fs/protected_symlinks",
                                  "fs/suid_dumpable",

                                  "kernel/core_pattern",
                                  "kernel/core_pipe_limit",
                                  "kernel/core_uses_pid",
                                  "kernel/dmesg_restrict",
                                  "kernel/hotplug",
                                  "kernel/io_uring_disabled",
                                  "kernel/kexec_load_disabled",
                                  "kernel/kptr_restrict",
                                  "kernel/modprobe",
                                  "kernel/modules_disabled",
                                  "kernel/perf_event_paranoid",
                                  "kernel/poweroff_cmd",
                                  "kernel/printk",
                                  "kernel/randomize_va_space",
                                  "kernel/sysrq",
                                  "kernel/unprivileged_bpf_disabled",
                                  "kernel/unprivileged_userns_clone",
                                  "kernel/yama/ptrace_scope",
                                  "net/core/bpf_jit_harden",
                                  "net/ipv4/conf/all/accept_redirects",
                                  "net/ipv4/conf/all/accept_source_route",
                                  "net/ipv4/conf/all/forwarding",
                                  "net/ipv4/conf/all/log_martians",
                                  "net/ipv4/conf/all/route_localnet",
                                  "net/ipv4/conf/all/rp_filter",
                                  "net/ipv4/conf/all/send_redirects",
                                  "net/ipv4/conf/default/rp_filter",
                                  "net/ipv4/ip_forward",
                                  "net/ipv4/ip_unprivileged_port_start",
                                  "net/ipv4/ping_group_range",
                                  "net/ipv4/tcp_syncookies",
                                  "net/ipv6/conf/all/accept_ra",
                                  "net/ipv6/conf/all/accept_redirects",
                                  "net/ipv6/conf/all/disable_ipv6",
                                  "net/ipv6/conf/all/forwarding",
                                  "user/max_user_namespaces",
                                  "vm/mmap_min_addr",
                                  "vm/unprivileged_userfaultfd"};

void put_setting(std::string& out, std::string_view kind, std::string_view name,
                 std::string_view value) {
  put_field(out, kind);
  put_field(out, name);
  put_field(out, value.substr(0, value.find('\0')));
}

void put_sysctls(std::string& out) {
  for (const std::string path : kSettings) {
    const auto value = read_any(in_proc("sys/" + path), 1U << 12);
    if (!value) continue;  // another kernel
    std::string name = path;
    std::replace(name.begin(), name.end(), '/', '.');
    put_setting(out, "sysctl", name, std::string_view(*value).substr(0, value->find('\n')));
  }
  // Programs that the kernel starts for files of a kind.
  for (const std::string& format : names_in(in_proc("sys/fs/binfmt_misc")))
    if (const auto text = read_any(in_proc("sys/fs/binfmt_misc/" + format), 1U << 12))
      put_setting(out, "sysctl", "fs.binfmt_misc." + format, *text);
}

/// As /proc/net/route has it: hexadecimal digits of a number in the machine's order.
std::string address(std::string_view hex) {
  const in_addr raw{static_cast<in_addr_t>(number(hex, 16))};
  std::array<char, INET_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET, &raw, text.data(), text.size());
  return text.data();
}

void put_routes(std::string& out) {
  const std::string routes = read_any(in_proc("1/net/route"), 1U << 22).value_or("");
  for (const std::string_view line : split(routes, '\n')) {
    const auto fields = words(line);
    if (fields.size() < 8 || fields[0] == "Iface") continue;
    put_setting(out, "route", address(fields[1]) + "/" + address(fields[7]),
                "via " + address(fields[2]) + " dev " + std::string(fields[0]) + " metric " +
                    std::string(fields[6]));
  }
  const std::string routes6 = read_any(in_proc("1/net/ipv6_route"), 1U << 22).value_or("");
  for (const std::string_view line : split(routes6, '\n')) {
    const auto fields = words(line);
    constexpr std::uint64_t kGateway = 2;  // RTF_GATEWAY
    if (fields.size() < 10 || (number(fields[8], 16) & kGateway) == 0) continue;
    put_setting(out, "route", std::string(fields[0]) + "/" + std::string(fields[1]),
                "via " + std::string(fields[4]) + " dev " + std::string(fields[9]));
  }
}

/// Those that were set by hand; the others come and go.
void put_neighbours(std::string& out) {
  const std::string table = read_any(in_proc("1/net/arp"), 1U << 22).value_or("");
  for (const std::string_view line : split(table, '\n')) {
    const auto fields = words(line);
    constexpr std::uint64_t kPermanent = 4;  // ATF_PERM
    if (fields.size() < 6 || fields[0] == "IP" || (number(fields[2], 16) & kPermanent) == 0)
      continue;
    put_setting(out, "neighbour", fields[0],
                std::string(fields[3]) + " dev " + std::string(fields[5]));
  }
}

std::string family_name(unsigned char family) {
  switch (family) {
    case NFPROTO_INET:
      return "inet";
    case NFPROTO_IPV4:
      return "ip";
    case NFPROTO_ARP:
      return "arp";
    case NFPROTO_NETDEV:
      return "netdev";
    case NFPROTO_BRIDGE:
      return "bridge";
    case NFPROTO_IPV6:
      return "ip6";
    default:
      return "family " + std::to_string(family);
  }
}

/// "inet filter input" for each rule of nf_tables in `message`, counted.
void count_rules(std::string_view bytes, std::map<std::string, int>& rules, bool& done) {
  while (bytes.size() >= sizeof(nlmsghdr)) {
    nlmsghdr head{};
    std::memcpy(&head, bytes.data(), sizeof head);
    if (head.nlmsg_len < sizeof head || head.nlmsg_len > bytes.size()) break;
    done = done || head.nlmsg_type == NLMSG_DONE || head.nlmsg_type == NLMSG_ERROR;
    const bool is_rule = head.nlmsg_type == (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE);
    std::string_view rest = bytes.substr(sizeof head, head.nlmsg_len - sizeof head);
    bytes.remove_prefix(std::min<std::size_t>(NLMSG_ALIGN(head.nlmsg_len), bytes.size()));
    if (!is_rule || rest.size() < sizeof(nfgenmsg)) continue;
    std::string name = family_name(static_cast<unsigned char>(rest[0]));
    rest.remove_prefix(sizeof(nfgenmsg));
    while (rest.size() >= sizeof(nlattr)) {
      nlattr attribute{};
      std::memcpy(&attribute, rest.data(), sizeof attribute);
      if (attribute.nla_len < sizeof attribute || attribute.nla_len > rest.size()) break;
      const std::string_view value =
          rest.substr(sizeof attribute, attribute.nla_len - sizeof attribute);
      if (attribute.nla_type == NFTA_RULE_TABLE || attribute.nla_type == NFTA_RULE_CHAIN)
        name.append(" ").append(value.substr(0, value.find('\0')));
      rest.remove_prefix(std::min<std::size_t>(NLA_ALIGN(attribute.nla_len), rest.size()));
    }
    ++rules[name];
  }
}

/// How many rules each chain of nf_tables has, which iptables uses too. Asking a kernel that has
/// not loaded it would load it.
void put_filters(std::string& out) {
  const std::string modules = read_any(in_proc("modules"), 1U << 22).value_or("");
  if (!modules.starts_with("nf_tables ") && modules.find("\nnf_tables ") == std::string::npos)
    return;
  const Fd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
  if (!socket) return;
  struct {
    nlmsghdr head{};
    nfgenmsg family{};
  } request;
  request.head.nlmsg_len = sizeof request;
  request.head.nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE;
  request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.family.nfgen_family = NFPROTO_UNSPEC;
  const timeval patience{5, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::send(socket.get(), &request, sizeof request, 0) < 0) return;
  std::map<std::string, int> rules;
  std::string piece(1U << 16, '\0');
  for (bool done = false; !done;) {
    const ssize_t got = ::recv(socket.get(), piece.data(), piece.size(), 0);
    if (got <= 0) break;
    count_rules({piece.data(), static_cast<std::size_t>(got)}, rules, done);
  }
  for (const auto& [name, count] : rules)
    put_setting(out, "filter", name, std::to_string(count) + " rules");
}

}  // namespace

std::string kernel_settings_table() {
  std::string out;
  put_sysctls(out);
  put_routes(out);
  put_neighbours(out);
  put_filters(out);
  return out;
}

}  // namespace witness
