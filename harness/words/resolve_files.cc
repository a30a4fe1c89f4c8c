#include <algorithm>
#include <array>
#include <string_view>

#include "harness/base/among.h"
#include "harness/words/resolver.h"
#include "harness/words/targets.h"

namespace skillaudit {
namespace {

using Kind = ActTarget::Kind;

// What is made in a project and is no file, though its name may have a slash.
constexpr auto kNoFiles = std::to_array<std::string_view>(
    {"branch", "branches", "tag", "tags", "endpoint", "endpoints", "route", "routes", "url", "urls",
     "column", "table", "field", "header", "label", "import", "imports", "scope", "namespace"});

bool is(const ActTarget& target, Kind kind) { return target.kind == kind; }

/// Folders that tools make have names without a mark of a path.
bool is_made_folder(const ActTarget& target) {
  static constexpr auto kMade = std::to_array<std::string_view>(
      {"node_modules", "dist", "build", "target", "__pycache__", "coverage", "venv", "out", "tmp"});
  return is(target, Kind::Name) && among(kMade, target.text);
}

/// A setting of Git's; other names with a dot are of programs that we do not know.
bool is_git_setting(std::string_view key) {
  static constexpr auto kSections = std::to_array<std::string_view>(
      {"core",      "user",      "http",      "https",      "url",       "alias",   "commit",
       "push",      "pull",      "init",      "credential", "remote",    "branch",  "gpg",
       "color",     "diff",      "merge",     "rebase",     "fetch",     "filter",  "include",
       "includeIf", "log",       "safe",      "tag",        "submodule", "pager",   "advice",
       "difftool",  "mergetool", "sendemail", "protocol",   "gc",        "transfer"});
  const std::size_t dot = key.find('.');
  return dot != std::string_view::npos && among(kSections, key.substr(0, dot));
}

}  // namespace

/// The text that is given: in code, in quotation marks, or as the block below.
std::string Resolver::content(const ActTarget* to) const {
  for (const ActTarget& target : targets_) {
    // A bare word is a text for a place that others read; in the project, it is what is spoken of.
    const bool word = to->grave && (is(target, Kind::Name) || is(target, Kind::Setting) ||
                                    (is(target, Kind::Environment) && !target.text.empty()));
    if (&target != to && (is(target, Kind::Command) || word)) return target.text;
  }
  const auto& tokens = context_.sentence->tokens;
  std::string quoted;
  for (std::size_t i = clause_.begin; i < clause_.end && i < tokens.size(); ++i)
    if (tokens[i].quoted && tokens[i].text != "\"")
      quoted += (quoted.empty() ? "" : " ") + tokens[i].text;
  return quoted.empty() ? context_.block_below : quoted;
}

void Resolver::write() {
  const bool into_only = clause_.lemma == "include" || clause_.lemma == "keep" ||
                         clause_.lemma == "register" || clause_.lemma == "insert";
  const ActTarget* to = nullptr;
  for (const ActTarget& target : targets_)
    if (is(target, Kind::Path) && target.role == Role::Into && !target.described && to == nullptr)
      to = &target;
  for (const ActTarget& target : targets_)
    if (target.text == "crontab" && is(target, Kind::Path)) to = &target;
  if (to == nullptr && clause_.lemma == "make") return make();
  if (to == nullptr && clause_.lemma == "ensure" && !has_word("contains") && !has_word("includes"))
    return;
  for (const ActTarget& target : targets_)
    if (is(target, Kind::Path) && !target.described && !(target.all_in && target.grave) &&
        to == nullptr && !into_only)
      to = &target;
  if (to == nullptr) {
    static constexpr auto kSaves =
        std::to_array<std::string_view>({"write", "save", "store", "put", "export", "dump"});
    const bool url_in = first(Kind::Url, Role::Into) != nullptr && !has_word("at");
    if (url_in && among(kSaves, clause_.lemma)) send();
    // "Open https://… . Paste the contents of `~/.x` there."
    const auto there = std::find_if(context_.antecedents.begin(), context_.antecedents.end(),
                                    [](const ActTarget& target) { return is(target, Kind::Url); });
    if (!url_in && names_secret() && there != context_.antecedents.end()) {
      targets_.push_back(*there);
      send();
    }
    return;
  }
  if (clause_.lemma == "make") return make();
  if (to->grave || !has_any(kNoFiles)) write_to(*to);
}

void Resolver::write_to(const ActTarget& to) {
  const ActTarget* from = nullptr;
  const bool writes = clause_.act == Act::Write;
  for (const ActTarget& target : targets_) {
    const bool file = is(target, Kind::Path) && target.text != "crontab" &&
                      (target.all_in || (target.grave && writes));
    const bool environment = is(target, Kind::Environment) && target.text.empty() && writes;
    if (&target != &to && (file || environment)) from = &target;
  }
  Targets all = {to};
  // "Download `https://…`, save it as `~/.x`"
  if (from == nullptr && writes && points_at_once() && first(Kind::Command) == nullptr &&
      !context_.antecedents.empty() && is(context_.antecedents.back(), Kind::Url))
    return ask(Act::Fetch, {context_.antecedents.back(), to});
  if (from != nullptr && !(to.text == "crontab")) {
    all.push_back(*from);
    all.back().role = Role::From;
    return ask(writes ? Act::Write : Act::Append, std::move(all));
  }
  std::string text = content(&to);
  if (text.empty())
    for (const ActTarget& target : targets_)
      if (&target != &to && is(target, Kind::Path) && !target.all_in) text = target.text;
  Act act = writes ? Act::Write : Act::Append;
  if (is_secret_path(to.text) && text.find('\n') == std::string::npos &&
      clause_.lemma != "overwrite")
    act = Act::Append;
  // What is put into a file that others read too is added to it.
  if ((clause_.lemma == "put" || clause_.lemma == "place") && to.role == Role::Into && to.grave)
    act = Act::Append;
  // "replace X in `file`", "add a section to `file`": the agent's own work on the project.
  if (!to.grave && act == Act::Append && clause_.lemma != "append" && text == context_.block_below)
    text.clear();
  const bool edit = text.empty() && !to.grave && (act == Act::Append || clause_.lemma == "replace");
  if (edit && clause_.lemma != "append") return;
  ask(act, std::move(all), std::move(text));
}

/// "make a copy of", "make `x` executable"
void Resolver::make() {
  if (has_word("copy") || has_word("backup")) copy();
}

void Resolver::copy() {
  Targets paths;
  for (const ActTarget& target : targets_)
    if (is(target, Kind::Path) && (!target.described || target.grave)) paths.push_back(target);
  if (paths.empty()) {
    if (first(Kind::Url) && clause_.act == Act::Copy && clause_.lemma != "link") send();
    return;
  }
  const Act act = clause_.act == Act::Move ? Act::Move : Act::Copy;
  std::stable_sort(paths.begin(), paths.end(), [](const ActTarget& a, const ActTarget& b) {
    return (a.role == Role::Into) < (b.role == Role::Into);
  });
  if (paths.size() == 1) {
    if (paths[0].role == Role::Into) {
      for (const ActTarget& source : context_.antecedents)
        if (is(source, Kind::Path) && source.grave) paths.insert(paths.begin(), source);
    } else if (act == Act::Copy && paths[0].grave) {
      paths.push_back({.role = Role::Into, .text = "."});
    }
  }
  if (paths.size() < 2) {
    resolved_.not_understood = names_outside() && clause_.act == Act::Move;
    return;
  }
  paths.back().role = Role::Into;
  ask(act, std::move(paths));
}

void Resolver::remove() {
  // "Remove the entries in `pyproject.toml`" is about entries of the file; of a folder, what lies
  // in it is meant.
  const auto is_file = [](const ActTarget& target) {
    const std::string_view name = std::string_view(target.text).substr(target.text.rfind('/') + 1);
    const std::size_t dot = name.rfind('.');
    return dot != std::string_view::npos && dot > 0;
  };
  // "Clear browser cookies" is what a user does in the browser.
  const bool in_browser = clause_.lemma == "clear" && has_word("browser");
  Targets gone;
  for (const ActTarget& target : targets_)
    if (!(in_browser && target.text == "~/.mozilla") &&
        (is(target, Kind::Path) || is_made_folder(target)) && target.role != Role::From &&
        target.text != "." && !target.modifies &&
        !(target.role == Role::Into && (is_file(target) || !gone.empty())))
      gone.push_back(target);
  // "Remove `x` from `~/.bashrc`" changes a file of which we do not know the lines.
  if (gone.empty()) {
    resolved_.not_understood = !in_browser && names_outside();
    return;
  }
  ask(Act::Delete, std::move(gone));
}

void Resolver::set() {
  static constexpr auto kGuards = std::to_array<std::string_view>(
      {"firewall", "antivirus", "selinux", "apparmor", "auditd", "gatekeeper", "defender"});
  if (clause_.lemma != "enable" && clause_.lemma != "configure" && has_any(kGuards)) {
    resolved_.not_understood = true;
    return;
  }
  const ActTarget* setting = first(Kind::Setting);
  const ActTarget* file = nullptr;
  for (const ActTarget& target : targets_)
    if (is(target, Kind::Path) && target.grave &&
        (setting == nullptr || target.role != Role::Direct || &target < setting))
      file = file == nullptr ? &target : file;
  if (file != nullptr && (setting == nullptr || file < setting)) {
    std::string text = content(file);
    resolved_.not_understood = text.empty() && names_outside();
    if (!text.empty()) ask(Act::Set, {*file}, std::move(text));
    return;
  }
  if (setting == nullptr || clause_.edits || !is_git_setting(setting->text)) {
    resolved_.not_understood = names_outside();
    return;
  }
  Asked asked{.act = Act::Set, .targets = {*setting}};
  asked.global = has_word("global") || has_word("globally") || has_word("user");
  for (const ActTarget& target : targets_)
    if (&target > setting && asked.content.empty()) asked.content = target.text;
  if (asked.content.empty()) asked.content = word_after_to();
  if (asked.content.empty()) return;
  resolved_.asked.push_back(std::move(asked));
}

std::string Resolver::word_after_to() const {
  const auto& tokens = context_.sentence->tokens;
  for (std::size_t i = clause_.begin; i + 1 < clause_.end && i + 1 < tokens.size(); ++i)
    if (tokens[i].lower == "to" && tokens[i + 1].kind == Token::Kind::Word)
      return tokens[i + 1].text;
  return {};
}

}  // namespace skillaudit
