#include "binding/ebpf_features_function.h"

#include "ebpf/features.h"

namespace nodeplane::binding {

Napi::Value probeEbpf(const Napi::CallbackInfo& info) {
  Napi::Object errors = Napi::Object::New(info.Env());
  for (const ebpf::Feature& feature : ebpf::probeFeatures()) errors.Set(feature.name, feature.error);
  return errors;
}

}  // namespace nodeplane::binding
