#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/ascii.h"
#include "harness/words/instructions.h"
#include "harness/words/placeholders.h"

namespace skillaudit {
namespace {

constexpr int kMostPlaceholders = 100;

/// The words of a name: "input-file", "inputFile" and "INPUT_FILE" are two.
bool has_part(std::string_view name, std::string_view part) {
  const std::size_t at = name.find(part);
  if (at == std::string_view::npos) return false;
  const std::size_t end = at + part.size();
  const auto letter = [&](std::size_t i) {
    return std::isalpha(static_cast<unsigned char>(name[i])) != 0;
  };
  return (at == 0 || !letter(at - 1)) && (end == name.size() || !letter(end));
}

template <std::size_t N>
bool has_any(std::string_view name, const std::array<std::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return has_part(name, part); });
}

constexpr auto kNumbers = std::to_array<std::string_view>(
    {"number", "num", "n", "count", "port", "id", "limit", "days", "seconds", "minutes", "size",
     "year", "pid", "index", "integer", "int", "amount", "width", "height"});
constexpr auto kPaths =
    std::to_array<std::string_view>({"file", "filename", "path", "input", "output", "document",
                                     "src", "source", "dest", "destination", "target"});
constexpr auto kFolders =
    std::to_array<std::string_view>({"dir", "directory", "folder", "workspace"});
constexpr auto kAddresses =
    std::to_array<std::string_view>({"url", "uri", "link", "endpoint", "website"});
constexpr auto kNothing =
    std::to_array<std::string_view>({"options", "option", "args", "arg", "arguments", "flags"});

std::string answer_to(std::string_view placeholder) {
  const std::string name = ascii_lower(placeholder);
  if (name.find("...") != std::string::npos || name.find("…") != std::string::npos) return "";
  if (placeholder.starts_with('[') && (has_any(name, kNothing) || name.starts_with("[-")))
    return "";
  if (has_any(name, kAddresses)) return "https://example.com";
  if (has_any(name, kNumbers)) return "1";
  if (has_any(name, kFolders)) return ".";
  // "<report.csv>" says which kind of file.
  if (const std::size_t dot = name.rfind('.'); dot != std::string::npos && dot + 1 < name.size()) {
    std::size_t end = dot + 1;
    while (end < name.size() && std::isalnum(static_cast<unsigned char>(name[end]))) ++end;
    if (end > dot + 1 && end - dot <= 6) return "example" + name.substr(dot, end - dot);
  }
  return has_any(name, kPaths) ? "example.txt" : "example";
}

/// "{{name}}", "${{…}}" aside, which is a workflow's.
std::string braces(std::string_view code) {
  const std::size_t at = code.find("{{");
  if (at == std::string_view::npos || (at > 0 && code[at - 1] == '$')) return {};
  const std::size_t end = code.find("}}", at);
  if (end == std::string_view::npos || end - at > 60) return {};
  const std::string_view inner = code.substr(at + 2, end - at - 2);
  const bool name = !inner.empty() && std::all_of(inner.begin(), inner.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-' || c == ' ';
  });
  // docker's and go's templates ask for fields: "{{.Names}}".
  return name ? std::string(code.substr(at, end + 2 - at)) : std::string();
}

}  // namespace

std::string fill_placeholders(std::string code) {
  for (int i = 0; i < kMostPlaceholders; ++i) {
    std::string found = find_placeholder(code);
    if (found.empty()) found = braces(code);
    const std::size_t at = found.empty() ? std::string::npos : code.find(found);
    if (at == std::string::npos) break;
    code.replace(at, found.size(), found == "path/to/" ? "" : answer_to(found));
  }
  return code;
}

}  // namespace skillaudit
