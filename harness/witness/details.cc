#include <fcntl.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <tuple>

#include "harness/witness/capture.h"
#include "harness/witness/files.h"
#include "harness/witness/io.h"

namespace witness {
namespace {

constexpr std::uint64_t kMostOfOne = 1ULL << 28;
constexpr std::uint64_t kMostOfAll = 1ULL << 32;
constexpr std::size_t kMostOfList = 1U << 26;
constexpr std::size_t kMostFilesOfPackage = 1U << 18;

/// Requests are "d" NUL path NUL, or "k" NUL manager NUL name NUL version NUL place NUL.
struct Request {
  std::vector<std::string> fields;
  [[nodiscard]] bool asks_for_digest() const { return fields[0] == "d"; }
};

std::vector<Request> parse_requests(const std::string& text) {
  std::vector<Request> requests;
  const auto fields = split(text, '\0');
  for (std::size_t at = 0; at < fields.size();) {
    const std::size_t count = fields[at] == "d" ? 2 : 5;
    if ((fields[at] != "d" && fields[at] != "k") || fields.size() - at < count)
      throw Failure{"the requests are malformed"};
    Request request;
    for (std::size_t i = 0; i < count; ++i) request.fields.emplace_back(fields[at + i]);
    requests.push_back(std::move(request));
    at += count;
  }
  return requests;
}

/// The digest in hexadecimal, or why there is none. O_NOFOLLOW keeps the last part of a path from
/// leading elsewhere since the capture.
std::string digest(const std::string& path, std::uint64_t& budget) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return std::strerror(errno);
  if (!S_ISREG(status.st_mode)) return "not a regular file any more";
  if (static_cast<std::uint64_t>(status.st_size) > kMostOfOne) return "over 256 MiB";
  if (static_cast<std::uint64_t>(status.st_size) > budget) return "over 4 GiB in all";
  SHA256_CTX hash;
  SHA256_Init(&hash);
  std::string piece(1U << 16, '\0');
  std::uint64_t size = 0;
  for (;;) {
    const ssize_t got = ::read(fd.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::strerror(errno);
    if (got == 0) break;
    size += static_cast<std::uint64_t>(got);
    if (size > kMostOfOne) return "over 256 MiB";
    SHA256_Update(&hash, piece.data(), static_cast<std::size_t>(got));
  }
  budget -= std::min(budget, size);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> bytes{};
  SHA256_Final(bytes.data(), &hash);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : bytes) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string digests_table(const std::vector<Request>& requests) {
  std::string out;
  std::uint64_t budget = kMostOfAll;
  for (const Request& request : requests) {
    if (!request.asks_for_digest()) continue;
    put_field(out, request.fields[1]);
    put_field(out, digest(request.fields[1], budget));
  }
  return out;
}

using Files = std::optional<std::vector<std::string>>;

Files lines_of(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  std::vector<std::string> lines;
  for (const std::string_view line : split(*text, '\n')) lines.emplace_back(line);
  return lines;
}

Files dpkg_files(const std::string& name) {
  const std::string info = "/var/lib/dpkg/info/";
  if (name.find('/') != std::string::npos) return std::nullopt;
  const std::string plain = name.substr(0, name.find(':'));
  for (const std::string& candidate : {name, plain})
    if (Files files = lines_of(read_file(info + candidate + ".list", kMostOfList))) return files;
  for (const std::string& entry : names_in(info))
    if (entry.starts_with(plain + ":") && entry.ends_with(".list"))
      return lines_of(read_file(info + entry, kMostOfList));
  return std::nullopt;
}

/// "a/b/../c" becomes "a/c".
std::string normal(const std::string& path) {
  std::vector<std::string_view> parts;
  for (const std::string_view part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty()) {
      parts.pop_back();
    } else if (part != "..") {
      parts.push_back(part);
    }
  }
  std::string out;
  for (const std::string_view part : parts) out.append("/").append(part);
  return out;
}

/// How the names of distributions are compared: PEP 503, with one kind of separator.
std::string plain_name(std::string_view name) {
  std::string out;
  for (const char c : name)
    out +=
        c == '-' || c == '.' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// The first field of a line of RECORD, which is CSV.
std::string record_path(std::string_view line) {
  if (!line.starts_with('"')) return std::string(line.substr(0, line.find(',')));
  line.remove_prefix(1);
  std::string path(line.substr(0, line.find("\",")));
  for (std::size_t at = 0; (at = path.find("\"\"", at)) != std::string::npos; ++at)
    path.erase(at, 1);
  return path;
}

Files pip_files(const std::string& name, const std::string& version, const std::string& place) {
  const std::string wanted = plain_name(name + "-" + version + ".dist-info");
  for (const std::string& entry : names_in(place)) {
    if (plain_name(entry) != wanted) continue;
    std::vector<std::string> found = {place + "/" + entry};
    const auto record = read_file(place + "/" + entry + "/RECORD", kMostOfList);
    if (!record) return std::nullopt;
    for (const std::string_view line : split(*record, '\n')) {
      std::string path = record_path(line);
      if (path.ends_with('\r')) path.pop_back();
      if (!path.empty()) found.push_back(normal(place + "/" + path));
    }
    return found;
  }
  return std::nullopt;
}

void add_tree(const std::string& folder, std::vector<std::string>& found) {
  for (const std::string& name : names_in(folder)) {
    found.push_back(folder + "/" + name);
    if (found.size() > kMostFilesOfPackage)
      throw Failure{"an npm package of more than 262144 files"};
    const std::string path = found.back();
    if (const auto status = look_at(path); status && S_ISDIR(status->st_mode))
      add_tree(path, found);
  }
}

Files npm_files(const std::string& name, const std::string& place) {
  const std::string top = place + "/" + name;
  std::vector<std::string> found = {top};
  add_tree(top, found);
  const std::string programs = normal(place + "/../../bin");
  for (const std::string& entry : names_in(programs)) {
    const auto target = link_target(programs + "/" + entry);
    if (target && normal(programs + "/" + *target).starts_with(top + "/"))
      found.push_back(programs + "/" + entry);
  }
  return found;
}

std::string package_files_table(const std::vector<Request>& requests) {
  std::string out;
  for (const Request& request : requests) {
    if (request.asks_for_digest()) continue;
    const auto& [manager, name, version, place] =
        std::tie(request.fields[1], request.fields[2], request.fields[3], request.fields[4]);
    Files files = manager == "dpkg"  ? dpkg_files(name)
                  : manager == "pip" ? pip_files(name, version, place)
                                     : npm_files(name, place);
    if (!files) continue;
    std::erase_if(*files,
                  [](const std::string& path) { return !path.starts_with('/') || path == "/."; });
    put_field(out, manager);
    put_field(out, name);
    put_field(out, std::to_string(files->size()));
    for (const std::string& path : *files) put_field(out, path);
  }
  return out;
}

}  // namespace

void details(Channel& channel, const std::string& text) {
  const std::vector<Request> requests = parse_requests(text);
  Stream stream(channel);
  stream.add("digests", [&] { return digests_table(requests); });
  stream.add("package_files", [&] { return package_files_table(requests); });
  stream.end();
}

}  // namespace witness
