#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace skillaudit {

/// The bundle: one audit's evidence as a folder.
///
///   manifest.json        SHA-256 of each other evidence file, written last: without it a bundle is
///   half-written audit.json           when it started, environment, timing, decoys, control, gaps
///   skill.json           the skill's texts and static facts
///   execution.json       steps, exit codes, output
///   flows.jsonl          one line for each exchange that reached the proxy
///   bodies/N.bin         flow N's request body: whole if it was allowed, else its first 1 MiB
///   bodies/N.head        its request line and headers
///   bodies/N.response    its response's body, where a model answered
///   decoy-copies         decoys in files that the skill wrote (decoy_copies.h)
///   before/, after/      the raw output of each capture command, one file a table
///   network.pcap         every frame on the guest's network card
///   console.log          the serial console
///   report.html, report.md, report.json, timeline.jsonl
///                        rendered from the above; not in the manifest
///
/// Text in JSON files is UTF-8; bytes that are not are written as printable() escapes.

/// Lists and hashes every file under `dir` except the reports, and writes manifest.json.
void seal_bundle(const std::filesystem::path& dir);

/// Throws Error{Skill} (exit 65) when the manifest is missing (half-written bundle), a file is
/// missing, added or changed (each named), or the manifest is of another schema version.
void verify_bundle(const std::filesystem::path& dir);

/// "report.html", "report.json" and their like, "timeline.jsonl": rendered files, which the
/// manifest leaves out.
[[nodiscard]] bool is_rendered_file(std::string_view relative_path);

}  // namespace skillaudit
