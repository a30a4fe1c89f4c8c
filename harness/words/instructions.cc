#include "harness/words/instructions.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "harness/base/among.h"
#include "harness/base/text.h"
#include "harness/consent/path_pattern.h"
#include "harness/skill/markdown_blocks.h"
#include "harness/words/act_command.h"
#include "harness/words/asked.h"
#include "harness/words/shell_block.h"
#include "harness/words/targets.h"

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
constexpr std::size_t kLongestSentence = 500;

/// Code or a link within running text.
struct Span {
  std::size_t start = 0;
  std::size_t end = 0;
  std::string text;  ///< the code, or the link's target
  bool link = false;
};

/// Running text: a paragraph, or the first one of a list's item, on one line.
struct Paragraph {
  int line = 0;
  bool item = false;
  std::string text = {};
  std::vector<Span> spans = {};

  void add_code(const std::string& code) {
    const std::size_t start = text.size();
    text += '`' + code + '`';
    spans.push_back({start, text.size(), std::string(trim(code))});
  }
  void add_link(const Inline& link) {
    const std::size_t start = text.size();
    text += '[' + link.text + "](" + link.target + ')';
    spans.push_back(
        {start, text.size(), link.target.substr(0, link.target.find_first_of(" #?")), true});
    // "[run `make all`][1]"
    for (std::size_t at = link.text.find('`'); at != std::string::npos;) {
      const std::size_t end = link.text.find('`', at + 1);
      if (end == std::string::npos) break;
      const std::string_view code = std::string_view(link.text).substr(at + 1, end - at - 1);
      spans.push_back({start + 1 + at, start + 2 + end, std::string(trim(code))});
      at = link.text.find('`', end + 1);
    }
  }
  void add_text(std::string_view piece) {
    if (text.empty() && item)
      for (const std::string_view box : {"[ ] ", "[x] "})
        if (piece.starts_with(box)) piece.remove_prefix(box.size());
    text += piece;
  }
};

/// Texts inside a document that an agent, which reads the source, takes for sentences: comments,
/// and indented code.
struct Source {
  std::string_view text;
  int line = 0;
};

Paragraph paragraph_of(const Block& block, std::vector<Source>& sources) {
  Paragraph paragraph{block.line, block.item};
  for (const Inline& piece : block.inlines) {
    switch (piece.kind) {
      case Inline::Kind::Text:
        paragraph.add_text(piece.text);
        break;
      case Inline::Kind::Code:
        paragraph.add_code(piece.text);
        break;
      case Inline::Kind::Link:
      case Inline::Kind::Image:
        paragraph.add_link(piece);
        break;
      case Inline::Kind::Html:
        if (piece.text.starts_with("<!--")) sources.push_back({piece.text, piece.line});
        break;
    }
  }
  return paragraph;
}

std::vector<Paragraph> paragraphs_of(const Document& document, std::vector<Source>& sources) {
  std::vector<Paragraph> paragraphs;
  for (const Block& block : document.blocks) {
    // What a table says of a command is what it does; some have no delimiter row.
    if (block.kind == Block::Kind::Paragraph && !block.text.starts_with('|'))
      paragraphs.push_back(paragraph_of(block, sources));
    if (block.kind == Block::Kind::Comment || block.kind == Block::Kind::IndentedCode)
      sources.push_back({block.text, block.line});
  }
  return paragraphs;
}

std::vector<Paragraph> paragraphs_of(const Document& document) {
  std::vector<Source> sources;
  std::vector<Source> ignored;  // a comment in a comment
  std::vector<Paragraph> paragraphs = paragraphs_of(document, sources);
  for (auto [text, line] : sources) {
    if (text.starts_with("<!--")) text.remove_prefix(4);
    if (trim(text).ends_with("-->")) text = text.substr(0, text.rfind("-->"));
    for (Paragraph& inner : paragraphs_of(parse_document(text), ignored)) {
      inner.line += line - 1;
      paragraphs.push_back(std::move(inner));
    }
  }
  return paragraphs;
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
  Instruction instruction{.kind = kind,
                          .line = paragraph.line,
                          .link = span.link,
                          .sentence = shorten(paragraph.text, kLongestSentence)};
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
  for (const Span& span : paragraph.spans) {
    std::optional<Instruction::Kind> kind = told(words_before(paragraph.text, span.start));
    const std::string_view between =
        span.start < last_end
            ? ""
            : std::string_view(paragraph.text).substr(last_end, span.start - last_end);
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

/// What is left to the reader in the project is work of the reader's own: nothing to follow to the
/// letter, and no text that is worth a file.
bool is_own_work(const Asked& asked) {
  // "Push the branch": to the remote that the user gave the project.
  if (asked.act == Act::Send && asked.targets.front().kind == ActTarget::Kind::Name) return true;
  const bool outside =
      std::any_of(asked.targets.begin(), asked.targets.end(), [](const ActTarget& target) {
        return target.grave && (target.kind != ActTarget::Kind::Path || is_outside(target.text));
      });
  const bool writes = asked.act == Act::Write || asked.act == Act::Append;
  return !outside && (asked.act == Act::Read || (writes && asked.content.empty()));
}

std::optional<Instruction> instruction_of(const Asked& asked) {
  if (is_own_work(asked)) return std::nullopt;
  Instruction instruction{.line = asked.line,
                          .sentence = shorten(asked.sentence, kLongestSentence)};
  const ActTarget& first = asked.targets.front();
  const bool one_file = asked.act == Act::Read && asked.targets.size() == 1 && !first.all_in &&
                        first.kind == ActTarget::Kind::Path && !is_pattern(first.text);
  if (one_file) {
    instruction.kind = Instruction::Kind::Read;
    instruction.what = first.text;
    return instruction;
  }
  if (asked.act == Act::Run && first.kind == ActTarget::Kind::Command &&
      !could_be_command(trim(first.text)))
    return std::nullopt;
  instruction.what = command_of(asked);
  instruction.in_project = asked.act != Act::Run;
  if (asked.act == Act::Run) instruction.what = with_interpreter(instruction.what);
  return instruction;
}

void add_asked(const Document& document, std::vector<Instruction>& instructions) {
  for (const Asked& asked : read_words(document).asked) {
    std::optional<Instruction> more = instruction_of(asked);
    const bool known =
        !more || std::any_of(instructions.begin(), instructions.end(),
                             [&](const Instruction& each) { return each.what == more->what; });
    if (!known) instructions.push_back(std::move(*more));
  }
}

}  // namespace

std::vector<Instruction> instructions_of(std::string_view markdown) {
  std::vector<Instruction> instructions;
  const Document document = parse_document(markdown);
  for (const CodeBlock& block : code_blocks(document)) {
    BlockCommand command = command_of(block);
    if (command.command.empty() && !command.reason_not_run.empty())
      command = command_of({block.line, block.language, fill_placeholders(block.code)});
    if (!command.command.empty())
      instructions.push_back({.line = block.line, .what = std::move(command.command)});
  }
  for (const Paragraph& paragraph : paragraphs_of(document)) add_from(paragraph, instructions);
  add_asked(document, instructions);
  std::stable_sort(
      instructions.begin(), instructions.end(),
      [](const Instruction& one, const Instruction& other) { return one.line < other.line; });
  return instructions;
}

}  // namespace skillaudit
