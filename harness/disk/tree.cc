#include "harness/disk/tree.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "harness/base/interrupt.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::uint32_t kNobody = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kRoot = kNobody - 1;

/// What a directory contributes to the listing. In bytewise order "/a-b" stands between "/a" and
/// "/a/b", so what lies below a directory is an item of its own, sorted as "a/".
struct Item {
  std::uint64_t prefix = 0;  ///< the first eight bytes, for comparing
  std::uint32_t name = 0;    ///< its place in Names::names
  bool below = false;
};

class Walk {
 public:
  Walk(const InodeTable& table, const Names& names, const ListingOptions& options,
       DiskListing& listing, Gaps& gaps)
      : table_(table),
        names_(names),
        options_(options),
        listing_(listing),
        gaps_(gaps),
        entered_by_(names.directories.size(), kNobody) {}

  void run() {
    listing_.files.reserve(names_.names.size() + 1);
    listing_.inodes.reserve(names_.names.size() + 1);
    const auto root = table_.bitmap.rank(EXT2_ROOT_INO);
    if (!root || !is_directory(*root)) {
      gaps_.add("the guest's disk has no root directory");
      return;
    }
    path_ = "/";
    add(*root);
    path_.clear();
    const std::uint32_t directory = names_.directory_of(*root);
    entered_by_[directory] = kRoot;
    enter(directory, false);
    while (!stack_.empty() && !full_) step();
    if (full_) return;
    for (std::size_t i = 0; i < entered_by_.size(); ++i) {
      const std::uint32_t record = names_.directories[i];
      if (entered_by_[i] == kNobody && table_.records[record].names != 0) {
        gaps_.add("directory inode {} has a name, and no way leads there from the root",
                  table_.numbers[record]);
      }
    }
  }

 private:
  struct Frame {
    std::vector<Item> items;
    std::size_t next = 0;
    std::size_t path_length = 0;
    bool left_out = false;
  };

  [[nodiscard]] bool is_directory(std::uint32_t record) const {
    return LINUX_S_ISDIR(table_.records[record].mode);
  }
  [[nodiscard]] std::string_view text(const Item& item) const {
    return names_.arena.get(names_.names[item.name].text);
  }

  [[nodiscard]] Item item(std::uint32_t name, bool below) const {
    const std::string_view bytes = names_.arena.get(names_.names[name].text);
    unsigned char first[8] = {};
    std::copy_n(bytes.begin(), std::min<std::size_t>(bytes.size(), 8), first);
    if (below && bytes.size() < 8) first[bytes.size()] = '/';
    return {__builtin_bswap64(std::bit_cast<std::uint64_t>(first)), name, below};
  }

  [[nodiscard]] bool before(const Item& a, const Item& b) const {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    const std::string_view x = text(a);
    const std::string_view y = text(b);
    const std::size_t common = std::min(x.size(), y.size());
    if (const int order = x.substr(0, common).compare(y.substr(0, common)); order != 0) {
      return order < 0;
    }
    // No name holds a slash, so the one that "a/" ends in decides.
    constexpr auto kSlash = static_cast<unsigned char>('/');
    if (x.size() < y.size()) return !a.below || kSlash < static_cast<unsigned char>(y[common]);
    if (x.size() > y.size()) return b.below && static_cast<unsigned char>(x[common]) < kSlash;
    return a.below < b.below;
  }

  void enter(std::uint32_t directory, bool left_out) {
    Frame frame;
    frame.path_length = path_.size();
    frame.left_out = left_out;
    for (std::uint32_t name = names_.begin[directory]; name < names_.begin[directory + 1]; ++name) {
      frame.items.push_back(item(name, false));
      if (is_directory(names_.names[name].record)) frame.items.push_back(item(name, true));
    }
    std::sort(frame.items.begin(), frame.items.end(),
              [this](const Item& a, const Item& b) { return before(a, b); });
    stack_.push_back(std::move(frame));
    if (stack_.size() % 256 == 0 || listing_.files.size() % 256 == 0) check_interrupt();
  }

  void step() {
    Frame& frame = stack_.back();
    path_.resize(frame.path_length);
    if (frame.next == frame.items.size()) {
      stack_.pop_back();
      return;
    }
    const std::size_t at = frame.next++;
    const Item item = frame.items[at];
    path_ += '/';
    path_ += text(item);
    const std::uint32_t record = names_.names[item.name].record;
    if (item.below) {
      const std::uint32_t directory = names_.directory_of(record);
      if (entered_by_[directory] != item.name) return;
      enter(directory, frame.left_out || is_left_out());
      return;
    }
    if (at > 0 && !frame.items[at - 1].below && text(frame.items[at - 1]) == text(item)) {
      gaps_.add("'{}' is there twice", printable(path_));
      return;
    }
    if (is_directory(record)) claim(names_.directory_of(record), item.name);
    if (!frame.left_out && !(is_directory(record) && is_left_out())) add(record);
  }

  void claim(std::uint32_t directory, std::uint32_t name) {
    if (entered_by_[directory] == kNobody) {
      entered_by_[directory] = name;
    } else {
      gaps_.add("'{}' is one more name of a directory: what lies below is listed once",
                printable(path_));
    }
  }

  [[nodiscard]] bool is_left_out() const {
    return std::find(options_.leave_out.begin(), options_.leave_out.end(), path_) !=
           options_.leave_out.end();
  }

  void add(std::uint32_t record) {
    const InodeRecord& inode = table_.records[record];
    const FileType type = file_type(inode.mode);
    if (type == FileType::Unknown) {
      gaps_.add("'{}' is of no known type: its inode {} is damaged", printable(path_),
                table_.numbers[record]);
    }
    path_bytes_ += path_.size();
    if (path_bytes_ > options_.most_path_bytes) {
      gaps_.add_cut("the paths of the guest's files take more than {}: the rest is not listed",
                    human_bytes(options_.most_path_bytes));
      full_ = true;
      return;
    }
    FileEntry& entry = listing_.files.emplace_back(to_entry(inode));
    entry.path = path_;
    if (type == FileType::Symlink) entry.link_target = target(record);
    listing_.inodes.push_back(table_.numbers[record]);
    add_attributes(record);
  }

  void add_attributes(std::uint32_t record) {
    auto at = std::lower_bound(
        table_.attributes.begin(), table_.attributes.end(), record,
        [](const InodeAttributes& each, std::uint32_t wanted) { return each.record < wanted; });
    for (; at != table_.attributes.end() && at->record == record; ++at)
      for (const Attribute& attribute : at->attributes)
        listing_.attributes.push_back({path_, attribute.name, attribute.value});
  }

  [[nodiscard]] std::string target(std::uint32_t record) const {
    const auto at = std::lower_bound(
        table_.links.begin(), table_.links.end(), record,
        [](const InlineContent& link, std::uint32_t wanted) { return link.record < wanted; });
    return at != table_.links.end() && at->record == record ? at->content : std::string();
  }

  const InodeTable& table_;
  const Names& names_;
  const ListingOptions& options_;
  DiskListing& listing_;
  Gaps& gaps_;
  std::vector<std::uint32_t> entered_by_;  ///< for each directory, the name that leads into it
  std::vector<Frame> stack_;
  std::string path_;
  std::uint64_t path_bytes_ = 0;
  bool full_ = false;
};

}  // namespace

void walk_tree(const InodeTable& table, const Names& names, const ListingOptions& options,
               DiskListing& listing, Gaps& gaps) {
  Walk(table, names, options, listing, gaps).run();
}

}  // namespace skillaudit
