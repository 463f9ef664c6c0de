#pragma once

#include <napi.h>

#include <memory>

#include "binding/listener_thread.h"
#include "nftables/transaction_reader.h"

namespace nodeplane::binding {

/** JavaScript's NftablesMonitor. It listens until close(), whether or not anything refers to it. */
class MonitorObject : public Napi::ObjectWrap<MonitorObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit MonitorObject(const Napi::CallbackInfo& info);

 private:
  using Thread = ListenerThread<nftables::MonitorEvent>;

  Napi::Value close(const Napi::CallbackInfo& info);

  void tell(Napi::Env env, const nftables::MonitorEvent& event);

  Napi::FunctionReference on_event_;
  /** Nothing after close(). */
  std::unique_ptr<Thread> thread_;
};

}  // namespace nodeplane::binding
