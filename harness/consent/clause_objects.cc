#include <algorithm>
#include <array>
#include <utility>

#include "harness/consent/clause_reader.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostMentions = 2000;

constexpr VerbSet kFileVerbs{Verb::Read, Verb::Create, Verb::Modify, Verb::Overwrite, Verb::Delete};

/// "removes the line from `~/.bashrc`": part of a file, not files in a folder.
bool is_part_of_file(std::string_view word) {
  return word == "line" || word == "lines" || word == "entry" || word == "entries" ||
         word == "block" || word == "blocks" || word == "section" || word == "setting" ||
         word == "settings" || word == "key" || word == "comment" || word == "comments" ||
         word == "alias" || word == "row" || word == "rows";
}

/// "Installs jq and tree", "installs the package tree", but not "installs a Git hook". What is
/// needed is named in general alone, whatever stands there.
bool is_package_place(const std::vector<Token>& tokens, std::size_t at,
                      const OpenPredicate& active) {
  const VerbEntry& entry = *active.verbs.back();
  if ((entry.flags & kNeeds) != 0) return true;
  if (!entry.particle.empty()) return false;
  const Token* before = at > 0 ? &tokens[at - 1] : nullptr;
  const Token* after = at + 1 < tokens.size() ? &tokens[at + 1] : nullptr;
  const auto is_kind = [](std::string_view word) {
    return word.starts_with("package") || word.starts_with("program") ||
           word.starts_with("librar") || word.starts_with("module") || word.starts_with("tool");
  };
  const bool leads = before == nullptr || before->text == "," || before->lower == "and" ||
                     before->lower == "or" || is_kind(before->lower) ||
                     find_verb(before->lower, "").entry == &entry;
  const bool ends = after == nullptr || after->kind == Token::Kind::Punctuation ||
                    after->lower == "and" || after->lower == "or" || is_be(after->lower) ||
                    is_kind(after->lower) || breaks_clause(after->lower) ||
                    preposition(after->lower) != Preposition::None;
  return leads && ends;
}

/// What can be run by its path: "with `x.sh`", but not "with `SHA256SUMS` beside it".
bool is_program(const ConsentObject& object) {
  if (object.kind != ConsentKind::Path) return true;
  const std::string_view name = std::string_view(object.name).substr(object.name.rfind('/') + 1);
  const std::string_view suffix = name.substr(std::min(name.rfind('.'), name.size()));
  return suffix == ".sh" || suffix == ".py" || suffix == ".js" || suffix == ".mjs" ||
         suffix == ".ts" || suffix == ".rb" || suffix == ".pl" || suffix == ".bash" ||
         object.name.find("/bin/") != std::string::npos;
}

/// What a denial denies for certain: who copies or prints no file may still read it.
VerbSet surely_denied(const VerbEntry& entry, VerbSet verbs) {
  if (verbs.meets({Verb::Send, Verb::Delete})) return verbs.without({Verb::Read});
  static constexpr auto kReading = std::to_array<std::string_view>(
      {"read",    "open",    "load",  "parse",    "inspect", "examine", "look",  "access",
       "scan",    "search",  "view",  "use",      "consult", "touch",   "query", "ask",
       "contact", "connect", "fetch", "download", "request", "reach",   "get"});
  const bool reading = std::find(kReading.begin(), kReading.end(), entry.lemma) != kReading.end();
  return reading ? verbs : verbs.without({Verb::Read, Verb::Receive});
}

bool takes_out_of(std::string_view word) {
  return word == "in" || word == "from" || word == "of" || word == "under" || word == "inside" ||
         word == "within" || word == "below";
}

}  // namespace

VerbSet verbs_for_kind(ConsentKind kind, VerbSet verbs) {
  const auto any = [&](std::initializer_list<Verb> asked) { return verbs.meets(VerbSet(asked)); };
  VerbSet out;
  switch (kind) {
    case ConsentKind::Path:
      return verbs & (kFileVerbs | VerbSet{Verb::Run, Verb::Stay, Verb::Send, Verb::Install});
    case ConsentKind::Host:
      if (verbs.has(Verb::Send)) out |= {Verb::Send};
      if (any({Verb::Receive, Verb::Read})) out |= {Verb::Receive};
      return out;
    case ConsentKind::Unit:
      if (any({Verb::Stay, Verb::Create, Verb::Install})) out |= {Verb::Stay};
      return out | (verbs & VerbSet{Verb::Read, Verb::Modify, Verb::Delete});
    case ConsentKind::Name:
      if (verbs.has(Verb::Install)) return {Verb::Install};
      return verbs & VerbSet{Verb::Run, Verb::Stay, Verb::Create, Verb::Delete};
    case ConsentKind::Command:
      return verbs & VerbSet{Verb::Run, Verb::Stay, Verb::Elevate};
    case ConsentKind::Setting:
      if (any({Verb::Modify, Verb::Create, Verb::Overwrite})) out |= {Verb::Modify, Verb::Stay};
      return out;
    case ConsentKind::Variable:
      return verbs & VerbSet{Verb::Read, Verb::Send};
    case ConsentKind::CronLine:
    case ConsentKind::Listener:
      return verbs & VerbSet{Verb::Stay};
  }
  return out;
}

VerbSet ClauseReader::verbs_for(const VerbEntry& entry, const ConsentObject& object) const {
  VerbSet verbs;
  switch (state_.active.role) {
    case ObjectRole::Direct:
      verbs = entry.direct;
      break;
    case ObjectRole::Into:
      verbs = entry.into;
      // "asks for X at H", "posts to H": what is done at a host is done to it.
      if (object.kind == ConsentKind::Host && verbs.empty())
        verbs = entry.direct & VerbSet{Verb::Receive};
      break;
    case ObjectRole::From:
      verbs = entry.from;
      break;
    case ObjectRole::With:
      // "Needs Python with `requests`", "installs it with `pip`"
      verbs = (entry.flags & kNeeds) != 0 ? entry.direct : VerbSet{Verb::Run};
      if (!is_program(object) || entry.lemma == "replace" || entry.lemma == "merge") verbs = {};
      break;
    case ObjectRole::Aside:
      break;
  }
  return verbs_for_kind(object.kind, verbs);
}

std::size_t ClauseReader::mention(const ConsentObject& object) {
  if (mentions_.size() >= kMostMentions) return mentions_.size() - 1;
  WhyNot why = WhyNot::Covers;
  if (state_.denial != Denial::None && !state_.flips) why = WhyNot::Unclear;
  if (state_.hypothetical) why = WhyNot::Hypothetical;
  mentions_.push_back({object, at_, clause_, part_, why, {}, false, !has_predicate_});
  return mentions_.size() - 1;
}

ConsentClaim& ClauseReader::add_claim(const ConsentObject& object, VerbSet verbs, VerbSet loosely,
                                      Binding binding) {
  ConsentClaim claim;
  claim.object = object;
  claim.verbs = verbs;
  claim.loosely = loosely;
  claim.binding = binding;
  reading_.claims.push_back(std::move(claim));
  retracted_.push_back(false);
  return reading_.claims.back();
}

void ClauseReader::retract(std::size_t mention_index) {
  for (const std::size_t claim : mentions_[mention_index].claims) retracted_[claim] = true;
  mentions_[mention_index].claims.clear();
}

void ClauseReader::bind(std::size_t index, bool exactly) {
  const ConsentObject object = mentions_[index].object;
  const OpenPredicate& active = state_.active;
  VerbSet verbs;
  VerbSet loosely;
  bool encrypts = false;
  bool any_use = false;
  bool needs = false;
  for (const VerbEntry* entry : active.verbs) {
    VerbSet each = verbs_for(*entry, object);
    if (entry->lemma == "use" && !is_program(object)) each = each.without({Verb::Run});
    if (active.denied != state_.flips) each = surely_denied(*entry, each);
    // "the entries of `a` are deleted" deletes no `a`.
    const std::size_t token = mentions_[index].token;
    const bool passive_part = active.usage == VerbUsage::Passive && token > 0 && token < at_ &&
                              takes_out_of(word_at(token - 1));
    const bool partly =
        each.has(Verb::Delete) && (active.role != ObjectRole::Direct || passive_part);
    if (partly) {
      const bool part_of_file =
          std::any_of(state_.subject.begin(), state_.subject.end(), is_part_of_file);
      each = part_of_file ? VerbSet{Verb::Modify} : each.without({Verb::Delete});
      if (!part_of_file) loosely |= {Verb::Delete};
    }
    const bool into_path = object.kind == ConsentKind::Path && active.role == ObjectRole::Into;
    if (into_path) each = each.without({Verb::Send});
    if (into_path && state_.within)
      loosely |= entry->direct & VerbSet{Verb::Modify, Verb::Overwrite, Verb::Delete};
    if ((entry->flags & kMayOverwrite) != 0 && each.has(Verb::Create)) loosely |= {Verb::Overwrite};
    if (entry->direct == VerbSet{Verb::Run, Verb::Stay} && object.kind != ConsentKind::Unit) {
      each = each.without({Verb::Stay});
      loosely |= {Verb::Stay};
    }
    if ((entry->flags & kNeeds) != 0) needs = true;
    encrypts = encrypts || (entry->flags & kEncrypts) != 0;
    any_use = any_use || (entry->flags & kAnyUse) != 0;
    verbs |= each;
  }
  const bool flipped = state_.flips;
  const bool denied = active.denied != flipped;
  const bool loose = !exactly || active.loose || state_.example || needs || (flipped && !denied);
  loosely = loosely.without(verbs);
  if (verbs.empty() && loosely.empty()) {
    if (denied) mentions_[index].why_not = WhyNot::Unclear;
    return;
  }
  ConsentClaim& claim = add_claim(object, verbs, loosely, loose ? Binding::Loose : Binding::Named);
  claim.polarity = denied ? Polarity::Denied : Polarity::Affirmed;
  claim.speaker = active.speaker;
  claim.why_not = denied ? WhyNot::Denied : active.why_not;
  if (denied && active.why_not == WhyNot::Unclear) claim.why_not = WhyNot::Unclear;
  if (tokens_[std::min(at_, tokens_.size() - 1)].quoted) claim.why_not = WhyNot::Quoted;
  claim.encrypts = encrypts;
  claim.any_use = any_use;
  mentions_[index].claims.push_back(reading_.claims.size() - 1);
  mentions_[index].by_reduced = active.usage == VerbUsage::Reduced;
}

void ClauseReader::object_token() {
  const Token& token = tokens_[at_];
  if (token.objects.empty()) {
    // A code span that is no name: `less -FRX`. It may be a value, or a command that is not known.
    if (token.kind != Token::Kind::Code || token.text.size() > 4096) return;
    const bool runs =
        state_.active.role == ObjectRole::With || state_.active.role == ObjectRole::Direct;
    if (!runs || state_.active.empty() || token.text.find(' ') == std::string::npos) return;
    const std::size_t index = mention(ConsentObject::run(token.text));
    bind(index);
    state_.has_object = true;
    return;
  }
  resume_list();
  for (const ConsentObject& object : token.objects) {
    const std::size_t index = mention(object);
    if (!pending_.empty()) {
      OpenPredicate now = std::exchange(state_.active, pending_);
      bind(index);
      state_.active = std::move(now);
    }
    if (!state_.active.empty()) bind(index);
  }
  pending_ = {};
  state_.has_object = true;
}

/// A code span that is a command: what it does counts where the sentence says that it is run.
void ClauseReader::command_token() {
  const Token& token = tokens_[at_];
  const bool alone = tokens_.size() == 1;
  const bool leads = at_ == 0 && context_.kind != StatementKind::Sentence;
  const bool runs = std::any_of(
      state_.active.verbs.begin(), state_.active.verbs.end(), [](const VerbEntry* entry) {
        return entry->direct.has(Verb::Run) && (entry->flags & kNeeds) == 0;
      });
  const bool by_means = state_.active.role == ObjectRole::With;
  const bool after_colon = at_ > 0 && tokens_[at_ - 1].text == ":";
  const bool said = alone || leads || after_colon || by_means ||
                    (runs && state_.active.role == ObjectRole::Direct);
  const bool negated_later =
      leads && std::any_of(tokens_.begin(), tokens_.end(), [](const Token& each) {
        return each.kind == Token::Kind::Word && is_negator(each.lower);
      });
  const bool denied = state_.denial != Denial::None || (state_.active.denied != state_.flips);
  const bool request = !token.claims.empty() && token.claims[0].object.name.starts_with("GET ");
  for (const ConsentClaim& each : token.claims) {
    if (reading_.claims.size() >= kMostMentions) break;
    ConsentClaim& claim = add_claim(each.object, each.verbs, each.loosely, each.binding);
    claim.speaker = state_.active.speaker;
    if (!said && !request) claim.why_not = WhyNot::Example;
    if (state_.active.why_not != WhyNot::Covers) claim.why_not = state_.active.why_not;
    if (state_.example) claim.why_not = WhyNot::Example;
    if (state_.hypothetical) claim.why_not = WhyNot::Hypothetical;
    if (token.quoted) claim.why_not = WhyNot::Quoted;
    if (negated_later) claim.why_not = WhyNot::Unclear;
    if (denied && claim.why_not == WhyNot::Example) claim.why_not = WhyNot::Unclear;
    if (denied && claim.why_not == WhyNot::Covers) {
      claim.why_not = WhyNot::Denied;
      claim.polarity = Polarity::Denied;
    }
  }
  mention(ConsentObject::run(token.text));
  mentions_.back().claims.clear();
  state_.has_object = true;
}

/// "installs `a`, which does this, and `b`, which does that": the list goes on.
void ClauseReader::resume_list() {
  if (state_.resume.empty() || at_ < 2) return;
  const std::string_view after = word_at(at_ + 2);
  const bool goes_on = word_at(at_ - 1) == "and" && tokens_[at_ - 2].text == "," &&
                       at_ + 2 < tokens_.size() && tokens_[at_ + 1].text == "," &&
                       (after == "which" || after == "that");
  if (!goes_on) return;
  state_.active = state_.resume;
  state_.has_object = true;
}

/// After "installs" and "needs", a plain word may be a package.
void ClauseReader::name_word() {
  const Token& token = tokens_[at_];
  if (state_.active.role != ObjectRole::Direct || token.quoted || token.lower.size() < 2 ||
      token.lower.size() > 64 || is_common_word(token.lower))
    return;
  const bool installs =
      std::any_of(state_.active.verbs.begin(), state_.active.verbs.end(),
                  [](const VerbEntry* entry) { return entry->direct.has(Verb::Install); });
  if (!installs || !is_package_place(tokens_, at_, state_.active)) return;
  const std::size_t index = mention(ConsentObject::package(token.text));
  bind(index);
}

/// "`~/.cache/x` - deletes old entries": a predicate without an object in an item that starts with
/// one.
void ClauseReader::bind_orphan() {
  const bool listed = context_.kind == StatementKind::Item || context_.kind == StatementKind::Row;
  if (!listed || mentions_.empty() || mentions_[0].token != 0 || state_.active.empty() ||
      !has_predicate_ || state_.has_object || !mentions_[0].claims.empty())
    return;
  const bool participle = state_.active.usage == VerbUsage::Reduced;
  if (state_.active.usage != VerbUsage::Finite && !participle) return;
  state_.active.role = ObjectRole::Direct;
  for (std::size_t i = 0; i < mentions_.size() && mentions_[i].clause == mentions_[0].clause; ++i)
    bind(i, participle && last_verb_ + 1 == tokens_.size());
}

/// What no verb was bound to is mentioned; what was retracted goes.
void ClauseReader::finish() {
  const std::size_t bound = mentions_.size();
  for (std::size_t i = 0; i < bound; ++i) {
    Mention& mention = mentions_[i];
    const bool is_command = mention.object.kind == ConsentKind::Command;
    if (!mention.claims.empty() || is_command) continue;
    const bool comes = comes_from(mention);
    ConsentClaim& claim = add_claim(mention.object, comes ? VerbSet{Verb::Receive} : VerbSet{}, {},
                                    comes ? Binding::Named : Binding::Mentioned);
    claim.why_not = tokens_[mention.token].quoted ? WhyNot::Quoted : mention.why_not;
  }
  std::vector<ConsentClaim> kept;
  for (std::size_t i = 0; i < reading_.claims.size(); ++i)
    if (!retracted_[i]) kept.push_back(std::move(reading_.claims[i]));
  reading_.claims = std::move(kept);
  for (const Mention& mention : mentions_)
    if (reading_.objects.size() < 32 && mention.object.kind != ConsentKind::Command)
      reading_.objects.push_back(mention.object);
  reading_.open = state_.active;
}

}  // namespace skillaudit
