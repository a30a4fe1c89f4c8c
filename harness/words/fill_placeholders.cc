#include <fmt/core.h>

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
constexpr auto kOutputs =
    std::to_array<std::string_view>({"output", "out", "dest", "destination", "target"});
constexpr auto kTexts = std::to_array<std::string_view>({"text", "name", "query", "title", "word"});
constexpr auto kFolders =
    std::to_array<std::string_view>({"dir", "directory", "folder", "workspace"});
constexpr auto kAddresses =
    std::to_array<std::string_view>({"url", "uri", "link", "endpoint", "website"});
constexpr auto kNothing =
    std::to_array<std::string_view>({"options", "option", "args", "arg", "arguments", "flags"});

/// Files of the prepared project, in which the steps run.
struct ProjectFile {
  std::string_view suffix;
  std::string_view path;
};
constexpr auto kProjectFiles = std::to_array<ProjectFile>({{".md", "README.md"},
                                                           {".csv", "stations.csv"},
                                                           {".json", "package.json"},
                                                           {".toml", "pyproject.toml"},
                                                           {".py", "src/tidewatch/forecast.py"}});

std::string file_with(std::string_view suffix) {
  const auto found = std::find_if(kProjectFiles.begin(), kProjectFiles.end(),
                                  [&](const ProjectFile& file) { return file.suffix == suffix; });
  return found == kProjectFiles.end() ? "example" + std::string(suffix) : std::string(found->path);
}

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
    if (end > dot + 1 && end - dot <= 6) {
      const std::string suffix = name.substr(dot, end - dot);
      return has_any(name, kOutputs) ? "example" + suffix : file_with(suffix);
    }
  }
  for (const std::string_view kind : {"csv", "json"})
    if (has_part(name, kind) && !has_any(name, kOutputs))
      return file_with(fmt::format(".{}", kind));
  if (has_any(name, kOutputs)) return "example.txt";
  return has_any(name, kPaths) ? "README.md" : "example";
}

bool is_capital(std::string_view word) {
  return word.size() > 2 && std::all_of(word.begin(), word.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
         });
}

/// "FILE" of "scripts/x.py FILE": a word of capitals that is an argument and says of what kind.
std::string with_capitals_filled(const std::string& code) {
  std::string filled;
  bool first = true;  // the word is the command
  for (std::size_t at = 0; at < code.size();) {
    const std::size_t start = code.find_first_not_of(" \t\n", at);
    filled += code.substr(at, std::min(start, code.size()) - at);
    if (start == std::string::npos) break;
    first = first || code.substr(at, start - at).find('\n') != std::string::npos;
    const std::size_t end = std::min(code.find_first_of(" \t\n", start), code.size());
    const std::string word = code.substr(start, end - start);
    const std::string name = ascii_lower(word);
    const bool says_kind = has_any(name, kPaths) || has_any(name, kFolders) ||
                           has_any(name, kAddresses) || has_any(name, kNumbers) ||
                           has_any(name, kTexts);
    filled += !first && is_capital(word) && says_kind ? answer_to(word) : word;
    first = false;
    at = end;
  }
  return filled;
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
  return with_capitals_filled(code);
}

}  // namespace skillaudit
