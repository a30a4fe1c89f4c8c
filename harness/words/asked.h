#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/skill/document.h"

namespace skillaudit {

/// What a sentence asks its reader to do.
enum class Act { Run, Read, Send, Fetch, Install, Write, Append, Copy, Move, Delete, Set };
[[nodiscard]] std::string_view name_of(Act);

/// What an act is done to, or with.
struct ActTarget {
  enum class Kind {
    Path,
    Url,
    Mail,         ///< an address of electronic mail
    Command,      ///< code with blanks: a command, or a text to write
    Environment,  ///< a variable; empty: all of them
    Name,         ///< a bare word in code: a package, a remote, a value
    Setting       ///< "core.hooksPath"
  };
  enum class Role { Direct, Into, From };
  Kind kind = Kind::Path;
  Role role = Role::Direct;
  std::string text;        ///< as written
  bool grave = false;      ///< a secret, or a place outside the project
  bool all_in = false;     ///< "every file in the folder", "the contents of": not the folder itself
  bool described = false;  ///< not written as a name: "the tests folder", "SSH keys"; a bare host
  bool modifies = false;   ///< a noun follows: "`~/.x` overrides"
  bool carries = false;    ///< an address with a place for data: "https://x.example/p?d=VALUES"
  bool operator==(const ActTarget&) const = default;
};

/// One instruction in words.
struct Asked {
  Act act = Act::Run;
  std::vector<ActTarget> targets;
  int line = 0;          ///< 1-based
  std::string sentence;  ///< as written, code in back ticks
  std::string content =
      {};  ///< the text to write; empty where the sentence leaves it to the reader
  std::string manager = {};  ///< Install: "npm", "pip", "apt"; empty where it is not said
  bool global = false;       ///< Set: for all projects
  bool operator==(const Asked&) const = default;
};

/// A sentence that asks for something which is not understood.
struct NotInterpreted {
  int line = 0;
  std::string sentence;
  bool operator==(const NotInterpreted&) const = default;
};

struct WordsReading {
  std::vector<Asked> asked;
  std::vector<NotInterpreted> not_interpreted;
};

/// Reads the sentences of headings, paragraphs, list items and table rows, and of what only an
/// agent sees, which reads the source: comments, indented code. An act needs a verb that the reader
/// is told (the imperative, "you must …", "… must be sent") and an object on the machine: a path, a
/// host, a command, a secret. What a sentence forbids, asks, gives as an example, leaves to the
/// user, or says of a program is none; nor is what it says of the reader's answer.
///
/// A sentence is not interpreted where it is such an order, or has a secret and a host in it, and
/// no act follows from it.
[[nodiscard]] WordsReading read_words(const Document& document);

}  // namespace skillaudit
