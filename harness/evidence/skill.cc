#include "harness/evidence/skill.h"

namespace skillaudit {

std::string_view name_of(StaticFactKind kind) {
  switch (kind) {
    case StaticFactKind::HiddenText:
      return "hidden-text";
    case StaticFactKind::Secret:
      return "secret";
    case StaticFactKind::OpaqueFile:
      return "opaque-file";
    case StaticFactKind::BroadTools:
      return "broad-tools";
    case StaticFactKind::NotLoadable:
      return "not-loadable";
    case StaticFactKind::Lookalike:
      return "lookalike";
  }
  return "";
}

}  // namespace skillaudit
