#include "harness/consent/documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/consent/declared.h"
#include "harness/consent/page_statements.h"
#include "harness/consent/path_pattern.h"
#include "harness/skill/front_matter.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostDocuments = 200;
constexpr std::size_t kMostBytes = 8 << 20;
constexpr std::size_t kMostClaims = 100'000;
constexpr std::size_t kMostCuts = 100;

bool is_prose(std::string_view path) {
  static constexpr auto kSuffixes =
      std::to_array<std::string_view>({".md", ".markdown", ".txt", ".rst", ".adoc", ".mdx"});
  return std::any_of(kSuffixes.begin(), kSuffixes.end(),
                     [path](std::string_view suffix) { return path.ends_with(suffix); });
}

/// A link's target as a path of the skill: without "./", "#anchor" and "?query".
std::string target_of(std::string_view link) {
  link = link.substr(0, link.find_first_of("#?"));
  if (link.find("://") != std::string_view::npos) return {};
  const std::string path = canonical_path(link);
  return path.starts_with("./") ? path.substr(2) : std::string{};
}

class DocumentReader {
 public:
  explicit DocumentReader(const Skill& skill) : skill_(skill) {
    for (const SkillText& text : skill.texts)
      if (!text.documents && !text.executable && is_prose(text.path))
        linkable_.emplace(text.path, &text);
  }

  ReadDocuments read() {
    for (const SkillText& text : skill_.texts)
      if (text.documents && text.path == "SKILL.md") manifest(text);
    for (const SkillText& text : skill_.texts)
      if (text.documents && text.path != "SKILL.md") document(text.path, text.text, 1);
    for (const std::string& path : linked_) document(path, linkable_.at(path)->text, 1);
    for (const SkillText& text : skill_.texts)
      if (text.path == "audit.yaml") append(declared_statements(text.text, skill_.declares));
    return std::move(result_);
  }

 private:
  void cut(std::string text) {
    if (result_.cuts.size() < kMostCuts) result_.cuts.push_back(std::move(text));
  }

  void append(std::vector<Statement> statements) {
    for (const Statement& statement : statements) claims_ += statement.claims.size() + 1;
    std::move(statements.begin(), statements.end(), std::back_inserter(result_.statements));
  }

  /// SKILL.md: three fields of its front matter, and its body.
  void manifest(const SkillText& text) {
    const int head = front_matter_lines(text.text);
    field(text.text, head, "description", skill_.description);
    field(text.text, head, "compatibility", skill_.compatibility);
    std::size_t at = 0;
    for (int line = 0; line < head && at != std::string::npos; ++line) {
      at = text.text.find('\n', at);
      if (at != std::string::npos) ++at;
    }
    const std::string_view body =
        at == std::string::npos ? "" : std::string_view(text.text).substr(at);
    Page page = read_page(body, head + 1);
    find_links(page);
    page_of(page, "SKILL.md");
  }

  void field(std::string_view text, int head, std::string_view key, const std::string& value) {
    if (value.empty()) return;
    int number = 0;
    int line = 1;
    for (const std::string_view each : split(text, '\n')) {
      if (++number > head) break;
      if (each.starts_with(key) && each.substr(key.size()).starts_with(":")) line = number;
    }
    document("SKILL.md", value, line);
    // The value may be folded: its own lines are not those of the file.
    for (auto each = result_.statements.rbegin(); each != result_.statements.rend(); ++each) {
      if (each->place.line < line || each->place.column < 0) break;
      each->place = {"SKILL.md", line, 0};
    }
  }

  void document(const std::string& path, std::string_view text, int first_line) {
    if (++documents_ > kMostDocuments || bytes_ + text.size() > kMostBytes)
      return cut(path + ": left out: the documents have more than 8 MiB, or are more than 200");
    bytes_ += std::min<std::size_t>(text.size(), 1 << 20);
    page_of(read_page(text, first_line), path);
  }

  void page_of(const Page& page, const std::string& path) {
    for (const std::string& each : page.cuts) cut(path + ": " + each);
    if (claims_ >= kMostClaims)
      return cut(path + ": left out: the documents say more than 100,000 things");
    bool too_many = false;
    append(statements_of(page, path, kMostClaims - claims_, too_many));
    if (too_many) cut(path + ": its end: the documents say more than 100,000 things");
  }

  /// Documents that SKILL.md links to, or names by their path where a reader sees it.
  void find_links(const Page& page) {
    const auto add = [&](const std::string& path) {
      if (linkable_.contains(path)) linked_.insert(path);
    };
    for (const std::string& link : page.links) add(target_of(link));
    for (const PageBlock& block : page.blocks)
      for (const auto& cell : block.cells)
        for (const PageText& text : cell) {
          if (!text.hidden_by.empty()) continue;
          for (const std::string_view line : split(text.text, ' '))
            if (line.find('.') != std::string_view::npos) add(target_of(without_edges(line)));
        }
  }
  static std::string_view without_edges(std::string_view word) {
    while (!word.empty() &&
           std::string_view("(,;:.)\"'").find(word.back()) != std::string_view::npos)
      word.remove_suffix(1);
    while (!word.empty() && std::string_view("(\"'").find(word.front()) != std::string_view::npos)
      word.remove_prefix(1);
    return word;
  }

  const Skill& skill_;
  std::map<std::string, const SkillText*> linkable_;
  std::set<std::string> linked_;
  ReadDocuments result_;
  std::size_t documents_ = 0;
  std::size_t bytes_ = 0;
  std::size_t claims_ = 0;
};

}  // namespace

ReadDocuments read_documents(const Skill& skill) { return DocumentReader(skill).read(); }

}  // namespace skillaudit
