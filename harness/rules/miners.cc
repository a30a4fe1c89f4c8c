// Pools of those who mine coins, by their names and by what is spoken with them.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/rules/flow_text.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kMinerPool = "network.miner-pool";

/// Domains below which pools stand. Short, and of those alone whose hosts serve nothing else: from
/// the list of SigmaHQ's rule "Linux Crypto Mining Pool Connections" (2021), T1496 of MITRE ATT&CK.
constexpr std::array<std::string_view, 12> kPools = {
    "minexmr.com",   "supportxmr.com",     "c3pool.com",        "nanopool.org",
    "2miners.com",   "hashcity.org",       "f2pool.com",        "xmrpool.eu",
    "hashvault.pro", "moneroocean.stream", "monerocean.stream", "donate.v2.xmrig.com"};

/// On which pools take miners, by their own instructions. Others use these ports too: with a name
/// that speaks of mining alone they count.
constexpr std::array<std::uint16_t, 11> kPorts = {3333, 4444,  5555,  5556,  7777, 8888,
                                                  9999, 10128, 14433, 14444, 45700};

bool is_pool(std::string_view host) {
  const std::string name = ascii_lower(host);
  return std::any_of(kPools.begin(), kPools.end(), [&](std::string_view pool) {
    return name == pool || name.ends_with("." + std::string(pool));
  });
}

/// "pool.…", "xmr-eu1.…": a label that speaks of mining.
bool speaks_of_mining(std::string_view host) {
  const std::string name = ascii_lower(host);
  const std::vector<std::string_view> labels = split(name, '.');
  return std::any_of(labels.begin(), labels.end(), [](std::string_view label) {
    return label == "pool" || label == "mine" || label == "mining" || label == "stratum" ||
           label.starts_with("xmr") || label.find("monero") != std::string_view::npos;
  });
}

bool is_pool(std::string_view host, std::uint16_t port) {
  return is_pool(host) ||
         (speaks_of_mining(host) && std::find(kPorts.begin(), kPorts.end(), port) != kPorts.end());
}

/// "stratum+tcp://pool.example.com:3333" in a text, or empty: the address by which miners are told
/// of their pool. Who looks for such addresses names no host after it.
std::string stratum_address(std::string_view text) {
  for (const std::string_view scheme :
       {"stratum+tcp://", "stratum+ssl://", "stratum+tls://", "stratum2+tcp://"}) {
    const std::size_t at = text.find(scheme);
    if (at == std::string_view::npos) continue;
    std::size_t end = at + scheme.size();
    while (end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) != 0 ||
            std::string_view(".-:_[]").find(text[end]) != std::string_view::npos))
      ++end;
    const std::string_view host = text.substr(at + scheme.size(), end - at - scheme.size());
    if (host.find('.') != std::string_view::npos && host.find_first_not_of(".-:_[]") == 0)
      return std::string(text.substr(at, end - at));
  }
  return {};
}

/// What a miner says first (the Stratum protocol's methods), in what went past the proxy.
std::string_view stratum_word(std::string_view payload) {
  for (const std::string_view word : {"\"mining.subscribe\"", "\"mining.authorize\""})
    if (payload.find(word) != std::string_view::npos) return word;
  return {};
}

class Pools {
 public:
  void add(const std::string& shown, Citation citation) {
    if (!found_.contains(shown) && found_.size() == kMostListed) {
      ++unlisted_;
      return;
    }
    Offender& offender = found_[shown];
    offender.words.what = as_code(shown);
    if (offender.evidence.size() < 4) offender.evidence.push_back(std::move(citation));
  }
  void add_command(const std::vector<std::string>& arguments, const Source& source,
                   std::int64_t pid) {
    for (const std::string& argument : arguments) {
      const std::string address = stratum_address(argument);
      if (address.empty()) continue;
      add(address, cite(source, fmt::format("{}: {}", pid, join(arguments, " "))));
      return;
    }
  }
  void report(Drafts& drafts) const {
    std::vector<Offender> all;
    for (const auto& [shown, offender] : found_) all.push_back(offender);
    drafts.add_each(kMinerPool, all, unlisted_);
  }

 private:
  std::map<std::string, Offender> found_;
  std::size_t unlisted_ = 0;
};

void miner_rules(const RuleInput& input, Drafts& drafts) {
  const Evidence& evidence = input.evidence;
  Pools pools;
  for (const Flow& flow : evidence.flows)
    if (is_pool(flow.host, flow.port) || is_pool(flow.sni)) pools.add(flow.host, cite_flow(flow));
  for (const NameAsked& asked : evidence.wire.names)
    if (is_pool(asked.name))
      pools.add(asked.name,
                cite(source::network(), "asked the resolver for " + asked.type + " " + asked.name));
  if (const std::string_view word = stratum_word(evidence.wire.payload); !word.empty())
    pools.add("Stratum, bypassing the proxy", cite(source::network(), std::string(word)));
  if (const std::string address = stratum_address(evidence.wire.payload); !address.empty())
    pools.add(address, cite(source::network(), address));
  for (const RowChange<ProcessEntry>& change : input.changes.processes)
    if (change.kind == ChangeKind::Added)
      pools.add_command(change.after.command_line, source::after(Table::Processes),
                        change.after.pid);
  for (const TraceEvent& event : evidence.trace.events)
    if (event.kind == TraceKind::Exec)
      pools.add_command(event.arguments, source::trace(event.serial), event.pid);
  pools.report(drafts);
}

}  // namespace

RuleCode miner_code() { return {{kMinerPool}, miner_rules}; }

}  // namespace skillaudit
