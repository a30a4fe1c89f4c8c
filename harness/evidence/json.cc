#include "harness/evidence/json.h"

#include <limits>
#include <set>
#include <type_traits>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::string& message) {
  throw nlohmann::json::other_error::create(501, message, nullptr);
}

// One overload of read() for each type that a field can have; nlohmann's own conversions would turn
// true into 1 and 1.5 into 1.

void read(const Json& value, const std::string& what, std::string& out) {
  if (!value.is_string()) refuse(what + " is not a string");
  out = value.get<std::string>();
}

void read(const Json& value, const std::string& what, bool& out) {
  if (!value.is_boolean()) refuse(what + " is not true or false");
  out = value.get<bool>();
}

void read(const Json& value, const std::string& what, double& out) {
  if (!value.is_number()) refuse(what + " is not a number");
  out = value.get<double>();
}

template <typename Integer>
requires std::is_integral_v<Integer>
void read(const Json& value, const std::string& what, Integer& out) {
  if (!value.is_number_integer()) refuse(what + " is not a whole number");
  const bool fits = value.is_number_unsigned() ? std::in_range<Integer>(value.get<std::uint64_t>())
                                               : std::in_range<Integer>(value.get<std::int64_t>());
  if (!fits) refuse(what + " is out of range");
  out = value.get<Integer>();
}

template <typename T>
void read(const Json& value, const std::string& what, std::optional<T>& out) {
  out.reset();
  if (!value.is_null()) read(value, what, out.emplace());
}

/// The fields of one JSON object, each of which must be there; finish() refuses any other.
class Fields {
 public:
  Fields(const Json& object, std::string what) : object_(object), what_(std::move(what)) {
    if (!object.is_object()) refuse(what_ + " is not an object");
  }

  template <typename T>
  Fields& field(const char* name, T& out) {
    read(at(name), what_ + "." + name, out);
    return *this;
  }

  /// A list whose items `read_item` turns into values.
  template <typename T, typename ReadItem>
  Fields& list(const char* name, std::vector<T>& out, ReadItem read_item) {
    const Json& items = at(name);
    const std::string what = what_ + "." + name;
    if (!items.is_array()) refuse(what + " is not a list");
    out.clear();
    for (std::size_t i = 0; i < items.size(); ++i)
      out.push_back(read_item(items[i], what + "[" + std::to_string(i) + "]"));
    return *this;
  }

  Fields& list(const char* name, std::vector<std::string>& out) {
    return list(name, out, [](const Json& item, const std::string& what) {
      std::string text;
      read(item, what, text);
      return text;
    });
  }

  void finish() const {
    for (const auto& [name, value] : object_.items()) {
      if (!known_.contains(name))
        refuse(what_ + " has an unknown field " + shorten(printable(name), 80));
    }
  }

 private:
  const Json& at(const char* name) {
    const auto found = object_.find(name);
    if (found == object_.end()) refuse(what_ + " has no field " + name);
    known_.insert(name);
    return *found;
  }

  const Json& object_;
  std::string what_;
  std::set<std::string> known_;
};

/// Text of the skill or the guest: any bytes.
Json text(const std::string& bytes) { return as_utf8(bytes); }

Json texts(const std::vector<std::string>& strings) {
  Json list = Json::array();
  for (const std::string& s : strings) list.push_back(text(s));
  return list;
}

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

template <typename T, typename Write>
Json list_of(const std::vector<T>& items, Write write) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(write(item));
  return list;
}

template <typename T, typename ReadItem>
std::vector<T> read_list(const Json& json, const std::string& what, ReadItem read_item) {
  std::vector<T> items;
  const Json wrapped = {{"items", json}};
  Fields(wrapped, what).list("items", items, read_item);
  return items;
}

Json write_file_entry(const SkillFile& file) {
  return {{"path", text(file.path)},
          {"mode", file.mode},
          {"size", file.size},
          {"sha256", file.sha256},
          {"link_target", text(file.link_target)}};
}

SkillFile read_file_entry(const Json& json, const std::string& what) {
  SkillFile file;
  Fields(json, what)
      .field("path", file.path)
      .field("mode", file.mode)
      .field("size", file.size)
      .field("sha256", file.sha256)
      .field("link_target", file.link_target)
      .finish();
  return file;
}

Json write_text(const SkillText& item) {
  return {{"path", text(item.path)},
          {"text", text(item.text)},
          {"documents", item.documents},
          {"executable", item.executable}};
}

SkillText read_text(const Json& json, const std::string& what) {
  SkillText item;
  Fields(json, what)
      .field("path", item.path)
      .field("text", item.text)
      .field("documents", item.documents)
      .field("executable", item.executable)
      .finish();
  return item;
}

Json write_hard_coded_path(const HardCodedPath& item) {
  return {{"file", text(item.file)},
          {"line", item.line},
          {"path", text(item.path)},
          {"suggestion", text(item.suggestion)}};
}

HardCodedPath read_hard_coded_path(const Json& json, const std::string& what) {
  HardCodedPath item;
  Fields(json, what)
      .field("file", item.file)
      .field("line", item.line)
      .field("path", item.path)
      .field("suggestion", item.suggestion)
      .finish();
  return item;
}

Json write_scenario(const Scenario& scenario) {
  return {{"name", text(scenario.name)},
          {"command", text(scenario.command)},
          {"standard_input", text(scenario.standard_input)},
          {"expected_exit", scenario.expected_exit},
          {"timeout_s", or_null(scenario.timeout_s)}};
}

Scenario read_scenario(const Json& json, const std::string& what) {
  Scenario scenario;
  Fields(json, what)
      .field("name", scenario.name)
      .field("command", scenario.command)
      .field("standard_input", scenario.standard_input)
      .field("expected_exit", scenario.expected_exit)
      .field("timeout_s", scenario.timeout_s)
      .finish();
  return scenario;
}

Json write_step(const Step& step) {
  return {{"name", text(step.name)},
          {"command", text(step.command)},
          {"ran", step.ran},
          {"reason_not_run", text(step.reason_not_run)},
          {"exit_code", or_null(step.exit_code)},
          {"signal", text(step.signal)},
          {"expected_exit", step.expected_exit},
          {"timed_out", step.timed_out},
          {"started_s", step.started_s},
          {"duration_s", step.duration_s},
          {"out", text(step.out)},
          {"err", text(step.err)},
          {"out_truncated", step.out_truncated},
          {"err_truncated", step.err_truncated}};
}

Step read_step(const Json& json, const std::string& what) {
  Step step;
  Fields(json, what)
      .field("name", step.name)
      .field("command", step.command)
      .field("ran", step.ran)
      .field("reason_not_run", step.reason_not_run)
      .field("exit_code", step.exit_code)
      .field("signal", step.signal)
      .field("expected_exit", step.expected_exit)
      .field("timed_out", step.timed_out)
      .field("started_s", step.started_s)
      .field("duration_s", step.duration_s)
      .field("out", step.out)
      .field("err", step.err)
      .field("out_truncated", step.out_truncated)
      .field("err_truncated", step.err_truncated)
      .finish();
  return step;
}

}  // namespace

Json to_json(const Skill& skill) {
  return {{"name", text(skill.name)},
          {"description", text(skill.description)},
          {"license", text(skill.license)},
          {"compatibility", text(skill.compatibility)},
          {"allowed_tools", text(skill.allowed_tools)},
          {"sha256", skill.sha256},
          {"files", list_of(skill.files, write_file_entry)},
          {"texts", list_of(skill.texts, write_text)},
          {"hard_coded_paths", list_of(skill.hard_coded_paths, write_hard_coded_path)},
          {"scenarios", list_of(skill.scenarios, write_scenario)},
          {"declares", texts(skill.declares)},
          {"notes", texts(skill.notes)}};
}

Skill skill_from_json(const Json& json) {
  Skill skill;
  Fields(json, "skill")
      .field("name", skill.name)
      .field("description", skill.description)
      .field("license", skill.license)
      .field("compatibility", skill.compatibility)
      .field("allowed_tools", skill.allowed_tools)
      .field("sha256", skill.sha256)
      .list("files", skill.files, read_file_entry)
      .list("texts", skill.texts, read_text)
      .list("hard_coded_paths", skill.hard_coded_paths, read_hard_coded_path)
      .list("scenarios", skill.scenarios, read_scenario)
      .list("declares", skill.declares)
      .list("notes", skill.notes)
      .finish();
  return skill;
}

Json to_json(const Environment& environment) {
  return {{"skillaudit_version", environment.skillaudit_version},
          {"os", text(environment.os)},
          {"kernel", text(environment.kernel)},
          {"accelerator", environment.accelerator},
          {"qemu_version", environment.qemu_version},
          {"image", environment.image},
          {"cpus", environment.cpus},
          {"memory_mib", environment.memory_mib},
          {"disk_mib", environment.disk_mib},
          {"guest_user", text(environment.guest_user)},
          {"guest_home", text(environment.guest_home)},
          {"skill_dir", text(environment.skill_dir)},
          {"network", environment.network},
          {"rules", texts(environment.rules)},
          {"files_seen_from", environment.files_seen_from}};
}

Environment environment_from_json(const Json& json) {
  Environment environment;
  Fields(json, "environment")
      .field("skillaudit_version", environment.skillaudit_version)
      .field("os", environment.os)
      .field("kernel", environment.kernel)
      .field("accelerator", environment.accelerator)
      .field("qemu_version", environment.qemu_version)
      .field("image", environment.image)
      .field("cpus", environment.cpus)
      .field("memory_mib", environment.memory_mib)
      .field("disk_mib", environment.disk_mib)
      .field("guest_user", environment.guest_user)
      .field("guest_home", environment.guest_home)
      .field("skill_dir", environment.skill_dir)
      .field("network", environment.network)
      .list("rules", environment.rules)
      .field("files_seen_from", environment.files_seen_from)
      .finish();
  return environment;
}

Json to_json(const Execution& execution) {
  return {{"runner", execution.runner},
          {"steps", list_of(execution.steps, write_step)},
          {"aborted", text(execution.aborted)}};
}

Execution execution_from_json(const Json& json) {
  Execution execution;
  Fields(json, "execution")
      .field("runner", execution.runner)
      .list("steps", execution.steps, read_step)
      .field("aborted", execution.aborted)
      .finish();
  return execution;
}

Json to_json(const std::vector<Decoy>& decoys) {
  return list_of(decoys, [](const Decoy& decoy) -> Json {
    return {{"name", decoy.name}, {"path", decoy.path}, {"nonce", decoy.nonce}};
  });
}

std::vector<Decoy> decoys_from_json(const Json& json) {
  return read_list<Decoy>(json, "decoys", [](const Json& item, const std::string& what) {
    Decoy decoy;
    Fields(item, what)
        .field("name", decoy.name)
        .field("path", decoy.path)
        .field("nonce", decoy.nonce)
        .finish();
    return decoy;
  });
}

Json to_json(const std::vector<StageTime>& timing) {
  return list_of(timing, [](const StageTime& stage) -> Json {
    return {{"stage", stage.stage}, {"seconds", stage.seconds}};
  });
}

std::vector<StageTime> timing_from_json(const Json& json) {
  return read_list<StageTime>(json, "timing", [](const Json& item, const std::string& what) {
    StageTime stage;
    Fields(item, what).field("stage", stage.stage).field("seconds", stage.seconds).finish();
    return stage;
  });
}

}  // namespace skillaudit
