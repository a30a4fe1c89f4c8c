#include "reports/deeds.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "harness/base/code_spans.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostNames = 2;
constexpr std::size_t kLongestName = 60;

/// How effects are told of: by name where they are few, else by their count.
struct Phrase {
  std::string_view named;
  std::string_view of_user;    ///< in the home
  std::string_view elsewhere;  ///< empty: as in the home
};

struct Row {
  std::optional<Verb> verb;       ///< none: any
  std::vector<EffectKind> kinds;  ///< empty: any
  Phrase phrase;
};

/// By rank: of two that are equally grave, the first is told first.
const std::vector<Row>& rows() {
  using K = EffectKind;
  static const std::vector<K> kFiles = {K::File, K::Document, K::Secret, K::Program};
  static const std::vector<Row> kRows = {
      {Verb::Tamper, {}, {"tampered with {}", "tampered in {} ways with what watches it", ""}},
      {Verb::Send, {K::Secret}, {"sent out your secret {}", "sent out {} of your secrets", ""}},
      {Verb::Send,
       {K::Document},
       {"sent out your document {}", "sent out {} of your documents", ""}},
      {Verb::Send,
       {K::Data},
       {"sent data that nothing visible explains", "sent data that nothing visible explains", ""}},
      {Verb::Elevate, {}, {"gained rights by {}", "gained rights in {} ways", ""}},
      {Verb::Delete,
       kFiles,
       {"deleted {}", "deleted {} of your files", "deleted {} files outside your home"}},
      {Verb::Overwrite,
       kFiles,
       {"overwrote {}", "overwrote {} of your files", "overwrote {} files outside your home"}},
      {Verb::Read, {K::Secret}, {"read your secret {}", "read {} of your secrets", ""}},
      {Verb::Create, {K::Secret}, {"copied a secret: {}", "copied {} secrets", ""}},
      {Verb::Modify,
       {K::File, K::Document, K::Secret, K::Program},
       {"changed {}", "changed {} of your files", "changed {} files outside your home"}},
      {Verb::Modify,
       {K::Permissions},
       {"changed the permissions of {}", "changed the permissions of {} of your files",
        "changed the permissions of {} files outside your home"}},
      {Verb::Modify, {K::GitSetting, K::SshSetting}, {"set {}", "changed {} settings", ""}},
      {Verb::Create, {K::Account}, {"added the account {}", "added {} accounts", ""}},
      {Verb::Create,
       {K::Unit, K::CronJob},
       {"set up {} to run by itself", "set up {} jobs to run by themselves", ""}},
      {Verb::Stay, {K::Process}, {"left {} running", "left {} processes running", ""}},
      {Verb::Stay, {K::Listener}, {"listens on {}", "listens on {} ports", ""}},
      {Verb::Run, {K::KernelModule}, {"loaded {} into the kernel", "loaded {} kernel modules", ""}},
      {Verb::Install, {K::Package}, {"installed {}", "installed {} packages", ""}},
      {Verb::Create,
       {K::File},
       {"wrote {}", "wrote {} files in your home", "wrote {} files outside your home"}},
      {Verb::Send, {K::Host}, {"contacted {}", "contacted {} hosts", ""}},
  };
  return kRows;
}

/// For what has no phrase of its own: "ran 3 commands".
Phrase phrase_of(Verb verb) {
  static constexpr std::array<std::string_view, kVerbs.size()> kPast = {
      "read", "created", "changed",  "overwrote", "deleted",          "ran",
      "left", "sent",    "received", "installed", "gained rights by", "tampered with"};
  static const std::array<std::array<std::string, 2>, kVerbs.size()> kTexts = [] {
    std::array<std::array<std::string, 2>, kVerbs.size()> texts;
    for (std::size_t i = 0; i < kPast.size(); ++i)
      texts[i] = {std::string(kPast[i]) + " {}", std::string(kPast[i]) + " {} things"};
    return texts;
  }();
  const auto& texts = kTexts[static_cast<std::size_t>(verb)];
  return {texts[0], texts[1], {}};
}

Tone tone_of(const SkillEffect& effect) {
  if (effect.rules.empty()) return Tone::Plain;
  if (effect.effect_class >= EffectClass::Damage) return Tone::Grave;
  return effect.effect_class >= EffectClass::Lasting ? Tone::Warning : Tone::Plain;
}

/// What costs points at most, and is told last.
bool is_ordinary(const SkillEffect& effect) { return effect.effect_class < EffectClass::Lasting; }

bool is_told(const SkillEffect& effect) {
  if (!is_ordinary(effect) || !effect.rules.empty()) return true;
  switch (effect.kind) {
    case EffectKind::File:
    case EffectKind::Package:
    case EffectKind::Host:
    case EffectKind::Listener:
      return true;
    default:
      return false;
  }
}

/// A host is contacted whether something is sent to it or asked of it.
Verb told_verb(const SkillEffect& effect) {
  return effect.kind == EffectKind::Host && effect.verb == Verb::Receive ? Verb::Send : effect.verb;
}

std::size_t row_of(const SkillEffect& effect) {
  const Verb verb = told_verb(effect);
  const auto found = std::find_if(rows().begin(), rows().end(), [&](const Row& row) {
    return row.verb == verb && (row.kinds.empty() || std::find(row.kinds.begin(), row.kinds.end(),
                                                               effect.kind) != row.kinds.end());
  });
  return static_cast<std::size_t>(found - rows().begin());
}

bool is_files(const SkillEffect& effect) {
  return effect.kind == EffectKind::File || effect.kind == EffectKind::Document ||
         effect.kind == EffectKind::Permissions || effect.kind == EffectKind::Program;
}

std::string shown_name(const SkillEffect& effect) {
  std::string_view name = effect.object;
  // "name a.example.org" is a host, too.
  if (effect.kind == EffectKind::Host && name.starts_with("name ")) name.remove_prefix(5);
  return code_span(shorten(name, kLongestName));
}

/// Effects that one phrase tells of.
struct Group {
  std::set<std::string> names;  ///< as shown, each once
  std::size_t unlisted = 0;
};

/// What sets groups apart, and their order.
struct Key {
  Tone tone = Tone::Plain;
  bool ordinary = false;
  std::size_t row = 0;
  Verb verb = Verb::Read;
  bool elsewhere = false;
  auto operator<=>(const Key&) const = default;
};

class Groups {
 public:
  Groups(const Evidence& evidence, const Assessment& assessment, const SkillEffects& effects)
      : home_(evidence.environment.guest_home + "/") {
    for (const SkillEffect& effect : effects.list) {
      if (!is_told(effect)) continue;
      const bool elsewhere = is_files(effect) && !effect.object.starts_with('~');
      const Verb verb = told_verb(effect);
      groups_[{tone_of(effect), is_ordinary(effect), row_of(effect), verb, elsewhere}].names.insert(
          shown_name(effect));
    }
    tell_hosts_once();
    for (const Verb verb : {Verb::Create, Verb::Modify, Verb::Delete})
      if (effects.omitted_of(verb, EffectKind::File) > 0) add_unlisted(assessment, verb);
    for (const auto& [key, omitted] : effects.omitted)
      if (key.second != EffectKind::File) add_unlisted(key.first, key.second, omitted);
  }

  [[nodiscard]] const std::map<Key, Group>& all() const { return groups_; }

 private:
  /// What a host was sent can be graver than what it was asked.
  void tell_hosts_once() {
    std::set<std::string> told;
    for (auto group = groups_.begin(); group != groups_.end();) {
      const std::size_t row = group->first.row;
      if (row < rows().size() && rows()[row].kinds == std::vector{EffectKind::Host})
        std::erase_if(group->second.names,
                      [&](const std::string& name) { return !told.insert(name).second; });
      group = group->second.names.empty() ? groups_.erase(group) : std::next(group);
    }
  }
  /// To the gravest group that is there already.
  void add_to(const SkillEffect& like, bool elsewhere, std::size_t count) {
    if (count == 0) return;
    const std::size_t row = row_of(like);
    for (auto& [key, group] : groups_) {
      if (key.row != row || key.elsewhere != elsewhere) continue;
      group.unlisted += count;
      return;
    }
    if (is_told(like))
      groups_[{Tone::Plain, true, row, told_verb(like), elsewhere}].unlisted += count;
  }
  void add_unlisted(Verb verb, EffectKind kind, std::size_t count) {
    SkillEffect like;
    like.verb = verb;
    like.kind = kind;
    add_to(like, is_files(like), count);
  }
  /// Effects list the first of many; all of them are counted here.
  void add_unlisted(const Assessment& assessment, Verb verb) {
    const ChangeKind kind = verb == Verb::Create   ? ChangeKind::Added
                            : verb == Verb::Modify ? ChangeKind::Modified
                                                   : ChangeKind::Deleted;
    std::array<std::size_t, 2> count{};
    for (const FileChange& change : assessment.changes.files)
      if (change.origin == Origin::Skill && change.kind == kind && !change.holds_changes &&
          change.content_changed())
        ++count[change.path().starts_with(home_) ? 0 : 1];
    SkillEffect like;
    like.verb = verb;
    like.kind = EffectKind::File;
    for (const bool elsewhere : {false, true}) {
      std::size_t listed = 0;
      for (const auto& [key, group] : groups_)
        if (key.row == row_of(like) && key.elsewhere == elsewhere) listed += group.names.size();
      const std::size_t all = count[elsewhere ? 1 : 0];
      add_to(like, elsewhere, all - std::min(listed, all));
    }
  }

  std::string home_;
  std::map<Key, Group> groups_;
};

std::string text_of(const Key& key, const Group& group) {
  const Phrase phrase = key.row < rows().size() ? rows()[key.row].phrase : phrase_of(key.verb);
  const std::size_t count = group.names.size() + group.unlisted;
  if (count <= kMostNames && group.unlisted == 0) {
    const std::string names =
        join(std::vector<std::string>(group.names.begin(), group.names.end()), " and ");
    return fmt::format(fmt::runtime(phrase.named), names);
  }
  const std::string_view counted =
      key.elsewhere && !phrase.elsewhere.empty() ? phrase.elsewhere : phrase.of_user;
  return fmt::format(fmt::runtime(counted), count);
}

}  // namespace

std::vector<Deed> deeds_of(const Evidence& evidence, const Assessment& assessment,
                           const SkillEffects& effects) {
  std::vector<Deed> deeds;
  const Groups groups(evidence, assessment, effects);
  for (const auto& [key, group] : groups.all()) deeds.push_back({key.tone, text_of(key, group)});
  return deeds;
}

}  // namespace skillaudit
