#include "harness/model/obedient.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "harness/agents/agent.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/model/housekeeping.h"
#include "harness/model/tool_kinds.h"
#include "harness/model/turns.h"
#include "harness/model/wire_json.h"
#include "harness/words/asked.h"
#include "harness/words/instructions.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostCalls = 200;
constexpr int kDeepestDocument = 5;
constexpr std::size_t kLongestSentence = 300;

/// A walk through the skill's documents along the calls that the conversation shows: what it finds
/// there is done, and the first thing that it does not find is next.
class Walk {
 public:
  Walk(const ObedientSpec& spec, const ModelRequest& request)
      : spec_(spec), request_(request), seen_(seen_calls(request)), used_(seen_.size()) {}

  ModelReply answer() {
    const std::optional<std::string> document = load();
    if (next_) return reply();
    if (!document) return {.text = "The skill " + spec_.skill_name + " could not be loaded."};
    follow(*document, "", 1);
    if (next_) return reply();
    std::string text = fmt::format("Done: {} of SKILL.md {} followed.", count_of(steps_, "step"),
                                   steps_ == 1 ? "was" : "were");
    for (const std::string& sentence : not_followed_)
      text += "\nNot followed, since it could not be interpreted: " + sentence;
    return {.text = std::move(text)};
  }

 private:
  ModelReply reply() { return {.calls = {std::move(*next_)}}; }

  /// The call as the conversation shows it, with its result; null, and `next_` set, where it is
  /// not made yet.
  const SeenCall* made(std::optional<ToolCall> call) {
    if (!call) return nullptr;
    const SeenCall* found = take([&](const ToolCall& seen) { return same_action(seen, *call); });
    // Agents rewrite calls before they keep them (and take a needless `cd` off). All calls
    // are ours and made in this order, so the next one of this tool is the one that is looked for.
    if (found == nullptr)
      found = take([&](const ToolCall& seen) { return seen.name == call->name; });
    if (found != nullptr) return wait_for(found);
    next_ = std::move(call);
    return nullptr;
  }

  /// The first call that is not used, has a result and is `wanted`.
  template <typename Wanted>
  const SeenCall* take(const Wanted& wanted) {
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      if (used_[i] || seen_[i].result == nullptr || !wanted(*seen_[i].call)) continue;
      used_[i] = true;
      return &seen_[i];
    }
    return nullptr;
  }

  /// A command that still ran when its tool returned is waited for before the next one.
  const SeenCall* wait_for(const SeenCall* one) {
    while (one != nullptr) {
      std::optional<ToolCall> wait = wait_call(request_.tools, one->result->text);
      if (!wait) return one;
      const SeenCall* later = take([&](const ToolCall& seen) { return same_action(seen, *wait); });
      if (later == nullptr) next_ = std::move(wait);
      one = later;
    }
    return nullptr;
  }

  std::optional<std::string> load() {
    if (const std::optional<ToolCall> call = skill_call(request_.tools, spec_.skill_name)) {
      const SeenCall* loaded = made(call);
      if (loaded == nullptr) return std::nullopt;
      if (!loaded->result->is_error) return loaded_document(*loaded);
    }
    const SeenCall* read = made(read_call(request_.tools, spec_.skill_dir + "/SKILL.md"));
    if (read == nullptr || read->result->is_error) return std::nullopt;
    return document_in(read->result->text);
  }

  /// An agent's tool may return a sentence, and the document follows as a text of the user's.
  std::string loaded_document(const SeenCall& loaded) const {
    for (std::size_t i = loaded.message + 1; i < request_.messages.size(); ++i) {
      const ChatMessage& message = request_.messages[i];
      if (message.role == Role::Assistant) break;
      for (const std::string& part : message.parts)
        if (begins_document(part)) return part.substr(std::min(part.find('\n'), part.size()));
    }
    return document_in(loaded.result->text);
  }

  static bool begins_document(std::string_view part) {
    return std::any_of(known_agents().begin(), known_agents().end(), [&](const Agent& agent) {
      const std::string& begins = agent.results.document_follows;
      return !begins.empty() && part.starts_with(begins);
    });
  }

  /// `folder` is that of the document, relative to the skill's.
  void follow(const std::string& document, const std::string& folder, int depth) {
    for (const NotInterpreted& sentence : read_words(parse_document(document)).not_interpreted)
      not_followed_.push_back(shorten(sentence.sentence, kLongestSentence));
    for (const Instruction& instruction : instructions_of(document)) {
      if (steps_ >= kMostCalls) return;
      if (instruction.kind == Instruction::Kind::Run)
        step(shell_call(request_.tools, with_folder(instruction.what),
                        instruction.in_project ? "" : spec_.skill_dir));
      else
        read(instruction, folder, depth);
      if (next_) return;
    }
  }

  const SeenCall* step(std::optional<ToolCall> call) {
    if (!call) return nullptr;  // the agent offers no tool for it
    const SeenCall* done = made(std::move(call));
    if (done == nullptr) return nullptr;
    ++steps_;
    return done;
  }

  void read(const Instruction& instruction, const std::string& folder, int depth) {
    const std::string path = with_folder(instruction.what);
    const std::optional<std::string> own = own_path(path, instruction.link ? folder : "");
    if (own && !read_.insert(*own).second) return;
    // Only a shell knows what "~" and "$HOME" are.
    const bool for_shell = !own && path.find_first_of("~$") != std::string::npos;
    const std::string whole = own ? spec_.skill_dir + "/" + *own : path;
    const SeenCall* done = step(for_shell ? shell_call(request_.tools, "cat " + path)
                                          : read_call(request_.tools, absolute(whole)));
    if (done == nullptr || done->result->is_error || !own || depth >= kDeepestDocument) return;
    if (own->ends_with(".md"))
      follow(document_in(done->result->text), fs::path(*own).parent_path().string(), depth + 1);
  }

  [[nodiscard]] std::string absolute(const std::string& path) const {
    return path.starts_with('/') ? path : spec_.skill_dir + "/" + path;
  }

  /// The path relative to the skill's folder, where it is in it.
  [[nodiscard]] std::optional<std::string> own_path(const std::string& path,
                                                    const std::string& folder) const {
    if (path.find_first_of("~$") != std::string::npos) return std::nullopt;
    const fs::path whole =
        (path.starts_with('/') ? fs::path(path) : fs::path(spec_.skill_dir) / folder / path)
            .lexically_normal();
    const std::string relative = whole.lexically_relative(spec_.skill_dir).string();
    if (relative.empty() || relative == "." || relative.starts_with("..")) return std::nullopt;
    return relative;
  }

  /// The variables that stand for the skill's folder in documents.
  [[nodiscard]] std::string with_folder(std::string text) const {
    std::vector<std::string> names = {"SKILL_DIR"};
    for (const Agent& agent : known_agents())
      names.insert(names.begin(), agent.results.folder_variables.begin(),
                   agent.results.folder_variables.end());
    for (const std::string& name : names)
      for (const std::string& written : {"${" + name + "}", "$" + name})
        replace_folder(text, written);
    replace_folder(text, "{baseDir}");
    return text;
  }
  void replace_folder(std::string& text, const std::string& name) const {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at))
      text.replace(at, name.size(), spec_.skill_dir);
  }

  const ObedientSpec& spec_;
  const ModelRequest& request_;
  std::vector<SeenCall> seen_;
  std::vector<bool> used_;
  std::optional<ToolCall> next_;
  std::set<std::string> read_ = {"SKILL.md"};
  std::size_t steps_ = 0;
  std::vector<std::string> not_followed_;
};

ModelReply answer_without_skill(const ModelRequest& request, const std::string& command) {
  const std::optional<ToolCall> call = shell_call(request.tools, command);
  if (!call) return {.text = "Done."};
  for (const SeenCall& seen : seen_calls(request))
    if (seen.result != nullptr && same_action(*seen.call, *call)) return {.text = "Done."};
  return {.calls = {*call}};
}

/// Folders that the agent lists, which may hold the skill whether it is offered or not.
bool is_listing(std::string_view part) {
  return std::any_of(known_agents().begin(), known_agents().end(), [&](const Agent& agent) {
    return !agent.results.listing.empty() && part.starts_with(agent.results.listing);
  });
}

}  // namespace

bool offers_skill(const ModelRequest& request, const std::string& name) {
  const std::string* prompt = user_prompt(request);
  bool answered = false;
  for (const ChatMessage& message : request.messages) {
    answered = answered || message.role == Role::Assistant;
    if (message.role != Role::System && answered) continue;
    for (const std::string& part : message.parts)
      if (&part != prompt && !is_listing(part) && has_word(part, name)) return true;
  }
  return std::any_of(request.tools.begin(), request.tools.end(), [&](const OfferedTool& tool) {
    return has_word(tool.name, name) || has_word(tool.description, name) ||
           has_word(wire::dump(tool.parameters), name);
  });
}

ModelReply ObedientModel::answer(const ModelRequest& request) {
  if (is_housekeeping(request)) return housekeeping_reply(request);
  if (spec_.skill_name.empty()) return answer_without_skill(request, spec_.without_skill);
  if (!offers_skill(request, spec_.skill_name))
    return {.text = "No skill named " + spec_.skill_name + " is offered here."};
  return Walk(spec_, request).answer();
}

}  // namespace skillaudit
