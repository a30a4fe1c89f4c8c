#pragma once

#include <string>
#include <string_view>

#include "harness/consent/consent.h"
#include "harness/rules/rules.h"

namespace skillaudit {

/// Whether documents that name an effect of the class so far take it out of the findings: litter
/// where they name it at all, what lasts, exposes or damages where they name it exactly. Harm and
/// tampering stay findings. What the author declares beside the documents covers litter alone.
[[nodiscard]] bool is_free(EffectClass effect_class, const Coverage& coverage);

/// How far the documents name it, for a finding of the class.
[[nodiscard]] ConsentExtent extent_for(EffectClass effect_class, const Coverage& coverage);

/// `verb` to the file at the absolute `path`, for a rule of the class: what lasts must be named as
/// such, and no folder covers a secret. Litter is covered as well by a document that mentions the
/// path or a folder of the skill's own above it.
[[nodiscard]] Coverage file_named(const RuleInput&, EffectClass, Verb, std::string_view path,
                                  bool is_folder = false);

/// A package: by its name as a word, wherever the documents have it.
[[nodiscard]] Coverage package_named(const RuleInput&, std::string_view name);

/// What stays running: its command, or a unit that is named and starts it.
[[nodiscard]] Coverage process_named(const RuleInput&, const ProcessEntry&);

/// A unit of systemd, with the command that it starts; a timer with that of its service.
[[nodiscard]] Coverage unit_named(const RuleInput&, Verb, std::string_view id);

/// What a unit's file starts: its first `ExecStart=`, without systemd's prefixes; empty where the
/// text is not known.
[[nodiscard]] std::string command_of_unit(const RuleInput&, std::string_view id);

/// A line of a crontab without its schedule, and without the user where the table is the system's.
[[nodiscard]] std::string command_of_cron(const CronEntry&);

}  // namespace skillaudit
