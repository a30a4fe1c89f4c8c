#include "harness/model/instructions.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "harness/base/text.h"
#include "harness/runner/shell_block.h"
#include "harness/skill/front_matter.h"
#include "harness/skill/markdown_blocks.h"

namespace skillaudit {
namespace {

// The imperative. "It runs `x`" tells what something does, not what to do.
constexpr auto kRunVerbs = std::to_array<std::string_view>(
    {"run", "execute", "invoke", "call", "start", "type", "use", "enter", "launch", "issue"});
constexpr auto kReadVerbs = std::to_array<std::string_view>(
    {"read", "open", "see", "load", "look", "follow", "consult", "check", "refer"});
constexpr auto kRunning = std::to_array<std::string_view>({"running", "executing", "calling"});
constexpr auto kReading = std::to_array<std::string_view>({"reading", "opening", "loading"});
// What may stand between the verb and its object.
constexpr auto kFillers = std::to_array<std::string_view>(
    {"the", "this", "that",   "a",      "an",       "following", "command", "commands", "script",
     "it",  "by",   "with",   "using",  "program",  "file",      "files",   "document", "guide",
     "at",  "in",   "from",   "to",     "contents", "content",   "of",      "first",    "then",
     "all", "as",   "please", "simply", "just",     "also",      "helper",  "its",      "shell"});
constexpr auto kForbidding = std::to_array<std::string_view>(
    {"not", "never", "don't", "don’t", "cannot", "can't", "won't", "will", "would", "avoid",
     "instead", "without", "must not", "doesn't"});
constexpr std::size_t kMostFillers = 5;

template <std::size_t N>
bool among(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// Running text: a paragraph, or an item of a list, its lines joined by blanks.
struct Paragraph {
  int line = 0;
  bool item = false;
  std::string text;
};

/// Length of "- ", "12. " or "- [ ] " with the blanks before it, or 0.
std::size_t list_marker(std::string_view line) {
  const std::size_t start = std::min(line.find_first_not_of(" \t"), line.size());
  std::size_t at = start;
  while (at < line.size() && at - start < 9 && std::isdigit(static_cast<unsigned char>(line[at])))
    ++at;
  const std::string_view closers = at > start ? ".)" : "-*+";
  if (at >= line.size() || closers.find(line[at]) == std::string_view::npos) return 0;
  if (at + 1 >= line.size() || line[at + 1] != ' ') return 0;
  at += 2;
  for (const std::string_view box : {"[ ] ", "[x] "})
    if (line.substr(at).starts_with(box)) at += box.size();
  return at;
}

/// Which lines, by number, are fences or between them.
std::vector<bool> fenced_lines(const std::vector<CodeBlock>& blocks, std::size_t lines) {
  std::vector<bool> fenced(lines + 2);
  for (const CodeBlock& block : blocks) {
    const auto length =
        static_cast<std::size_t>(std::count(block.code.begin(), block.code.end(), '\n'));
    const auto first = static_cast<std::size_t>(block.line) - 1;
    for (std::size_t i = first; i <= first + length + 1 && i < fenced.size(); ++i) fenced[i] = true;
  }
  return fenced;
}

std::vector<Paragraph> paragraphs_of(std::string_view markdown,
                                     const std::vector<CodeBlock>& blocks) {
  const auto lines = split(markdown, '\n');
  const std::vector<bool> fenced = fenced_lines(blocks, lines.size());
  std::vector<Paragraph> paragraphs;
  bool open = false;
  for (auto i = static_cast<std::size_t>(front_matter_lines(markdown)); i < lines.size(); ++i) {
    std::string_view line = lines[i];
    while (trim(line).starts_with('>')) line = line.substr(line.find('>') + 1);
    const std::string_view text = trim(line);
    // What a table says of a command is what it does.
    if (fenced[i + 1] || text.empty() || text.starts_with('#') || text.starts_with('|')) {
      open = false;
      continue;
    }
    const std::size_t marker = list_marker(line);
    if (!open || marker > 0) {
      paragraphs.push_back({static_cast<int>(i) + 1, marker > 0, ""});
      open = true;
    }
    std::string& whole = paragraphs.back().text;
    if (!whole.empty()) whole += ' ';
    whole += trim(line.substr(marker));
  }
  return paragraphs;
}

/// Code or a link within running text.
struct Span {
  std::size_t start = 0;
  std::size_t end = 0;
  std::string text;  ///< the code, or the link's target
  bool link = false;
};

std::optional<Span> code_span(std::string_view text, std::size_t at) {
  std::size_t ticks = 0;
  while (at + ticks < text.size() && text[at + ticks] == '`') ++ticks;
  const std::string mark(ticks, '`');
  std::size_t end = at + ticks;
  for (;; end += 1) {
    end = text.find(mark, end);
    if (end == std::string_view::npos) return std::nullopt;
    const bool longer = end + ticks < text.size() && text[end + ticks] == '`';
    if (!longer && text[end - 1] != '`') break;
  }
  return Span{at, end + ticks, std::string(trim(text.substr(at + ticks, end - at - ticks)))};
}

std::optional<Span> link_span(std::string_view text, std::size_t at) {
  const std::size_t middle = text.find("](", at);
  if (middle == std::string_view::npos || text.find('[', at + 1) < middle) return std::nullopt;
  const std::size_t end = text.find(')', middle);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view inner = trim(text.substr(middle + 2, end - middle - 2));
  const std::string_view target = inner.substr(0, inner.find_first_of(" #?"));
  return Span{at, end + 1, std::string(target), true};
}

std::vector<Span> spans_of(std::string_view text) {
  std::vector<Span> spans;
  for (std::size_t at = 0; at < text.size();) {
    std::optional<Span> span;
    if (text[at] == '`') span = code_span(text, at);
    if (text[at] == '[') span = link_span(text, at);
    if (!span) {
      // A run of backticks that nothing closes is text.
      do ++at;
      while (at < text.size() && text[at] == '`' && text[at - 1] == '`');
      continue;
    }
    at = span->end;
    spans.push_back(std::move(*span));
  }
  return spans;
}

/// The words of the sentence that leads to `at`, in lower case, the last one first.
std::vector<std::string> words_before(std::string_view text, std::size_t at) {
  std::vector<std::string> words;
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) words.emplace_back(word.rbegin(), word.rend());
    word.clear();
  };
  for (std::size_t i = at; i > 0 && words.size() < 12; --i) {
    const char c = text[i - 1];
    const bool ends = c == '.' || c == '!' || c == '?' || c == ';';
    // "e.g. `x`" and "file.txt" end no sentence.
    if (ends && i < text.size() && text[i] == ' ' && (i < 2 || text[i - 2] != 'g')) break;
    if (c == '`') break;
    if (std::isspace(static_cast<unsigned char>(c)) || c == ',' || c == ':' || c == '*' ||
        c == '(' || c == '"' || c == '_')
      finish();
    else
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  finish();
  return words;
}

std::optional<Instruction::Kind> verb_kind(const std::vector<std::string>& words, std::size_t i) {
  const std::string& word = words[i];
  const bool gerund = i + 1 < words.size() && words[i + 1] == "by";
  if (among(kRunVerbs, word) || (gerund && among(kRunning, word))) return Instruction::Kind::Run;
  if (among(kReadVerbs, word) || (gerund && among(kReading, word))) return Instruction::Kind::Read;
  return std::nullopt;
}

/// What the words before code tell to do with it.
std::optional<Instruction::Kind> told(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size() && i <= kMostFillers; ++i) {
    if (const auto kind = verb_kind(words, i)) {
      for (std::size_t j = i + 1; j < words.size() && j <= i + 3; ++j)
        if (among(kForbidding, words[j])) return std::nullopt;
      return kind;
    }
    if (!among(kFillers, words[i])) return std::nullopt;
  }
  return std::nullopt;
}

/// "`a`, then `b`": what is said of the first holds for the second too.
bool only_joins(std::string_view between) {
  static constexpr auto kJoins =
      std::to_array<std::string_view>({",", "and", ", and", "then", ", then", "and then",
                                       ", and then", "followed by", ", followed by", "&"});
  return among(kJoins, trim(between));
}

bool is_program_word(std::string_view word) {
  return !word.empty() && word.front() != '-' &&
         std::all_of(word.begin(), word.end(), [](unsigned char c) {
           return std::isalnum(c) || std::string_view("_./+-~$={}").find(static_cast<char>(c)) !=
                                         std::string_view::npos;
         });
}

bool is_script(std::string_view word) { return word.ends_with(".sh") || word.ends_with(".py"); }

bool could_be_command(std::string_view code) {
  const std::string_view first = code.substr(0, code.find(' '));
  if (!is_program_word(first) || first.ends_with('/')) return false;
  return first.size() < code.size() || is_script(first) || first.starts_with("./") ||
         first.starts_with("scripts/");
}

bool could_be_path(std::string_view text) {
  if (text.empty() || text.size() > 300 || text.front() == '-' || text.ends_with('/')) return false;
  if (text.find("://") != std::string_view::npos ||
      text.find_first_of(" \t()*|&;<>\"'`\\,") != std::string_view::npos)
    return false;
  const std::size_t slash = text.rfind('/');
  const std::string_view last = slash == std::string_view::npos ? text : text.substr(slash + 1);
  const std::size_t dot = last.rfind('.');
  const bool suffix = dot != std::string_view::npos && dot + 1 < last.size() &&
                      last.size() - dot <= 6 && dot + 1 != 0;
  return slash != std::string_view::npos ? text.find_first_of("/~.$") != std::string_view::npos
                                         : suffix;
}

/// A script is named without its interpreter as often as with it, and has no x bit as often as one.
std::string with_interpreter(const std::string& code) {
  const std::string first = code.substr(0, code.find(' '));
  if (first.starts_with("./") || first.starts_with('/') || first.starts_with('~')) return code;
  if (first.find('=') != std::string::npos) return code;
  if (first.ends_with(".sh")) return "bash " + code;
  if (first.ends_with(".py")) return "python3 " + code;
  return code;
}

std::optional<Instruction> instruction_of(const Paragraph& paragraph, const Span& span,
                                          Instruction::Kind kind) {
  Instruction instruction{.kind = kind, .line = paragraph.line, .link = span.link};
  if (kind == Instruction::Kind::Run && !span.link && could_be_command(span.text)) {
    instruction.what = with_interpreter(fill_placeholders(span.text));
    return instruction;
  }
  // "Use `references/api.md`" means reading it; a link that is not to a document is none's command.
  const bool document = span.text.ends_with(".md");
  if (kind == Instruction::Kind::Run && !document) return std::nullopt;
  if ((span.link && !document) || !could_be_path(span.text)) return std::nullopt;
  instruction.kind = Instruction::Kind::Read;
  instruction.what = span.text;
  return instruction;
}

bool stands_alone(const Paragraph& paragraph, const Span& span) {
  if (!paragraph.item || span.link || span.start != 0) return false;
  return trim(std::string_view(paragraph.text).substr(span.end)).find_first_not_of(".,;:") ==
         std::string_view::npos;
}

void add_from(const Paragraph& paragraph, std::vector<Instruction>& instructions) {
  std::optional<Instruction::Kind> last;
  std::size_t last_end = 0;
  for (const Span& span : spans_of(paragraph.text)) {
    std::optional<Instruction::Kind> kind = told(words_before(paragraph.text, span.start));
    const std::string_view between =
        std::string_view(paragraph.text).substr(last_end, span.start - last_end);
    if (!kind && last && only_joins(between)) kind = last;
    if (!kind && stands_alone(paragraph, span)) {
      const BlockCommand command = command_of({paragraph.line, "", span.text + "\n"});
      if (!command.command.empty() || !command.reason_not_run.empty())
        kind = Instruction::Kind::Run;
    }
    last = kind;
    last_end = span.end;
    if (!kind) continue;
    if (std::optional<Instruction> found = instruction_of(paragraph, span, *kind))
      instructions.push_back(std::move(*found));
  }
}

}  // namespace

std::vector<Instruction> instructions_of(std::string_view markdown) {
  std::vector<Instruction> instructions;
  const std::vector<CodeBlock> blocks = code_blocks(markdown);
  for (const CodeBlock& block : blocks) {
    BlockCommand command = command_of(block);
    if (command.command.empty() && !command.reason_not_run.empty())
      command = command_of({block.line, block.language, fill_placeholders(block.code)});
    if (!command.command.empty())
      instructions.push_back({.line = block.line, .what = std::move(command.command)});
  }
  for (const Paragraph& paragraph : paragraphs_of(markdown, blocks))
    add_from(paragraph, instructions);
  std::stable_sort(
      instructions.begin(), instructions.end(),
      [](const Instruction& one, const Instruction& other) { return one.line < other.line; });
  return instructions;
}

}  // namespace skillaudit
