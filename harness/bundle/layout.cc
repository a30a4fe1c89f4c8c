#include "harness/bundle/layout.h"

#include <algorithm>

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

BundleFile tables_of(Moment moment) {
  switch (moment) {
    case Moment::Before:
      return BundleFile::Before;
    case Moment::After:
      return BundleFile::After;
    case Moment::Boot:
      return BundleFile::Boot;
  }
  return BundleFile::After;
}

}  // namespace

fs::path world_folder(const fs::path& bundle, std::string_view name) {
  return name.empty() ? bundle : bundle / kWorldsFolder / name;
}

fs::path path_in(const fs::path& folder, BundleFile file, std::string_view id) {
  return folder / name_of(file, id);
}

fs::path tables_in(const fs::path& folder, Moment moment) {
  return path_in(folder, tables_of(moment), "").parent_path();
}

fs::path bodies_in(const fs::path& folder) {
  return path_in(folder, BundleFile::RequestBody, "").parent_path();
}

bool is_rendered_file(std::string_view relative_path) {
  if (relative_path == name_of(BundleFile::Timeline)) return true;
  const std::string stem = name_of(BundleFile::Report, "");
  if (!relative_path.starts_with(stem)) return false;
  const std::string_view suffix = relative_path.substr(stem.size());
  return !suffix.empty() && std::all_of(suffix.begin(), suffix.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

}  // namespace skillaudit
