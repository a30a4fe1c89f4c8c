// The changes of files as nested folders that open.
#include <fmt/core.h>

#include <array>

#include "harness/base/text.h"
#include "reports/change_tree.h"
#include "reports/html_view.h"
#include "reports/overview.h"

namespace skillaudit::html {
namespace {

constexpr std::size_t kMostEntries = 2000;
constexpr std::size_t kMostBytes = 1200 << 10;
constexpr std::size_t kMostOpenLevels = 2;
constexpr std::size_t kFewEntries = 12;

std::string kind_of(const FileEntry& entry) {
  return entry.type == FileType::Regular ? human_bytes(entry.size)
                                         : std::string(name_of(entry.type));
}

/// What is different, in words: "15 KiB → 20 KiB, mode 0644 → 4755".
std::string difference(const FileChange& change) {
  if (change.kind == ChangeKind::Added) {
    std::string text = kind_of(change.after);
    if ((change.after.mode & 06000) != 0) text += fmt::format(", mode {:04o}", change.after.mode);
    if (change.after.type == FileType::Symlink) text += " to " + cut(change.after.link_target, 120);
    return text;
  }
  if (change.kind == ChangeKind::Deleted) return kind_of(change.before);
  std::vector<std::string> parts;
  const std::string before = kind_of(change.before);
  const std::string after = kind_of(change.after);
  if (before != after) {
    parts.push_back(before + " → " + after);
  } else if (change.content_changed()) {
    parts.push_back(after + ", content changed");
  }
  if (change.before.mode != change.after.mode)
    parts.push_back(fmt::format("mode {:04o} → {:04o}", change.before.mode, change.after.mode));
  if (change.before.uid != change.after.uid || change.before.gid != change.after.gid)
    parts.push_back(fmt::format("owner {}:{} → {}:{}", change.before.uid, change.before.gid,
                                change.after.uid, change.after.gid));
  return join(parts, ", ");
}

Html file_line(const FolderNode::Leaf& leaf) {
  struct Sign {
    std::string_view css, sign, word;
  };
  static constexpr std::array kSigns = {Sign{"add", "+", "added"}, Sign{"mod", "~", "modified"},
                                        Sign{"del", "−", "deleted"}};
  const Sign& sign = kSigns.at(static_cast<std::size_t>(leaf.change->kind));
  return markup("<li class=\"{}\"><b>{}</b> {} <span class=\"soft\">{}, {}</span></li>\n", sign.css,
                sign.sign, code(leaf.name.empty() ? "/" : leaf.name, 255), sign.word,
                difference(*leaf.change));
}

Html totals_of(const FolderTotals& totals) {
  Html out;
  static constexpr std::array<std::string_view, 3> kCss = {"add", "mod", "del"};
  static constexpr std::array<std::string_view, 3> kSigns = {"+", "~", "−"};
  static constexpr std::array<std::string_view, 3> kWords = {"added", "modified", "deleted"};
  for (std::size_t kind = 0; kind < 3; ++kind)
    if (totals.files[kind] > 0)
      out += markup(" <span class=\"{}\" title=\"{}\">{}{}</span>", kCss[kind], kWords[kind],
                    kSigns[kind], totals.files[kind]);
  return out += markup(" <span class=\"soft\">{}</span>", human_bytes(totals.bytes));
}

class Tree {
 public:
  void put(const FolderNode& folder, std::size_t level) {
    const bool open = level < kMostOpenLevels || folder.totals.all() <= kFewEntries;
    out_ += markup("<details{}><summary>{}{}</summary>\n<ul>\n", open ? markup(" open") : Html(),
                   code(folder.name, 300), totals_of(folder.totals));
    std::size_t unlisted = folder.unlisted;
    for (const FolderNode& each : folder.folders) {
      if (out_.size() >= kMostBytes) {
        unlisted += each.totals.all();
        continue;
      }
      out_ += markup("<li>");
      put(each, level + 1);
      out_ += markup("</li>\n");
    }
    for (const FolderNode::Leaf& leaf : folder.files) {
      if (out_.size() >= kMostBytes) {
        ++unlisted;
        continue;
      }
      out_ += file_line(leaf);
    }
    if (unlisted > 0)
      out_ += markup(
          "<li class=\"more\">and {} more here; before/files and after/files in the bundle list "
          "all of them</li>\n",
          unlisted);
    out_ += markup("</ul></details>\n");
  }
  [[nodiscard]] const Html& html() const { return out_; }

 private:
  Html out_;
};

}  // namespace

Html change_tree(const Assessment& assessment) {
  const FolderNode root = change_tree_of(assessment, kMostEntries);
  if (root.totals.all() == 0) return {};
  Tree tree;
  for (const FolderNode& folder : root.folders) tree.put(folder, 0);
  return markup("<div class=\"tree\">\n{}</div>\n", tree.html());
}

}  // namespace skillaudit::html
