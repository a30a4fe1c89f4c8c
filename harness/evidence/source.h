#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/evidence/bundle_files.h"
#include "harness/evidence/table.h"

namespace skillaudit {

/// Where in a bundle a piece of evidence is: what a citation points to. Made by the functions
/// below, compared as a value, and turned into text by text_of() alone.
struct Source {
  std::string world;  ///< empty: the audit's own evidence
  BundleFile file = BundleFile::Audit;
  /// The entry in the file, or the table or number that completes the file's name; printable.
  /// Empty: the file as a whole.
  std::string id;
  int line = 0;  ///< of a file of the skill, 1-based; 0: none
  auto operator<=>(const Source&) const = default;
};

/// "flows.jsonl#7", "after/processes", "bodies/7.bin", "skill.json#scripts/run.sh:12",
/// "worlds/answering/flows.jsonl#7".
[[nodiscard]] std::string text_of(const Source&);

/// The whole file in which `source` is an entry: the same for each flow.
[[nodiscard]] Source file_of(const Source& source);

/// Whether it points to an entry of a file and not to a whole file.
[[nodiscard]] bool is_entry(const Source& source);

namespace source {

[[nodiscard]] Source table(Moment moment, Table table);  ///< "after/processes"
[[nodiscard]] Source before(Table table);
[[nodiscard]] Source after(Table table);
[[nodiscard]] Source boot(Table table);

[[nodiscard]] Source flows();                           ///< "flows.jsonl"
[[nodiscard]] Source flow(std::int64_t id);             ///< "flows.jsonl#7"
[[nodiscard]] Source request_body(std::int64_t flow);   ///< "bodies/7.bin"
[[nodiscard]] Source request_head(std::int64_t flow);   ///< "bodies/7.head"
[[nodiscard]] Source response_body(std::int64_t flow);  ///< "bodies/7.response"
[[nodiscard]] Source network();                         ///< "network.pcap"

[[nodiscard]] Source trace();                      ///< "trace.log"
[[nodiscard]] Source trace(std::uint64_t serial);  ///< "trace.log#97"
[[nodiscard]] Source console(int line);            ///< "console.log#12"
[[nodiscard]] Source machine();                    ///< "machine.jsonl"
[[nodiscard]] Source guest_view();                 ///< "guest-view"
[[nodiscard]] Source audit();                      ///< "audit.json"

/// "skill.json#scripts/run.sh:12": raw path, relative to the skill's folder.
[[nodiscard]] Source skill_file(std::string_view path, int line = 0);
[[nodiscard]] Source skill_notes();                    ///< "skill.json#notes"
[[nodiscard]] Source step(std::string_view raw_name);  ///< "execution.json#SKILL.md:12"

}  // namespace source

}  // namespace skillaudit
