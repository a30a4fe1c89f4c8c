#include <fmt/core.h>

#include "harness/agents/agent.h"
#include "harness/agents/agent_disk.h"
#include "harness/audit/requirements.h"
#include "harness/audit/sandbox.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/cli/called_as.h"
#include "harness/cli/commands.h"
#include "harness/cli/progress_view.h"
#include "harness/providers/default_provider.h"
#include "harness/providers/qemu/image_builder.h"
#include "harness/providers/qemu/image_for.h"
#include "harness/providers/qemu/template.h"
#include "harness/providers/qemu/template_sweep.h"
#include "harness/user_vms/record.h"

namespace skillaudit {
namespace {

struct ImageArguments {
  std::string os = "debian-12";
  std::vector<std::string> agents;
  bool force = false;
  std::string file;
  std::string name;
};

int prepare(const Image& image, const std::vector<const Agent*>& agents, Progress& progress) {
  std::vector<std::string> ready;
  for (const Agent* agent : agents) {
    progress.stage(agent ? fmt::format("Preparing the VM template for {}", agent->title)
                         : "Preparing the VM template");
    const MachineBase made = prepare_base(default_provider(), image.name, agent, progress);
    ready.push_back(fmt::format("{} {} ({}, kernel {}{})", image.name, image.id, made.os,
                                made.kernel,
                                agent ? ", " + agent->name + " " + agent->version() : ""));
  }
  progress.finish();
  fmt::print("{}\n", join(ready, "\n"));
  return 0;
}

int build(const ImageArguments& arguments) {
  std::vector<const Agent*> agents;
  for (const std::string& name : arguments.agents) agents.push_back(&find_agent(name));
  const auto progress = make_progress_view(false);
  progress->stage("Building the VM image " + arguments.os);
  require_audit_programs(default_provider());
  const Image image = image_for(cache_dir(), arguments.os, *progress, arguments.force);
  for (const Agent* agent : agents)
    (void)agent_disk(
        cache_dir(), *agent, [&](const std::string& line) { progress->detail(line); },
        arguments.force);
  if (agents.empty()) agents.push_back(nullptr);
  return prepare(image, agents, *progress);
}

/// An image that does not boot into a usable guest is not kept under its name.
int import(const ImageArguments& arguments) {
  const auto progress = make_progress_view(false);
  ImageStore store(cache_dir());
  progress->stage("Importing " + printable(arguments.file));
  const Image image = import_image(store, arguments.file, arguments.name,
                                   [&](const std::string& line) { progress->detail(line); });
  try {
    return prepare(image, {nullptr}, *progress);
  } catch (...) {
    store.remove(arguments.name);
    throw;
  }
}

int list() {
  const std::vector<Image> images = ImageStore(cache_dir()).list();
  if (images.empty()) {
    fmt::print("{}", as_called("No image exists yet; `skillaudit image build` or the first "
                               "`skillaudit run` builds one.\n"));
    return 0;
  }
  fmt::print("{:<20} {:<18} {:>10}  {}\n", "NAME", "ID", "SIZE", "CREATED");
  for (const Image& image : images)
    fmt::print("{:<20} {:<18} {:>10}  {}\n", image.name, image.id, human_bytes(image.disk_bytes),
               image.created);
  const std::vector<AgentDisk> disks = agent_disks(cache_dir());
  if (!disks.empty()) fmt::print("\n{:<20} {:<18} {:>10}\n", "AGENT", "VERSION", "SIZE");
  for (const AgentDisk& disk : disks)
    fmt::print("{:<20} {:<18} {:>10}\n", disk.agent, disk.version, human_bytes(disk.bytes));
  const TemplatesHeld templates = templates_held(cache_dir());
  fmt::print("\nTemplates made from them: {}, {}; unused ones are removed after a week.\n",
             templates.count, human_bytes(templates.bytes));
  return 0;
}

int remove_agents(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (!remove_agent_disks(cache_dir(), find_agent(name)))
      fail(ErrorKind::Usage,
           "the agent {} is not installed: `skillaudit image list` lists the installed ones", name);
    fmt::print("removed {}\n", name);
  }
  return 0;
}

int remove(const ImageArguments& arguments) {
  if (!arguments.agents.empty()) return remove_agents(arguments.agents);
  if (arguments.name.empty())
    fail(ErrorKind::Usage, "image rm needs the NAME of an image, or --agent NAME");
  const std::filesystem::path cache = cache_dir();
  ImageStore store(cache);
  std::string id;
  try {
    if (const auto image = store.find(arguments.name)) id = image->id;
  } catch (const std::exception&) {
    // Remove a damaged image too; its templates are removed with other damaged ones.
  }
  if (const auto vms = vms_on_image(cache, id); !id.empty() && !vms.empty())
    fail(ErrorKind::Usage,
         "the image {} is used by the kept {} {}: remove {} first with `skillaudit vm rm`",
         arguments.name, vms.size() == 1 ? "VM" : "VMs", join(vms, ", "),
         vms.size() == 1 ? "it" : "them");
  store.remove(arguments.name);
  remove_templates_of(cache, id);
  fmt::print("removed {}\n", arguments.name);
  return 0;
}

}  // namespace

void add_image_command(Command& program) {
  Command image = program.add_command("image", "Build, import, list and remove VM images");
  image.require_command();
  const auto arguments = std::make_shared<ImageArguments>();

  Command build_command = image.add_command("build", "Build an image from this host's apt sources");
  build_command.add_option("--os", arguments->os, "Operating system").show_default();
  build_command
      .add_option("--agent", arguments->agents,
                  fmt::format("Also prepare an agent to run skills, downloaded with npm: {} "
                              "(repeatable)",
                              agent_names()))
      .one_value_each();
  build_command.add_flag("--force", arguments->force, "Rebuild it even if it is up to date");
  build_command.set_footer(
      "Examples:\n  skillaudit image build\n  skillaudit image build --os debian-12 --force\n"
      "  skillaudit image build --agent claude --agent codex");
  build_command.set_action([arguments] { return build(*arguments); });

  Command import_command =
      image.add_command("import", "Import a cloud image (qcow2 or raw) with cloud-init");
  import_command.add_option("FILE", arguments->file, "Image file").required();
  import_command.add_option("--name", arguments->name, "Name for the image").required();
  import_command.set_footer(
      "Example:\n  skillaudit image import jammy-server.img --name ubuntu-22.04");
  import_command.set_action([arguments] { return import(*arguments); });

  Command list_command = image.add_command("list", "List the images");
  list_command.set_footer("Example:\n  skillaudit image list");
  list_command.set_action([] { return list(); });

  Command remove_command =
      image.add_command("rm", "Remove an image and the templates made from it");
  Option name = remove_command.add_option("NAME", arguments->name, "Name of the image");
  remove_command
      .add_option("--agent", arguments->agents, "Remove an agent's disk instead (repeatable)")
      .one_value_each()
      .excludes(name);
  remove_command.set_footer(
      "Examples:\n  skillaudit image rm ubuntu-22.04\n  skillaudit image rm --agent codex");
  remove_command.set_action([arguments] { return remove(*arguments); });

  image.set_footer(
      "Examples:\n  skillaudit image build --os debian-12\n"
      "  skillaudit image import jammy-server.img --name ubuntu-22.04\n  skillaudit run my-skill "
      "--os ubuntu-22.04");
}

}  // namespace skillaudit
