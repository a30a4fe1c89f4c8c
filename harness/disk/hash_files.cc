#include "harness/disk/hash_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/disk/file_content.h"

namespace skillaudit {
namespace {

const FileEntry* find(const DiskListing& listing, const std::string& path) {
  const auto at = std::lower_bound(
      listing.files.begin(), listing.files.end(), path,
      [](const FileEntry& entry, const std::string& wanted) { return entry.path < wanted; });
  return at != listing.files.end() && at->path == path ? &*at : nullptr;
}

std::size_t place(const DiskListing& listing, const FileEntry* entry) {
  return static_cast<std::size_t>(entry - listing.files.data());
}

/// Why a file is not hashed, in the words of the guest's own script; empty when it is.
std::string refusal(const FileEntry* entry, std::uint64_t budget, const ContentLimits& limits) {
  if (entry == nullptr) return "No such file or directory";
  if (entry->type == FileType::Symlink) return "Too many levels of symbolic links";
  if (entry->type != FileType::Regular) return "not a regular file any more";
  if (entry->size > limits.each) return "over " + human_bytes(limits.each);
  if (entry->size > budget) return "over " + human_bytes(limits.total) + " in all";
  return "";
}

}  // namespace

DiskDigests hash_files(GuestDisk& disk, const DiskListing& listing,
                       const std::vector<std::string>& paths, const ContentLimits& limits) {
  DiskDigests result;
  std::vector<ContentRequest> requests;
  std::vector<const std::string*> asked;
  std::uint64_t budget = limits.total;
  for (const std::string& path : paths) {
    const FileEntry* entry = find(listing, path);
    if (const std::string why = refusal(entry, budget, limits); !why.empty()) {
      result.notes.push_back(fmt::format("{} was not hashed: {}", printable(path), why));
      continue;
    }
    budget -= entry->size;
    requests.push_back({listing.inodes[place(listing, entry)], entry->size});
    asked.push_back(&path);
  }

  std::vector<bool> failed(requests.size());
  std::size_t current = 0;
  Sha256 sha;
  const auto finish_until = [&](std::size_t request) {
    for (; current < request; ++current) {
      const std::string digest = sha.finish();
      sha = Sha256();
      if (!failed[current]) result.digests.push_back({*asked[current], digest});
    }
  };
  read_contents(
      disk, requests,
      [&](std::size_t request, std::string_view bytes) {
        finish_until(request);
        sha.add(bytes);
      },
      [&](std::size_t request, const std::string& why) {
        failed[request] = true;
        result.gaps.push_back(Gap::lost(
            GapSource::Digests,
            fmt::format("the host could not hash {}: {}", printable(*asked[request]), why)));
      });
  finish_until(requests.size());
  return result;
}

DiskTexts read_texts(GuestDisk& disk, const DiskListing& listing,
                     const std::vector<std::string>& paths, const ContentLimits& limits) {
  DiskTexts result;
  std::vector<ContentRequest> requests;
  std::vector<std::string> sorted = paths;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  std::uint64_t budget = limits.total;
  for (std::string& path : sorted) {
    const std::size_t at = resolve(listing, path);
    if (at == std::string::npos || listing.files[at].type != FileType::Regular) continue;
    const std::uint64_t size = std::min(listing.files[at].size, limits.each);
    if (size > budget) {
      result.gaps.push_back(
          Gap::cut(GapSource::Disk, fmt::format("{} was not read: over {} in all", printable(path),
                                                human_bytes(limits.total))));
      continue;
    }
    budget -= size;
    requests.push_back({listing.inodes[at], size});
    result.texts.push_back({std::move(path), ""});
  }
  std::vector<bool> failed(requests.size());
  read_contents(
      disk, requests,
      [&](std::size_t request, std::string_view bytes) { result.texts[request].content += bytes; },
      [&](std::size_t request, const std::string& why) {
        failed[request] = true;
        result.gaps.push_back(
            Gap::lost(GapSource::Disk, fmt::format("the host could not read {}: {}",
                                                   printable(result.texts[request].path), why)));
      });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < failed.size(); ++i) {
    if (failed[i]) continue;
    if (kept != i) result.texts[kept] = std::move(result.texts[i]);
    ++kept;
  }
  result.texts.resize(kept);
  return result;
}

std::size_t resolve(const DiskListing& listing, const std::string& path) {
  constexpr int kMostLinks = 40;  // as Linux
  constexpr std::size_t kPathMax = 4096;
  std::string rest = path;
  std::string done;  // resolved; "" is the root
  int links = 0;
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const std::string part = rest.substr(0, slash);
    rest = slash == std::string::npos ? std::string() : rest.substr(slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      done.resize(done.empty() ? 0 : done.rfind('/'));
      continue;
    }
    const FileEntry* entry = find(listing, done + "/" + part);
    if (entry == nullptr) return std::string::npos;
    if (entry->type == FileType::Symlink) {
      const std::string& target = entry->link_target;
      if (++links > kMostLinks || target.size() + rest.size() > kPathMax) return std::string::npos;
      if (target.starts_with('/')) done.clear();
      rest = rest.empty() ? target : target + "/" + rest;
    } else if (!rest.empty() && entry->type != FileType::Directory) {
      return std::string::npos;
    } else {
      done = entry->path;
    }
  }
  const FileEntry* entry = find(listing, done.empty() ? "/" : done);
  return entry == nullptr ? std::string::npos : place(listing, entry);
}

}  // namespace skillaudit
