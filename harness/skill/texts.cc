#include "harness/skill/texts.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <utility>

#include "harness/base/among.h"
#include "harness/base/ascii.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/skill/opaque.h"

namespace skillaudit {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaximumText = 1 << 20;
constexpr std::uint64_t kMaximumOtherTexts = 32 << 20;

constexpr auto kScriptSuffixes = std::to_array<std::string_view>(
    {".sh", ".bash", ".zsh", ".ksh", ".fish", ".py",  ".js",  ".mjs",    ".cjs",
     ".ts", ".mts",  ".rb",  ".pl",  ".php",  ".lua", ".tcl", ".awk",    ".r",
     ".jl", ".ps1",  ".bat", ".cmd", ".go",   ".exs", ".mk",  ".command"});
constexpr auto kDataSuffixes = std::to_array<std::string_view>(
    {".md",  ".markdown", ".txt", ".rst",  ".adoc", ".json", ".jsonl", ".yaml",
     ".yml", ".toml",     ".ini", ".cfg",  ".csv",  ".tsv",  ".xml",   ".html",
     ".css", ".svg",      ".sql", ".conf", ".lock", ".tex"});

std::string suffix_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? "" : ascii_lower(name.substr(dot));
}

/// The first bytes of a file that is not read as a whole.
std::string head_of(const fs::path& path) {
  std::string head(kMagicBytes, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  return head;
}

/// The file's content when `whole`, else empty; its digest in either case.
std::string read(const fs::path& path, bool whole, std::string& digest) {
  try {
    if (!whole) {
      digest = sha256_file(path);
      return {};
    }
    std::string content = read_file(path, kMaximumText);
    digest = sha256(content);
    return content;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Environment) throw;
    fail(ErrorKind::Skill,
         "{}: make it readable for the user who runs skillaudit (chmod u+r), or remove it from the "
         "skill",
         printable(error.what()));
  }
}

bool is_text(std::string_view content) {
  return content.find('\0') == std::string_view::npos && is_utf8(content);
}

/// As agents read it: what is no character becomes U+FFFD.
std::string with_replacements(std::string_view content) {
  std::string text;
  while (!content.empty()) {
    std::uint32_t c = 0;
    const std::size_t length = utf8_sequence(content, c);
    if (length == 0 || c == 0)
      text += "\ufffd";
    else
      text += content.substr(0, length);
    content.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return text;
}

/// Notes a file that cannot be examined as text: what it is, or that it should have been one.
void note_unread(const SkillFile& file, std::string_view head, Skill& skill) {
  if (const std::string_view kind = opaque_kind(head); !kind.empty()) {
    if (skill.static_facts.size() < kMostStaticFacts)
      skill.static_facts.push_back({StaticFactKind::OpaqueFile, file.path, 0, std::string(kind)});
  } else if (file.path == "SKILL.md") {
    skill.notes.emplace_back(
        "SKILL.md is not UTF-8 text, and agents replace what they cannot read: save it as UTF-8");
  } else if (file.size <= kMaximumText && (documents(file.path) || is_script(file.path, 0, head))) {
    skill.notes.push_back(
        fmt::format("{} is not UTF-8 text: it was not checked as text", printable(file.path)));
  }
}

}  // namespace

bool documents(std::string_view path) {
  if (path == "SKILL.md") return true;
  const std::string name = ascii_lower(path);
  static constexpr auto kReadme = std::to_array<std::string_view>(
      {"readme", "readme.md", "readme.markdown", "readme.txt", "readme.rst", "readme.adoc"});
  return among(kReadme, name);
}

bool is_script(std::string_view path, std::uint32_t mode, std::string_view text) {
  if (documents(path)) return false;
  if (text.starts_with("#!")) return true;
  const std::string suffix = suffix_of(path);
  if (among(kScriptSuffixes, suffix)) return true;
  return (mode & 0111) != 0 && !among(kDataSuffixes, suffix);
}

void read_files(const fs::path& root, const std::string& shown, Skill& skill) {
  std::uint64_t other_texts = 0;
  std::size_t left_out = 0;
  for (SkillFile& file : skill.files) {
    check_interrupt();
    // A link's target is in the list itself; but what has a meaning by its name may be a link.
    const bool is_link = !file.link_target.empty();
    const bool named = documents(file.path) || file.path == "audit.yaml";
    if (is_link && !(named && fs::is_regular_file(root / file.path))) continue;
    std::string digest;
    const bool whole = is_link || file.size <= kMaximumText;
    std::string content = read(root / file.path, whole, digest);
    if (!is_link) file.sha256 = digest;
    if (!whole) {
      if (documents(file.path) || is_script(file.path, file.mode, ""))
        skill.notes.push_back(fmt::format("{} has {}, more than 1 MiB: it was not checked as text",
                                          printable(file.path), human_bytes(file.size)));
      if (!is_link) note_unread(file, head_of(root / file.path), skill);
      continue;
    }
    if (!is_text(content)) {
      if (!is_link) note_unread(file, content, skill);
      if (file.path != "SKILL.md") continue;
      content = with_replacements(content);
    }
    SkillText text{file.path, std::move(content), documents(file.path), false};
    text.executable = is_script(file.path, is_link ? 0 : file.mode, text.text);
    if (!text.documents && !text.executable) {
      if (other_texts + text.text.size() > kMaximumOtherTexts) {
        ++left_out;
        continue;
      }
      other_texts += text.text.size();
    }
    skill.texts.push_back(std::move(text));
  }
  if (left_out > 0)
    skill.notes.push_back(fmt::format("{} in {} beyond 32 MiB were not checked",
                                      count_of(left_out, "text file"), shown));
}

}  // namespace skillaudit
