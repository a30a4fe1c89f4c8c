#include "harness/disk/visit_files.h"

#include <algorithm>

#include "harness/disk/file_content.h"

namespace skillaudit {

bool visit_files(
    GuestDisk& disk, const DiskListing& listing, const std::vector<std::string>& paths,
    const std::function<void(const std::string& path, std::string_view content)>& visit,
    const VisitLimits& limits) {
  bool complete = true;
  std::vector<ContentRequest> requests;
  std::vector<const std::string*> asked;
  std::uint64_t budget = limits.total;
  for (const std::string& path : paths) {
    const auto at = std::lower_bound(
        listing.files.begin(), listing.files.end(), path,
        [](const FileEntry& entry, const std::string& wanted) { return entry.path < wanted; });
    if (at == listing.files.end() || at->path != path || at->type != FileType::Regular) continue;
    const std::uint64_t size = std::min({at->size, limits.each, budget});
    complete = complete && size == at->size;
    if (size == 0) continue;
    budget -= size;
    requests.push_back(
        {listing.inodes[static_cast<std::size_t>(at - listing.files.begin())], size});
    asked.push_back(&path);
  }

  std::size_t current = 0;
  std::string content;
  const auto finish_until = [&](std::size_t request) {
    for (; current < request; ++current) {
      if (!content.empty()) visit(*asked[current], content);
      content.clear();
    }
  };
  read_contents(
      disk, requests,
      [&](std::size_t request, std::string_view bytes) {
        finish_until(request);
        content += bytes;
      },
      [](std::size_t, const std::string&) {});
  finish_until(requests.size());
  return complete;
}

}  // namespace skillaudit
