#include "harness/skill/links.h"

#include <deque>
#include <vector>

#include "harness/base/text.h"

namespace skillaudit {
namespace fs = std::filesystem;
namespace {

constexpr int kMaximumLinks = 40;

void put_in_front(std::deque<std::string>& pending, const std::string& path) {
  const auto parts = split(path, '/');
  for (auto part = parts.rbegin(); part != parts.rend(); ++part)
    if (!part->empty() && *part != ".") pending.emplace_front(*part);
}

fs::path below(const fs::path& root, const std::vector<std::string>& way) {
  fs::path path = root;
  for (const std::string& part : way) path /= part;
  return path;
}

}  // namespace

LinkEnd follow_link(const fs::path& root, const std::string& link) {
  std::deque<std::string> pending;
  std::vector<std::string> way;  // real folders below `root`, no link among them
  put_in_front(pending, link);
  bool dangling = false;
  for (int links = 0; !pending.empty();) {
    const std::string part = pending.front();
    pending.pop_front();
    if (part == "..") {
      if (way.empty()) return LinkEnd::Outside;
      way.pop_back();
      continue;
    }
    way.push_back(part);
    std::error_code error;
    const fs::path here = below(root, way);
    const fs::file_status status = fs::symlink_status(here, error);
    if (!fs::exists(status)) dangling = true;
    if (!fs::is_symlink(status)) continue;
    if (++links > kMaximumLinks) return LinkEnd::Loop;
    const std::string target = fs::read_symlink(here, error).string();
    if (target.starts_with('/')) return LinkEnd::Outside;
    way.pop_back();
    put_in_front(pending, target);
  }
  return dangling ? LinkEnd::Dangling : LinkEnd::Inside;
}

}  // namespace skillaudit
