#include "harness/sensors/git_repository.h"

#include <fmt/core.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <map>
#include <string_view>

#include "harness/base/error.h"

namespace skillaudit {
namespace {

/// Git's name for types of objects, and their numbers in a pack.
enum class ObjectType { Commit = 1, Tree = 2, Blob = 3 };

std::string sha1(std::string_view bytes) {
  std::string digest(20, '\0');
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()),
                 nullptr, EVP_sha1(), nullptr) != 1)
    fail(ErrorKind::Internal, "OpenSSL has no SHA-1");
  return digest;
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

/// In the order of the network.
std::string four_bytes(std::size_t number) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>((number >> shift) & 0xff);
  return bytes;
}

std::string stored_zlib(const std::string& bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string out(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()),
                Z_NO_COMPRESSION) != Z_OK)
    fail(ErrorKind::Internal, "zlib cannot write {} bytes", bytes.size());
  out.resize(size);
  return out;
}

/// The objects of a repository, each once, as they lie in a pack.
class Pack {
 public:
  /// The object's name: 20 bytes.
  std::string add(ObjectType type, const std::string& content) {
    static constexpr std::string_view kTypes[] = {"", "commit", "tree", "blob"};
    const auto number = static_cast<std::size_t>(type);
    const std::string name =
        sha1(fmt::format("{} {}", kTypes[number], content.size()) + '\0' + content);
    if (entries_.contains(name)) return name;
    std::string entry;
    std::size_t size = content.size();
    entry += static_cast<char>(number << 4 | (size & 15) | (size > 15 ? 128 : 0));
    for (size >>= 4; size > 0; size >>= 7)
      entry += static_cast<char>((size & 127) | (size > 127 ? 128 : 0));
    entry += stored_zlib(content);
    entries_[name] = {
        kHeader + bytes_.size(),
        crc32(0, reinterpret_cast<const Bytef*>(entry.data()), static_cast<uInt>(entry.size()))};
    bytes_ += entry;
    return name;
  }

  [[nodiscard]] std::string pack() const {
    const std::string text = "PACK" + four_bytes(2) + four_bytes(entries_.size()) + bytes_;
    return text + sha1(text);
  }

  [[nodiscard]] std::string index(std::string_view pack) const {
    std::string text = "\377tOc" + four_bytes(2);
    auto next = entries_.begin();
    std::size_t count = 0;
    for (int first = 0; first < 256; ++first) {
      for (; next != entries_.end() && static_cast<unsigned char>(next->first[0]) == first; ++next)
        ++count;
      text += four_bytes(count);
    }
    for (const auto& [name, entry] : entries_) text += name;
    for (const auto& [name, entry] : entries_) text += four_bytes(entry.crc);
    for (const auto& [name, entry] : entries_) text += four_bytes(entry.offset);
    text += pack.substr(pack.size() - 20);
    return text + sha1(text);
  }

 private:
  static constexpr std::size_t kHeader = 12;
  struct Entry {
    std::size_t offset = 0;
    std::size_t crc = 0;
  };
  // A map compares names by `char_traits<char>`, which takes bytes as unsigned, as Git does.
  std::map<std::string, Entry> entries_;
  std::string bytes_;
};

using Files = std::vector<std::pair<std::string, std::string>>;

/// The tree of those of `files` that lie below `folder` ("", or ending with "/").
std::string add_tree(Pack& pack, const Files& files, const std::string& folder) {
  std::string content;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& [path, text] = files[i];
    if (!path.starts_with(folder)) continue;
    const std::string_view rest = std::string_view(path).substr(folder.size());
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) {
      content += fmt::format("100644 {}", rest) + '\0' + pack.add(ObjectType::Blob, text);
      continue;
    }
    const std::string below = folder + std::string(rest.substr(0, slash + 1));
    if (i > 0 && files[i - 1].first.starts_with(below)) continue;
    content += fmt::format("40000 {}", rest.substr(0, slash)) + '\0' + add_tree(pack, files, below);
  }
  return pack.add(ObjectType::Tree, content);
}

std::string add_commit(Pack& pack, const GitCommit& commit, const std::string& parent,
                       const std::string& author) {
  std::string text = fmt::format("tree {}\n", hex(add_tree(pack, commit.files, "")));
  if (!parent.empty()) text += fmt::format("parent {}\n", hex(parent));
  for (const char* role : {"author", "committer"})
    text += fmt::format("{} {} {} +0100\n", role, author, commit.time);
  return pack.add(ObjectType::Commit, text + "\n" + commit.message + "\n");
}

/// Without what stat(2) says of the files: Git compares their contents the first time.
std::string staged(Pack& pack, const Files& files) {
  std::string text = "DIRC" + four_bytes(2) + four_bytes(files.size());
  for (const auto& [path, content] : files) {
    std::string entry(24, '\0');
    entry += four_bytes(0100644) + std::string(12, '\0') + pack.add(ObjectType::Blob, content);
    entry += static_cast<char>(path.size() >> 8);
    entry += static_cast<char>(path.size() & 0xff);
    entry += path;
    text += entry + std::string(8 - entry.size() % 8, '\0');
  }
  return text + sha1(text);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> git_repository(
    const std::vector<GitCommit>& history, const std::string& origin, const std::string& mirror,
    const std::string& author) {
  if (history.empty()) fail(ErrorKind::Internal, "a repository without a commit");
  Pack pack;
  std::string parent;
  std::string log;
  for (const GitCommit& commit : history) {
    const std::string name = add_commit(pack, commit, parent, author);
    log += fmt::format("{} {} {} {} +0100\tcommit{}: {}\n",
                       parent.empty() ? std::string(40, '0') : hex(parent), hex(name), author,
                       commit.time, parent.empty() ? " (initial)" : "", commit.message);
    parent = name;
  }
  const std::string index = staged(pack, history.back().files);
  const std::string packed = pack.pack();
  const std::string name =
      "objects/pack/pack-" + hex(std::string_view(packed).substr(packed.size() - 20));
  return {
      {"HEAD", "ref: refs/heads/main\n"},
      {"config", fmt::format("[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n"
                             "\tbare = false\n\tlogallrefupdates = true\n"
                             "[remote \"origin\"]\n\turl = {}\n"
                             "\tfetch = +refs/heads/*:refs/remotes/origin/*\n"
                             "[remote \"github\"]\n\turl = {}\n"
                             "\tfetch = +refs/heads/*:refs/remotes/github/*\n"
                             "[branch \"main\"]\n\tremote = origin\n\tmerge = refs/heads/main\n",
                             origin, mirror)},
      {"description", "Unnamed repository; edit this file 'description' to name the repository.\n"},
      {"index", index},
      {"info/exclude", ""},
      {"logs/HEAD", log},
      {"logs/refs/heads/main", log},
      {name + ".idx", pack.index(packed)},
      {name + ".pack", packed},
      {"refs/heads/main", hex(parent) + "\n"},
      {"refs/remotes/origin/main", hex(parent) + "\n"}};
}

}  // namespace skillaudit
