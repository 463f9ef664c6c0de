#pragma once

#include <napi.h>

#include <memory>

#include "binding/listener_thread.h"
#include "host/address_monitor.h"

namespace nodeplane::binding {

/** JavaScript's AddressMonitor. It listens until close(), whether or not anything refers to it. */
class AddressMonitorObject : public Napi::ObjectWrap<AddressMonitorObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit AddressMonitorObject(const Napi::CallbackInfo& info);

 private:
  using Thread = ListenerThread<host::AddressReport>;

  Napi::Value close(const Napi::CallbackInfo& info);

  void tell(Napi::Env env, const host::AddressReport& report);

  Napi::FunctionReference on_report_;
  /** Nothing after close(). */
  std::unique_ptr<Thread> thread_;
};

}  // namespace nodeplane::binding
