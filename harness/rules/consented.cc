#include "harness/rules/consented.h"

#include <algorithm>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

bool is_quality(EffectClass effect_class) {
  return effect_class == EffectClass::Ordinary || effect_class == EffectClass::Litter;
}

std::string command_line(const ProcessEntry& process) {
  return process.command_line.empty() ? process.name : join(process.command_line, " ");
}

/// "x.service" for "x.timer", and for itself.
std::string service_of(std::string_view id) {
  const std::size_t dot = id.rfind('.');
  if (dot == std::string_view::npos || id.substr(dot) == ".service") return std::string(id);
  return std::string(id.substr(0, dot)) + ".service";
}

Coverage better(const Coverage& a, const Coverage& b) {
  if (a.extent == ConsentExtent::None) return b;
  if (b.extent == ConsentExtent::None) return a;
  if (a.by_author != b.by_author) return a.by_author ? b : a;
  return b.extent > a.extent ? b : a;
}

}  // namespace

bool is_free(EffectClass effect_class, const Coverage& coverage) {
  switch (effect_class) {
    case EffectClass::Ordinary:
    case EffectClass::Litter:
      return coverage.extent != ConsentExtent::None;
    case EffectClass::Lasting:
    case EffectClass::Exposing:
    case EffectClass::Damage:
      return coverage.extent == ConsentExtent::Exactly && !coverage.by_author;
    case EffectClass::Harm:
    case EffectClass::Tampering:
      return false;
  }
  return false;
}

ConsentExtent extent_for(EffectClass effect_class, const Coverage& coverage) {
  return coverage.by_author && !is_quality(effect_class) ? ConsentExtent::None : coverage.extent;
}

Coverage file_named(const RuleInput& input, EffectClass effect_class, Verb verb,
                    std::string_view path, bool is_folder) {
  if (is_quality(effect_class)) {
    // A million files can be litter: the quick question, which is wide enough for what costs
    // points.
    const bool named = input.documented.path(path, is_folder);
    return {named ? ConsentExtent::General : ConsentExtent::None};
  }
  ConsentObject object = ConsentObject::path(std::string(path));
  const Place place = input.place(path);
  object.is_folder = is_folder;
  object.secret = place == Place::UserSecret || place == Place::AuthorizedKeys;
  object.lasting = effect_class == EffectClass::Lasting || persists(place);
  return input.consent.covers(verb, object);
}

Coverage package_named(const RuleInput& input, std::string_view name) {
  Coverage coverage =
      input.consent.covers(Verb::Install, ConsentObject::package(std::string(name)));
  // Whoever names a package of the machine's own sources names what it is.
  if (coverage.extent != ConsentExtent::None || input.documented.package(name))
    coverage.extent = ConsentExtent::Exactly;
  return coverage;
}

std::string command_of_unit(const RuleInput& input, std::string_view id) {
  const std::string service = service_of(id);
  for (const ConfigText& config : input.evidence.after.config) {
    if (base_name(config.path) != service || input.place(config.path) != Place::UnitFile) continue;
    for (const std::string_view line : split(config.content, '\n')) {
      if (!line.starts_with("ExecStart=")) continue;
      std::string_view command = trim(line.substr(10));
      while (!command.empty() && std::string_view("@-:+!|").find(command[0]) != std::string::npos)
        command.remove_prefix(1);
      return std::string(command);
    }
  }
  return {};
}

Coverage unit_named(const RuleInput& input, Verb verb, std::string_view id) {
  const std::string command = command_of_unit(input, id);
  // Whoever makes a unit makes what goes on.
  const Verb asked = verb == Verb::Create || verb == Verb::Run ? Verb::Stay : verb;
  return input.consent.covers(asked, ConsentObject::unit(std::string(id), command));
}

Coverage process_named(const RuleInput& input, const ProcessEntry& process) {
  Coverage best = input.consent.covers(Verb::Stay, ConsentObject::run(command_line(process)));
  const std::string_view program = program_of(process);
  if (program.empty()) return best;
  for (const ConfigText& config : input.evidence.after.config) {
    const std::string_view id = base_name(config.path);
    if (!id.ends_with(".service") || input.place(config.path) != Place::UnitFile) continue;
    const std::string command = command_of_unit(input, id);
    const auto words = split(command, ' ');
    if (std::any_of(words.begin(), words.end(),
                    [&](std::string_view word) { return base_name(word) == program; }))
      best = better(best, unit_named(input, Verb::Create, id));
  }
  return best;
}

std::string command_of_cron(const CronEntry& entry) {
  std::string_view line = trim(entry.line);
  const bool nickname = line.starts_with('@');
  std::size_t fields = nickname ? 1 : 5;
  if (entry.source.starts_with("/etc/cron")) ++fields;
  for (; fields > 0; --fields) {
    const std::size_t blank = line.find_first_of(" \t");
    if (blank == std::string_view::npos) return std::string(entry.line);
    line = trim(line.substr(blank));
  }
  return std::string(line);
}

}  // namespace skillaudit
