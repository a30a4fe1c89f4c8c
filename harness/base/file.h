#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace skillaudit {

/// The whole file. Throws Error{Environment} "cannot read PATH: why" when it cannot be read or is
/// larger than `limit` bytes.
std::string read_file(const std::filesystem::path& path, std::uint64_t limit = 1ULL << 32);

/// Writes to a temporary name in the same folder and renames it, so a reader never sees half a
/// file. Throws Error{Environment} (disk full, no permission). `mode` is the file's final mode.
void write_file(const std::filesystem::path& path, std::string_view content, unsigned mode = 0644);

/// Bytes free for this user on the file system that holds `path` (or its nearest existing parent).
std::uint64_t free_bytes(const std::filesystem::path& path);

/// $XDG_CACHE_HOME/skillaudit, or ~/.cache/skillaudit. Created with mode 0700.
std::filesystem::path cache_dir();

/// A data file that ships with skillaudit ("filter/filter.py", "reports/rubric.yaml"): from the
/// folder that use_data_dir() named, else from the program's own installed prefix, else from the
/// source tree. Throws Error{Environment} when it is in none of them.
std::filesystem::path resource(std::string_view relative);

/// For programs that use the installed library from another prefix: where its data files are.
/// Returns true, so that a header can call it before main().
bool use_data_dir(const std::filesystem::path& folder);

}  // namespace skillaudit
