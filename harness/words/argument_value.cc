#include "harness/words/argument_value.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/among.h"
#include "harness/base/ascii.h"
#include "harness/evidence/given_host.h"

namespace skillaudit {
namespace {

/// What a name speaks of, and the ending of such a file.
struct Kind {
  std::string_view word;
  std::string_view ending;
};
constexpr auto kKinds = std::to_array<Kind>({{"csv", ".csv"},
                                             {"tsv", ".tsv"},
                                             {"table", ".csv"},
                                             {"spreadsheet", ".xlsx"},
                                             {"xlsx", ".xlsx"},
                                             {"excel", ".xlsx"},
                                             {"workbook", ".xlsx"},
                                             {"json", ".json"},
                                             {"yaml", ".yaml"},
                                             {"yml", ".yaml"},
                                             {"toml", ".toml"},
                                             {"config", ".toml"},
                                             {"md", ".md"},
                                             {"markdown", ".md"},
                                             {"readme", ".md"},
                                             {"html", ".html"},
                                             {"page", ".html"},
                                             {"css", ".css"},
                                             {"js", ".js"},
                                             {"javascript", ".js"},
                                             {"py", ".py"},
                                             {"python", ".py"},
                                             {"script", ".py"},
                                             {"module", ".py"},
                                             {"source", ".py"},
                                             {"code", ".py"},
                                             {"pdf", ".pdf"},
                                             {"docx", ".docx"},
                                             {"pptx", ".pptx"},
                                             {"slides", ".pptx"},
                                             {"presentation", ".pptx"},
                                             {"image", ".png"},
                                             {"png", ".png"},
                                             {"picture", ".png"},
                                             {"photo", ".png"},
                                             {"jpg", ".jpg"},
                                             {"sqlite", ".db"},
                                             {"database", ".db"},
                                             {"db", ".db"},
                                             {"log", ".log"},
                                             {"txt", ".txt"},
                                             {"xml", ".xml"},
                                             {"sql", ".sql"}});
constexpr auto kNumbers = std::to_array<std::string_view>(
    {"number",  "num",    "n",   "count", "limit", "days",   "hours", "minutes",
     "seconds", "size",   "max", "min",   "width", "height", "top",   "integer",
     "int",     "amount", "id",  "index", "year",  "depth"});
constexpr auto kFolders = std::to_array<std::string_view>(
    {"dir", "directory", "folder", "workspace", "repo", "repository", "root", "project"});
constexpr auto kAddresses =
    std::to_array<std::string_view>({"url", "uri", "link", "endpoint", "website", "webpage"});
constexpr auto kOutputs =
    std::to_array<std::string_view>({"output", "out", "dest", "destination", "target", "outfile"});
constexpr auto kFiles = std::to_array<std::string_view>(
    {"file", "files", "filename", "filepath", "path", "paths", "input", "infile", "document", "doc",
     "documents", "src", "text", "data", "dataset", "notes", "report", "template"});

/// Endings of documents that the audit makes, and that a program opens as nothing else.
constexpr auto kMadeDocuments =
    std::to_array<std::string_view>({".png", ".jpg", ".pdf", ".docx", ".xlsx", ".pptx"});

constexpr auto kPlain = std::to_array<std::string_view>(
    {"name", "query", "title", "word", "port", "date", "day", "since", "until", "email", "mail",
     "host", "hostname", "domain", "server"});

/// The words of a name: "input-file", "inputFile" and "INPUT_FILE" have two.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  char before = 0;
  for (const char c : name) {
    const bool is_letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
    const bool starts = c >= 'A' && c <= 'Z' && before >= 'a' && before <= 'z';
    if (!is_letter || starts) words.emplace_back();
    if (is_letter) words.back() += ascii_lower(std::string_view(&c, 1));
    before = c;
  }
  std::erase(words, "");
  return words;
}

template <std::size_t N>
bool has_any(const std::vector<std::string>& words, const std::array<std::string_view, N>& names) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(names.begin(), names.end(), word) != names.end();
  });
}

/// "" where the name speaks of no kind of file.
std::string_view ending_of(const std::vector<std::string>& words) {
  // "report.md", "markdown file": the last word that says it.
  for (auto word = words.rbegin(); word != words.rend(); ++word)
    for (const Kind& kind : kKinds)
      if (*word == kind.word) return kind.ending;
  return {};
}

std::string file_of(std::string_view ending, const std::vector<std::string>& files) {
  for (const std::string& file : files)
    if (file.ends_with(ending) && file.find("/.") == std::string::npos && file[0] != '.')
      return file;
  return {};
}

}  // namespace

std::string argument_value(std::string_view name, const std::vector<std::string>& files) {
  const std::vector<std::string> words = words_of(name);
  const std::string_view ending = ending_of(words);
  if (has_any(words, kOutputs))
    return has_any(words, kFolders) ? "output"
                                    : "output" + std::string(ending.empty() ? ".txt" : ending);
  if (has_any(words, kAddresses)) return "https://" + std::string(kGivenHost) + "/";
  if (has_any(words, std::to_array<std::string_view>({"port"}))) return "8080";
  if (has_any(words, std::to_array<std::string_view>({"date", "day", "since", "until"})))
    return "2024-11-18";
  if (has_any(words, std::to_array<std::string_view>({"email", "mail"})))
    return "mira@" + std::string(kGivenHost);
  if (has_any(words, std::to_array<std::string_view>({"host", "hostname", "domain", "server"})))
    return std::string(kGivenHost);
  if (has_any(words, kFolders)) return ".";
  if (!ending.empty())
    if (std::string file = file_of(ending, files); !file.empty()) return file;
  // The audit makes such a document where a step misses it; no text takes its place.
  if (among(kMadeDocuments, ending)) return "example" + std::string(ending);
  if (!ending.empty() || has_any(words, kFiles)) {
    for (const std::string_view usual : {".md", ".txt", ".csv"})
      if (std::string file = file_of(usual, files); !file.empty()) return file;
    return "README.md";
  }
  return has_any(words, kNumbers) ? "3" : "example";
}

bool says_kind(std::string_view name) {
  const std::vector<std::string> words = words_of(name);
  return !ending_of(words).empty() || has_any(words, kNumbers) || has_any(words, kFolders) ||
         has_any(words, kAddresses) || has_any(words, kOutputs) || has_any(words, kFiles) ||
         has_any(words, kPlain);
}

const std::vector<std::string>& project_files() {
  static const std::vector<std::string> kFound = {
      "README.md",   "stations.csv", "package.json", "pyproject.toml", "src/tidewatch/forecast.py",
      "web/chart.js"};
  return kFound;
}

}  // namespace skillaudit
