#include "harness/disk/attributes.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <utility>

namespace skillaudit {
namespace {

/// Of the attributes of all files together, in bytes: a hostile disk holds more than anybody reads.
constexpr std::uint64_t kMostBytes = 64ULL << 20;

/// What the number in an entry stands for (ext4's layout, "Extended Attributes").
constexpr std::array<std::string_view, 9> kPrefixes = {"",
                                                       "user.",
                                                       "system.posix_acl_access",
                                                       "system.posix_acl_default",
                                                       "trusted.",
                                                       "lustre.",
                                                       "security.",
                                                       "system.",
                                                       "system.richacl"};
constexpr std::uint8_t kAccessList = 2, kDefaultList = 3, kSystem = 7;

template <typename Number>
Number number_at(std::string_view bytes, std::size_t at) {
  Number value{};
  if (at + sizeof value <= bytes.size()) std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

template <typename Number>
void put(std::string& out, Number value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// ext4 leaves the id out of entries that have none; getxattr(2) does not (acl(5),
/// posix_acl_xattr.h).
std::string as_getxattr_gives_it(std::string_view list) {
  constexpr std::uint16_t kUser = 2, kGroup = 8;
  constexpr std::uint32_t kVersion = 2, kNoId = 0xffffffff;
  std::string out;
  put(out, kVersion);
  for (std::size_t at = sizeof(std::uint32_t); at + 4 <= list.size();) {
    const auto tag = number_at<std::uint16_t>(list, at);
    const bool has_id = tag == kUser || tag == kGroup;
    put(out, tag);
    put(out, number_at<std::uint16_t>(list, at + 2));
    put(out, has_id ? number_at<std::uint32_t>(list, at + 4) : kNoId);
    at += has_id ? 8 : 4;
  }
  return out;
}

std::string flags_of(const ext2_inode& inode) {
  std::string flags;
  if ((inode.i_flags & EXT2_APPEND_FL) != 0) flags += 'a';
  if ((inode.i_flags & EXT2_IMMUTABLE_FL) != 0) flags += 'i';
  return flags;
}

}  // namespace

std::vector<Attribute> parse_attribute_table(std::span<const char> table,
                                             std::span<const char> values) {
  std::vector<Attribute> found;
  std::size_t at = 0;
  while (at + sizeof(ext2_ext_attr_entry) <= table.size()) {
    ext2_ext_attr_entry entry;
    std::memcpy(&entry, table.data() + at, sizeof entry);
    if (entry.e_name_len == 0 && entry.e_name_index == 0) break;  // the end of the table
    const std::size_t name_at = at + sizeof entry;
    if (name_at + entry.e_name_len > table.size()) break;
    const std::string_view name(table.data() + name_at, entry.e_name_len);
    at = name_at + (entry.e_name_len + 3U) / 4 * 4;
    // A file's content that lies in its inode is no attribute.
    if (entry.e_name_index == kSystem && name == "data") continue;
    if (entry.e_name_index >= kPrefixes.size()) continue;
    // A large value has an inode of its own, which stands among the files without a name.
    const bool inside = entry.e_value_inum == 0 && entry.e_value_size <= values.size() &&
                        entry.e_value_offs <= values.size() - entry.e_value_size;
    std::string value =
        inside ? std::string(values.data() + entry.e_value_offs, entry.e_value_size) : "";
    const bool list = entry.e_name_index == kAccessList || entry.e_name_index == kDefaultList;
    found.push_back({std::string(kPrefixes[entry.e_name_index]) + std::string(name),
                     list ? as_getxattr_gives_it(value) : std::move(value)});
  }
  return found;
}

void AttributeCollector::take(std::uint32_t record, const RawInode& raw) {
  const ext2_inode& inode = raw.base();
  if (const std::uint64_t block =
          inode.i_file_acl | std::uint64_t{inode.osd2.linux2.l_i_file_acl_high} << 32)
    blocks_.push_back({block, record});
  std::vector<Attribute> own;
  if (const auto table = raw.attribute_table(); !table.empty())
    own = parse_attribute_table(table, table);
  if (std::string flags = flags_of(inode); !flags.empty())
    own.push_back({"flags", std::move(flags)});
  if (!own.empty()) found_.push_back({record, std::move(own)});
}

std::vector<InodeAttributes> AttributeCollector::finish(GuestDisk& disk, Gaps& gaps) {
  // Files with the same attributes share a block.
  std::sort(blocks_.begin(), blocks_.end(),
            [](const Block& a, const Block& b) { return a.number < b.number; });
  std::vector<DiskRange> pieces;
  std::vector<std::size_t> first;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    if (i > 0 && blocks_[i].number == blocks_[i - 1].number) continue;
    if (!disk.holds(blocks_[i].number, 1)) {
      gaps.add("the attributes of a file lie off the disk, in block {}", blocks_[i].number);
      continue;
    }
    pieces.push_back({blocks_[i].number * disk.block_size(), disk.block_size()});
    first.push_back(i);
  }
  std::uint64_t bytes = 0;
  read_pieces(disk.source(), pieces, [&](std::size_t piece, std::span<char> block) {
    if (block.size() <= sizeof(ext2_ext_attr_header)) {
      gaps.add("the attributes in block {} cannot be read", blocks_[first[piece]].number);
      return;
    }
    const std::vector<Attribute> attributes =
        parse_attribute_table(block.subspan(sizeof(ext2_ext_attr_header)), block);
    const std::uint64_t number = blocks_[first[piece]].number;
    for (std::size_t i = first[piece]; i < blocks_.size() && blocks_[i].number == number; ++i) {
      bytes += block.size();
      if (bytes > kMostBytes) return;
      found_.push_back({blocks_[i].record, attributes});
    }
  });
  if (bytes > kMostBytes)
    gaps.add_cut("the attributes of the guest's files take more than {} MiB: the rest is not read",
                 kMostBytes >> 20);
  std::stable_sort(
      found_.begin(), found_.end(),
      [](const InodeAttributes& a, const InodeAttributes& b) { return a.record < b.record; });
  return std::move(found_);
}

}  // namespace skillaudit
