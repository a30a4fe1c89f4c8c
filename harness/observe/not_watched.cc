#include "harness/observe/not_watched.h"

namespace skillaudit {

std::vector<Gap> not_watched(const Capabilities& can) {
  struct Witness {
    bool there;
    GapSource source;
    const char* text;
  };
  const Witness witnesses[] = {
      {can.wire, GapSource::Wire, "This machine's network card is not captured."},
      {can.disk, GapSource::Disk,
       "This machine's disk cannot be read from outside: the guest listed its files itself."},
      {can.trace, GapSource::Trace, "This machine does not trace the guest's processes."},
      {can.console, GapSource::Console, "This machine's console is not recorded."},
      {can.resources, GapSource::Machine,
       "This machine reports neither its events nor its resource use."}};
  std::vector<Gap> gaps;
  for (const Witness& each : witnesses)
    if (!each.there) gaps.push_back(Gap::not_watched(each.source, each.text));
  return gaps;
}

}  // namespace skillaudit
