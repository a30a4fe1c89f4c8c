#pragma once

#include <filesystem>
#include <string_view>

#include "harness/evidence/bundle_files.h"
#include "harness/evidence/source.h"

namespace skillaudit {

/// A bundle is one audit's evidence as a folder. Its files are named once, in
/// evidence/bundle_files.h; these functions make paths of them.
///
///     DIR/audit.json, DIR/flows.jsonl, …   the audit's own evidence
///     DIR/worlds/NAME/flows.jsonl, …       the evidence of one more world, with the same names
///     DIR/manifest.json                    lists all of it
///
/// Text in JSON files is UTF-8; bytes that are not become printable() escapes.

/// DIR/worlds/NAME; DIR itself for the empty name. `name` is one of ours: a file name, no path.
[[nodiscard]] std::filesystem::path world_folder(const std::filesystem::path& bundle,
                                                 std::string_view name);

/// FOLDER/audit.json, or FOLDER/bodies/7.bin for the id "7". FOLDER is a bundle or one of its
/// worlds.
[[nodiscard]] std::filesystem::path path_in(const std::filesystem::path& folder, BundleFile file,
                                            std::string_view id = {});

/// FOLDER/before, with a file for each table.
[[nodiscard]] std::filesystem::path tables_in(const std::filesystem::path& folder, Moment moment);

/// FOLDER/bodies, with the files of each flow.
[[nodiscard]] std::filesystem::path bodies_in(const std::filesystem::path& folder);

/// "report.html", "report.json" and their like, "timeline.jsonl": rendered files, which the
/// manifest leaves out.
[[nodiscard]] bool is_rendered_file(std::string_view relative_path);

}  // namespace skillaudit
