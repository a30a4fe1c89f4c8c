#pragma once

#include <string>
#include <vector>

#include "harness/base/text.h"
#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit::testing {

/// What a guest may write to become markup, script or deceit in a page.
inline std::vector<std::string> hostile_texts() {
  using namespace std::string_literals;
  return {
      "<img src=x onerror=\"document.title='taken'\">",
      "\"><script>document.title='taken'</script>",
      "'><svg onload=\"document.title='taken'\">",
      "</style><script>document.title='taken'</script><style>",
      "</title></pre></code></details></section><h1>APPROVED</h1>",
      "\" onmouseover=\"document.title='taken'\" x=\"",
      "javascript:document.title='taken'",
      "<style>body{display:none}</style><link rel=stylesheet href=http://evil.example/x.css>",
      "<iframe srcdoc=\"<script>parent.document.title='taken'</script>\">",
      "<meta http-equiv=refresh content=\"0;url=http://evil.example/\">",
      "{{{headline}}} {{#sections}} &lt;script&gt; &#60;b&#62;",
      "<!-- --><![CDATA[ <b> ]]> <?php ",
      "\xe2\x80\xae<b>gnp.exe\xe2\x80\xac \xf3\xa0\x80\x81",
      "\x1b[31m\x1b]0;taken\x07<b>\0</b>\xff\xfe"s,
      std::string(2000, '<') + std::string(2096, '&'),
      "line\n+<b>\n-<i>\n@@ <u>\n",
  };
}

/// A harmless text of the same shape: where `text` has what a path, a list or a diff is taken apart
/// at, the twin has it too; each other character is an x.
inline std::string twin_of(std::string_view text) {
  static constexpr std::string_view kShape = "/.-_` \n+@:0123456789";
  std::string twin;
  while (!text.empty()) {
    std::uint32_t code_point = 0;
    const std::size_t length = std::max<std::size_t>(utf8_sequence(text, code_point), 1);
    const bool keep = kShape.find(text[0]) != std::string_view::npos;
    // What is shown as an escape is as long in the twin.
    twin +=
        keep ? std::string(1, text[0]) : std::string(printable(text.substr(0, length)).size(), 'x');
    text.remove_prefix(length);
  }
  return twin;
}

/// An agent that drives the skill, in whose every text stands `text`.
inline void drive(AuditBuilder& audit, const std::string& text) {
  AgentRun& agent = audit.evidence.agent;
  agent.name = "claude";
  agent.title = agent.version = agent.host = text;
  agent.model = "obedient";
  agent.prompts = {text};
  agent.transcript.offered = agent.transcript.triggered = true;
  agent.transcript.exchanges = 1;
  agent.transcript.files_read = {text};
  agent.transcript.last_text = agent.transcript.last_error = text;
  AgentAction action;
  action.tool = action.what = action.result = text;
  action.kind = "other";
  action.source = source::flow(1);
  action.answered = true;
  agent.transcript.actions = {action};
}

}  // namespace skillaudit::testing
