#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace skillaudit {

/// The files of a bundle. This list is the only place that spells their names; harness/bundle makes
/// paths of them (layout.h), and harness/evidence/source.h citations. Sorted by name.
enum class BundleFile {
  After,
  AgentFiles,
  Audit,
  Before,
  RequestBody,
  RequestHead,
  ResponseBody,
  BootConsole,
  BootNetwork,
  Boot,
  Console,
  Coverage,
  DecoyCopies,
  Details,
  Digests,
  DigestsBefore,
  Execution,
  Flows,
  GuestAsked,
  GuestView,
  Machine,
  Manifest,
  Network,
  Report,
  Skill,
  Timeline,
  Trace
};

/// Who writes a file, and whether the manifest lists it.
enum class FileRole {
  Evidence,  ///< written by the audit, listed in the manifest
  Manifest,  ///< the list itself
  Rendered   ///< made from the evidence, at any time, and not listed
};

struct BundleFileInfo {
  BundleFile file;
  std::string_view name;  ///< relative to its folder; "{}" stands for a table, number or format
  FileRole role;
  std::string_view holds;
};

inline constexpr std::array kBundleFiles = {
    BundleFileInfo{BundleFile::After, "after/{}", FileRole::Evidence,
                   "the state after the run: each table as the witness printed it, and \"gaps\""},
    BundleFileInfo{BundleFile::AgentFiles, "agent-files", FileRole::Evidence,
                   "texts of changed files by which an agent is instructed (agent.h)"},
    BundleFileInfo{BundleFile::Audit, "audit.json", FileRole::Evidence,
                   "start, environment, network, timing, decoys, control, trace, boot, gaps"},
    BundleFileInfo{BundleFile::Before, "before/{}", FileRole::Evidence,
                   "the state before the run, like after/"},
    BundleFileInfo{BundleFile::RequestBody, "bodies/{}.bin", FileRole::Evidence,
                   "body of a flow's request: whole if it was allowed, else its first 1 MiB"},
    BundleFileInfo{BundleFile::RequestHead, "bodies/{}.head", FileRole::Evidence,
                   "request line and headers of a flow, as sent"},
    BundleFileInfo{BundleFile::ResponseBody, "bodies/{}.response", FileRole::Evidence,
                   "body of a flow's response, where a model answered"},
    BundleFileInfo{BundleFile::BootConsole, "boot-console.log", FileRole::Evidence,
                   "the serial console of the second boot"},
    BundleFileInfo{BundleFile::BootNetwork, "boot.pcap", FileRole::Evidence,
                   "every frame on the guest's network card in the second boot"},
    BundleFileInfo{BundleFile::Boot, "boot/{}", FileRole::Evidence,
                   "the state after the second boot, like after/; absent without one"},
    BundleFileInfo{BundleFile::Console, "console.log", FileRole::Evidence, "the serial console"},
    BundleFileInfo{BundleFile::Coverage, "coverage.json", FileRole::Evidence,
                   "lines that ran in the steering clone (coverage.h)"},
    BundleFileInfo{BundleFile::DecoyCopies, "decoy-copies", FileRole::Evidence,
                   "decoys in files that the skill wrote (decoy_copies.h)"},
    BundleFileInfo{
        BundleFile::Details, "details", FileRole::Evidence,
        "what the guest said of digests and of package files, as the witness printed it"},
    BundleFileInfo{BundleFile::Digests, "digests", FileRole::Evidence,
                   "SHA-256 of changed files, read from outside the guest"},
    BundleFileInfo{BundleFile::DigestsBefore, "digests-before", FileRole::Evidence,
                   "SHA-256 of the same files before the run"},
    BundleFileInfo{BundleFile::Execution, "execution.json", FileRole::Evidence,
                   "steps, exit codes, output"},
    BundleFileInfo{BundleFile::Flows, "flows.jsonl", FileRole::Evidence,
                   "one line for each exchange that reached the proxy"},
    BundleFileInfo{BundleFile::GuestAsked, "guest-asked", FileRole::Evidence,
                   "paths on the disk that the guest was asked about"},
    BundleFileInfo{BundleFile::GuestView, "guest-view", FileRole::Evidence,
                   "what the guest showed of them"},
    BundleFileInfo{BundleFile::Machine, "machine.jsonl", FileRole::Evidence,
                   "the VM's events and its use of processor, memory, disk and network"},
    BundleFileInfo{BundleFile::Manifest, "manifest.json", FileRole::Manifest,
                   "size and SHA-256 of each evidence file, written last"},
    BundleFileInfo{BundleFile::Network, "network.pcap", FileRole::Evidence,
                   "every frame on the guest's network card"},
    BundleFileInfo{BundleFile::Report, "report.{}", FileRole::Rendered,
                   "the report as html, md and json"},
    BundleFileInfo{BundleFile::Skill, "skill.json", FileRole::Evidence,
                   "the skill's texts and static facts"},
    BundleFileInfo{BundleFile::Timeline, "timeline.jsonl", FileRole::Rendered,
                   "what happened, by time"},
    BundleFileInfo{BundleFile::Trace, "trace.log", FileRole::Evidence,
                   "what the guest's kernel recorded of its processes"}};

[[nodiscard]] constexpr const BundleFileInfo& info_of(BundleFile file) {
  return kBundleFiles[static_cast<std::size_t>(file)];
}

/// Whether the name has a "{}" in it, and so stands for several files.
[[nodiscard]] bool takes_id(BundleFile file);
/// "audit.json"; "bodies/7.bin" for the id "7".
[[nodiscard]] std::string name_of(BundleFile file, std::string_view id = {});

/// The folder below the bundle that holds a folder for each world, with that world's own evidence.
inline constexpr std::string_view kWorldsFolder = "worlds";

}  // namespace skillaudit
