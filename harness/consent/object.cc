#include "harness/consent/object.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "harness/base/among.h"
#include "harness/base/ascii.h"
#include "harness/consent/path_pattern.h"
#include "harness/consent/verb_set.h"

namespace skillaudit {
namespace {

constexpr std::size_t kLongestWord = 1024;

constexpr auto kFileSuffixes = std::to_array<std::string_view>(
    {"sh",    "bash",    "zsh",     "fish",   "py",      "js",  "mjs",  "cjs",  "ts",  "tsx",
     "jsx",   "rb",      "pl",      "php",    "lua",     "go",  "rs",   "c",    "cc",  "cpp",
     "h",     "hpp",     "java",    "kt",     "swift",   "r",   "md",   "mdx",  "txt", "rst",
     "json",  "jsonl",   "yaml",    "yml",    "toml",    "ini", "cfg",  "conf", "csv", "tsv",
     "xml",   "html",    "htm",     "css",    "svg",     "png", "jpg",  "jpeg", "gif", "webp",
     "pdf",   "docx",    "xlsx",    "pptx",   "odt",     "zip", "gz",   "tgz",  "tar", "xz",
     "bz2",   "zst",     "db",      "sqlite", "sqlite3", "sql", "log",  "bak",  "tmp", "lock",
     "env",   "key",     "pem",     "crt",    "cer",     "pub", "gpg",  "mp3",  "mp4", "wav",
     "ipynb", "parquet", "desktop", "exe",    "bin",     "so",  "dat",  "list", "pth", "whl",
     "jar",   "diff",    "patch",   "map",    "tex",     "bib", "icns", "ico"});
constexpr auto kUnitSuffixes = std::to_array<std::string_view>(
    {"service", "timer", "socket", "path", "mount", "automount", "target", "slice"});

bool alnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

int port_of(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = end == text.data() + text.size();
  return error == std::errc() && whole && port > 0 && port < 65536 ? port : 0;
}

bool is_address(std::string_view host) {
  return std::count(host.begin(), host.end(), '.') == 3 &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// "api.example.com", "*.example.com", "192.0.2.1", "localhost".
bool is_host(std::string_view host) {
  if (host == "localhost" || is_address(host)) return true;
  if (host.starts_with("*.")) host.remove_prefix(2);
  if (host.size() > 253 || host.find('.') == std::string_view::npos) return false;
  std::size_t label = 0;
  for (const char c : host) {
    if (c == '.') {
      if (label == 0) return false;
      label = 0;
    } else if (alnum(c) || c == '-' || c == '_') {
      ++label;
    } else {
      return false;
    }
  }
  const std::string_view last = host.substr(host.rfind('.') + 1);
  return last.size() >= 2 && std::all_of(last.begin(), last.end(), [](char c) {
           return std::isalpha(static_cast<unsigned char>(c)) != 0;
         });
}

std::string_view suffix_of(std::string_view word) {
  const std::size_t dot = word.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : word.substr(dot + 1);
}

/// The host of "https://user@host:port/path"; a name of kind Path for file://.
void add_url(std::string_view url, std::vector<ConsentObject>& objects) {
  const std::size_t scheme_end = url.find("://");
  const std::string scheme = ascii_lower(url.substr(0, scheme_end));
  std::string_view rest = url.substr(scheme_end + 3);
  if (scheme == "file") {
    if (std::string path = canonical_path(rest); !path.empty())
      objects.push_back(ConsentObject::path(std::move(path)));
    return;
  }
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos)
    rest.remove_prefix(at + 1);
  int port = scheme == "http" ? 80 : scheme == "https" || scheme == "wss" ? 443 : 0;
  if (const std::size_t colon = rest.rfind(':'); colon != std::string_view::npos) {
    if (const int written = port_of(rest.substr(colon + 1)); written != 0) port = written;
    rest = rest.substr(0, colon);
  }
  const std::string host = ascii_lower(rest);
  if (is_host(host)) objects.push_back(ConsentObject::host_at(host, port));
}

/// "host", "host:port", "user@host:path".
bool add_host(std::string_view word, std::vector<ConsentObject>& objects) {
  if (const std::size_t at = word.rfind('@'); at != std::string_view::npos && at > 0)
    word.remove_prefix(at + 1);
  int port = 0;
  if (const std::size_t colon = word.find(':'); colon != std::string_view::npos) {
    port = port_of(word.substr(colon + 1));
    word = word.substr(0, colon);
  }
  const std::string host = ascii_lower(word);
  if (!is_host(host) || (among(kFileSuffixes, suffix_of(host)) && host != "localhost"))
    return false;
  objects.push_back(ConsentObject::host_at(host, port));
  return true;
}

bool is_variable(std::string_view word) {
  if (word.starts_with("${") && word.ends_with('}')) word = word.substr(2, word.size() - 3);
  if (word.starts_with('$')) word.remove_prefix(1);
  if (word.size() < 4 || word.find('_') == std::string_view::npos) return false;
  return std::all_of(word.begin(), word.end(), [](char c) {
    return c == '_' || std::isupper(static_cast<unsigned char>(c)) != 0 ||
           std::isdigit(static_cast<unsigned char>(c)) != 0;
  });
}

std::string bare_variable(std::string_view word) {
  std::string name;
  for (const char c : word)
    if (alnum(c) || c == '_') name += c;
  return name;
}

bool looks_like_path(std::string_view word, bool is_code) {
  if (word.starts_with("~/") || word == "~" || word.starts_with("$HOME") ||
      word.starts_with("${HOME}") || word.starts_with("$XDG_") || word.starts_with("${XDG_") ||
      word.starts_with("./") || word.starts_with("../"))
    return true;
  if (word.starts_with('/'))
    return word.size() > 1 && (alnum(word[1]) || word[1] == '.' || word[1] == '*');
  const bool has_slash = word.find('/') != std::string_view::npos;
  if (has_slash)
    return is_code || word.ends_with('/') || word.find('.') != std::string_view::npos ||
           word.find('*') != std::string_view::npos;
  if (word.starts_with('.')) return word.size() > 2 && alnum(word[1]);
  const std::string suffix = ascii_lower(suffix_of(word));
  return among(kFileSuffixes, suffix) && word.size() > suffix.size() + 1 &&
         (is_code || word.find_first_of("0123456789") != 0);
}

bool is_name(std::string_view word) {
  return word.size() <= 128 && !word.empty() && alnum(word[0]) &&
         word.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-._@/") ==
             std::string_view::npos;
}

}  // namespace

std::string_view name_of(ConsentKind kind) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "path", "host", "name", "unit", "cron line", "command", "setting", "variable", "listener"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string text_of(const ConsentObject& object) {
  std::string text = object.name;
  if (object.kind == ConsentKind::Host && object.name.empty()) text = "of any name";
  if (object.kind == ConsentKind::Setting) {
    if (!object.value.empty()) text += " = " + object.value;
    if (!object.program.empty()) text += " of " + object.program;
  } else if (object.kind == ConsentKind::Listener) {
    text = "port " + std::to_string(object.port);
    if (!object.name.empty()) text += " at " + object.name;
  } else if (object.kind == ConsentKind::Host && object.port != 0 && object.port != 443) {
    text += ":" + std::to_string(object.port);
  } else if (object.kind == ConsentKind::Variable && !object.host.empty()) {
    text += " at " + object.host;
  } else if (object.kind == ConsentKind::Unit && !object.command.empty()) {
    text += " that starts " + object.command;
  }
  return text;
}

std::vector<ConsentObject> objects_in(std::string_view word, bool is_code) {
  std::vector<ConsentObject> objects;
  if (word.empty() || word.size() > kLongestWord) return objects;
  if (word.find("://") != std::string_view::npos) {
    add_url(word, objects);
    return objects;
  }
  if (is_variable(word)) {
    objects.push_back({ConsentKind::Variable, bare_variable(word)});
    return objects;
  }
  if (word.find('/') == std::string_view::npos && among(kUnitSuffixes, suffix_of(word)) &&
      word.find('.') > 0) {
    objects.push_back({ConsentKind::Unit, ascii_lower(word)});
    return objects;
  }
  if (looks_like_path(word, is_code)) {
    const std::string path = canonical_path(word);
    // "example.com/x" without a scheme is a host.
    const std::string_view first = word.substr(0, word.find('/'));
    if (first.size() != word.size() && !first.starts_with('.') && !first.starts_with('~') &&
        add_host(first, objects))
      return objects;
    if (!path.empty()) objects.push_back(ConsentObject::path(path));
    if (!path.empty() && word.ends_with('/')) objects.back().is_folder = true;
    return objects;
  }
  if (add_host(word, objects)) {
    // "core.pager" has the form of a host, and of a setting's key.
    if (is_code && word.find_first_of(":@*") == std::string_view::npos && !is_address(word))
      objects.push_back({ConsentKind::Setting, std::string(word)});
    return objects;
  }
  if (is_code && is_name(word)) objects.push_back({ConsentKind::Name, std::string(word)});
  return objects;
}

}  // namespace skillaudit
