#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/snapshot.h"
#include "harness/snapshot/capture_tables.h"

namespace skillaudit {

/// Capture of the guest's state: the witness in the guest (harness/witness) prints a stream, which
/// goes through parse_frames() and parse_snapshot(). This room never talks to a guest itself.
///
/// The stream: "skillaudit-capture 1\n", then for each table
///   "table NAME EXIT SIZE MESSAGE\n", SIZE raw bytes, "\n"
/// and last "end COUNT\n". EXIT is 0, or the table may lack rows and MESSAGE says why.

/// The table "files" of these entries, in their order, as the witness would print it.
[[nodiscard]] std::string format_files(const std::vector<FileEntry>& entries);

/// The table "files" with the rows of `newer`, another such table, in place of those of the same
/// path.
[[nodiscard]] std::string replace_files(std::string_view table, std::string_view newer);

/// The table "attributes" of these rows, in their order, as the witness would print it.
[[nodiscard]] std::string format_attributes(const std::vector<FileAttribute>& rows);

/// What the witness said of each table, byte for byte.
struct RawSnapshot {
  std::map<std::string, std::string> tables;  ///< by table name: "files", "packages", …
  /// Each table that is missing or may lack rows, and a damaged stream.
  std::vector<Gap> gaps;
};

/// The stream at the front of `output`, and what follows it; none while it is not whole.
struct CaptureOutput {
  std::string_view stream;
  std::string_view rest;
};
/// `tables`: the names of those that may be in it.
[[nodiscard]] std::optional<CaptureOutput> split_output(
    std::string_view output, const std::vector<std::string_view>& tables = capture_tables());

/// Never throws: a guest can send anything, and what is wrong with it becomes a gap. Up to 64 KiB
/// before the stream (the output of a login shell's rc file) are skipped. A table that failed
/// keeps what came of it.
[[nodiscard]] RawSnapshot parse_frames(std::string_view stream);

/// Pure. Rows that cannot be parsed are left out and named in the gaps of the result, which begin
/// with those of `raw`.
[[nodiscard]] Snapshot parse_snapshot(const RawSnapshot& raw);

/// One file a table, named as it, and "gaps" with a gap a line, as JSON. Creates `dir`.
/// Throws Error{Environment} when it cannot be written.
void write_raw(const RawSnapshot& raw, const std::filesystem::path& dir);

/// What write_raw() wrote. Throws Error{Skill} when the folder holds something else, or a table is
/// absent that no gap explains.
[[nodiscard]] RawSnapshot read_raw(const std::filesystem::path& dir);

}  // namespace skillaudit
