#pragma once

#include <napi.h>

#include <cstdint>
#include <functional>
#include <memory>

#include "binding/worker_thread.h"

namespace nodeplane::binding {

/** JavaScript's ConntrackTable. All its work is done on a thread of its own. */
class ConntrackObject : public Napi::ObjectWrap<ConntrackObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit ConntrackObject(const Napi::CallbackInfo& info);

 private:
  struct Tools {
    std::function<bool()> closing;
  };
  using Worker = WorkerThread<Tools>;

  Napi::Value deleteStale(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  /** AF_INET or AF_INET6. */
  uint8_t family_ = 0;
  /** Nothing after close(). */
  std::unique_ptr<Worker> worker_;
};

}  // namespace nodeplane::binding
