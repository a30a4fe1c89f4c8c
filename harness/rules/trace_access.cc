// Ways to files and to the network past those who watch paths and connections.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/rules/consented.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/trace_rules.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

constexpr std::string_view kRawRead = "evasion.raw-read";
constexpr std::string_view kHandle = "evasion.open-by-handle";
constexpr std::string_view kPacketSocket = "evasion.packet-socket";
constexpr std::string_view kMoved = "credentials.decoy-moved";

/// Programs of the system that read of a disk what it is, and no file on it.
bool reads_labels(const RuleInput& input, std::size_t event) {
  static constexpr std::array<std::string_view, 36> kTools = {
      "blkid",    "lsblk",         "findfs",     "fdisk",         "sfdisk",    "cfdisk",
      "parted",   "partprobe",     "partx",      "gdisk",         "sgdisk",    "wipefs",
      "udevadm",  "systemd-udevd", "grub-probe", "grub-mkconfig", "os-prober", "dumpe2fs",
      "tune2fs",  "e2label",       "e2fsck",     "fsck",          "fsck.ext4", "resize2fs",
      "smartctl", "hdparm",        "nvme",       "mount",         "umount",    "swapon",
      "losetup",  "mdadm",         "lvm",        "dmsetup",       "blockdev",  "file"};
  const std::string& program = program_at(input, event);
  return is_own_program(input, program) &&
         std::find(kTools.begin(), kTools.end(), base_name(program)) != kTools.end();
}

bool is_named(const RuleInput& input, Verb verb, const std::string& path) {
  return is_free(EffectClass::Exposing, file_named(input, EffectClass::Exposing, verb, path));
}

void raw_reads(const RuleInput& input, Drafts& drafts) {
  const bool excusable = input.excusable(kRawRead, Excuse::Path);
  Offenders found;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::RawRead)) {
    const TraceEvent& event = input.processes.events()[i];
    if (!event.success || !input.processes.of_skill(i) || reads_labels(input, i)) continue;
    const std::string path = event.paths.empty() ? "a device" : event.paths.front();
    if (excusable && is_named(input, Verb::Read, path)) continue;
    const std::string who = who_did(input, i);
    Offender* offender = found.at(path + '\n' + who);
    if (offender == nullptr) continue;
    offender->words.what = as_code(path) + " by " + who;
    Offenders::add(offender, cite_event(input, i, "opened for reading " + path));
  }
  found.report(kRawRead, drafts);
}

/// Calls that are a way of their own, by whoever makes them.
void calls(const RuleInput& input, TraceKind kind, std::string_view rule, std::string_view did,
           Drafts& drafts) {
  const bool excusable = input.excusable(rule, Excuse::Package);
  Offenders found;
  for (const std::uint32_t i : input.processes.of_kind(kind)) {
    const TraceEvent& event = input.processes.events()[i];
    if (!event.success || !input.processes.of_skill(i)) continue;
    if (excusable && input.consent.mentions_program(base_name(program_at(input, i)))) continue;
    const std::string who = who_did(input, i);
    Offender* offender = found.at(who);
    if (offender == nullptr) continue;
    offender->words.what = who;
    Offenders::add(offender, cite_event(input, i, did));
  }
  found.report(rule, drafts);
}

/// The kernel watches a file by its name: under another one nobody sees who reads it.
void moved_secrets(const RuleInput& input, Drafts& drafts) {
  const bool excusable = input.excusable(kMoved, Excuse::Path);
  Offenders found;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::SecretChange)) {
    const TraceEvent& event = input.processes.events()[i];
    if (!event.success || event.paths.size() < 2 || !input.processes.of_skill(i)) continue;
    const std::string& from = event.paths.front();
    // A folder's watch tells of the other names in it, too.
    const auto& decoys = input.evidence.decoys;
    const bool moves_secret = std::any_of(decoys.begin(), decoys.end(), [&](const Decoy& decoy) {
      return decoy.path == from || is_below(decoy.path, from);
    });
    if (!moves_secret || (excusable && is_named(input, Verb::Modify, from))) continue;
    const std::string who = who_did(input, i);
    Offender* offender = found.at(from + '\n' + who);
    if (offender == nullptr) continue;
    offender->words.what = as_code(with_tilde(input, from));
    offender->words.where = who;
    Offenders::add(offender, cite_event(input, i,
                                        fmt::format("moved {} to {}", with_tilde(input, from),
                                                    event.paths.back())));
  }
  found.report(kMoved, drafts);
}

void access_rules(const RuleInput& input, Drafts& drafts) {
  if (!input.evidence.trace.collected) return;
  raw_reads(input, drafts);
  moved_secrets(input, drafts);
  calls(input, TraceKind::HandleOpen, kHandle, "opened a file by its handle", drafts);
  calls(input, TraceKind::PacketSocket, kPacketSocket, "opened a packet socket", drafts);
}

}  // namespace

RuleCode trace_access_code() { return {{kRawRead, kHandle, kPacketSocket, kMoved}, access_rules}; }

}  // namespace skillaudit
