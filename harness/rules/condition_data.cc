// The conditions of rules, as they stand in reports/rules/*.yaml.
#include <fmt/core.h>

#include <algorithm>

#include "harness/rules/rule_data.h"

namespace skillaudit {
namespace {

/// What can be said of a kind of object.
struct Grammar {
  ObjectKind object;
  std::vector<Verb> verbs;
  std::vector<Trait> traits;
  bool is_path = false;  ///< its name is a path: `path` rather than `name`
};

const Grammar& grammar_of(ObjectKind object) {
  using enum Verb;
  static const std::vector<Grammar> kAll = {
      {ObjectKind::File,
       {Create, Modify, Delete},
       {Trait::InProject, Trait::InOpenProject, Trait::InNewFolder, Trait::OfOtherSkill,
        Trait::Shadows, Trait::Configures, Trait::ListsPackages},
       true},
      {ObjectKind::Permissions,
       {Create, Modify},
       {Trait::OpenedToAll, Trait::ClosedToOwner, Trait::OtherwiseChanged, Trait::ExposesSecret},
       true},
      {ObjectKind::Program, {Elevate}, {Trait::Root}, true},
      {ObjectKind::Package,
       {Install, Modify, Delete},
       {Trait::SystemWide, Trait::AccountWide, Trait::InOneProject, Trait::Required,
        Trait::Optional, Trait::Unused, Trait::Dependency}},
      {ObjectKind::Unit, {Create, Modify, Run}, {}},
      {ObjectKind::CronJob, {Create, Modify, Delete}, {}},
      {ObjectKind::Account, {Create, Modify, Delete}, {Trait::Root}},
      {ObjectKind::Mount, {Create}, {Trait::OverExisting}, true},
      {ObjectKind::KernelModule, {Run}, {}},
      {ObjectKind::Process, {Stay}, {Trait::Orphan, Trait::Runaway}},
      {ObjectKind::Listener, {Stay}, {}},
      {ObjectKind::GitSetting, {Create, Modify, Delete}, {Trait::Redirects}},
      {ObjectKind::SshSetting, {Create, Modify, Delete}, {Trait::Redirects}},
  };
  return *std::find_if(kAll.begin(), kAll.end(),
                       [&](const Grammar& each) { return each.object == object; });
}

Traits read_traits(const StrictYaml& yaml, const YAML::Node& node, const Grammar& grammar) {
  Traits traits;
  if (!node) return traits;
  if (grammar.traits.empty())
    yaml.refuse(node, fmt::format("nothing of the kind can be asked of the object {}",
                                  name_of(grammar.object)));
  for (const YAML::Node& each : yaml.one_or_more(node))
    traits.set(
        index_of(yaml.one_of(each, grammar.traits, [](Trait trait) { return name_of(trait); })));
  return traits;
}

Places read_places(const StrictYaml& yaml, const YAML::Node& node) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kPlaceCount; ++i) names.push_back(name_of(static_cast<Place>(i)));
  Places places;
  if (node)
    for (const YAML::Node& each : yaml.one_or_more(node)) places.set(yaml.index_in(each, names));
  return places;
}

Selection read_selection(const StrictYaml& yaml, const YAML::Node& node, const Grammar& grammar) {
  Selection what;
  const bool has_place =
      grammar.object == ObjectKind::File || grammar.object == ObjectKind::Permissions;
  if (node["place"] && !has_place)
    yaml.refuse(node["place"],
                fmt::format("the object {} has no place: only file and permissions have",
                            name_of(grammar.object)));
  what.places = read_places(yaml, node["place"]);
  const char* key = grammar.is_path ? "path" : "name";
  const char* other = grammar.is_path ? "name" : "path";
  if (node[other])
    yaml.refuse(node[other], fmt::format("the object {} has a `{}`, no `{}`",
                                         name_of(grammar.object), key, other));
  if (const YAML::Node names = node[key])
    for (const YAML::Node& each : yaml.one_or_more(names))
      what.names.push_back(yaml.sentence(each));
  what.is = read_traits(yaml, node["is"], grammar);
  what.is_not = read_traits(yaml, node["is_not"], grammar);
  return what;
}

std::vector<Exception> read_exceptions(const StrictYaml& yaml, const YAML::Node& node,
                                       const Grammar& grammar) {
  std::vector<Exception> exceptions;
  if (!node) return exceptions;
  if (!node.IsSequence()) yaml.refuse(node, "expected a list of exceptions, each with a `reason`");
  for (const YAML::Node& each : node) {
    yaml.require_keys(each, {"reason"}, {"place", "path", "name", "is", "is_not"});
    if (each.size() == 1) yaml.refuse(each, "the exception does not say what is excepted");
    exceptions.push_back({yaml.sentence(each["reason"]), read_selection(yaml, each, grammar)});
  }
  return exceptions;
}

void read_seen_in(const StrictYaml& yaml, const YAML::Node& node, Condition& condition) {
  condition.in_states = false;
  for (const YAML::Node& each : yaml.one_or_more(node))
    (yaml.index_in(each, {"states", "trace"}) == 0 ? condition.in_states : condition.in_trace) =
        true;
  if (condition.in_trace && (condition.object != ObjectKind::File || condition.what.places.none()))
    yaml.refuse(node, "the trace has only files of a `place`");
  if (condition.in_trace &&
      (condition.what.is.any() || condition.what.is_not.any() || !condition.exceptions.empty()))
    yaml.refuse(node,
                "a condition that the trace is asked about has no `is`, `is_not` or `except`");
}

}  // namespace

Condition read_condition(const StrictYaml& yaml, const YAML::Node& node) {
  yaml.require_keys(
      node, {"verb", "object"},
      {"actor", "place", "path", "name", "is", "is_not", "except", "excused_by", "by", "seen_in"});
  Condition condition;
  condition.object =
      yaml.one_of(node["object"], kObjectKinds, [](ObjectKind each) { return name_of(each); });
  const Grammar& grammar = grammar_of(condition.object);
  for (const YAML::Node& each : yaml.one_or_more(node["verb"]))
    condition.verbs.set(static_cast<std::size_t>(
        yaml.one_of(each, grammar.verbs, [](Verb verb) { return name_of(verb); })));
  if (const YAML::Node actor = node["actor"])
    condition.actor = static_cast<Actor>(yaml.index_in(actor, {"any", "user", "root"}));
  condition.what = read_selection(yaml, node, grammar);
  condition.exceptions = read_exceptions(yaml, node["except"], grammar);
  if (const YAML::Node excuses = node["excused_by"]) {
    condition.excused_by.emplace();
    for (const YAML::Node& each : yaml.one_or_more(excuses))
      condition.excused_by->push_back(
          yaml.one_of(each, kExcuses, [](Excuse excuse) { return name_of(excuse); }));
  }
  if (const YAML::Node by = node["by"]) {
    if (condition.object != ObjectKind::File) yaml.refuse(by, "only files have a `by`");
    for (const YAML::Node& each : yaml.one_or_more(by))
      if (yaml.index_in(each, {"skill", "package"}) == 1) condition.by_packages = true;
  }
  if (node["seen_in"]) read_seen_in(yaml, node["seen_in"], condition);
  return condition;
}

}  // namespace skillaudit
