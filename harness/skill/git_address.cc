#include "harness/skill/git_address.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include "harness/base/among.h"
#include "harness/base/ascii.h"
#include "harness/base/error.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr auto kSchemes = std::to_array<std::string_view>({"https", "http", "ssh", "git", "file"});

/// A URL or `user@host:path`, in its parts.
struct Parts {
  std::string scheme;  ///< empty: `user@host:path`
  std::string user;    ///< with the password: "me:secret"
  std::string host;
  std::string path;   ///< from the "/" on, or behind the ":"
  std::string query;  ///< with its "?"
};

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// "host" of "host:path", where no "/" stands before the ":".
std::size_t colon_of_host(std::string_view word) {
  const std::size_t colon = word.find(':');
  return colon != 0 && colon < word.find('/') ? colon : std::string_view::npos;
}

bool is_host_and_path(std::string_view word) {
  const std::size_t colon = colon_of_host(word);
  if (colon == std::string_view::npos || word.substr(colon).starts_with("::")) return false;
  const std::string_view host = word.substr(0, colon);
  const bool plain = std::all_of(host.begin(), host.end(), [](char c) {
    return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_' || c == '@';
  });
  return plain && !host.starts_with('-') &&
         (host.find('@') != std::string_view::npos || word.ends_with(".git"));
}

void take_user(std::string& host, std::string& user) {
  const std::size_t at = host.rfind('@');
  if (at == std::string::npos) return;
  user = host.substr(0, at);
  host.erase(0, at + 1);
}

/// None for what has no form of an address.
std::optional<Parts> parts_of(std::string_view word) {
  Parts parts;
  if (const std::size_t scheme = word.find("://"); scheme != std::string_view::npos) {
    parts.scheme = ascii_lower(word.substr(0, scheme));
    if (!std::all_of(parts.scheme.begin(), parts.scheme.end(),
                     [](char c) { return is_letter_or_digit(c) || c == '+'; }))
      return std::nullopt;
    if (!among(kSchemes, parts.scheme))
      fail(ErrorKind::Usage,
           "{}: a repository is read over https, http, ssh, git or file: give such an address, or "
           "clone it and give the folder",
           printable(shorten(word, 300)));
    const std::string_view rest = word.substr(scheme + 3);
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    parts.host = rest.substr(0, slash);
    parts.path = rest.substr(slash);
    if (parts.scheme.starts_with("http"))
      if (const std::size_t query = parts.path.find('?'); query != std::string::npos) {
        parts.query = parts.path.substr(query);
        parts.path.erase(query);
      }
  } else if (is_host_and_path(word)) {
    const std::size_t colon = colon_of_host(word);
    parts.host = word.substr(0, colon);
    parts.path = word.substr(colon + 1);
  } else {
    return std::nullopt;
  }
  take_user(parts.host, parts.user);
  return parts;
}

std::string text_of(const Parts& parts, bool all) {
  const bool is_http = parts.scheme.starts_with("http");
  std::string user = parts.user;
  if (!all) user = is_http ? "" : user.substr(0, user.find(':'));
  if (!user.empty()) user += "@";
  if (parts.scheme.empty()) return user + parts.host + ":" + parts.path;
  return parts.scheme + "://" + user + parts.host + parts.path + (all ? parts.query : "");
}

/// Of `/team/tools/tree/main/skills/x`: cuts the path to `/team/tools`, and gives the rest.
void take_web_page(Parts& parts, GitAddress& address) {
  if (!parts.scheme.starts_with("http") || parts.path.ends_with(".git")) return;
  const std::vector<std::string_view> names = split(parts.path, '/');  // the first one is empty
  for (std::size_t i = 3; i + 1 < names.size(); ++i) {
    if (names[i] != "tree" && names[i] != "blob") continue;
    const std::size_t end = names[i - 1] == "-" ? i - 1 : i;
    if (end < 3) continue;
    std::vector<std::string> folder(names.begin() + static_cast<std::ptrdiff_t>(i) + 2,
                                    names.end());
    std::vector<std::string> top(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(end));
    address.ref = names[i + 1];
    address.path = join(folder, "/");
    parts.path = join(top, "/");
    return;
  }
}

/// Of "REF:FOLDER" behind the "#".
void take_fragment(std::string_view fragment, GitAddress& address) {
  const std::size_t colon = std::min(fragment.find(':'), fragment.size());
  address.ref = fragment.substr(0, colon);
  if (colon < fragment.size()) address.path = fragment.substr(colon + 1);
}

void check_ref(const GitAddress& address) {
  static constexpr std::string_view kNever = " \t\n~^:?*[\\+\"'";
  if (address.ref.starts_with('-') || address.ref.find_first_of(kNever) != std::string::npos)
    fail(ErrorKind::Usage, "{}: `{}` is no branch, tag or commit: give the name of one",
         address.shown, printable(shorten(address.ref, 100)));
}

/// Without `.`, `SKILL.md` and slashes at its ends.
std::string checked_folder(const GitAddress& address) {
  const std::filesystem::path given(address.path);
  std::filesystem::path path = given.lexically_normal();
  if (path.filename() == "SKILL.md") path = path.parent_path();
  if (!path.has_filename()) path = path.parent_path();
  const std::string text = path == "." ? "" : path.string();
  if (given.is_absolute() || text == ".." || text.starts_with("../"))
    fail(ErrorKind::Usage, "{}: the folder `{}` is not in the repository: give it from its top",
         address.shown, printable(shorten(address.path, 200)));
  return text;
}

std::string name_of_repository(std::string path) {
  while (path.ends_with('/')) path.pop_back();
  std::string name = path.substr(path.rfind('/') + 1);
  if (name.ends_with(".git") && name.size() > 4) name.resize(name.size() - 4);
  return name.empty() || name == "." || name == ".." ? "repository" : name;
}

}  // namespace

std::optional<GitAddress> git_address(std::string_view word, std::string_view ref) {
  const std::size_t hash = word.find('#');
  std::optional<Parts> parts = parts_of(word.substr(0, hash));
  if (!parts) return std::nullopt;
  GitAddress address;
  if (hash == std::string_view::npos)
    take_web_page(*parts, address);
  else
    take_fragment(word.substr(hash + 1), address);
  address.url = text_of(*parts, true);
  address.shown = printable(text_of(*parts, false));
  address.user = parts->user;
  address.host = printable(parts->scheme == "file" ? "" : parts->host);
  if (!ref.empty()) {
    if (!address.ref.empty() && address.ref != ref)
      fail(ErrorKind::Usage, "{} names the ref {}, and --ref is {}: give one of them",
           address.shown, printable(address.ref), printable(ref));
    address.ref = ref;
  }
  check_ref(address);
  address.path = checked_folder(address);
  address.name = name_of_repository(parts->path);
  return address;
}

}  // namespace skillaudit
