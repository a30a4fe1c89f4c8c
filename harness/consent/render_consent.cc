#include "harness/consent/render_consent.h"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostClaimsShown = 12;
constexpr std::size_t kLongestShown = 160;

std::string verbs_text(VerbSet verbs) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kVerbs.size(); ++i)
    if (verbs.has(kVerbs[i])) names.emplace_back(name_of(kVerbs[i]));
  return join(names, ", ");
}

std::string place_text(const ConsentPlace& place) {
  std::string text = printable(place.file);
  if (place.line > 0) text += fmt::format(":{}", place.line);
  if (place.line > 0 && place.column > 0) text += fmt::format(":{}", place.column);
  return text;
}

std::string object_text(const ConsentObject& object) {
  return fmt::format("{} {}", name_of(object.kind),
                     shorten(printable(text_of(object)), kLongestShown));
}

std::string limits_of(const ConsentClaim& claim) {
  if (claim.object.kind == ConsentKind::Path &&
      claim.verbs.meets({Verb::Delete, Verb::Overwrite}) && !is_pattern(claim.object.name))
    return " (this path itself, not what is below it)";
  return {};
}

void render_statement(const Statement& statement, std::string& out) {
  out += fmt::format("{}  {}{}\n", place_text(statement.place), name_of(statement.kind),
                     statement.kind == StatementKind::Declared ? " (the author's word)" : "");
  std::string text = shorten(printable(statement.text), 400);
  out += fmt::format("    {}\n", text);
  if (!statement.visible)
    out += fmt::format("    covers nothing: it does not show on the page ({})\n",
                       printable(statement.hidden_by));
  if (!statement.visible) return;
  if (statement.sets && statement.kind != StatementKind::Block)
    out += "    covers: a setting, if the text names its program, its key and its value\n";
  std::size_t shown = 0;
  std::string last;
  for (const ConsentClaim& claim : statement.claims) {
    // What has the form of a setting's key is a host as a rule.
    if (claim.object.kind == ConsentKind::Setting && claim.binding == Binding::Mentioned) continue;
    std::string line = text_of(claim);
    if (line == last) continue;
    if (++shown > kMostClaimsShown) {
      out += fmt::format("    and {} more\n", statement.claims.size() - kMostClaimsShown);
      break;
    }
    out += "    " + line + "\n";
    last = std::move(line);
  }
}

}  // namespace

std::string_view name_of(StatementKind kind) {
  static constexpr std::array<std::string_view, 5> kNames = {"sentence", "item", "row", "block",
                                                             "declared"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(Speaker speaker) {
  static constexpr std::array<std::string_view, 4> kNames = {"skill", "agent", "user", "other"};
  return kNames[static_cast<std::size_t>(speaker)];
}

std::string_view explanation_of(WhyNot why) {
  switch (why) {
    case WhyNot::Covers:
      return "";
    case WhyNot::Denied:
      return "it is said not to happen";
    case WhyNot::NotVisible:
      return "it does not show on the page";
    case WhyNot::Question:
      return "it is a question, or too long";
    case WhyNot::Hypothetical:
      return "it speaks of another time or of what might be";
    case WhyNot::Quoted:
      return "it is quoted";
    case WhyNot::Example:
      return "it is an example, not something that is done; say that it is run";
    case WhyNot::Users:
      return "it speaks of what the user does";
    case WhyNot::Others:
      return "it speaks of somebody else";
    case WhyNot::Unclear:
      return "it can be read in two ways; write two sentences";
  }
  return "";
}

std::string text_of(const ConsentClaim& claim) {
  const std::string object = object_text(claim.object);
  const VerbSet verbs = claim.verbs | claim.loosely;
  const std::string done = verbs.empty() ? "any act on" : verbs_text(verbs);
  if (claim.why_not == WhyNot::Denied) {
    const bool agent = claim.speaker == Speaker::Agent;
    return fmt::format("denies: {} {}{}", done, object, agent ? " (speaks to the agent)" : "");
  }
  if (!claim.covers())
    return fmt::format("covers nothing: {} {}: {}", done, object, explanation_of(claim.why_not));
  if (verbs.empty()) {
    if (claim.object.kind == ConsentKind::Path)
      return fmt::format("mentions {}: covers read and create alone", object);
    if (claim.object.kind == ConsentKind::Host)
      return fmt::format("mentions {}: covers receive, in general alone", object);
    return fmt::format("mentions {}: covers nothing without a verb", object);
  }
  std::string text;
  if (claim.binding == Binding::Named && !claim.verbs.empty())
    text = fmt::format("covers: {} {}{}", verbs_text(claim.verbs), object, limits_of(claim));
  const VerbSet general = claim.binding == Binding::Named ? claim.loosely : verbs;
  if (general.empty()) return text;
  return text.empty() ? fmt::format("covers in general: {} {}", verbs_text(general), object)
                      : fmt::format("{}; in general: {}", text, verbs_text(general));
}

std::string render_consent(const Consent& consent) {
  std::string out;
  std::size_t silent = 0;
  for (const Statement& statement : consent.statements()) {
    if (statement.claims.empty() && statement.visible) {
      ++silent;
      continue;
    }
    if (!out.empty()) out += '\n';
    render_statement(statement, out);
  }
  if (out.empty()) out = "The documents name nothing that a skill does to a machine.\n";
  if (silent > 0)
    out += fmt::format("\n{} no file, host, package, unit, setting or command.\n",
                       count_of(silent, "sentence names", "sentences name"));
  for (const std::string& cut : consent.cuts())
    out += fmt::format("Not read, covers nothing: {}\n", printable(cut));
  return out;
}

}  // namespace skillaudit
