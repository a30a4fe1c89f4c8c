#include "harness/model/model_source.h"

namespace skillaudit {

std::string_view name_of(ModelSource source) {
  switch (source) {
    case ModelSource::Obedient:
      return "obedient";
    case ModelSource::Script:
      return "script";
    case ModelSource::Replay:
      return "replay";
    case ModelSource::Live:
      return "live";
    case ModelSource::Endpoint:
      return "endpoint";
  }
  return {};
}

}  // namespace skillaudit
