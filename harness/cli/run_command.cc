#include <fmt/core.h>

#include <algorithm>
#include <thread>

#include "harness/analysis/verdict.h"
#include "harness/audit/audit.h"
#include "harness/audit/sandbox.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/bundle/layout.h"
#include "harness/cli/agent_options.h"
#include "harness/cli/asked_result.h"
#include "harness/cli/batch.h"
#include "harness/cli/commands.h"
#include "harness/cli/loaded_gate.h"
#include "harness/cli/network_options.h"
#include "harness/cli/progress_view.h"
#include "harness/cli/rules_option.h"
#include "harness/cli/run_batch.h"
#include "harness/cli/skill_sources.h"
#include "harness/cli/summary.h"
#include "harness/cli/surroundings_options.h"
#include "harness/cli/worlds_options.h"
#include "harness/providers/default_provider.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

constexpr double kLongestRun = 24 * 60 * 60;
constexpr unsigned kMostRuns = 100;

struct RunArguments {
  SourceOptions sources;
  std::vector<std::string> commands;
  AgentOptions agent;
  NetworkOptions network;
  SurroundingsOptions surroundings;
  WorldsOptions worlds;
  std::string os = "debian-12";
  std::string jobs;    ///< empty: default_jobs()
  std::string repeat;  ///< empty: once
  std::string out;
  double timeout_s = 600;
  std::string fail_under;
  GateOptions gate;
  std::string rules;
  std::string keep = "never";
  bool cold = false;
  bool coverage = false;
  bool no_coverage = false;
  bool json = false;
  bool quiet = false;
};

/// What all audits of one call share.
struct SharedSpec {
  Policy policy;
  AgentSpec agent;
  Surroundings given;
  std::shared_ptr<const Rubric> rubric;
  WorldsSpec worlds;
  bool lines_asked = false;
};

AuditSpec audit_spec(const RunArguments& arguments, const SkillSource& skill,
                     const SharedSpec& shared, const BatchJob& job, const std::string& os,
                     bool alone) {
  return {.skill_folder = skill.folder,
          .plugin_folders = skill.plugins,
          .source = skill.git,
          .bundle = job.bundle,
          .os = os,
          .policy = shared.policy,
          .network = network_label(arguments.network, shared.policy),
          .commands = arguments.commands,
          .agent = shared.agent,
          .given = shared.given,
          .trusts_setup = arguments.surroundings.setup,
          .adds_packages = !arguments.surroundings.no_packages && !arguments.cold &&
                           arguments.network.network != "none",
          .timeout_s = arguments.timeout_s,
          .keep = arguments.keep == "always"       ? Keep::Always
                  : arguments.keep == "on-failure" ? Keep::OnFailure
                                                   : Keep::Never,
          .cold = arguments.cold,
          .worlds = shared.worlds,
          .lines = arguments.no_coverage ? MeasureLines::Never
                   : alone               ? MeasureLines::Beside
                                         : MeasureLines::After,
          .lines_asked = shared.lines_asked,
          .rubric = shared.rubric};
}

/// The exit code after the gate: the gate's, unless another requirement was given as well and is
/// not met, or an audit failed.
int through_gate(LoadedGate& gate, const Batch& batch, int code, bool more_asked) {
  std::vector<std::filesystem::path> bundles;
  for (const BatchJob& job : batch.jobs)
    if (fs::exists(path_in(job.bundle, BundleFile::Manifest))) bundles.push_back(job.bundle);
  const GateAnswer answer = pass_all(gate, bundles);
  print(answer);
  const bool mishap = code >= static_cast<int>(ErrorKind::Usage);
  return mishap || more_asked ? worst_exit_code({code, answer.exit_code}) : answer.exit_code;
}

int run_one(const AuditSpec& spec, const RunArguments& arguments, const AskedResult& asked) {
  const auto progress = make_progress_view(arguments.quiet);
  const AuditResult result = run_audit(default_provider(), spec, *progress);
  fmt::print("{}", arguments.json ? read_file(path_in(result.bundle, BundleFile::Report, "json"))
                                  : summary(result));
  return exit_code(result.assessment, asked);
}

unsigned jobs_of(const RunArguments& arguments) {
  if (!arguments.jobs.empty()) return parse_count("--jobs", arguments.jobs, 1, kMostJobs);
  const bool agent = !arguments.agent.agent.empty();
  return default_provider().machines_at_once(
      guest_memory(agent ? &find_agent(arguments.agent.agent) : nullptr),
      std::thread::hardware_concurrency());
}

/// With several systems, an unknown one is reported before the first VM starts; with one, its audit
/// reports it.
void require_systems(const std::vector<std::string>& systems) {
  if (systems.size() < 2) return;
  for (const std::string& name : systems) default_provider().require_system(name);
}

void require_no_contradiction(const RunArguments& arguments, const SharedSpec& shared) {
  const bool by_agent = shared.agent.agent != nullptr;
  const SurroundingsOptions& given = arguments.surroundings;
  if (by_agent && !arguments.commands.empty())
    fail(ErrorKind::Usage,
         "--cmd and --agent are alternative ways to run the skill: give only one of them");
  if (by_agent && (!given.arguments.empty() || !given.standard_input.empty() || given.terminal ||
                   !given.working_directory.empty()))
    fail(ErrorKind::Usage,
         "--arg, --stdin, --terminal and --cwd are for commands, and an agent chooses its own: "
         "leave them out with --agent");
  if (arguments.cold && !given.packages.empty())
    fail(ErrorKind::Usage, "--package needs the saved VM: leave out --cold");
  if (arguments.network.network == "none" && !given.packages.empty())
    fail(ErrorKind::Usage, "--package needs this host's mirrors: leave out --network none");
}

int run(const RunArguments& arguments) {
  const AskedResult asked = read_asked(arguments.fail_under, arguments.gate.coverage);
  // Written so that it holds for "nan" as well.
  if (!(arguments.timeout_s > 0 && arguments.timeout_s <= kLongestRun))
    fail(ErrorKind::Usage, "--timeout is {}: give seconds, above 0 and at most {} (a day)",
         arguments.timeout_s, kLongestRun);
  const unsigned jobs = jobs_of(arguments);
  const unsigned repeat =
      arguments.repeat.empty() ? 1 : parse_count("--repeat", arguments.repeat, 2, kMostRuns);
  const std::vector<std::string> systems = parse_systems(arguments.os);
  require_systems(systems);
  SharedSpec shared{policy_of(arguments.network), agent_spec(arguments.agent),
                    surroundings_of(arguments.surroundings), rules_in_force(arguments.rules),
                    worlds_of(arguments.worlds)};
  require_no_contradiction(arguments, shared);
  std::optional<LoadedGate> gate;
  if (arguments.gate.given()) gate.emplace(arguments.gate, shared.rubric, false);
  shared.lines_asked = arguments.coverage || shared.worlds.depth == Depth::Deep || asked.coverage ||
                       (gate && gate->asks_for_lines());
  if (gate && arguments.json)
    fail(ErrorKind::Usage,
         "--json prints report.json, not the gate's result: call `skillaudit gate BUNDLE --json` "
         "after the run");
  const SkillSources sources = open_sources(arguments.sources, [&](const std::string& text) {
    if (!arguments.quiet) fmt::print(stderr, "{}\n", text);
  });
  if (arguments.sources.list) {
    fmt::print("{}", list_of(sources));
    return 0;
  }
  std::vector<std::string> names;
  for (const SkillSource& skill : sources.skills) names.push_back(skill.name);
  const Batch batch = plan_batch({names, systems, repeat, arguments.out});
  // Beside others, further VMs of one audit would only make all of them slow.
  const bool alone = std::min<std::size_t>(jobs, batch.jobs.size()) <= 1;
  shared.worlds.beside = alone && std::thread::hardware_concurrency() > 1;
  const auto spec_of = [&](const BatchJob& job) {
    if (const auto& problem = sources.skills[job.skill].problem) throw Error(*problem);
    return audit_spec(arguments, sources.skills[job.skill], shared, job, systems[job.system],
                      alone);
  };
  if (batch.jobs.size() > 1 && !shared.agent.record.empty())
    fail(ErrorKind::Usage,
         "--record writes one recording, but these are {} audits: run them one at a time",
         batch.jobs.size());
  const int code =
      batch.jobs.size() == 1
          ? run_one(spec_of(batch.jobs[0]), arguments, asked)
          : run_batch(
                batch, systems, spec_of,
                {.jobs = jobs, .json = arguments.json, .quiet = arguments.quiet, .asked = asked});
  return gate ? through_gate(*gate, batch, code, !arguments.fail_under.empty() || repeat > 1)
              : code;
}

constexpr const char* kExamples =
    "Examples:\n"
    "  skillaudit run my-skill\n"
    "  skillaudit run my-skill/SKILL.md\n"
    "  skillaudit run my-skill.skill                           also .zip, .tar, .tar.gz, .tar.xz, "
    ".tar.zst\n"
    "  skillaudit run my-plugin --out reports                  every skill in the folder, at any "
    "depth;\n"
    "                                                          reports/index.html lists them\n"
    "  skillaudit run https://example.org/team/skills.git      a Git repository; also ssh://, "
    "file://,\n"
    "                                                          git@host:path\n"
    "  skillaudit run 'https://example.org/team/skills.git#v1.2:skills/notes'\n"
    "  skillaudit run --installed --list                       what your agents have installed\n"
    "  skillaudit run --installed --out reports\n"
    "  skillaudit run my-skill --cmd 'scripts/build.sh --all' --network none\n"
    "  skillaudit run skills/* --out reports --fail-under B --jobs 4\n"
    "  skillaudit run my-skill --baseline last/report.json --fail-on-new\n"
    "  skillaudit run skills/* --rules team-rules              with rules of your own\n"
    "  skillaudit run skills/* --depth quick --jobs 4          one VM each\n"
    "  skillaudit run my-skill --depth deep --budget 600       in every world, ten minutes at "
    "most\n"
    "  skillaudit run my-skill --repeat 3                      check that three runs agree\n"
    "  skillaudit run my-skill --os debian-12,debian-13        compare two systems\n"
    "  skillaudit run my-skill --keep on-failure               then: skillaudit vm ssh my-skill\n"
    "  skillaudit run my-skill --agent claude                  a real agent, no key needed\n"
    "  skillaudit run my-skill --agent codex --prompt 'Sort my notes' --model live --record "
    "r.json\n"
    "  skillaudit run my-skill --agent codex --replay r.json   the same in CI, without a key\n"
    "  skillaudit run my-skill --package pandoc --env REGION=eu --file ~/menu.pdf:/srv/menu.pdf\n"
    "  skillaudit run my-skill --arg 'scripts/note.sh=--due tomorrow milk' --stdin list.txt\n"
    "  skillaudit run my-skill --allow 'POST https://api.example.com/v1/*' --json\n"
    "  skillaudit run my-skill --stub api.yaml      answer in place of servers: docs/stubs.md\n"
    "\n"
    "Exit codes: 0 approved, 1 needs review or below --fail-under, 2 rejected, 3 inconclusive.";

}  // namespace

void add_run_command(Command& program) {
  Command command =
      program.add_command("run", "Run each skill in a fresh VM and write a graded report");
  const auto arguments = std::make_shared<RunArguments>();
  add_source_options(command, arguments->sources);
  command
      .add_option("--cmd", arguments->commands,
                  "Command to run in the skill's folder (repeatable; default: the scenarios of "
                  "its audit.yaml, else every code block and script)")
      .one_value_each();
  add_agent_options(command, arguments->agent);
  add_network_options(command, arguments->network);
  add_surroundings_options(command, arguments->surroundings);
  add_gate_options(command, arguments->gate, "--gate-policy");
  add_rules_option(command, arguments->rules);
  command
      .add_option("--os", arguments->os,
                  "Operating system of the guest, or the name of an imported image; several "
                  "separated by commas: one audit on each, and a comparison")
      .show_default();
  command.add_option("--jobs,-j", arguments->jobs,
                     "Maximum number of concurrent audits, each in its own VM (default: from "
                     "processors and free memory)");
  command.add_option("--repeat", arguments->repeat,
                     "Audit each skill this many times, in fresh VMs; exit 3 if the audits differ");
  command.add_option(
      "--out", arguments->out,
      "Output folder: the bundle itself for one skill, DIR/NAME for several and DIR/index.html; "
      "subfolders for several systems or runs (default: skillaudit-reports/NAME-TIME)");
  command.add_option("--timeout", arguments->timeout_s, "Time limit for the skill, in seconds")
      .show_default();
  add_fail_under_option(command, arguments->fail_under);
  add_coverage_option(command, arguments->gate.coverage);
  command
      .add_option("--keep", arguments->keep,
                  "Keep the VM after the audit, suspended; open it with `skillaudit vm ssh`")
      .one_of({"never", "on-failure", "always"})
      .show_default();
  add_worlds_options(command, arguments->worlds);
  command.add_flag(
      "--cold", arguments->cold,
      "Boot the VM from its image instead of cloning a saved one; takes about a minute");
  command.add_flag("--coverage", arguments->coverage,
                   "Measure which lines of the skill run, in a second VM (default: only where "
                   "lines that do not run could decide the verdict, or a limit is given)");
  command.add_flag("--no-coverage", arguments->no_coverage,
                   "Do not run the skill a second time, in another VM, to measure which of its "
                   "lines run");
  command.add_flag("--json", arguments->json,
                   "Print report.json on stdout (an array in the given order for several audits)");
  command.add_flag("--quiet,-q", arguments->quiet, "Do not print progress");
  command.set_footer(kExamples);
  command.set_action([arguments] { return run(*arguments); });
}

}  // namespace skillaudit
