#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/snapshot.h"

namespace skillaudit {

/// Capture of the guest's state in one round trip: capture_script() goes to `sudo -n sh -s` on its
/// standard input, what it prints goes through parse_frames() and parse_snapshot(). This room never
/// talks to a guest itself.
///
/// The stream: "skillaudit-capture 1\n", then for each table
///   "table NAME EXIT SIZE MESSAGE\n", SIZE raw bytes, "\n"
/// and last "end COUNT\n". EXIT is the exit code of the table's command and MESSAGE the first line
/// of what it wrote to stderr.

struct CaptureOptions {
  /// Where the file walk starts: "/" in a guest, a folder in tests.
  std::string file_root = "/";
  /// The root's file system is read from outside: only what is mounted elsewhere is walked, and the
  /// root is frozen, all of it written to the disk, before the stream is sent. After the stream the
  /// script waits for a line on its standard input, thaws the root, reads paths that each end in
  /// NUL, and prints rows of the table "files" for those that the guest sees. Without a line it
  /// thaws and ends. No new process could be asked for that: much of what a login does waits for
  /// the disk. A freeze that fails is a failure of the table "files".
  bool root_from_outside = false;
  /// A file to be made, holding its own name, before the freeze: a disk without it is not what the
  /// guest sees. Letters, digits and slashes; empty: none.
  std::string canary;
  /// Folder for the private scratch folder, which is removed at the end. It should lie where the
  /// file walk does not go.
  std::string scratch = "/run";
};

/// The script for a guest that is seen from inside alone (default options). Constant for the life
/// of the program.
[[nodiscard]] const std::string& capture_script();
[[nodiscard]] std::string capture_script(const CaptureOptions& options);

/// Python that defines table_config(out), which gives `out` the table "config" piece by piece. It
/// wants two arguments (sys.argv), a folder and a number, which that table does not use.
[[nodiscard]] std::string config_program();

/// The table "files" of these entries, in their order: what its command would print.
[[nodiscard]] std::string format_files(const std::vector<FileEntry>& entries);

/// The table "files" with the rows of `newer`, another such table, in place of those of the same
/// path.
[[nodiscard]] std::string replace_files(std::string_view table, std::string_view newer);

/// What each table's command printed, byte for byte.
struct RawSnapshot {
  std::map<std::string, std::string> tables;  ///< by table name: "files", "packages", …
  /// One sentence for each table that is missing or whose command failed, and for a damaged stream.
  std::vector<std::string> gaps;
};

/// The stream at the front of `output`, and what follows it; none while it is not whole.
struct CaptureOutput {
  std::string_view stream;
  std::string_view rest;
};
[[nodiscard]] std::optional<CaptureOutput> split_output(std::string_view output);

/// Never throws: a guest can send anything, and what is wrong with it becomes a gap. Up to 64 KiB
/// before the stream (the output of a login shell's rc file) are skipped. Tables whose command
/// failed keep what it printed.
[[nodiscard]] RawSnapshot parse_frames(std::string_view stream);

/// Pure. Rows that cannot be parsed are left out and named in the gaps of the result, which begin
/// with those of `raw`.
[[nodiscard]] Snapshot parse_snapshot(const RawSnapshot& raw);

/// One file a table, named as it, and "gaps" with a sentence a line. Creates `dir`.
/// Throws Error{Environment} when it cannot be written.
void write_raw(const RawSnapshot& raw, const std::filesystem::path& dir);

/// What write_raw() wrote. Throws Error{Skill} when the folder holds something else, or a table is
/// absent that no gap explains.
[[nodiscard]] RawSnapshot read_raw(const std::filesystem::path& dir);

}  // namespace skillaudit
