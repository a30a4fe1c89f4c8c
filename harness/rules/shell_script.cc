#include "harness/rules/shell_script.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <utility>

#include "harness/changes/locations.h"
#include "harness/skill/shell_tokens.h"

namespace skillaudit {
namespace {

using Names = std::set<std::string>;

constexpr int kDeepest = 12;
constexpr std::size_t kDeepestBlock = 200;

bool is_assignment(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == 0 || equals == std::string_view::npos) return false;
  return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '+';
  });
}

/// Takes `sudo -u x`, `env A=b`, `timeout 5`, `xargs -0` and assignments off the front.
void drop_wrappers(std::vector<std::string>& words) {
  static constexpr std::array<std::string_view, 15> kWrappers = {
      "sudo",  "doas",    "env",    "exec",   "nohup",   "time",    "nice",   "ionice",
      "xargs", "timeout", "stdbuf", "setsid", "builtin", "command", "busybox"};
  static constexpr std::array<std::string_view, 9> kTakeValue = {"-u", "-g", "-n", "-I", "-P",
                                                                 "-k", "-s", "-L", "-d"};
  std::size_t at = 0;
  while (at < words.size()) {
    const std::string& word = words[at];
    if (is_assignment(word)) {
      ++at;
      continue;
    }
    const bool tests_presence = word == "command" && at + 1 < words.size() &&
                                (words[at + 1] == "-v" || words[at + 1] == "-V");
    if (tests_presence ||
        std::find(kWrappers.begin(), kWrappers.end(), base_name(word)) == kWrappers.end()) {
      break;
    }
    const bool takes_duration = word == "timeout";
    const bool sudo = word == "sudo";
    ++at;
    while (at < words.size() && words[at].starts_with('-')) {
      const std::string& option = words[at];
      // sudo's -n ("never ask") takes no value; that of nice and xargs does.
      const bool takes_value =
          std::find(kTakeValue.begin(), kTakeValue.end(), option) != kTakeValue.end() &&
          !(sudo && option == "-n");
      at += takes_value ? 2 : 1;
    }
    if (takes_duration) ++at;
  }
  words.erase(words.begin(),
              words.begin() + static_cast<std::ptrdiff_t>(std::min(at, words.size())));
}

bool ends_script(std::string_view name) {
  return name == "exit" || name == "return" || name == "die" || name == "fail" || name == "abort" ||
         name == "false" || name == "fatal";
}

class Reader {
 public:
  std::vector<ShellCommand> read(std::string_view script) {
    walk(script, 1, {}, 0);
    return std::move(commands_);
  }

 private:
  enum class Kind { If, Loop, Case, Brace, Parenthesis };
  struct Frame {
    Kind kind = Kind::Brace;
    Names active;              ///< guards that hold inside
    Names outer;               ///< guards of the list in which the frame stands
    bool condition = false;    ///< between `if` and `then`
    Names positive, negative;  ///< tested in the condition
    bool has_and = false, has_or = false;
    std::vector<std::size_t> tolerated;  ///< commands whose failure leads into this frame
  };
  /// What is known while one script text is read.
  struct State {
    std::vector<Frame> frames;
    Names inherited;
    Names list_guards;
    std::vector<std::size_t> list;  ///< commands of the current and-or list
    std::string operator_before = "\n";
    bool negated = false;
    int depth = 0;
  };
  struct Pending {
    std::vector<std::string> words;
    std::vector<ShellToken::Nested> nested;
    int line = 0;
    bool discard = false;
  };

  void walk(std::string_view script, int line, const Names& inherited, int depth) {
    if (depth > kDeepest) return;
    State state;
    state.inherited = inherited;
    state.depth = depth;
    Pending pending;
    const std::vector<ShellToken> tokens = shell_tokens(script, line);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const ShellToken& token = tokens[i];
      if (!token.is_operator) {
        add_word(state, pending, token);
      } else if (token.text == "(") {
        const bool empty_next =
            i + 1 < tokens.size() && tokens[i + 1].is_operator && tokens[i + 1].text == ")";
        if (empty_next && pending.words.size() == 1) {
          defining_ = pending.words[0];
          pending = {};
          ++i;
        } else {
          push(state, Kind::Parenthesis);
        }
      } else {
        end_command(state, pending, token.text);
      }
    }
    end_command(state, pending, "\n");
  }

  void add_word(State& state, Pending& pending, const ShellToken& token) {
    if (pending.words.empty() && !token.quoted && !pending.discard &&
        reserved(state, pending, token.text)) {
      return;
    }
    if (pending.words.empty()) pending.line = token.line;
    pending.words.push_back(token.text);
    pending.nested.insert(pending.nested.end(), token.nested.begin(), token.nested.end());
  }

  static void push(State& state, Kind kind) {
    if (state.frames.size() >= kDeepestBlock) return;
    Frame frame;
    frame.kind = kind;
    frame.outer = std::exchange(state.list_guards, {});
    if (state.operator_before == "||") frame.tolerated = state.list;
    state.frames.push_back(std::move(frame));
    state.operator_before = "\n";
    state.list.clear();
  }

  static void pop(State& state, Kind kind) {
    if (state.frames.empty() || state.frames.back().kind != kind) return;
    state.list_guards = std::move(state.frames.back().outer);
    state.frames.pop_back();
    state.list.clear();
  }

  static Frame* open_if(State& state) {
    if (state.frames.empty() || state.frames.back().kind != Kind::If) return nullptr;
    return &state.frames.back();
  }

  /// Whether `word` is a reserved word at the start of a command; acts on it.
  bool reserved(State& state, Pending& pending, std::string_view word) {
    if (word == "if") {
      push(state, Kind::If);
      state.frames.back().condition = true;
    } else if (word == "then") {
      if (Frame* frame = open_if(state)) {
        frame->condition = false;
        frame->active = frame->has_or ? Names{} : frame->positive;
        if (frame->has_and) frame->negative.clear();
      }
    } else if (word == "elif") {
      if (Frame* frame = open_if(state)) {
        frame->condition = true;
        frame->active = std::exchange(frame->negative, {});
        frame->positive.clear();
        frame->has_and = frame->has_or = false;
      }
    } else if (word == "else") {
      if (Frame* frame = open_if(state)) frame->active = frame->negative;
    } else if (word == "fi") {
      pop(state, Kind::If);
    } else if (word == "while" || word == "until") {
      push(state, Kind::Loop);
    } else if (word == "for" || word == "select") {
      push(state, Kind::Loop);
      pending.discard = true;
    } else if (word == "case") {
      push(state, Kind::Case);
      pending.discard = true;
    } else if (word == "done") {
      pop(state, Kind::Loop);
    } else if (word == "esac") {
      pop(state, Kind::Case);
    } else if (word == "{") {
      push(state, Kind::Brace);
    } else if (word == "}") {
      pop(state, Kind::Brace);
    } else if (word == "!") {
      state.negated = !state.negated;
    } else {
      return word == "do" || word == "function" || word == "time";
    }
    return true;
  }

  Names guards(const State& state) const {
    Names all = state.inherited;
    all.insert(state.list_guards.begin(), state.list_guards.end());
    for (const Frame& frame : state.frames) {
      all.insert(frame.active.begin(), frame.active.end());
      all.insert(frame.outer.begin(), frame.outer.end());
    }
    return all;
  }

  /// Programs whose presence the command tests: `command -v X`, `which X`, `type X`, `hash X`, or
  /// a function of the script that does so with its first argument.
  Names tested_by(const std::vector<std::string>& words) const {
    if (words.size() < 2) return {};
    const bool is_test = words[0] == "which" || words[0] == "type" || words[0] == "hash" ||
                         (words[0] == "command" && words[1].starts_with("-v")) ||
                         (words[0] == "command" && words[1].starts_with("-V")) ||
                         testers_.contains(words[0]);
    Names tested;
    for (std::size_t i = 1; is_test && i < words.size(); ++i) {
      if (!words[i].starts_with('-')) tested.insert(std::string(base_name(words[i])));
    }
    return tested;
  }

  /// As tested_by(), for `[ -x "$(command -v X)" ]`; `absent` is set for -z.
  Names tested_in_brackets(const Pending& pending, bool& absent) const {
    Names tested;
    if (pending.words.empty()) return tested;
    const std::string& name = pending.words[0];
    if (name != "[" && name != "[[" && name != "test") return tested;
    absent = std::find(pending.words.begin(), pending.words.end(), "-z") != pending.words.end();
    for (const ShellToken::Nested& nested : pending.nested) {
      std::vector<std::string> words;
      for (const ShellToken& token : shell_tokens(nested.script, 1)) {
        if (token.is_operator) break;
        words.push_back(token.text);
      }
      tested.merge(tested_by(words));
    }
    return tested;
  }

  void end_command(State& state, Pending& pending, const std::string& op) {
    const bool in_case = !state.frames.empty() && state.frames.back().kind == Kind::Case;
    const bool is_pattern = op == ")" && in_case;
    const bool has_command = !pending.words.empty() && !pending.discard && !is_pattern;
    if (has_command) emit(state, pending, op);
    pending = {};
    state.negated = false;
    if (op == ")") pop(state, Kind::Parenthesis);
    if (op == "&&" || op == "||") {
      if (Frame* frame = open_if(state); frame != nullptr && frame->condition) {
        (op == "&&" ? frame->has_and : frame->has_or) = true;
      }
      if (op == "||" && !has_command) state.list_guards.clear();
    } else if (op != "|" && op != ")") {
      state.list_guards.clear();
      state.list.clear();
    }
    state.operator_before = op;
  }

  void emit(State& state, Pending& pending, const std::string& op) {
    const Names holding = guards(state);
    bool absent = false;
    Names tested = tested_in_brackets(pending, absent);
    for (const ShellToken::Nested& nested : pending.nested) {
      walk(nested.script, nested.line, holding, state.depth + 1);
    }
    drop_wrappers(pending.words);
    if (pending.words.empty()) return;
    if (tested.empty()) tested = tested_by(pending.words);
    if (tested.contains("$1") && !defining_.empty()) testers_.insert(defining_);
    defining_.clear();

    const std::string name(base_name(pending.words[0]));
    if (state.operator_before == "||" && !ends_script(name)) {
      for (const std::size_t index : state.list) commands_[index].tolerated = true;
    }
    if (ends_script(name)) {
      for (const Frame& frame : state.frames) {
        for (const std::size_t index : frame.tolerated) commands_[index].tolerated = false;
      }
    }
    sub_commands(pending, holding, state.depth);
    Frame* frame = open_if(state);
    const bool in_condition = frame != nullptr && frame->condition;
    add(pending.words, pending.line, holding);
    state.list.push_back(commands_.size() - 1);
    if (in_condition) {
      commands_.back().tolerated = true;  // unless the branch ends the script
      frame->tolerated.push_back(commands_.size() - 1);
    }

    const bool present = state.negated == absent;
    if (in_condition) (present ? frame->positive : frame->negative).merge(Names(tested));
    if (op == "||") state.list_guards.clear();
    if ((op == "&&" && present) || (op == "||" && !present)) state.list_guards.merge(tested);
  }

  /// `sh -c '…'`, `eval '…'`, `find … -exec …`.
  void sub_commands(const Pending& pending, const Names& holding, int depth) {
    const std::vector<std::string>& words = pending.words;
    const std::string_view name = base_name(words[0]);
    const bool is_shell = name == "sh" || name == "bash" || name == "dash" || name == "zsh";
    for (std::size_t i = 1; i < words.size(); ++i) {
      const bool is_script =
          (is_shell && i > 1 && words[i - 1].starts_with('-') && words[i - 1].ends_with('c')) ||
          name == "eval";
      if (is_script) {
        walk(words[i], pending.line, holding, depth + 1);
      } else if (words[i - 1] == "-exec" || words[i - 1] == "-execdir" || words[i - 1] == "-ok") {
        add({words.begin() + static_cast<std::ptrdiff_t>(i), words.end()}, pending.line, holding);
      }
    }
  }

  void add(std::vector<std::string> words, int line, const Names& holding) {
    ShellCommand command;
    command.words = std::move(words);
    command.line = line;
    command.guards.assign(holding.begin(), holding.end());
    commands_.push_back(std::move(command));
  }

  std::vector<ShellCommand> commands_;
  Names testers_;         ///< functions of the script that test for their first argument
  std::string defining_;  ///< the function whose body is about to be read
};

}  // namespace

std::vector<ShellCommand> shell_commands(std::string_view script) { return Reader().read(script); }

}  // namespace skillaudit
