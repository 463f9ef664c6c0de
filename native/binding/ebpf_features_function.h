#pragma once

#include <napi.h>

namespace nodeplane::binding {

/** JavaScript's probeEbpf(): an object with an errno for each feature, 0 if this kernel has it. */
Napi::Value probeEbpf(const Napi::CallbackInfo& info);

}  // namespace nodeplane::binding
