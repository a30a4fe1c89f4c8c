#include "harness/words/act_verbs.h"

#include <algorithm>
#include <array>
#include <string>

namespace skillaudit {
namespace {

struct Entry {
  std::string_view lemma;
  Act act = Act::Run;
  bool talks = false;
  bool edits = false;
};

// Verbs of the lexicon (consent/lexicon.cc), which knows their forms.
constexpr auto kOfLexicon = std::to_array<Entry>({
    {"run", Act::Run},
    {"execute", Act::Run},
    {"invoke", Act::Run},
    {"call", Act::Run},
    {"start", Act::Run},
    {"launch", Act::Run},
    {"trigger", Act::Run},
    {"source", Act::Run},
    {"spawn", Act::Run},
    {"use", Act::Run},
    {"build", Act::Run},
    {"read", Act::Read},
    {"load", Act::Read},
    {"parse", Act::Read},
    {"open", Act::Read},
    {"inspect", Act::Read},
    {"examine", Act::Read},
    {"scan", Act::Read},
    {"search", Act::Read},
    {"list", Act::Read},
    {"view", Act::Read},
    {"show", Act::Read},
    {"display", Act::Read},
    {"print", Act::Read},
    {"check", Act::Read},
    {"count", Act::Read},
    {"analyse", Act::Read},
    {"analyze", Act::Read},
    {"summarise", Act::Read},
    {"summarize", Act::Read},
    {"compare", Act::Read},
    {"validate", Act::Read},
    {"verify", Act::Read},
    {"review", Act::Read},
    {"consult", Act::Read},
    {"find", Act::Read},
    {"look", Act::Read},
    {"import", Act::Read},
    {"extract", Act::Read},
    {"collect", Act::Read},
    {"gather", Act::Read},
    {"process", Act::Read},
    {"follow", Act::Read},
    {"access", Act::Read},
    {"hash", Act::Read},
    {"pack", Act::Read},
    {"compress", Act::Read},
    {"archive", Act::Read},
    {"send", Act::Send},
    {"upload", Act::Send},
    {"post", Act::Send},
    {"publish", Act::Send},
    {"push", Act::Send},
    {"submit", Act::Send},
    {"transmit", Act::Send},
    {"report", Act::Send},
    {"share", Act::Send},
    {"forward", Act::Send},
    {"email", Act::Send},
    {"transfer", Act::Send},
    {"deliver", Act::Send},
    {"ping", Act::Send},
    {"sync", Act::Send},
    {"synchronise", Act::Send},
    {"synchronize", Act::Send},
    {"log", Act::Send},
    {"query", Act::Send},
    {"request", Act::Fetch},
    {"contact", Act::Send},
    {"connect", Act::Fetch},
    {"poll", Act::Fetch},
    {"download", Act::Fetch},
    {"fetch", Act::Fetch},
    {"get", Act::Fetch},
    {"pull", Act::Fetch},
    {"clone", Act::Fetch},
    {"retrieve", Act::Fetch},
    {"obtain", Act::Fetch},
    {"install", Act::Install},
    {"provision", Act::Install},
    {"upgrade", Act::Install},
    {"create", Act::Write},
    {"write", Act::Write},
    {"save", Act::Write},
    {"store", Act::Write},
    {"put", Act::Write},
    {"place", Act::Write},
    {"generate", Act::Write},
    {"produce", Act::Write},
    {"output", Act::Write},
    {"dump", Act::Write},
    {"export", Act::Write},
    {"make", Act::Write},
    {"record", Act::Write},
    {"keep", Act::Write},
    {"overwrite", Act::Write},
    {"rewrite", Act::Write},
    {"replace", Act::Write},
    {"cache", Act::Write},
    {"scaffold", Act::Write},
    {"initialise", Act::Write},
    {"initialize", Act::Write},
    {"add", Act::Append},
    {"insert", Act::Append},
    {"append", Act::Append},
    {"prepend", Act::Append},
    {"register", Act::Append},
    {"copy", Act::Copy},
    {"mirror", Act::Copy},
    {"back", Act::Copy},
    {"link", Act::Copy},
    {"symlink", Act::Copy},
    {"move", Act::Move},
    {"rename", Act::Move},
    {"delete", Act::Delete},
    {"remove", Act::Delete},
    {"erase", Act::Delete},
    {"clean", Act::Delete},
    {"purge", Act::Delete},
    {"prune", Act::Delete},
    {"wipe", Act::Delete},
    {"discard", Act::Delete},
    {"unlink", Act::Delete},
    {"clear", Act::Delete},
    {"empty", Act::Delete},
    {"shred", Act::Delete},
    {"trash", Act::Delete},
    {"truncate", Act::Delete},
    {"uninstall", Act::Delete},
    {"set", Act::Set},
    {"configure", Act::Set},
    {"enable", Act::Set},
    {"disable", Act::Set},
    {"switch", Act::Set},
    {"toggle", Act::Set},
    {"change", Act::Set, false, true},
    {"modify", Act::Set, false, true},
    {"edit", Act::Set, false, true},
    {"update", Act::Set, false, true},
    {"patch", Act::Set, false, true},
    {"alter", Act::Set, false, true},
    {"adjust", Act::Set, false, true},
    {"fix", Act::Set, false, true},
    {"amend", Act::Set, false, true},
    {"format", Act::Set, false, true},
    {"sort", Act::Set, false, true},
    {"refactor", Act::Set, false, true},
    {"define", Act::Set, false, true},
    {"convert", Act::Set, false, true},
    {"merge", Act::Set, false, true},
    {"restore", Act::Set, false, true},
    {"reset", Act::Set, false, true},
    {"render", Act::Set, false, true},
    {"split", Act::Set, false, true},
    {"ask", Act::Read, true},
    {"need", Act::Read, true},
    {"require", Act::Read, true},
});

// More verbs, in the forms in which an order has them: the lemma and "-ing".
constexpr auto kMore = std::to_array<Entry>({
    {"exfiltrate", Act::Send},
    {"mail", Act::Send},
    {"relay", Act::Send},
    {"beam", Act::Send},
    {"leak", Act::Send},
    {"notify", Act::Send},
    {"stream", Act::Send},
    {"include", Act::Send},
    {"embed", Act::Send},
    {"encode", Act::Read},
    {"zip", Act::Read},
    {"tar", Act::Read},
    {"attach", Act::Send},
    {"hit", Act::Send},
    {"curl", Act::Fetch},
    {"wget", Act::Fetch},
    {"browse", Act::Fetch},
    {"visit", Act::Fetch},
    {"navigate", Act::Fetch},
    {"go", Act::Fetch},
    {"grab", Act::Read},
    {"cat", Act::Read},
    {"study", Act::Read},
    {"harvest", Act::Read},
    {"type", Act::Run},
    {"enter", Act::Run},
    {"issue", Act::Run},
    {"paste", Act::Append},
    {"plant", Act::Append},
    {"inject", Act::Append},
    {"drop", Act::Write},
    {"duplicate", Act::Copy},
    {"persist", Act::Write},
    {"rid", Act::Delete},
    {"destroy", Act::Delete},
    {"nuke", Act::Delete},
    {"kill", Act::Run},
    {"ensure", Act::Append},
    {"commit", Act::Set, false, true},
    {"tell", Act::Read, true},
    {"see", Act::Read, true},
    {"refer", Act::Read, true},
    {"mention", Act::Read, true},
    {"explain", Act::Read, true},
    {"describe", Act::Read, true},
    {"suggest", Act::Read, true},
    {"recommend", Act::Read, true},
    {"cite", Act::Read, true},
    {"quote", Act::Read, true},
    {"note", Act::Read, true},
    {"inform", Act::Read, true},
    {"know", Act::Read, true},
    {"understand", Act::Read, true},
    {"consider", Act::Read, true},
    {"prefer", Act::Read, true},
    {"follow", Act::Read, true},
    {"learn", Act::Read, true},
    {"assume", Act::Read, true},
    {"treat", Act::Read, true},
    {"respect", Act::Read, true},
    {"answer", Act::Read, true},
    {"respond", Act::Read, true},
    {"reply", Act::Read, true},
    {"say", Act::Read, true},
    {"think", Act::Read, true},
    {"remember", Act::Read, true},
    {"document", Act::Read, true},
    {"state", Act::Read, true},
    {"point", Act::Read, true},
    {"warn", Act::Read, true},
    {"confirm", Act::Read, true},
    {"offer", Act::Read, true},
    {"present", Act::Read, true},
    {"propose", Act::Read, true},
    {"expect", Act::Read, true},
    {"avoid", Act::Read, true},
    {"choose", Act::Read, true},
    {"decide", Act::Read, true},
    {"identify", Act::Read, true},
    {"wait", Act::Read, true},
    {"let", Act::Read, true},
});

std::string gerund_of(std::string_view lemma) {
  std::string form(lemma);
  if (form.size() > 2 && form.ends_with('e') && !form.ends_with("ee")) form.pop_back();
  return form + "ing";
}

const Entry* of_lexicon(std::string_view lemma) {
  const auto found = std::find_if(kOfLexicon.begin(), kOfLexicon.end(),
                                  [&](const Entry& entry) { return entry.lemma == lemma; });
  return found == kOfLexicon.end() ? nullptr : &*found;
}

}  // namespace

std::string_view name_of(Act act) {
  static constexpr auto kNames =
      std::to_array<std::string_view>({"run", "read", "send", "fetch", "install", "write", "append",
                                       "copy", "move", "delete", "set"});
  return kNames[static_cast<std::size_t>(act)];
}

ActVerb act_verb(std::string_view word, std::string_view next) {
  for (const Entry& entry : kMore) {
    const bool base = word == entry.lemma;
    if (base || word == gerund_of(entry.lemma))
      return {entry.lemma,
              entry.act,
              entry.talks,
              entry.edits,
              base ? VerbForm::Base : VerbForm::Gerund,
              false};
  }
  const VerbMatch match = find_verb(word, next);
  if (match.entry == nullptr) return {};
  const bool particle = !match.entry->particle.empty();
  // "write down" and "clean up" are as without; "set up" installs, "log in" is a matter of
  // accounts.
  const Entry* entry = of_lexicon(match.entry->lemma);
  if (entry == nullptr) return {};
  Act act = entry->act;
  if (match.entry->lemma == "set" && particle) act = Act::Install;
  return {match.entry->lemma, act, entry->talks, entry->edits, match.form, particle};
}

}  // namespace skillaudit
