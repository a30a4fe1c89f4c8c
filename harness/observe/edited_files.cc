#include "harness/observe/edited_files.h"

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/disk/visit_files.h"

namespace skillaudit {

bool keeps_its_lines(std::string_view before, std::string_view after) {
  std::map<std::string_view, std::size_t> there;
  for (const std::string_view line : split(after, '\n')) ++there[trim(line)];
  std::size_t all = 0;
  std::size_t kept = 0;
  for (const std::string_view line : split(before, '\n')) {
    const std::string_view text = trim(line);
    if (text.empty()) continue;
    ++all;
    const auto found = there.find(text);
    if (found == there.end() || found->second == 0) continue;
    --found->second;
    ++kept;
  }
  return 3 * kept >= all;
}

std::vector<std::string> edited_files(GuestDisk& disk, const DiskListing& listing,
                                      const std::vector<std::string>& changed,
                                      const FurnishedHome& home, const std::string& home_path) {
  std::map<std::string, std::string_view> before;
  for (const HomeFile& file : home.files) {
    std::string path = file.path.starts_with('/') ? file.path : home_path + "/" + file.path;
    if (std::binary_search(changed.begin(), changed.end(), path))
      before.emplace(std::move(path), file.content);
  }
  std::vector<std::string> paths;
  paths.reserve(before.size());
  for (const auto& [path, content] : before) paths.push_back(path);
  std::vector<std::string> edited;
  (void)visit_files(disk, listing, paths,
                    [&](const std::string& path, std::string_view content) {
                      if (keeps_its_lines(before.at(path), content)) edited.push_back(path);
                    },
                    {.each = 1U << 20, .total = 64U << 20});
  return edited;
}

}  // namespace skillaudit
