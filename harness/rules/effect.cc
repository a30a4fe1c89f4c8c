#include "harness/rules/effect.h"

#include <algorithm>

#include "harness/base/glob.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// Of these a skill can make a million, so that only some are described.
bool is_capped(ObjectKind object) {
  return object == ObjectKind::Program || object == ObjectKind::GitSetting ||
         object == ObjectKind::SshSetting;
}

bool is_meant(const RuleInput& input, const Selection& what, const Effect& effect) {
  return (effect.traits & what.is) == what.is && (effect.traits & what.is_not).none() &&
         matches_any(input, what.names, effect.name);
}

bool is_meant(const RuleInput& input, const Condition& condition, const Effect& effect) {
  if (!condition.verbs.test(static_cast<std::size_t>(effect.verb))) return false;
  if (condition.actor != Actor::Any && (condition.actor == Actor::Root) != effect.takes_root)
    return false;
  return is_meant(input, condition.what, effect) &&
         std::none_of(condition.exceptions.begin(), condition.exceptions.end(),
                      [&](const Exception& each) { return is_meant(input, each.what, effect); });
}

/// What `report: together` says of several packages: as many as a line holds.
constexpr std::size_t kMostNames = 8;

}  // namespace

bool is_excusable(const RubricRule& rule, const Condition& condition) {
  if (rule.excused_by == Excuse::None) return false;
  const auto& only = condition.excused_by;
  return !only ||
         std::any_of(only->begin(), only->end(), [](Excuse each) { return each != Excuse::None; });
}

bool matches_any(const RuleInput& input, const std::vector<std::string>& globs,
                 std::string_view name) {
  return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
           return glob.starts_with("~/")
                      ? matches_glob(input.evidence.environment.guest_home + glob.substr(1), name)
                      : matches_glob(glob, name);
         });
}

Found::Found(const RuleInput& input) : input_(input) {
  for (const RubricRule& rule : input.rubric.rules)
    for (const Condition& condition : rule.when)
      by_object_[static_cast<std::size_t>(condition.object)].push_back({&rule, &condition});
}

void Found::add(const Effect& effect, const std::function<Offender()>& describe) {
  const RubricRule* last = nullptr;  // that counts it: one condition of a rule is enough
  for (const auto& [rule, condition] : by_object_[static_cast<std::size_t>(effect.object)]) {
    if (rule == last || !is_meant(input_, *condition, effect)) continue;
    const Coverage named = effect.named ? effect.named(rule->effect_class) : Coverage{};
    const auto extent = hold(*rule, *condition, effect.verb, effect.name, named);
    if (!extent) continue;
    last = rule;
    Pool& pool = pools_[rule->id];
    if (is_capped(effect.object) && pool.offenders.size() == kMostListed) {
      ++pool.unlisted;
      continue;
    }
    pool.names.emplace_back(effect.name);
    pool.offenders.push_back(describe());
    pool.offenders.back().extent = *extent;
  }
}

void Found::add_file(const RubricRule& rule, const FileChange& change, ConsentExtent extent) {
  Pool& pool = pools_[rule.id];
  pool.extent = std::min(pool.extent, extent);
  if (rule.together)
    pool.files.push_back(&change);
  else
    pool.written[change.path()] = {.file = &change, .extent = extent};
}

void Found::add_text(const RubricRule& rule, const ConfigDiff& diff, ConsentExtent extent) {
  Written& written = pools_[rule.id].written[diff.path];
  written.diff = &diff;
  written.extent = extent;
}

std::optional<ConsentExtent> Found::hold(const RubricRule& rule, const Condition& condition,
                                         Verb verb, std::string_view object,
                                         const Coverage& coverage) {
  if (!is_excusable(rule, condition) || !is_free(rule.effect_class, coverage))
    return extent_for(rule.effect_class, coverage);
  // What costs points at most is not asked for.
  const bool is_asked_for =
      rule.effect_class != EffectClass::Ordinary && rule.effect_class != EffectClass::Litter;
  if (is_asked_for && coverage.statement != nullptr && consented_.size() < kMostConsented)
    consented_.push_back({&rule, verb, std::string(object), coverage.statement});
  return std::nullopt;
}

void Found::report_each(const RubricRule& rule, const Pool& pool, Drafts& drafts) const {
  std::vector<Offender> offenders = pool.offenders;
  std::size_t unlisted = pool.unlisted;
  for (const auto& [path, written] : pool.written) {
    if (offenders.size() >= pool.offenders.size() + kMostListed) {
      ++unlisted;
      continue;
    }
    Offender& offender = offenders.emplace_back();
    offender.words.what = as_code(path);
    offender.extent = written.extent;
    if (written.file != nullptr) offender.evidence.push_back(cite_file(*written.file));
    if (written.diff != nullptr)
      offender.evidence.push_back(
          cite(source::after(Table::Config),
               "changed " + written.diff->path + ": " + written.diff->unified));
  }
  drafts.add_each(rule.id, offenders, unlisted);
}

void Found::report(Drafts& drafts) const {
  for (const auto& [id, pool] : pools_) {
    const RubricRule& rule = input_.rubric.rule(id);
    if (!rule.together) {
      report_each(rule, pool, drafts);
      continue;
    }
    add_files(input_, drafts, id, pool.files, pool.extent);
    if (pool.offenders.empty()) continue;
    std::vector<Citation> evidence;
    Named named{.extent = ConsentExtent::Exactly};
    for (const Offender& offender : pool.offenders) {
      evidence.push_back(offender.evidence.front());
      named.extent = std::min(named.extent, offender.extent);
    }
    for (std::size_t i = 0; i < std::min(kMostNames, pool.names.size()); ++i)
      named.subjects.push_back(printable(pool.names[i]));
    named.unnamed = pool.names.size() - named.subjects.size();
    drafts.add(id, {as_code_list(pool.names, kMostNames), "", ""}, std::move(named),
               std::move(evidence), pool.offenders.size());
  }
  for (const Consented& each : consented_)
    drafts.consent(*each.rule, each.verb, each.object, *each.statement);
}

}  // namespace skillaudit
