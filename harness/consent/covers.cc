#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/ascii.h"
#include "harness/consent/command_match.h"
#include "harness/consent/consent.h"

namespace skillaudit {
namespace {

/// What a verb says besides: who modifies a file reads it, and makes it where it is not there.
VerbSet implied(VerbSet verbs) {
  VerbSet all = verbs;
  if (verbs.has(Verb::Modify)) all |= {Verb::Read, Verb::Create};
  if (verbs.has(Verb::Overwrite)) all |= {Verb::Read, Verb::Create, Verb::Modify};
  if (verbs.has(Verb::Send)) all |= {Verb::Receive, Verb::Read};
  return all;
}

/// Denying a verb denies these, too.
VerbSet denied_with(const ConsentClaim& claim) {
  VerbSet all = claim.verbs | claim.loosely;
  if (all.has(Verb::Modify)) all |= {Verb::Overwrite};
  if (claim.any_use) all |= {Verb::Read, Verb::Modify, Verb::Overwrite, Verb::Delete};
  return all;
}

bool writes(VerbSet verbs) {
  return verbs.meets({Verb::Create, Verb::Modify, Verb::Overwrite, Verb::Stay, Verb::Install});
}

ConsentExtent by_binding(const ConsentClaim& claim) {
  return claim.binding == Binding::Named ? ConsentExtent::Exactly : ConsentExtent::General;
}

/// A path whose own name is in the statement.
ConsentExtent named_path(Verb verb, const ConsentObject& object, const ConsentClaim& claim) {
  const VerbSet all = implied(claim.verbs);
  const bool lasts = object.lasting && writes({verb});
  if (claim.verbs.empty() && claim.loosely.empty()) {
    const bool may = verb == Verb::Read || verb == Verb::Create;
    return may && !object.secret && !lasts ? ConsentExtent::Exactly : ConsentExtent::None;
  }
  if (verb == Verb::Stay || lasts) {
    const bool of_verb =
        verb == Verb::Stay || verb == Verb::Create ? writes(claim.verbs) : all.has(verb);
    return of_verb ? by_binding(claim) : ConsentExtent::None;
  }
  if (all.has(verb)) return by_binding(claim);
  if (claim.loosely.has(verb)) return ConsentExtent::General;
  // Whatever is done to it, it is mentioned.
  const bool mentioned = verb == Verb::Read || verb == Verb::Create;
  return mentioned && !object.secret && !lasts ? ConsentExtent::Exactly : ConsentExtent::None;
}

/// What lies below a folder that the statement names.
ConsentExtent below_folder(Verb verb, const ConsentObject& object, const ConsentClaim& claim) {
  if (object.secret) return ConsentExtent::None;
  const VerbSet all = implied(claim.verbs);
  const bool mentioned = claim.verbs.empty() && claim.loosely.empty();
  const bool shared = is_shared(claim.object.name);
  if (verb == Verb::Stay || (object.lasting && writes({verb})))
    return writes(claim.verbs) ? ConsentExtent::General : ConsentExtent::None;
  switch (verb) {
    case Verb::Read:
      if (mentioned) return shared ? ConsentExtent::None : ConsentExtent::Exactly;
      return all.has(verb) ? by_binding(claim) : ConsentExtent::None;
    case Verb::Create:
      if (shared) return all.has(verb) ? ConsentExtent::General : ConsentExtent::None;
      return mentioned || all.has(verb) ? by_binding(claim) == ConsentExtent::Exactly || mentioned
                                              ? ConsentExtent::Exactly
                                              : ConsentExtent::General
                                        : ConsentExtent::None;
    case Verb::Modify:
    case Verb::Overwrite:
    case Verb::Delete:
      return all.has(verb) || claim.loosely.has(verb) ? ConsentExtent::General
                                                      : ConsentExtent::None;
    case Verb::Send:
      return claim.verbs.has(verb) ? ConsentExtent::General : ConsentExtent::None;
    default:
      return ConsentExtent::None;
  }
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host.starts_with("127.") || host == "::1";
}

ConsentExtent of_listener(const ConsentObject& asked, const ConsentClaim& claim) {
  if (claim.object.port != asked.port) return ConsentExtent::None;
  const bool to_all = !is_loopback(asked.name);
  if (!to_all) return by_binding(claim);
  if (claim.object.name == "0.0.0.0") return by_binding(claim);
  return is_loopback(claim.object.name) ? ConsentExtent::None : ConsentExtent::General;
}

ConsentExtent of_host(Verb verb, const ConsentObject& asked, const ConsentClaim& claim,
                      ConsentExtent best) {
  ConsentExtent extent = ConsentExtent::None;
  if (implied(claim.verbs).has(verb))
    extent = by_binding(claim);
  else if (!claim.verbs.empty() || claim.loosely.has(verb) || verb == Verb::Receive)
    extent = ConsentExtent::General;
  const int port = claim.object.port;
  const bool usual = asked.port == 0 || asked.port == 80 || asked.port == 443;
  const bool same_port = port == 0 ? usual : asked.port == 0 || asked.port == port;
  if (!same_port) extent = std::min(extent, ConsentExtent::General);
  return std::min(extent, best);
}

bool has_word(std::string_view text, std::string_view word) {
  if (word.empty()) return false;
  const auto inside = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const bool starts = at == 0 || !inside(text[at - 1]);
    const std::size_t end = at + word.size();
    if (starts && (end == text.size() || !inside(text[end]))) return true;
  }
  return false;
}

/// "defaultBranch" as people write it: "default branch".
std::string spelled(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0) out += ' ';
    out +=
        c == '-' || c == '_' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

/// "When it can't be installed in the sandbox": what may fail, and no promise.
bool tells_of_failing(std::string_view text) {
  static constexpr auto kFailing =
      std::to_array<std::string_view>({"can't be ", "cannot be ", "can not be ", "couldn't be "});
  const std::string lower = ascii_lower(text);
  for (const std::string_view words : kFailing) {
    const std::size_t at = lower.find(words);
    if (at == std::string::npos) continue;
    const std::string before = " " + lower.substr(0, at);
    if (before.find(" when ") != std::string::npos || before.find(" if ") != std::string::npos)
      return true;
  }
  return false;
}

}  // namespace

ConsentExtent Consent::extent_of_command(Verb verb, const ConsentObject& object,
                                         const ConsentClaim& claim) const {
  const std::string& asked =
      object.kind == ConsentKind::Listener || object.kind == ConsentKind::Unit ? object.command
                                                                               : object.name;
  if (object.kind == ConsentKind::CronLine) {
    if (claim.object.kind != ConsentKind::CronLine) return ConsentExtent::None;
    return same_command(places_, asked, claim.object.name) ? by_binding(claim)
                                                           : ConsentExtent::None;
  }
  if (!claim.verbs.has(verb) && !claim.loosely.has(verb)) return ConsentExtent::None;
  if (verb == Verb::Elevate && claim.binding == Binding::Loose) return ConsentExtent::General;
  if (!same_command(places_, asked, claim.object.name)) return ConsentExtent::None;
  return claim.verbs.has(verb) ? by_binding(claim) : ConsentExtent::General;
}

ConsentExtent Consent::extent(Verb verb, const ConsentObject& object, const ConsentClaim& claim,
                              Match match) const {
  ConsentExtent extent = ConsentExtent::None;
  switch (object.kind) {
    case ConsentKind::Path:
      if (match == Match::Above) {
        extent = object.is_folder && verb == Verb::Create && !object.lasting
                     ? ConsentExtent::Exactly
                     : ConsentExtent::None;
      } else if (match == Match::Below) {
        extent = below_folder(verb, object, claim);
      } else {
        extent = named_path(verb, object, claim);
        // A pattern names no secret and no place that lasts.
        if (match != Match::Same && object.secret) extent = ConsentExtent::None;
        if (match == Match::Loose || (match == Match::Pattern && object.lasting))
          extent = std::min(extent, ConsentExtent::General);
      }
      if (object.encrypted && !claim.encrypts) extent = std::min(extent, ConsentExtent::General);
      return extent;
    case ConsentKind::Host:
      return of_host(verb, object, claim, ConsentExtent::Exactly);
    case ConsentKind::Name:
      if (claim.verbs.has(verb)) return by_binding(claim);
      return verb == Verb::Install ? ConsentExtent::General : ConsentExtent::None;
    case ConsentKind::Unit:
      if (!claim.verbs.has(verb)) return ConsentExtent::None;
      if (verb == Verb::Stay && !object.command.empty() &&
          !same_command(places_, object.command, claim.object.command))
        return ConsentExtent::General;
      return by_binding(claim);
    case ConsentKind::Command:
    case ConsentKind::CronLine:
      return extent_of_command(verb, object, claim);
    case ConsentKind::Listener:
      return claim.object.kind == ConsentKind::Listener ? of_listener(object, claim)
                                                        : extent_of_command(verb, object, claim);
    case ConsentKind::Variable:
      if (verb == Verb::Send && !object.host.empty())
        return ascii_lower(claim.object.host) == ascii_lower(object.host) ? by_binding(claim)
                                                                          : ConsentExtent::None;
      return claim.verbs.has(verb) || verb == Verb::Read ? by_binding(claim) : ConsentExtent::None;
    case ConsentKind::Setting:
      if (!claim.verbs.has(Verb::Modify) && claim.object.value.empty()) return ConsentExtent::None;
      if (!claim.object.program.empty() && claim.object.program != object.program)
        return ConsentExtent::None;
      return claim.object.value == object.value && !object.value.empty() &&
                     !claim.object.program.empty()
                 ? by_binding(claim)
                 : ConsentExtent::General;
  }
  return extent;
}

/// Prose that sets a value: it names the program, the key or its last part, and the value in a code
/// span: "Makes Git use `less -FRX` as its pager".
void Consent::consider_settings(const ConsentObject& object, Coverage& best) const {
  const std::string key = ascii_lower(object.name);
  const std::string last =
      spelled(std::string_view(object.name).substr(object.name.rfind('.') + 1));
  for (const std::uint32_t each : setting_statements_) {
    const Statement& statement = statements_[each];
    const std::string text = ascii_lower(statement.text);
    if (!has_word(text, ascii_lower(object.program))) continue;
    if (!has_word(text, key) && !has_word(text, last)) continue;
    const bool value =
        !object.value.empty() && statement.text.find("`" + object.value + "`") != std::string::npos;
    const bool pair =
        !object.value.empty() &&
        (statement.text.find(object.name + " = " + object.value + "`") != std::string::npos ||
         statement.text.find(object.name + "=" + object.value + "`") != std::string::npos ||
         statement.text.find(object.name + " " + object.value + "`") != std::string::npos);
    const ConsentExtent extent = value || pair ? ConsentExtent::Exactly : ConsentExtent::General;
    if (best.extent < extent) best = {extent, &statement, false};
  }
}

Coverage Consent::covers(Verb verb, const ConsentObject& object) const {
  Coverage best;
  for (const Found& found : find(object)) {
    const ConsentClaim& claim = claim_at(found.reference);
    if (!claim.covers()) continue;
    const Statement& statement = statements_[found.reference.statement];
    const bool by_author = statement.kind == StatementKind::Declared;
    const ConsentExtent reached = extent(verb, object, claim, found.match);
    if (reached == ConsentExtent::None) continue;
    // A document's word goes before the author's, however exact that is.
    const bool better =
        best.extent == ConsentExtent::None || (best.by_author && !by_author) ||
        (best.by_author == by_author &&
         (reached > best.extent || (reached == best.extent && &statement < best.statement)));
    if (better && !(by_author && best.extent != ConsentExtent::None && !best.by_author))
      best = {reached, &statement, by_author};
  }
  const bool sets = verb == Verb::Modify || verb == Verb::Stay || verb == Verb::Create;
  if (object.kind == ConsentKind::Setting && sets) consider_settings(object, best);
  return best;
}

std::vector<const Statement*> Consent::contradictions(Verb verb,
                                                      const ConsentObject& object) const {
  std::vector<const Statement*> found;
  const auto add = [&](const Statement& statement) {
    if (std::find(found.begin(), found.end(), &statement) == found.end() && found.size() < 20)
      found.push_back(&statement);
  };
  for (const Found& each : find(object)) {
    const ConsentClaim& claim = claim_at(each.reference);
    const Statement& statement = statements_[each.reference.statement];
    const bool of_skill = claim.why_not == WhyNot::Denied && claim.speaker == Speaker::Skill &&
                          statement.kind != StatementKind::Declared;
    if (!of_skill || !denied_with(claim).has(verb) || tells_of_failing(statement.text)) continue;
    if (each.match == Match::Above || each.match == Match::Loose) continue;
    if (object.kind == ConsentKind::Command &&
        !same_command(places_, object.name, claim.object.name))
      continue;
    if (object.kind == ConsentKind::CronLine && claim.object.kind != ConsentKind::CronLine)
      continue;
    add(statement);
  }
  const bool network =
      object.kind == ConsentKind::Host && (verb == Verb::Send || verb == Verb::Receive);
  if (network && !is_loopback(object.name))
    for (const std::uint32_t each : network_denials_)
      for (const ConsentClaim& claim : statements_[each].claims)
        if (claim.object.kind == ConsentKind::Host && claim.object.name.empty() &&
            claim.why_not == WhyNot::Denied && claim.verbs.has(verb))
          add(statements_[each]);
  return found;
}

}  // namespace skillaudit
