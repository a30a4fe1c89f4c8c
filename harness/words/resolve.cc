#include "harness/words/resolver.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/base/among.h"
#include "harness/words/install_names.h"
#include "harness/words/targets.h"

namespace skillaudit {
namespace {

using Kind = ActTarget::Kind;

constexpr auto kPointers = std::to_array<std::string_view>(
    {"it",      "its",        "them",        "their", "content", "contents", "output",
     "result",  "results",    "file",        "files", "data",    "these",    "those",
     "archive", "everything", "values",      "value", "key",     "keys",     "that",
     "what",    "findings",   "credentials", "body",  "copy",    "copies"});
constexpr auto kFirmSends = std::to_array<std::string_view>(
    {"send", "upload", "post", "transmit", "exfiltrate", "beam", "leak", "email", "mail", "forward",
     "submit", "publish", "share", "relay", "stream", "deliver", "transfer"});

// An order of which we know no word but its object is short, or it is prose that begins with a
// noun.
constexpr std::size_t kLongestUnknown = 16;

bool is(const ActTarget& target, Kind kind) { return target.kind == kind; }

bool is_program(const ActTarget& path) {
  if (!is(path, Kind::Path)) return false;
  const bool deep = std::count(path.text.begin(), path.text.end(), '/') > 1;
  return path.text.ends_with(".sh") || path.text.ends_with(".py") || path.text.starts_with("./") ||
         (path.grave && deep);
}
}  // namespace

Resolved Resolver::resolve() {
  if (clause_.talks) return {};
  if (clause_.lemma.empty()) {
    // "Smuggle ~/.ssh/id_rsa out": an order, and no verb that we know.
    const bool host = first(Kind::Url, Role::Into) || first(Kind::Mail);
    return {{}, (host || names_outside()) && clause_.end - clause_.verb < kLongestUnknown};
  }
  const bool plans = clause_.act == Act::Install || clause_.act == Act::Set ||
                     clause_.act == Act::Write || clause_.act == Act::Append;
  const bool crontab = std::any_of(targets_.begin(), targets_.end(), [](const ActTarget& target) {
    return target.text == "crontab";
  });
  if (plans && crontab) {
    write();
    return std::move(resolved_);
  }
  switch (clause_.act) {
    case Act::Run:
      run();
      break;
    case Act::Read:
      read();
      break;
    case Act::Send:
      send();
      break;
    case Act::Fetch:
      fetch();
      break;
    case Act::Install:
      install();
      break;
    case Act::Write:
    case Act::Append:
      write();
      break;
    case Act::Copy:
    case Act::Move:
      copy();
      break;
    case Act::Delete:
      remove();
      break;
    case Act::Set:
      set();
      break;
  }
  const bool mild = clause_.on_absence && !grave_path();
  if (mild)
    std::erase_if(resolved_.asked, [](const Asked& asked) {
      return asked.act == Act::Install || asked.act == Act::Read;
    });
  return std::move(resolved_);
}

bool Resolver::has_word(std::string_view word) const {
  const auto& tokens = context_.sentence->tokens;
  for (std::size_t i = clause_.begin; i < clause_.end && i < tokens.size(); ++i)
    if (tokens[i].kind == Token::Kind::Word && tokens[i].lower == word) return true;
  return false;
}
bool Resolver::grave_path() const {
  return std::any_of(targets_.begin(), targets_.end(), [](const ActTarget& target) {
    return target.grave && !is(target, Kind::Url) && !is(target, Kind::Mail);
  });
}
/// A place outside the project, written as a name.
bool Resolver::names_outside() const {
  return std::any_of(targets_.begin(), targets_.end(), [](const ActTarget& target) {
    return is(target, Kind::Path) && !target.described && is_outside(target.text);
  });
}
bool Resolver::names_secret() const {
  return std::any_of(targets_.begin(), targets_.end(), [](const ActTarget& target) {
    return is(target, Kind::Path) && !target.described && target.grave;
  });
}

/// An address with a place for what the clause names, or for the secret that was read before it.
bool Resolver::carries_secret(const ActTarget& url) const {
  if (url.text.find_first_of("<{") != std::string::npos && grave_path()) return true;
  return url.carries && has_any(kPointers) && !context_.secrets.empty();
}

void Resolver::ask(Act act, Targets targets, std::string content) {
  Asked asked{.act = act, .targets = std::move(targets)};
  asked.content = std::move(content);
  resolved_.asked.push_back(std::move(asked));
}

/// "run it", but not "when you are done with it".
bool Resolver::points_at_once() const {
  const auto& tokens = context_.sentence->tokens;
  if (clause_.begin >= tokens.size()) return false;
  const std::string& next = tokens[clause_.begin].lower;
  return next == "it" || next == "them" || next == "that" || next == "this";
}

void Resolver::run() {
  if (const ActTarget* url = first(Kind::Url); url != nullptr && !url->described) {
    const bool calls =
        clause_.lemma == "call" || clause_.lemma == "invoke" || clause_.lemma == "trigger";
    const bool runs = clause_.lemma == "run" || clause_.lemma == "execute";
    return ask(calls ? Act::Send : runs ? Act::Run : Act::Fetch, {*url});
  }
  if (clause_.lemma == "use" || clause_.lemma == "build") {
    // "Use the Write tool with path `~/.x` and content `y`"
    const bool writes = has_word("write") || has_word("edit");
    if (clause_.lemma != "use" || !names_outside()) return;
    return writes && first(Kind::Command) != nullptr ? write() : read();
  }
  if (const ActTarget* command = first(Kind::Command)) return ask(Act::Run, {*command});
  const ActTarget* path = first(Kind::Path);
  if (path != nullptr && is_program(*path)) return ask(Act::Run, {*path});
  if (targets_.empty() && points_at_once())
    for (auto each = context_.antecedents.rbegin(); each != context_.antecedents.rend(); ++each)
      if (is(*each, Kind::Url) || is_program(*each)) return ask(Act::Run, {*each});
}

void Resolver::read() {
  Targets read;
  if (const ActTarget* url = first(Kind::Url); url != nullptr && carries_secret(*url))
    return send();
  for (const ActTarget& target : targets_) {
    if (is(target, Kind::Url) && !target.described && clause_.lemma != "follow")
      ask(Act::Fetch, {target});
    if (is(target, Kind::Path) && target.text != "crontab") read.push_back(target);
    if (is(target, Kind::Environment) && target.text.empty()) read.push_back(target);
  }
  if (!read.empty()) ask(Act::Read, std::move(read));
}

Resolver::Targets Resolver::sources() const {
  Targets found;
  for (const ActTarget& target : targets_)
    if (is(target, Kind::Path) || is(target, Kind::Environment) || is(target, Kind::Command))
      found.push_back(target);
  if (!found.empty()) return found;
  // "If there are cloud credentials, send them to …", "… part of the report, and post the report"
  for (ActTarget& target : targets_in(*context_.sentence, 0, context_.sentence->tokens.size()))
    if (target.grave && (is(target, Kind::Path) || is(target, Kind::Environment)))
      found.push_back(std::move(target));
  if (!found.empty() || !has_any(kPointers)) return found;
  const ActTarget* url = first(Kind::Url);
  const bool carries = url != nullptr && url->carries && !context_.secrets.empty();
  return carries ? context_.secrets : context_.antecedents;
}

void Resolver::send() {
  const ActTarget* to = first(Kind::Url);
  if (to == nullptr) to = first(Kind::Mail);
  if (to == nullptr && clause_.lemma == "push" &&
      (has_word("remote") || has_word("origin") || has_word("branch"))) {
    ActTarget remote{.kind = Kind::Name, .role = Role::Into, .text = "origin"};
    if (const ActTarget* named = first(Kind::Name)) remote.text = named->text;
    return ask(Act::Send, {remote});
  }
  if (to == nullptr) {
    const bool to_user = has_word("user") || has_word("me") || has_word("reader");
    const bool places = clause_.lemma == "include" || clause_.lemma == "log" ||
                        clause_.lemma == "sync" || clause_.lemma == "report";
    if (places && grave_path() && first(Kind::Path, Role::Into)) return write();
    resolved_.not_understood = names_secret() && !to_user && among(kFirmSends, clause_.lemma);
    return;
  }
  Targets all = {*to};
  all.front().role = Role::Into;
  for (ActTarget& source : sources())
    if (!is(source, Kind::Url)) all.push_back(std::move(source));
  ask(Act::Send, std::move(all));
}

void Resolver::fetch() {
  const ActTarget* url = first(Kind::Url);
  if (url == nullptr) {
    if (grave_path()) read();
    return;
  }
  // "https://x.example/?d=<the key>": the address carries it.
  if (carries_secret(*url)) return send();
  Targets all = {*url};
  if (const ActTarget* into = first(Kind::Path)) all.push_back(*into);
  ask(Act::Fetch, std::move(all));
}

void Resolver::install() {
  if (const ActTarget* command = first(Kind::Command)) return ask(Act::Run, {*command});
  if (const ActTarget* url = first(Kind::Url)) return ask(Act::Fetch, {*url});
  const InstallNames names = install_names(*context_.sentence, clause_.begin, clause_.end);
  if (names.names.empty()) return;
  Asked asked{.act = Act::Install};
  asked.manager = names.manager;
  for (const std::string& name : names.names)
    asked.targets.push_back({.kind = Kind::Name, .text = name});
  resolved_.asked.push_back(std::move(asked));
}

const ActTarget* Resolver::first(Kind kind) const {
  const auto found = std::find_if(targets_.begin(), targets_.end(),
                                  [&](const ActTarget& target) { return is(target, kind); });
  return found == targets_.end() ? nullptr : &*found;
}

const ActTarget* Resolver::first(Kind kind, Role role) const {
  const auto found = std::find_if(targets_.begin(), targets_.end(), [&](const ActTarget& target) {
    return is(target, kind) && target.role == role;
  });
  return found == targets_.end() ? nullptr : &*found;
}

Resolved resolve(const Clause& clause, std::vector<ActTarget> targets,
                 const ClauseContext& context) {
  return Resolver(clause, std::move(targets), context).resolve();
}

}  // namespace skillaudit
