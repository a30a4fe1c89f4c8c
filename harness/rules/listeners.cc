// Sockets on which something that the skill left behind takes connections.
#include <fmt/core.h>

#include <map>

#include "harness/base/text.h"
#include "harness/rules/effect.h"

namespace skillaudit {
namespace {

struct Listener {
  Offender offender;
  ConsentObject object;
  bool takes_root = false;
};

using Listeners = std::map<std::string, Listener>;  ///< by address

Listeners listeners(const RuleInput& input) {
  std::map<std::string, const ProcessEntry*> added;
  for (const auto& change : input.changes.processes) {
    if (change.kind == ChangeKind::Added) {
      added.emplace(fmt::format("{}[{}]", change.after.name, change.after.pid), &change.after);
    }
  }
  Listeners found;
  for (const RowChange<SocketEntry>& change : input.changes.sockets) {
    const SocketEntry& socket = change.after;
    const bool is_tcp = socket.protocol.starts_with("tcp") && socket.state == "LISTEN";
    const bool is_udp = socket.protocol.starts_with("udp");
    if (change.kind != ChangeKind::Added || (!is_tcp && !is_udp)) continue;
    const auto owner = added.find(socket.process);
    // Programs that were there before open and close UDP sockets all the time.
    if (is_udp && owner == added.end()) continue;
    std::string program = "unknown program";
    if (owner != added.end()) {
      const ProcessEntry& process = *owner->second;
      if (comes_with_package(input, process.path)) continue;
      program = process.command_line.empty() ? process.name : join(process.command_line, " ");
    }
    const std::string address =
        fmt::format("{} {}:{}", socket.protocol, socket.local_address, socket.local_port);
    Listener& listener = found[address];
    listener.offender.words.what = as_code(address);
    listener.offender.evidence.push_back(
        cite(source::after(Table::Sockets), address + " by " + program));
    listener.object = ConsentObject::listener(socket.local_address, socket.local_port, program);
    listener.takes_root = owner != added.end() && owner->second->uid == 0;
  }
  return found;
}

}  // namespace

void listener_effects(const RuleInput& input, Found& found) {
  for (const auto& [what, listener] : listeners(input))
    found.add(
        {.verb = Verb::Stay,
         .object = ObjectKind::Listener,
         .name = what,
         .takes_root = listener.takes_root,
         .named = [&input, &listener = listener](
                      EffectClass) { return input.consent.covers(Verb::Stay, listener.object); }},
        [&listener = listener] { return listener.offender; });
}

}  // namespace skillaudit
