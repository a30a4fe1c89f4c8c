#include "harness/runner/skill_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// A word of a shell command: where it stands, and what it is without its quotes.
struct Word {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string value;
  bool plain = true;  ///< nothing in it is expanded
};

bool ends_word(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0 ||
         std::string_view(";&|()<>`").find(c) != std::string_view::npos;
}

/// Splits a command into words, and the words into simple commands.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  std::vector<std::vector<Word>> commands() {
    while (at_ < text_.size()) step();
    end_command();
    return std::move(commands_);
  }
  /// Where they stand.
  [[nodiscard]] const std::vector<std::pair<std::size_t, std::size_t>>& comments() const {
    return comments_;
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '#') {
      const std::size_t end = std::min(text_.find('\n', at_), text_.size());
      comments_.emplace_back(at_, end);
      at_ = end;
    } else if (c == '\\' && text_.substr(at_, 2) == "\\\n") {
      at_ += 2;
    } else if (text_.substr(at_).starts_with("<<") && !text_.substr(at_).starts_with("<<<")) {
      begin_document();
    } else if (c == '<' || c == '>' || c == ' ' || c == '\t' || c == '\r') {
      ++at_;
    } else if (c == '$' && text_.substr(at_, 2) == "$(") {
      at_ += 2;
      end_command();
    } else if (ends_word(c)) {
      ++at_;
      end_command();
      if (c == '\n') skip_documents();
    } else {
      command_.push_back(word());
    }
  }

  void end_command() {
    if (!command_.empty()) commands_.push_back(std::move(command_));
    command_.clear();
  }

  Word word() {
    Word found;
    found.begin = at_;
    char quote = '\0';
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (quote == '\0' && ends_word(c)) break;
      if (quote == '\0' && c == '$' && text_.substr(at_, 2) == "$(" && at_ > found.begin) break;
      if (c == quote) {
        quote = '\0';
      } else if (quote == '\0' && (c == '"' || c == '\'')) {
        quote = c;
      } else {
        if (quote != '\'' && (c == '$' || c == '`' || c == '\\')) found.plain = false;
        if (quote == '\0' && (c == '*' || c == '?' || c == '[' || c == '{')) found.plain = false;
        if (c == '\\' && quote != '\'' && at_ + 1 < text_.size()) ++at_;
        found.value += text_[at_];
      }
    }
    found.end = at_;
    return found;
  }

  void begin_document() {
    at_ += 2;
    if (at_ < text_.size() && text_[at_] == '-') ++at_;
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    documents_.push_back(word().value);
  }

  void skip_documents() {
    for (const std::string& delimiter : documents_)
      while (at_ < text_.size()) {
        const std::size_t end = std::min(text_.find('\n', at_), text_.size());
        const bool last = trim(text_.substr(at_, end - at_)) == delimiter;
        at_ = std::min(end + 1, text_.size());
        if (last) break;
      }
    documents_.clear();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Word> command_;
  std::vector<std::vector<Word>> commands_;
  std::vector<std::pair<std::size_t, std::size_t>> comments_;
  std::vector<std::string> documents_;  ///< delimiters of those that begin on the next line
};

/// Programs whose arguments are no paths of files, or whose names of files mean the project's.
constexpr auto kOthers = std::to_array<std::string_view>(
    {"echo",  "printf", "git",     "gh",      "make", "npm",    "npx",
     "yarn",  "pnpm",   "apt",     "apt-get", "brew", "docker", "export",
     "mkdir", "alias",  "command", "which",   "type", "kill",   "pkill"});

/// Quoted only where it must be.
std::string readable_word(const std::string& word) {
  const bool safe = std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '/' || c == '.' || c == '-' || c == '_';
  });
  return safe ? word : shell_quote(word);
}

std::string_view without_dot(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

/// "scripts/x.sh/" → "scripts/x.sh".
std::string_view without_slash(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

class Locator {
 public:
  Locator(std::string_view text, const SkillPaths& paths, const std::string& folder)
      : text_(text), paths_(paths), prefix_(readable_word(folder + "/")), rest_(text) {}

  LocatedCommand run() {
    Words words(text_);
    for (const std::vector<Word>& command : words.commands()) take(command);
    for (const auto& [begin, end] : words.comments()) blank(begin, end);
    LocatedCommand located;
    std::size_t at = 0;
    std::sort(places_.begin(), places_.end());
    for (const auto& [begin, end] : places_) {
      located.command.append(text_.substr(at, begin - at)).append(prefix_);
      at = end;
    }
    located.command.append(text_.substr(at));
    located.needs_skill_folder = changes_folder_ || still_names();
    return located;
  }

 private:
  void take(const std::vector<Word>& command) {
    const bool changes = command[0].value == "cd" || command[0].value == "pushd";
    const bool others =
        std::find(kOthers.begin(), kOthers.end(), command[0].value) != kOthers.end();
    for (std::size_t i = 0; i < command.size(); ++i) {
      const Word& word = command[i];
      // Behind "NAME=" and "--option=" stands a path of its own.
      const std::size_t equals = word.value.find('=');
      const std::size_t slash = word.value.find('/');
      std::size_t skip = 0;
      if (equals != std::string::npos && equals < slash &&
          text_.substr(word.begin, equals + 1) == word.value.substr(0, equals + 1))
        skip = equals + 1;
      const std::string_view path = std::string_view(word.value).substr(skip);
      if (!names(path, word.plain, skip == 0 && (i == 0 || others))) continue;
      if (changes) changes_folder_ = true;
      place(word, skip);
    }
  }

  /// `by_slash`: only what is written with a slash may be a path.
  [[nodiscard]] bool names(std::string_view written, bool plain, bool by_slash) const {
    if (written.find(' ') != std::string_view::npos && !plain) return false;
    const std::string_view path = without_slash(without_dot(written));
    const bool dotted = written.starts_with("./");
    if (path.empty() || path.front() == '/' || path.starts_with("..")) return false;
    const std::size_t slash = path.find('/');
    if (slash != std::string_view::npos) return paths_.folders.contains(path.substr(0, slash));
    if (!plain || (by_slash && !dotted && !written.ends_with('/'))) return false;
    if (paths_.folders.contains(path)) return true;
    return paths_.files.contains(path) && (dotted || path.find('.') != std::string_view::npos);
  }

  void place(const Word& word, std::size_t skip) {
    std::size_t begin = word.begin + skip;
    std::size_t end = begin;
    while (text_.substr(end, 2) == "./") end += 2;
    places_.emplace_back(begin, end);
    blank(word.begin, word.end);
  }

  void blank(std::size_t begin, std::size_t end) {
    rest_.replace(begin, end - begin, end - begin, ' ');
  }

  /// Whether what was not rewritten names a file of the skill, or imports one.
  [[nodiscard]] bool still_names() const {
    return std::any_of(paths_.files.begin(), paths_.files.end(), [&](const std::string& file) {
      const std::size_t slash = file.find('/');
      if (slash == std::string::npos)
        return file.ends_with(".py") && imports(file.substr(0, file.size() - 3));
      return stands_alone(file, "") || (file.ends_with(".py") && imports(file.substr(0, slash)));
    });
  }

  [[nodiscard]] bool imports(const std::string& module) const {
    return std::any_of(kImports.begin(), kImports.end(), [&](std::string_view each) {
      return stands_alone(std::string(each) + module, ".");
    });
  }
  static constexpr std::array<std::string_view, 3> kImports = {"-m ", "from ", "import "};

  /// Whether `what` stands in the rest as a word of its own; one of `after` may follow.
  [[nodiscard]] bool stands_alone(std::string_view what, std::string_view after) const {
    const auto is_part = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' ||
             c == '/' || c == '$' || c == '}';
    };
    for (std::size_t at = rest_.find(what); at != std::string::npos;
         at = rest_.find(what, at + 1)) {
      const std::size_t end = at + what.size();
      std::size_t begin = at;
      while (begin >= 2 && rest_.compare(begin - 2, 2, "./") == 0) begin -= 2;
      const bool ends = end >= rest_.size() || !is_part(rest_[end]) ||
                        (!after.empty() && after.find(rest_[end]) != std::string_view::npos);
      if (ends && (begin == 0 || !is_part(rest_[begin - 1]))) return true;
    }
    return false;
  }

  std::string_view text_;
  const SkillPaths& paths_;
  std::string prefix_;
  std::string rest_;  ///< the text, with blanks for what was rewritten
  std::vector<std::pair<std::size_t, std::size_t>> places_;
  bool changes_folder_ = false;
};

}  // namespace

SkillPaths::SkillPaths(const Skill& skill) {
  for (const SkillFile& file : skill.files) {
    files.insert(file.path);
    for (std::size_t at = file.path.find('/'); at != std::string::npos;
         at = file.path.find('/', at + 1))
      folders.insert(file.path.substr(0, at));
  }
}

LocatedCommand locate_skill_files(std::string_view command, const SkillPaths& paths,
                                  const std::string& folder) {
  return Locator(command, paths, folder).run();
}

}  // namespace skillaudit
